//! What the columns of the customer table are called and mean, in both languages.

use crate::lifecycle::{INTERVAL, STAGE};
use crate::own;
use crate::rfm;

/// A column for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnWords {
    /// Its name in the table.
    pub name: &'static str,
    /// What it is called, in English and in Chinese.
    pub title: (&'static str, &'static str),
    /// What it means, in Chinese; the column's own description is in English.
    pub meaning_zh: &'static str,
    /// Number of its mechanism.
    pub mechanism: &'static str,
}

/// The words of a column.
#[must_use]
pub fn column_words(name: &str) -> Option<&'static ColumnWords> {
    WORDS.iter().find(|words| words.name == name)
}

const fn words(
    name: &'static str,
    title: (&'static str, &'static str),
    meaning_zh: &'static str,
    mechanism: &'static str,
) -> ColumnWords {
    ColumnWords { name, title, meaning_zh, mechanism }
}

static WORDS: [ColumnWords; 32] = [
    words(own::FIRST_ORDER_DAY, ("First order", "首购日"), "第一个有效订单的日期（品牌所在时区）", "0.11"),
    words(own::LAST_ORDER_DAY, ("Last order", "最近购买日"), "最近一个有效订单的日期（品牌所在时区）", "1.10"),
    words("first_order_time", ("First order at", "首购时间"), "第一个有效订单的时间", "0.11"),
    words("last_order_time", ("Last order at", "最近购买时间"), "最近一个有效订单的时间", "1.10"),
    words(own::ORDERS, ("Orders", "订单数"), "有效订单数：未取消且金额大于 0（RFM 的 F）", "1.10"),
    words(own::ORDER_DAYS, ("Order days", "购买天数"), "有有效订单的不同日期数", "2.6"),
    words(
        own::REVENUE,
        ("Revenue", "消费金额"),
        "有效订单的金额，净额口径下再减去未指明订单的退款；可能为负（RFM 的 M）",
        "1.10",
    ),
    words(own::REFUNDS, ("Refunds", "退款金额"), "全部退款，含未指明订单的退款，与口径无关", "0.11"),
    words("aov", ("Average order", "客单价"), "平均订单金额：消费金额 ÷ 订单数，四舍五入到最小货币单位", "0.11"),
    words("units", ("Units", "件数"), "有效订单中的件数", "0.11"),
    words("first_gap_days", ("Days to second order", "首次复购间隔"), "从首个购买日到第二个购买日的天数", "2.6"),
    words("second_gap_days", ("Days to third order", "二次复购间隔"), "从第二个购买日到第三个购买日的天数", "2.6"),
    words(own::MEAN_GAP_DAYS, ("Mean gap", "平均间隔"), "相邻购买日之间的平均天数（0.3 的 m）", "0.3"),
    words("gaps", ("Gaps", "间隔数"), "购买日之间的间隔个数（0.3 的 n）", "0.3"),
    words(
        "revenue_30d",
        ("Revenue, 30 days", "近 30 天消费"),
        "最近 30 天有效订单的金额；未指明订单的退款没有日期，不计入",
        "0.11",
    ),
    words("revenue_90d", ("Revenue, 90 days", "近 90 天消费"), "同上，90 天", "0.11"),
    words(own::REVENUE_365D, ("Revenue, 365 days", "近 365 天消费"), "同上，365 天", "0.11"),
    words("orders_365d", ("Orders, 365 days", "近 365 天订单数"), "最近 365 天的有效订单数", "0.11"),
    words(
        own::WON_BACK_BOUND_DAYS,
        ("Won back below", "召回判定上限"),
        "若全体中位购买间隔低于此值，则最近 60 天内的订单结束了一次沉睡",
        "5.1",
    ),
    words(
        own::RECENCY_DAYS,
        ("Days since last order", "距上次购买天数"),
        "从最近有效订单的日期到截至日期的整天数（RFM 的 R）",
        "1.10",
    ),
    words(own::AGE_DAYS, ("Days since first order", "成为客户天数"), "从首个有效订单的日期到截至日期的整天数", "5.1"),
    words(
        crate::folds::LAST_ACTIVE_DAY,
        ("Last active", "最近活跃日"),
        "买过的客户最近一次有效订单或价值行为的日期",
        "0.1",
    ),
    words(
        crate::folds::KTH_ACTIVE_DAY,
        ("k-th latest active day", "倒数第 k 个活跃日"),
        "买过的客户倒数第 k 个有有效订单或价值行为的日期",
        "0.1",
    ),
    words(INTERVAL, ("Personal interval", "个人购买间隔"), "购买日之间的间隔，向全体中位数收缩，天", "0.3"),
    words("silence_intervals", ("Silence in intervals", "沉默倍数"), "距上次购买天数 ÷ 个人购买间隔", "5.1"),
    words(STAGE, ("Stage", "生命周期阶段"), "客户所处的生命周期阶段", "5.1"),
    words("stage_cause", ("Cause of the stage", "阶段原因"), "客户为何处于该阶段", "5.1"),
    words(rfm::R_SCORE, ("R score", "R 分"), "最近一次购买的得分，1 至 5，5 为最近", "1.10"),
    words(rfm::F_SCORE, ("F score", "F 分"), "购买频率的得分，1 至 5", "1.10"),
    words(rfm::M_SCORE, ("M score", "M 分"), "消费金额的得分，1 至 5", "1.10"),
    words(rfm::FM_SCORE, ("FM score", "FM 分"), "(F 分 + M 分) ÷ 2，向上取整", "1.10"),
    words(rfm::SEGMENT, ("RFM segment", "RFM 分群"), "第一条匹配的规则所定的 RFM 分群", "1.10"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Lifecycle;
    use crate::register;
    use crate::rfm::RfmScores;
    use crate::thresholds::Thresholds;
    use perennial_fold::{Registry, Relative};
    use perennial_timeline::Columns;

    #[test]
    fn every_column_has_words() {
        for days in [1, 2] {
            let mut thresholds = Thresholds::default();
            thresholds.activity.min_active_days = days;
            let mut registry = Registry::new();
            register(&mut registry, &thresholds, &crate::fixture::instant(20_000), Columns::BASE).unwrap();
            let relative = [Lifecycle::default().columns(), RfmScores::default().columns()].concat();
            for spec in registry.specs().iter().chain(&relative) {
                assert!(column_words(spec.name).is_some(), "{} has no words in both languages", spec.name);
            }
        }
    }
}
