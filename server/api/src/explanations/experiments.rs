//! Figures of `GET /api/experiments` and `GET /api/experiments/{name}`.

use super::{Said, said};

/// Of one experiment; what the list says of each is the same but for its headlines.
pub(super) static SAID: [Said; 41] = [
    said("experiment.arms.weight", ("Weight", "权重"), (
        "How much of what is not held out the arm gets, beside the other arms' weights.",
        "未留出的客户中，该组相对于其他组所占的份量。",
    )).of("4.11"),
    said("experiment.holdout", ("Hold-out", "对照组比例"), (
        "Share of the audience that is left alone.",
        "分群中不触达的比例。",
    )).of("4.11"),
    said("experiment.global_control", ("Global control group", "全局对照组比例"), (
        "Share of all customers whom no experiment contacts, as it was when this one began.",
        "任何实验都不触达的客户比例，以本实验开始时为准。",
    )).of("4.11"),
    said("experiment.standing.customers", ("Customers who took part", "参加客户数"), (
        "Customers of the audience at the start of the first day, when they were divided.",
        "第一天零点在分群中、随即被分组的客户数。",
    )).of("4.11"),
    said("experiment.standing.days", ("Days", "天数"), (
        "For how many days what customers do counts.",
        "统计多少天的行为。",
    )).of("4.11"),
    said("experiment.standing.days_known", ("Days known", "已知天数"), (
        "Days that are over, of which or after which something is known.",
        "已经过完、且有当天或之后数据的天数。",
    )).of("4.11"),
    said("experiment.groups.customers", ("Customers of the group", "组内客户数"), (
        "As they are now: without the erased, merged ones once.",
        "当前人数：不含已删除的，合并的只算一次。",
    )).of("4.11"),
    said("experiment.groups.expected", ("Customers as drawn", "应有客户数"), (
        "The group's share of all who take part.",
        "按比例该组应有的人数。",
    )).of("4.11").formula(("share × customers", "比例 × 客户数")),
    said("experiment.erased", ("Erased", "已删除"), (
        "Customers who were erased since it began.",
        "开始之后被删除的客户数。",
    )).of("4.11"),
    said("experiment.merged", ("Merged", "已合并"), (
        "Customers who became one with another who takes part; they count in the group of whoever came first.",
        "与另一位参加者合并的客户数；归入最早那位的组。",
    )).of("4.11"),
    said("experiment.sample_ratio.chi_square", ("Chi-square of the sizes", "人数的卡方"), (
        "Pearson's chi-square of the sizes of hold-out and arms against those drawn.",
        "对照组与各实验组人数相对应有人数的皮尔逊卡方。",
    )).of("4.11").formula(("Σ (n − expected)² ÷ expected", "Σ (n − 应有人数)² ÷ 应有人数")),
    said("experiment.sample_ratio.p", ("p of the sizes", "人数的 p"), (
        "Probability of sizes so far off by chance; below 0.001 no figure is to be trusted.",
        "人数偶然偏离至此的概率；低于 0.001 则任何数字都不可采信。",
    )).of("4.11"),
    said("experiment.comparisons.n", ("Customers of the arm", "实验组客户数"), (
        "Everybody assigned, whatever they did.",
        "分配到该组的所有人，无论做了什么。",
    )).of("4.11"),
    said("experiment.comparisons.control_n", ("Customers of the hold-out", "对照组客户数"), (
        "Everybody assigned, whatever they did.",
        "分配到对照组的所有人，无论做了什么。",
    )).of("4.11"),
    said("experiment.comparisons.mean", ("Mean of the arm", "实验组均值"), (
        "Mean over everybody assigned; of a yes or no the rate.",
        "分配到该组的所有人的均值；是非指标为比率。",
    )).of("4.11"),
    said("experiment.comparisons.control_mean", ("Mean of the hold-out", "对照组均值"), (
        "Mean over everybody assigned; of a yes or no the rate.",
        "分配到对照组的所有人的均值；是非指标为比率。",
    )).of("4.11"),
    said("experiment.comparisons.difference", ("Difference", "差异"), (
        "The arm's mean less the hold-out's: what was caused, since nothing but the lot tells them apart.",
        "实验组均值减对照组均值：两组只因抽签而不同，故为实验所致。",
    )).of("4.11").formula(("mean − control mean", "均值 − 对照组均值")),
    said("experiment.comparisons.low", ("Interval, from", "区间下限"), (
        "The true difference lies in the interval 95 times out of 100: Newcombe 1998 for rates, Welch 1947 for means.",
        "真实差异有 95% 的把握在区间内：比率用 Newcombe 1998，均值用 Welch 1947。",
    )).of("4.11"),
    said("experiment.comparisons.high", ("Interval, to", "区间上限"), (
        "The true difference lies in the interval 95 times out of 100: Newcombe 1998 for rates, Welch 1947 for means.",
        "真实差异有 95% 的把握在区间内：比率用 Newcombe 1998，均值用 Welch 1947。",
    )).of("4.11"),
    said("experiment.comparisons.p", ("p", "p 值"), (
        "Two-sided probability of such a difference where there is none.",
        "没有差异时偶然出现如此差异的双侧概率。",
    )).of("4.11"),
    said("experiment.comparisons.p_adjusted", ("p adjusted", "校正 p"), (
        "p among all comparisons of the experiment (Benjamini and Hochberg 1995).",
        "在本实验所有比较中校正后的 p（Benjamini 与 Hochberg 1995）。",
    )).of("4.11"),
    said("experiment.comparisons.lift", ("Lift", "增量"), (
        "The difference as a share of the hold-out's mean.",
        "差异占对照组均值的比例。",
    )).of("4.11").formula(("difference ÷ control mean", "差异 ÷ 对照组均值")),
    said("experiment.comparisons.lift_low", ("Lift, from", "增量下限"), (
        "Of the interval of the ratio's logarithm (Katz and others 1978; for means by the delta method).",
        "比值对数的区间下限（Katz 等 1978；均值用 delta 方法）。",
    )).of("4.11"),
    said("experiment.comparisons.lift_high", ("Lift, to", "增量上限"), (
        "Of the interval of the ratio's logarithm (Katz and others 1978; for means by the delta method).",
        "比值对数的区间上限（Katz 等 1978；均值用 delta 方法）。",
    )).of("4.11"),
    said("experiment.comparisons.always_valid_low", ("Always-valid interval, from", "随时有效区间下限"), (
        "While it runs: holds however often one looks (Waudby-Smith and others 2024).",
        "进行中：无论查看多少次都成立（Waudby-Smith 等 2024）。",
    )).of("4.11"),
    said("experiment.comparisons.always_valid_high", ("Always-valid interval, to", "随时有效区间上限"), (
        "While it runs: holds however often one looks (Waudby-Smith and others 2024).",
        "进行中：无论查看多少次都成立（Waudby-Smith 等 2024）。",
    )).of("4.11"),
    said("experiment.comparisons.detectable", ("Detectable increase", "可检出的增加"), (
        "The least increase that so many customers show four times out of five.",
        "这么多客户有八成机会看得出的最小增加。",
    )).of("4.11"),
    said("experiment.comparisons.verdict.customers_wanted", ("Customers wanted", "还需客户数"), (
        "So many more, of arm and hold-out together, would settle it, should the difference seen be the true one.",
        "若目前的差异为真，两组合计还需这么多客户才能确定。",
    )).of("4.11"),
    said("experiment.comparisons.verdict.days_wanted", ("Days wanted", "还需天数"), (
        "Days more of the same customers that would tell as much.",
        "同一批客户再观察这么多天，信息相当。",
    )).of("4.11").formula(("days known × customers wanted ÷ customers", "已知天数 × 还需客户数 ÷ 客户数")),
    said("experiment.incremental.value", ("Brought in all", "总增量"), (
        "Orders or money beyond what the arm's customers would have come to anyway.",
        "该组客户超出本来会有的订单或金额。",
    )).of("4.11").formula(("difference × customers of the arm", "差异 × 实验组客户数")),
    said("experiment.incremental.low", ("Brought, from", "总增量下限"), (
        "The interval of the difference, times the arm's customers.",
        "差异的区间下限乘以实验组客户数。",
    )).of("4.11"),
    said("experiment.incremental.high", ("Brought, to", "总增量上限"), (
        "The interval of the difference, times the arm's customers.",
        "差异的区间上限乘以实验组客户数。",
    )).of("4.11"),
    said("experiment.series.points.difference", ("Difference up to a day", "截至当日的差异"), (
        "From the first day to the end of this one, orders as they stand now.",
        "从第一天到当日结束，订单以现状计。",
    )).of("4.11"),
    said("experiment.series.points.low", ("Always-valid interval, from", "随时有效区间下限"), (
        "Holds on all days together 95 times out of 100; narrowest on the last day.",
        "所有日子同时成立的把握为 95%；最后一天最窄。",
    )).of("4.11"),
    said("experiment.series.points.high", ("Always-valid interval, to", "随时有效区间上限"), (
        "Holds on all days together 95 times out of 100; narrowest on the last day.",
        "所有日子同时成立的把握为 95%；最后一天最窄。",
    )).of("4.11"),
    said("experiments.experiments.headlines.difference", ("Difference", "差异"), (
        "The arm's mean less the hold-out's, in the main outcome.",
        "主要指标上实验组均值减对照组均值。",
    )).of("4.11").formula(("mean − control mean", "均值 − 对照组均值")),
    said("experiments.experiments.headlines.low", ("Interval, from", "区间下限"), (
        "Of 95 %; while it runs, of the interval that holds however often one looks.",
        "95% 区间；进行中则为无论查看多少次都成立的区间。",
    )).of("4.11"),
    said("experiments.experiments.headlines.high", ("Interval, to", "区间上限"), (
        "Of 95 %; while it runs, of the interval that holds however often one looks.",
        "95% 区间；进行中则为无论查看多少次都成立的区间。",
    )).of("4.11"),
    said("experiments.experiments.headlines.lift", ("Lift", "增量"), (
        "The difference as a share of the hold-out's mean.",
        "差异占对照组均值的比例。",
    )).of("4.11").formula(("difference ÷ control mean", "差异 ÷ 对照组均值")),
    said("experiments.experiments.headlines.p", ("p", "p 值"), (
        "Two-sided probability of such a difference where there is none.",
        "没有差异时偶然出现如此差异的双侧概率。",
    )).of("4.11"),
    said("experiments.experiments.headlines.p_adjusted", ("p adjusted", "校正 p"), (
        "p among the main outcomes of all experiments (Benjamini and Hochberg 1995).",
        "在所有实验的主要指标中校正后的 p（Benjamini 与 Hochberg 1995）。",
    )).of("4.11"),
];
