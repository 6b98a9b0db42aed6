//! How to get a file of orders out of each shop system: what `perennial report` says without one.

use crate::recognise::Language;

/// One shop system and the way to its export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guide {
    /// The shop system: English, Chinese.
    pub system: (&'static str, &'static str),
    /// What to do: English, Chinese.
    pub steps: (&'static str, &'static str),
}

/// All shop systems whose exports are known by their layout, and any other source.
pub const GUIDES: &[Guide] = &[
    Guide {
        system: ("Shopify", "Shopify"),
        steps: (
            "Admin → Orders → Export → All orders, \"CSV for Excel, Numbers, or other spreadsheet programs\". Large shops get it by e-mail.",
            "后台 → 订单 → 导出 → 所有订单，选择“用于 Excel、Numbers 的 CSV”。订单多时会发到邮箱。",
        ),
    },
    Guide {
        system: ("Taobao/Tmall", "淘宝/天猫"),
        steps: (
            "Qianniu seller workbench → Trade → Sold items → choose the period → Export in bulk; download both the order report \
             (ExportOrderList) and the item report (ExportOrderDetailList), and give both files.",
            "千牛卖家中心 → 交易 → 已卖出的宝贝 → 选择时间段 → 批量导出；订单报表（ExportOrderList）和宝贝报表（ExportOrderDetailList）\
             都下载，两个文件一起给出。",
        ),
    },
    Guide {
        system: ("JD", "京东"),
        steps: (
            "JD merchant console (Jingmai) → Orders → Order query and export → choose the period and all statuses → Export.",
            "京东商家后台（京麦）→ 订单管理 → 订单查询与导出 → 选择时间段和全部状态 → 导出。",
        ),
    },
    Guide {
        system: ("Douyin shop", "抖店"),
        steps: (
            "Doudian console → Orders → Order management → choose the period → Export; the export has a row for each sub-order. \
             Names and phones are masked unless the shop may decrypt them; then customers cannot be recognised by phone.",
            "抖店后台 → 订单 → 订单管理 → 选择时间段 → 导出；每个子订单一行。收件人和手机号默认脱敏，未获解密权限时无法按手机号识别客户。",
        ),
    },
    Guide {
        system: ("Youzan", "有赞"),
        steps: (
            "Youzan console → Orders → All orders → choose the period → Export report, by item (商品维度).",
            "有赞后台 → 订单 → 所有订单 → 选择时间段 → 导出报表，选择“商品维度”。",
        ),
    },
    Guide {
        system: ("WeChat shop", "微信小店"),
        steps: (
            "WeChat shop console → Orders and delivery → Order management → choose the period → Export.",
            "微信小店后台 → 订单与配送 → 订单管理 → 选择时间段 → 导出订单。",
        ),
    },
    Guide {
        system: ("own database, ERP or till", "自有数据库、ERP 或收银系统"),
        steps: (
            "One row an order line (or an order) as CSV, Excel, JSON lines or Parquet, with: order number, customer (member number, \
             phone or e-mail), time, item, quantity, amount. Any column names will do; --map field=column corrects what is \
             recognised wrongly. Export from the database, not through Excel: it turns long numbers into 1.23E+18.",
            "每个订单行（或每个订单）一行，CSV、Excel、JSON lines 或 Parquet 均可，包含：订单号、客户（会员号、手机号或邮箱）、时间、商品、数量、金额。\
             列名不限，识别有误时用 --map 字段=列名 更正。请直接从数据库导出，不要经过 Excel：长编号会变成 1.23E+18。",
        ),
    },
];

/// The guides in lines for people: a line for the system, then an indented one for what to do.
#[must_use]
pub fn lines(language: Language) -> Vec<String> {
    let lines_of =
        |guide: &Guide| [language.pick(guide.system).to_owned(), format!("  {}", language.pick(guide.steps))];
    GUIDES.iter().flat_map(lines_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_is_told_in_both_languages() {
        for language in [Language::En, Language::Zh] {
            let text = lines(language).join("\n");
            assert!(text.contains("Shopify") && text.contains("--map"), "{text}");
        }
        assert!(lines(Language::Zh).iter().any(|line| line == "淘宝/天猫"));
    }
}
