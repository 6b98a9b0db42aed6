//! Figures of `GET /api/customers` and `GET /api/customers/{id}`.

use super::{Said, said, sql};

pub(super) static SAID: [Said; 29] = [
    said("customers.total", ("Customers found", "符合条件的客户"), (
        "Customers that all filters let through.", "满足全部筛选条件的客户数。",
    )),
    said("customers.customers", ("People known", "全部客户"), (
        "Identified people with at least one event, those who have not bought yet among them.",
        "至少有一个事件的已识别客户，含尚未购买者。",
    )).sql(sql::people),
    said("customer.stage.silence_days", ("Silence", "沉默天数"), (
        "Whole days since the last kept order.", "距最近有效订单的整天数。",
    )).of("5.1"),
    said("customer.stage.limits.silence_days", ("Limit", "界限"), (
        "Beyond so many days of silence the stage begins.", "沉默超过这么多天即进入该阶段。",
    )).of("5.1").formula((
        "max(intervals × personal interval, least days)", "max(倍数 × 个人购买间隔, 最少天数)",
    )),
    said("customer.stage.limits.intervals", ("Multiple", "倍数"), (
        "So many personal intervals.", "个人购买间隔的倍数。",
    )).of("5.1"),
    said("customer.stage.limits.least_days", ("Least days", "最少天数"), (
        "The limit is never below so many days.", "界限不低于这么多天。",
    )).of("5.1"),
    said("customer.stage.history.silence_days", ("Silence then", "当时沉默天数"), (
        "Whole days since the last kept order when the stage changed.", "阶段变化时距最近有效订单的整天数。",
    )).of("5.1"),
    said("customer.rhythm.personal_interval_days", ("Personal interval", "个人购买间隔"), (
        "The customer's own mean gap between order days, drawn to the median of all the more, the fewer gaps there are.",
        "客户自己购买日之间的平均间隔，间隔越少越向全体中位数收缩。",
    )).of("0.3").formula(("(n·m + κ·median) ÷ (n + κ)", "(n·m + κ·中位数) ÷ (n + κ)")),
    said("customer.rhythm.gaps", ("Gaps", "间隔数"), (
        "n: gaps between distinct days with a kept order.", "n：不同购买日之间的间隔数。",
    )).of("0.3"),
    said("customer.rhythm.mean_gap_days", ("Mean gap", "平均间隔"), (
        "m: their mean, days.", "m：平均间隔，天。",
    )).of("0.3"),
    said("customer.rhythm.median_days", ("Median of all", "全体中位数"), (
        "Median over repeat customers of their own mean gap.", "复购客户各自平均间隔的中位数。",
    )).of("0.3"),
    said("customer.rhythm.shrinkage", ("Weight of the median", "中位数权重"), (
        "κ: the median weighs as much as so many gaps.", "κ：中位数的权重相当于这么多个间隔。",
    )).of("0.3"),
    said("customer.rhythm.own_weight", ("Own share", "自身占比"), (
        "Share of the customer's own gaps in the interval.", "客户自身间隔在个人购买间隔中所占比例。",
    )).of("0.3").formula(("n ÷ (n + κ)", "n ÷ (n + κ)")),
    said("customer.rhythm.silence_intervals", ("Silence in intervals", "沉默倍数"), (
        "Days since the last order ÷ the personal interval.", "距最近订单天数 ÷ 个人购买间隔。",
    )).of("5.1"),
    said("customer.rfm.recency", ("Recency", "最近购买"), (
        "Days since the last kept order, scored 5 for the most recent fifth of all customers.",
        "距最近有效订单的天数；最近的五分之一客户得 5 分。",
    )).of("1.10").formula(("6 − (1 + edges below the value)", "6 −（1 + 小于该值的分界点数）")).whole(),
    said("customer.rfm.frequency", ("Frequency", "购买频率"), (
        "Kept orders, scored against the fifths of all customers.", "有效订单数，按全体客户的五分位评分。",
    )).of("1.10").formula(("1 + edges below the value", "1 + 小于该值的分界点数")).whole(),
    said("customer.rfm.monetary", ("Money", "消费金额"), (
        "Revenue to date, scored against the fifths of all customers.", "迄今消费金额，按全体客户的五分位评分。",
    )).of("1.10").formula(("1 + edges below the value", "1 + 小于该值的分界点数")).whole(),
    said("customer.rfm.fm_score", ("FM score", "FM 分"), (
        "Frequency and money together.", "购买频率与消费金额的综合得分。",
    )).of("1.10").formula(("ceil((F + M) ÷ 2)", "(F + M) ÷ 2，向上取整")),
    said("customer.value.revenue_minor", ("Revenue", "消费金额"), (
        "Value of kept orders less refunds.", "有效订单金额减去退款。",
    )).of("2.2"),
    said("customer.value.revenue_365d_minor", ("Revenue of a year", "近一年消费"), (
        "Of kept orders of the last 365 days.", "最近 365 天有效订单的金额。",
    )).of("2.2"),
    said("customer.value.refunds_minor", ("Refunds", "退款"), (
        "All refunds, those that name no order among them.", "全部退款，含未指明订单的退款。",
    )).of("2.2"),
    said("customer.value.orders", ("Orders", "订单数"), (
        "Kept orders.", "有效订单数。",
    )).of("2.2"),
    said("customer.value.aov_minor", ("Average order", "客单价"), (
        "Revenue ÷ orders.", "消费金额 ÷ 订单数。",
    )).of("0.11"),
    said("customer.value.at_rhythm_90d_minor", ("Next 90 days at own rhythm", "按自身节奏未来 90 天"), (
        "What the customer spends in 90 days if the rhythm goes on; unknown for who has bought on one day only.",
        "若保持现有节奏，客户在 90 天内的消费；仅在一天买过的客户未知。",
    )).of("2.2").formula((
        "max(average order, 0) × 90 ÷ max(personal interval, 1)", "max(客单价, 0) × 90 ÷ max(个人购买间隔, 1)",
    )),
    said("customer.identity.suggestions.times_seen", ("Times seen", "出现次数"), (
        "Messages that carried keys of both.", "同时带有双方标识的消息数。",
    )),
    said("timeline.total", ("Entries", "条目数"), (
        "Events of the customer, lines counted with their order.", "客户的事件数，订单明细计入其订单。",
    )),
    said("timeline.entries", ("Of an event", "事件数值"), (
        "As the source told it: money in minor units, quantities in thousandths.",
        "来自数据源：金额以最小货币单位计，数量以千分之一计。",
    )).whole(),
    said("timeline.entries.order", ("What became of the order", "订单结果"), (
        "Gross is the header's value or the sum of its lines; refunds are those that name the order.",
        "总额为订单头金额或明细之和；退款为指明该订单的退款。",
    )).of("0.11").whole(),
    said("timeline.entries.order.lines", ("Line of an order", "订单明细"), (
        "As the source told it: money in minor units, quantities in thousandths.",
        "来自数据源：金额以最小货币单位计，数量以千分之一计。",
    )).whole(),
];
