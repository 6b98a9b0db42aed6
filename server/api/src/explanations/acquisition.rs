//! Figures of `GET /api/acquisition/equilibrium` and `GET /api/acquisition/sources`.

use super::{Said, said};

/// What customers of a mode or of a source come to is explained with what all come to.
pub(super) static SAID: [Said; 16] = [
    said("equilibrium.alert_above", ("Limit of acquisition's share", "拉新占比上限"), (
        "Acquisition's share of a month's spend beyond which the month is marked: acquisition_share_alert of brand.yaml, 70% unless it is said.",
        "拉新支出占比超过此值的月份会被标出：brand.yaml 的 acquisition_share_alert，不写则为 70%。",
    )).of("1.1"),
    said("equilibrium.months.acquisition_minor", ("Spent on acquisition", "拉新支出"), (
        "What spend.yaml says was spent in the month to win customers, on all sources and on none in particular; null where nothing is said.",
        "spend.yaml 中当月为获得客户的支出，含各来源及未注明来源的；没有填写则为空。",
    )).of("1.1"),
    said("equilibrium.months.retention_minor", ("Spent on retention", "留存支出"), (
        "What spend.yaml says was spent in the month to keep customers; null where nothing is said.",
        "spend.yaml 中当月为留住客户的支出；没有填写则为空。",
    )).of("1.1"),
    said("equilibrium.months.share", ("Acquisition's share of spend", "拉新支出占比"), (
        "Of the month's spend; unknown where one of the two is.",
        "拉新支出占当月支出的比例；任一项未知则未知。",
    )).of("1.1").formula(("acquisition ÷ (acquisition + retention)", "拉新 ÷（拉新 + 留存）")),
    said("equilibrium.months.acquisition_touches", ("Touches to win", "拉新触达"), (
        "Events that brand.yaml calls a touch, of people before their first kept order and of those who never bought.",
        "brand.yaml 所定义的触达事件中，发生在客户首个有效订单之前的，以及从未购买者的。",
    )).of("1.1"),
    said("equilibrium.months.retention_touches", ("Touches to keep", "留存触达"), (
        "Events that brand.yaml calls a touch, of customers from their first kept order on.",
        "brand.yaml 所定义的触达事件中，自客户首个有效订单起发生的。",
    )).of("1.1"),
    said("equilibrium.months.touch_share", ("Acquisition's share of touches", "拉新触达占比"), (
        "Of the month's touches.",
        "拉新触达占当月触达的比例。",
    )).of("1.1").formula(("to win ÷ (to win + to keep)", "拉新 ÷（拉新 + 留存）")),
    said("acquisition_sources.horizon_days", ("Days compared", "比较天数"), (
        "Days after the day of the first order; orders, complaints and money count in these days alone, so that old and new customers compare.",
        "首单当天之后的天数；复购、投诉和金额只计这些天，新老客户因此可比。",
    )).of("2.14"),
    said("acquisition_sources.all.customers", ("Customers acquired", "获得的客户数"), (
        "Whose first kept order fell into these months of the brand's zone. The source is that of the earliest event that tells one, none later than that order.",
        "首个有效订单落在这些月份（品牌时区）的客户数。来源取最早能表明来源的事件，且不晚于该订单。",
    )).of("2.14"),
    said("acquisition_sources.all.cost.spend_minor", ("Spend counted", "计入的支出"), (
        "Spent to win customers in the months that are over and of which spend is given; of a source what was spent on it.",
        "已结束且填写了支出的月份中的拉新支出；对某来源为花在该来源上的。",
    )).of("2.14"),
    said("acquisition_sources.all.cost.customers", ("Customers counted", "计入的客户数"), (
        "Acquired in the months of which spend is given, by the source that it was spent on.",
        "在填写了支出的月份、由该来源获得的客户数。",
    )).of("2.14"),
    said("acquisition_sources.all.cost.per_customer_minor", ("Cost of acquisition", "获客成本"), (
        "What a customer cost; null where nobody came.",
        "每获得一位客户的支出；无人则为空。",
    )).of("2.14").formula(("spend counted ÷ customers counted", "计入的支出 ÷ 计入的客户数")),
    said("acquisition_sources.all.second_order", ("Second order in 60 days", "60 天复购率"), (
        "Share who placed another kept order within 60 days after the day of the first, of those of whom these days are over.",
        "在首单当天之后 60 天内有第二个有效订单的比例，只算这 60 天已过完的客户。",
    )).of("2.14").formula(("ordered again ÷ n; interval: Wilson, 95 %", "有第二单 ÷ n；区间：Wilson 95%")).whole(),
    said("acquisition_sources.all.complaints.count", ("Complaints", "投诉数"), (
        "Events that brand.yaml calls a complaint, within 60 days from the first order, of customers of whom these days are over.",
        "brand.yaml 所定义的投诉事件，首单起 60 天内、且 60 天已过完的客户的。",
    )).of("2.14"),
    said("acquisition_sources.all.complaints.per_100", ("Complaints per 100 customers", "每百位客户投诉"), (
        "By a hundred customers of whom the 60 days are over.",
        "每一百位 60 天已过完的客户的投诉数。",
    )).of("2.14").formula(("100 × complaints ÷ n of the second order", "100 × 投诉数 ÷ 复购率的 n")),
    said("acquisition_sources.all.value_minor", ("Value of the first 60 days", "60 天价值"), (
        "Money left of orders within 60 days after refunds, mean of the customers of whom these days are over. It is no forecast of their lifetime.",
        "首单起 60 天内订单扣除退款后的金额，按 60 天已过完的客户平均。并非终身价值的预测。",
    )).of("2.14"),
];
