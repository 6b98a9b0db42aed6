//! Figures of segments, lists and tags.

use super::{Said, Words, said};

const PEOPLE: Words = ("People known", "全部客户");
const PEOPLE_MEANING: Words = (
    "Identified people with at least one event, those who have not bought yet among them.",
    "至少有一个事件的已识别客户，含尚未购买者。",
);
const UNKNOWN: Words = ("Unknown", "无法判断");
const UNKNOWN_MEANING: Words = (
    "Customers of whom the condition is neither true nor false, because a value that it names is unknown. They are not in the segment, nor in its opposite.",
    "条件用到的值未知、因而既非真也非假的客户。他们不在该分群中，也不在其反面之中。",
);
const SIZE: Words = ("Size", "人数");

pub(super) static SAID: [Said; 23] = [
    said("segments.customers", PEOPLE, PEOPLE_MEANING),
    said("segments.segments.size", SIZE, (
        "Customers of whom the segment's condition is true now.", "此刻条件为真的客户数。",
    )),
    said("segments.segments.unknown", UNKNOWN, UNKNOWN_MEANING),
    said("segments.segments.sizes.size", SIZE, (
        "Customers in the segment when they were counted last on that day.", "当日最后一次统计时分群中的客户数。",
    )),
    said("segments.segments.sizes.unknown", UNKNOWN, UNKNOWN_MEANING),
    said("segment_sizes.sizes.size", SIZE, (
        "Customers in the segment when they were counted last on that day.", "当日最后一次统计时分群中的客户数。",
    )),
    said("segment_sizes.sizes.unknown", UNKNOWN, UNKNOWN_MEANING),
    said("segment_preview.count", ("Customers found", "符合条件的客户"), (
        "Customers of whom the condition is true now.", "此刻条件为真的客户数。",
    )),
    said("segment_preview.unknown", UNKNOWN, UNKNOWN_MEANING),
    said("segment_preview.customers", PEOPLE, PEOPLE_MEANING),
    said("segment_overlap.customers", PEOPLE, PEOPLE_MEANING),
    said("segment_overlap.sizes", SIZE, (
        "Customers in each segment, in the order asked for.", "各分群的客户数，按请求的顺序。",
    )),
    said("segment_overlap.both", ("In both", "同时在两者中"), (
        "Customers who are in the segment of the row and in that of the column.", "同时在行与列两个分群中的客户数。",
    )),
    said("segment_overlap.any", ("In at least one", "至少在其一"), (
        "Customers who are in at least one of the segments, each counted once.", "至少在其中一个分群中的客户数，每人只计一次。",
    )),
    said("flows.flows", ("Moved", "流动"), (
        "Customers who were in the state of the row at the beginning of the first day and in that of the column at the beginning of the other one, both reckoned from the events before.",
        "在起始日开始时处于行所示状态、在结束日开始时处于列所示状态的客户数；两者都只按当时以前的事件计算。",
    )).of("5.1"),
    said("groups.groups.customers", ("Customers", "客户数"), (
        "Customers in the list or with the tag; profiles of one person count once.", "列表中或带有该标签的客户数；同一人的多个档案只计一次。",
    )),
    said("rfm.customers", ("Customers with scores", "有评分的客户"), (
        "Customers with at least one kept order, as they are now.", "此刻至少有一笔有效订单的客户。",
    )).of("1.10"),
    said("rfm.revenue_minor", ("Revenue", "销售额"), (
        "Net revenue of all kept orders of the customers with scores.", "有评分的客户全部有效订单的净销售额。",
    )).of("1.10"),
    said("rfm.unscored", ("Without scores", "无评分"), (
        "Known customers without a kept order.", "没有有效订单的已知客户。",
    )).of("1.10"),
    said("rfm.cells.r", ("Recency score", "近度评分"), (
        "From 1 to 5 by whole days since the last kept order; 5 is the most recent.", "按距最近有效订单的整天数评 1 至 5 分，5 为最近。",
    )).of("1.10"),
    said("rfm.cells.fm", ("Frequency-money score", "频次金额评分"), (
        "Frequency (kept orders) and money (revenue) scored 1 to 5 each, then halved together and rounded up.",
        "频次（有效订单数）与金额（销售额）各评 1 至 5 分，两者的平均值向上取整。",
    )).of("1.10").formula(("FM = ceil((F + M) / 2)", "FM = ⌈(F + M) ÷ 2⌉")),
    said("rfm.cells.customers", ("Customers", "客户数"), (
        "Customers with this recency score and this frequency-money score now.", "此刻具有该近度评分与该频次金额评分的客户数。",
    )).of("1.10"),
    said("rfm.cells.revenue_minor", ("Revenue", "销售额"), (
        "Net revenue of all kept orders of the customers in the cell.", "该格客户全部有效订单的净销售额。",
    )).of("1.10"),
];
