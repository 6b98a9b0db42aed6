//! Figures of `GET /api/acquisition/attribution`.

use super::{Said, Words, said};

/// What is said of every figure that a rule gave.
const CREDITED: Words = (
    "The rule divides each first order among the events that met a source's condition, up to and including that order: first and last give all to one, linear the same to each, position 40 % to the first and the last and 20 % to those between, time_decay half as much for every half-life of age. Without such an event the order is credited to unknown. It shows which source was there, not what would not have happened without it.",
    "规则把每个首单的功劳分给首单为止（含首单当时）满足来源条件的事件：first 和 last 全归一个，linear 平分，position 首尾各 40%、中间共 20%，time_decay 每过一个半衰期减半。没有这类事件的首单归入 unknown。它说明哪个来源在场，不说明没有它就不会发生。",
);

pub(super) static SAID: [Said; 7] = [
    said(
        "attribution.half_life_days",
        ("Half-life of a touch", "触点半衰期"),
        ("Days after which a touch counts half as much under time decay.", "时间衰减规则下，触点分量减半所需的天数。"),
    )
    .of("2.14"),
    said(
        "attribution.customers",
        ("Customers acquired", "获得的客户数"),
        (
            "Whose first kept order fell into these months of the brand's zone.",
            "首个有效订单落在这些月份（品牌时区）的客户数。",
        ),
    )
    .of("2.14"),
    said(
        "attribution.revenue_minor",
        ("Revenue of first orders", "首单金额"),
        (
            "What remains of the first orders of these customers after refunds; later orders do not count.",
            "这些客户首单扣除退款后的金额；之后的订单不计。",
        ),
    )
    .of("2.14"),
    said(
        "attribution.models.customers",
        ("Customers credited in all", "归因客户合计"),
        (
            "All sources together have as many as were acquired, under every rule.",
            "任何规则下，各来源之和等于获得的客户数。",
        ),
    )
    .of("2.14"),
    said(
        "attribution.models.revenue_minor",
        ("Revenue credited in all", "归因金额合计"),
        (
            "All sources together have the revenue of all first orders, under every rule.",
            "任何规则下，各来源之和等于全部首单金额。",
        ),
    )
    .of("2.14"),
    said("attribution.sources.credits.customers", ("Credited customers", "归因客户数"), CREDITED)
        .of("2.14")
        .formula(("sum of the source's shares of first orders", "该来源在各首单中所占份额之和")),
    said("attribution.sources.credits.revenue_minor", ("Credited revenue", "归因金额"), CREDITED).of("2.14").formula((
        "sum of share × revenue of the first order, in whole units that add up",
        "份额 × 首单金额之和，取整后总额不变",
    )),
];
