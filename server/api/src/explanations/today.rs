//! Figures of `GET /api/today`.

use super::{Said, said, sql};

pub(super) static SAID: [Said; 46] = [
    said("today.customers", ("Customers", "客户数"), (
        "Identified people with at least one kept order: not cancelled, worth more than its refunds.",
        "至少有一个有效订单（未取消，金额大于退款）的已识别客户。",
    )).of("0.1").sql(sql::customers),
    said("today.orders", ("Orders", "订单数"), (
        "Kept orders of identified customers to date.",
        "已识别客户迄今的有效订单数。",
    )).of("0.11").sql(sql::orders),
    said("today.revenue_minor", ("Revenue", "销售额"), (
        "Value of kept orders of identified customers, less refunds, those that name no order among them.",
        "已识别客户有效订单的金额减去退款，包括未指明订单的退款。",
    )).of("0.11").sql(sql::revenue),
    said("today.unidentified_orders", ("Orders without a customer", "无客户的订单"), (
        "Kept orders that carry no key of a customer; they are in no other figure.",
        "没有任何客户标识的有效订单；其他指标均不包含它们。",
    )).of("0.11"),
    said("today.findings.money_minor", ("Money at stake", "涉及金额"), (
        "What the finding's customers would spend over the next 90 days at their own rhythm, or as its method says.",
        "该发现所涉客户按各自节奏在未来 90 天的消费，或按其计算方法所述。",
    )),
    said("today.findings.customers", ("Customers concerned", "涉及客户"), (
        "Customers that the finding is about; the list of customers shows them.",
        "该发现涉及的客户数；可在客户列表中查看。",
    )),
    said("today.active_rate.window_days", ("Window", "活跃窗口"), (
        "Length of the window in which activity counts, days.", "统计活跃的窗口长度，天。",
    )).of("0.1"),
    said("today.active_rate.min_active_days", ("Active days needed", "所需活跃天数"), (
        "On so many days of the window a customer must be active to count.", "客户在窗口内至少活跃这么多天才算活跃。",
    )).of("0.1"),
    said("today.active_rate.rate", ("Active rate", "活跃率"), (
        "Of those who had bought before the window, the share with an order or a value event inside it. What we \
         send ourselves never counts.",
        "在窗口之前买过的客户中，窗口内有订单或价值行为者所占比例。我们自己的触达从不计入。",
    )).of("0.1").formula((
        "active in (as of − 30 d, as of] ÷ buyers before as of − 30 d; interval: Wilson, 95 %",
        "（截至前 30 天内活跃的客户）÷（30 天前已买过的客户）；区间：Wilson 95%",
    )).sql(sql::active_rate).whole(),
    said("today.active_rate.active", ("Active customers", "活跃客户"), (
        "Of those who had bought before the window, who was active inside it.", "在窗口之前买过且窗口内活跃的客户。",
    )).of("0.1").sql(sql::active),
    said("today.active_rate.target", ("Target", "目标"), (
        "The active rate that the brand has set for itself.", "品牌为自己设定的活跃率目标。",
    )).of("0.1"),
    said("today.active_rate.adaptive", ("Base-adaptive rate", "自适应活跃率"), (
        "As the active rate, with a window of each customer's own: 1.5 personal intervals, 7 to 180 days.",
        "同活跃率，但每位客户用自己的窗口：个人购买间隔的 1.5 倍，7 至 180 天。",
    )).of("0.1").formula((
        "w = clamp(1.5 × personal interval, 7, 180); active within w ÷ buyers before w; interval: Wilson, 95 %",
        "w = clamp(1.5 × 个人购买间隔, 7, 180)；w 内活跃 ÷ w 之前已买过；区间：Wilson 95%",
    )).sql(sql::adaptive_rate).whole(),
    said("today.active_rate.months", ("Active rate by month", "按月活跃率"), (
        "Fixed base: windows of 30 days that end with each of the last twelve months and with the last day.",
        "固定基数：以最近十二个月的月末及最后一天为止的 30 天窗口。",
    )).of("0.1").whole(),
    said("today.active_rate.days", ("Active rate by day", "按日活跃率"), (
        "Running base: windows of 30 days that end with each day of the last year, of everyone who had bought by then.",
        "滚动基数：最近一年每天为止的 30 天窗口，基数为当天为止已买过的所有客户。",
    )).of("0.1").whole(),
    said("today.growth.active", ("Active in the month", "当月活跃"), (
        "Customers with a kept order in the calendar month: new + retained + resurrected.",
        "当月有有效订单的客户：新增 + 留存 + 回流。",
    )).of("0.2"),
    said("today.growth.new", ("New", "新增"), (
        "Customers whose first kept order is in the month.", "首个有效订单在当月的客户。",
    )).of("0.2").sql(sql::new_by_month),
    said("today.growth.retained", ("Retained", "留存"), (
        "With an order in the month and in the one before.", "当月和上月都有订单的客户。",
    )).of("0.2"),
    said("today.growth.resurrected", ("Resurrected", "回流"), (
        "With an order in the month, none in the one before, but earlier.", "当月有订单，上月没有，但更早买过的客户。",
    )).of("0.2"),
    said("today.growth.churned", ("Churned", "流失"), (
        "With an order in the month before and none in this one.", "上月有订单而当月没有的客户。",
    )).of("0.2"),
    said("today.growth.quick_ratio", ("Quick ratio", "速动比"), (
        "What came for each that went.", "每流失一位客户，带来多少位客户。",
    )).of("0.2").formula(("(new + resurrected) ÷ churned", "（新增 + 回流）÷ 流失")),
    said("today.stages.customers", ("Customers in the stage", "该阶段客户数"), (
        "Customers by lifecycle stage: the first rule that matches.", "按生命周期阶段统计的客户数：取第一条匹配的规则。",
    )).of("5.1").sql(sql::stage_customers),
    said("today.stages.share", ("Share of the stage", "该阶段占比"), (
        "Customers of the stage ÷ all customers.", "该阶段客户数 ÷ 全部客户数。",
    )).of("5.1").sql(sql::stage_share),
    said("today.stages.revenue_minor", ("Revenue of the stage", "该阶段销售额"), (
        "Revenue to date of the stage's customers.", "该阶段客户迄今的销售额。",
    )).of("5.1").sql(sql::stage_revenue),
    said("today.stages.revenue_365d_minor", ("Revenue of a year", "近一年销售额"), (
        "Kept orders of the last 365 days of the stage's customers; refunds without an order have no day and stay out.",
        "该阶段客户最近 365 天有效订单的金额；未指明订单的退款没有日期，不计入。",
    )).of("5.1").sql(sql::stage_revenue_365d),
    said("today.stages.median_silence_days", ("Median silence", "沉默天数中位数"), (
        "Median of days since the last kept order.", "距最近有效订单天数的中位数。",
    )).of("5.1").sql(sql::stage_silence),
    said("today.segments.customers", ("Customers in the segment", "该分群客户数"), (
        "Customers by RFM segment: scores 1 to 5 of recency, frequency and money, then the first rule of the map.",
        "按 RFM 分群统计的客户数：先对最近购买、频率、金额评 1 至 5 分，再取第一条匹配的规则。",
    )).of("1.10").sql(sql::segment_customers),
    said("today.segments.revenue_minor", ("Revenue of the segment", "该分群销售额"), (
        "Revenue to date of the segment's customers.", "该分群客户迄今的销售额。",
    )).of("1.10").sql(sql::segment_revenue),
    said("today.segments.median_recency_days", ("Median recency", "最近购买中位数"), (
        "Median of days since the last kept order.", "距最近有效订单天数的中位数。",
    )).of("1.10").sql(sql::segment_recency),
    said("today.stage_flow.customers", ("Customers in the flow", "流动中的客户"), (
        "Customers who had bought by the later day.", "到较晚日期为止已买过的客户。",
    )).of("5.1"),
    said("today.stage_flow.flows.customers", ("Customers who moved", "流动的客户"), (
        "Customers by their stage on the first day, as was known then, and on the later one.",
        "按客户在起始日（以当时所知）和较晚日所处阶段统计。",
    )).of("5.1"),
    said("today.operator.compared.current", ("Last 30 days", "最近 30 天"), (
        "The figure over the last 30 whole days, of identified customers.", "最近 30 个整天的数值，仅已识别客户。",
    )).of("0.11"),
    said("today.operator.compared.previous", ("30 days before", "环比期"), (
        "Over the 30 days before; unknown where the base is younger.", "此前 30 天；客户基数不足时未知。",
    )).of("0.11"),
    said("today.operator.compared.last_year", ("Same days last year", "同比期"), (
        "Over the same 30 days last year: 364 days ago, or equally far from Spring Festival.",
        "去年同期 30 天：364 天前，或与春节距离相同的日子。",
    )).of("0.11"),
    said("today.operator.compared.change_previous", ("Change", "环比"), (
        "Against the 30 days before.", "与此前 30 天相比。",
    )).of("0.11").formula(("current ÷ previous − 1", "本期 ÷ 上期 − 1")),
    said("today.operator.compared.change_last_year", ("Change against last year", "同比"), (
        "Against the same days last year.", "与去年同期相比。",
    )).of("0.11").formula(("current ÷ last year − 1", "本期 ÷ 去年同期 − 1")),
    said("today.operator.compared.n", ("Buyers", "购买客户"), (
        "Customers who bought in the current period: whom the figure comes from.", "本期有购买的客户数，即该数值的来源。",
    )).of("0.11"),
    said("today.operator.aov_minor", ("Average order", "客单价"), (
        "Revenue to date ÷ kept orders.", "迄今销售额 ÷ 有效订单数。",
    )).of("0.11").sql(sql::aov),
    said("today.operator.repurchase_30d", ("Repurchase, 30 days", "30 天复购率"), (
        "Share of customers whose second kept order came within 30 days of the first, of those whose 30 days are over.",
        "首单后 30 天内有第二个有效订单的客户比例，仅统计 30 天已满的客户。",
    )).of("0.11").whole(),
    said("today.operator.repurchase_90d", ("Repurchase, 90 days", "90 天复购率"), (
        "The same within 90 days.", "同上，90 天。",
    )).of("0.11").whole(),
    said("today.operator.repurchase_365d", ("Repurchase, 365 days", "365 天复购率"), (
        "The same within 365 days.", "同上，365 天。",
    )).of("0.11").whole(),
    said("today.operator.second_order", ("Second order", "二次购买率"), (
        "Share of all customers with two kept orders or more.", "有两个及以上有效订单的客户占全部客户的比例。",
    )).of("0.11").sql(sql::second_order).whole(),
    said("today.operator.median_days_to_second", ("Days to the second order", "首次复购天数"), (
        "Median of whole days from the first to the second kept order, of those with two.",
        "有两个有效订单的客户，从首单到第二单的整天数的中位数。",
    )).of("0.11"),
    said("target.active_rate", ("Target", "目标"), (
        "The active rate that the brand has set for itself.", "品牌为自己设定的活跃率目标。",
    )).of("0.1"),
    said("brand.customers", ("People known", "全部客户"), (
        "Identified people with at least one event, those who have not bought yet among them.",
        "至少有一个事件的已识别客户，含尚未购买者。",
    )).sql(sql::people),
    said("flow.customers", ("Customers in the flow", "流动中的客户"), (
        "Customers who had bought by the later day.", "到较晚日期为止已买过的客户。",
    )).of("5.1"),
    said("flow.flows.customers", ("Customers who moved", "流动的客户"), (
        "Customers by their stage on both days, each as was known then.", "按客户在两天各自所处阶段（以当时所知）统计。",
    )).of("5.1"),
];
