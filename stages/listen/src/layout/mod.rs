//! How the shop systems people use lay out their exports.

pub(crate) mod event_word;
pub(crate) mod status;

use crate::recognise::Field;

/// A shop system's export, or any other table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Shopify's orders export: a row a line item, what belongs to the order on its first row only.
    Shopify,
    /// 淘宝/天猫 order report (ExportOrderList).
    TaobaoOrders,
    /// 淘宝/天猫 item report (ExportOrderDetailList), joined to the order report.
    TaobaoItems,
    /// 京东.
    Jd,
    /// 抖店: a row a sub-order.
    Douyin,
    /// 有赞.
    Youzan,
    /// 微信小店.
    Weixin,
    /// An archive of messages of Segment's tracking API, one or one batch a line.
    Messages,
    /// Any other table: recognised by its columns alone.
    Table,
}

/// Names that give a layout away, and what its columns mean where the general names would be wrong.
struct Form {
    layout: Layout,
    /// All of these are there …
    all: &'static [&'static str],
    /// … and at least one of these (unless there are none).
    any: &'static [&'static str],
    /// Fields by name, before the general names; within a field the first found wins.
    fields: &'static [(Field, &'static [&'static str])],
}

const TAOBAO_ITEMS: &[(Field, &[&str])] = &[
    (Field::UnitPrice, &["价格", "商品价格"]),
    (Field::LineAmount, &["买家实际支付金额", "买家应付货款"]),
    (Field::ItemName, &["标题", "商品标题"]),
    (Field::Item, &["商家编码", "外部系统编号"]),
];

const FORMS: &[Form] = &[
    Form {
        layout: Layout::Shopify,
        all: &["name", "financialstatus"],
        any: &["lineitemname", "lineitemquantity", "lineitemprice"],
        fields: &[
            (Field::Order, &["name"]),
            (Field::Email, &["email"]),
            (Field::Phone, &["phone", "billingphone", "shippingphone"]),
            (Field::PaidTime, &["paidat"]),
            (Field::Time, &["createdat"]),
            (Field::CancelledTime, &["cancelledat"]),
            (Field::Item, &["lineitemsku"]),
            (Field::ItemName, &["lineitemname"]),
            (Field::Quantity, &["lineitemquantity"]),
            (Field::UnitPrice, &["lineitemprice"]),
            (Field::OrderAmount, &["total"]),
            (Field::RefundAmount, &["refundedamount"]),
            (Field::Status, &["financialstatus"]),
            (Field::Currency, &["currency"]),
            (Field::Channel, &["source"]),
            (Field::Store, &["location"]),
            (Field::Staff, &["employee"]),
            (Field::EmailConsent, &["acceptsmarketing"]),
            (Field::BuyerName, &["billingname", "shippingname"]),
        ],
    },
    Form {
        layout: Layout::TaobaoOrders,
        all: &["订单编号", "买家会员名"],
        any: &["买家支付宝账号", "买家实际支付金额", "买家应付货款", "宝贝标题", "宝贝总数量"],
        fields: &[
            (Field::Platform, &["买家会员名"]),
            (Field::OrderAmount, &["买家实际支付金额", "总金额", "买家应付货款"]),
            (Field::Phone, &["联系手机"]),
            (Field::Store, &["店铺名称"]),
        ],
    },
    Form {
        layout: Layout::TaobaoItems,
        all: &["订单编号", "购买数量"],
        any: &["外部系统编号", "商品属性", "套餐信息"],
        fields: TAOBAO_ITEMS,
    },
    // Its newer form, whose rows are sub-orders.
    Form {
        layout: Layout::TaobaoItems,
        all: &["主订单编号", "子订单编号"],
        any: &["支付单号", "外部系统编号"],
        fields: TAOBAO_ITEMS,
    },
    Form {
        layout: Layout::Jd,
        all: &["订单号"],
        any: &["京东价", "下单帐号", "下单账号"],
        fields: &[
            (Field::OrderAmount, &["应付金额", "结算金额", "订单金额"]),
            (Field::PaidTime, &["付款确认时间"]),
            (Field::Item, &["商家skuid", "商品id"]),
        ],
    },
    Form {
        layout: Layout::Douyin,
        all: &["主订单编号", "子订单编号"],
        any: &[],
        fields: &[
            // A row is a sub-order and its 订单应付金额 is that of the row.
            (Field::LineAmount, &["订单应付金额", "商品金额"]),
            (Field::Item, &["商家编码", "商品id"]),
        ],
    },
    Form {
        layout: Layout::Youzan,
        all: &["订单号"],
        any: &["买家付款时间", "订单实付金额", "有赞客户id"],
        fields: &[(Field::Platform, &["客户id", "有赞客户id", "买家昵称"]), (Field::Item, &["规格编码", "商品编码"])],
    },
    Form {
        layout: Layout::Weixin,
        all: &["订单号"],
        any: &["买家openid", "商品实际价格总共", "商品实际价格单件", "商品编码自定义"],
        fields: &[(Field::OrderAmount, &["订单实际支付金额", "实付金额"])],
    },
];

impl Layout {
    /// The layout with these (normalised) column names.
    #[must_use]
    pub fn detect(names: &[String]) -> Self {
        let has = |name: &&str| names.iter().any(|column| column == name);
        FORMS
            .iter()
            .find(|form| form.all.iter().all(has) && (form.any.is_empty() || form.any.iter().any(has)))
            .map_or(Self::Table, |form| form.layout)
    }

    /// Fields by name that hold in this layout alone.
    pub(crate) fn own_fields(self) -> &'static [(Field, &'static [&'static str])] {
        FORMS.iter().find(|form| form.layout == self).map_or(&[], |form| form.fields)
    }

    /// Whether columns not among [`Layout::own_fields`] mean nothing, however they are called.
    pub(crate) const fn is_complete(self) -> bool {
        matches!(self, Self::Shopify)
    }

    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Shopify,
        Self::TaobaoOrders,
        Self::TaobaoItems,
        Self::Jd,
        Self::Douyin,
        Self::Youzan,
        Self::Weixin,
        Self::Messages,
        Self::Table,
    ];

    /// What the feed is called unless the user says otherwise.
    #[must_use]
    pub const fn source_name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::TaobaoOrders | Self::TaobaoItems => "taobao",
            Self::Jd => "jd",
            Self::Douyin => "douyin",
            Self::Youzan => "youzan",
            Self::Weixin => "weixin",
            Self::Messages => "segment",
            Self::Table => "file",
        }
    }

    /// Its name for people: English and Chinese.
    #[must_use]
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Shopify => ("Shopify orders", "Shopify 订单导出"),
            Self::TaobaoOrders => ("Taobao/Tmall order report", "淘宝/天猫订单报表"),
            Self::TaobaoItems => ("Taobao/Tmall item report", "淘宝/天猫宝贝报表"),
            Self::Jd => ("JD orders", "京东订单"),
            Self::Douyin => ("Douyin shop orders", "抖店订单"),
            Self::Youzan => ("Youzan orders", "有赞订单"),
            Self::Weixin => ("WeChat shop orders", "微信小店订单"),
            Self::Messages => ("messages of Segment's tracking API", "Segment 埋点消息"),
            Self::Table => ("a table", "普通表格"),
        }
    }
}
