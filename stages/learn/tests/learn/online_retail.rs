//! Online Retail, gross, as of 2011-12-10, through a real timeline: own columns against the golden
//! file, figures against an independent calculation in pandas (made once, from the same file, with
//! the definitions of the report's documentation; its numbers are written out below).

use crate::support::{Bench, Happened, SHARDS, shared_csv};
use perennial_fold::Revenue;
use perennial_learn::{AnalyseOptions, Analysis, Lang, summary_text};
use perennial_model::{CustomerId, DAY_US, EventKind, Zone, day_from_civil};
use std::collections::HashMap;

#[derive(Default)]
struct Invoice {
    customer: Option<u64>,
    time_us: i64,
    minor: i64,
    units: i64,
}

/// `2010-12-01 08:26:00` as if it were UTC.
fn time_us(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap();
    let day = day_from_civil(number(0, 4) as i32, number(5, 7), number(8, 10)).unwrap();
    let second = number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    i64::from(day) * DAY_US + i64::from(second) * 1_000_000
}

fn invoices() -> Option<Vec<(String, Invoice)>> {
    let mut reader = shared_csv("data/online_retail/online_retail_2010-12_2011-12.csv.gz")?;
    let mut invoices: HashMap<String, Invoice> = HashMap::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        let (quantity, price): (f64, f64) = (row[3].parse().unwrap(), row[5].parse().unwrap());
        let invoice = invoices.entry(row[0].to_owned()).or_default();
        let time = time_us(&row[4]);
        invoice.time_us = if invoice.time_us == 0 { time } else { invoice.time_us.min(time) };
        invoice.customer = row[6].parse::<f64>().ok().map(|number| number as u64);
        invoice.minor += (quantity * price * 100.0).round() as i64;
        invoice.units += quantity as i64;
    }
    let mut sorted: Vec<_> = invoices.into_iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    Some(sorted)
}

fn events(invoices: &[(String, Invoice)]) -> Vec<Happened> {
    let mut events = Vec::new();
    for (order, (number, invoice)) in (1..).zip(invoices) {
        let customer = match invoice.customer {
            Some(number) => CustomerId::new(u16::try_from(number % u64::from(SHARDS)).unwrap(), number),
            None => CustomerId::unidentified(0),
        };
        let event = Happened {
            customer,
            kind: EventKind::Order,
            time_us: invoice.time_us,
            order,
            value_minor: Some(invoice.minor),
            quantity_milli: None,
            channel: None,
        };
        if number.starts_with('C') {
            events.push(Happened { kind: EventKind::Refund, order: 0, value_minor: Some(-invoice.minor), ..event });
            continue;
        }
        let quantity_milli = Some(invoice.units * 1000);
        events.push(Happened { kind: EventKind::OrderLine, value_minor: None, quantity_milli, ..event });
        events.push(event);
    }
    events
}

fn analysis(revenue: Revenue) -> Option<Analysis> {
    let mut bench = Bench::new();
    bench.import(&events(&invoices()?));
    let as_of_us = i64::from(day_from_civil(2011, 12, 10).unwrap()) * DAY_US;
    let options = AnalyseOptions::new(as_of_us, Zone::utc(), 2);
    let currency = Some("GBP".parse().unwrap());
    Some(bench.analyse(&AnalyseOptions { revenue, currency, ..options }))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
}

fn golden_columns_match(analysis: &Analysis) {
    let Some(mut reader) = shared_csv("golden/online_retail_rfm.csv.gz") else { return };
    let mut golden = HashMap::new();
    for row in reader.records().map(Result::unwrap) {
        let int = |place: usize| row[place].parse::<i64>().unwrap();
        let minor = (row[3].parse::<f64>().unwrap() * 100.0).round() as i64;
        golden.insert(int(0) as u64, [int(1), int(2), minor, int(4), int(8), int(9), int(10)]);
    }
    let names = ["recency_days", "orders", "revenue", "customer_age_days", "r_score", "f_score", "m_score"];
    let mut matched = 0;
    for shard in 0..analysis.table.shards.len() {
        let columns = names.map(|name| analysis.table.ints(shard, name));
        for (row, customer) in analysis.table.shards[shard].customers.iter().enumerate() {
            if columns[1][row] > 0 {
                let found = columns.map(|column| column[row]);
                assert_eq!(Some(&found), golden.get(&CustomerId(*customer).number()), "customer {customer}");
                matched += 1;
            }
        }
    }
    assert_eq!((matched, golden.len()), (4_338, 4_338));
}

#[test]
fn gross_figures_are_those_of_the_golden_file_and_of_pandas() {
    let Some(analysis) = analysis(Revenue::Gross) else { return };
    golden_columns_match(&analysis);
    let report = &analysis.report;
    assert_eq!((report.customers, report.orders, report.revenue), (4_338, 18_532, 891_140_790));
    assert_eq!(report.refunds, 61_134_209);
    assert_eq!((report.unidentified.orders, report.unidentified.revenue), (1_428, 175_527_664));
    let repurchase = &report.kpis.repurchase_rate.details;
    let counts: Vec<_> = repurchase.iter().map(|rate| (rate.count, rate.of)).collect();
    assert_eq!(counts, [(922, 4_086), (1_607, 3_370), (502, 573)]);
    close(report.kpis.second_order_rate, 2_845.0 / 4_338.0);
    assert_eq!(report.kpis.median_days_to_second, Some(50.0));
    assert_eq!((report.active_rate.active, report.active_rate.base), (1_376, 4_086));
    assert_eq!((report.active_rate.adaptive.count, report.active_rate.adaptive.of), (2_028, 3_457));
    let compared = |figure: &str| report.kpis.compared.iter().find(|found| found.figure == figure).unwrap();
    assert_eq!(compared("revenue").current, Some(132_386_643.0));
    assert_eq!(compared("revenue").previous, Some(104_368_240.0));
    assert_eq!(compared("revenue").last_year, None);
    assert_eq!((compared("orders").current, compared("orders").previous), (Some(2_681.0), Some(2_087.0)));
    assert_eq!(compared("buyers").current, Some(1_628.0));
    let stickiness = &report.stickiness;
    assert_eq!((stickiness.active_28d, stickiness.basis), (1_527, "orders"));
    close(stickiness.ratio, 0.051_922_537_187_762_13);
    months_match(report);
    structure_matches(report);
    for lang in [Lang::En, Lang::Zh] {
        println!("{}", summary_text(report, lang, 100));
    }
}

fn months_match(report: &perennial_learn::report::Report) {
    let growth: Vec<_> =
        report.growth.iter().map(|m| [m.active, m.new, m.retained, m.resurrected, m.churned]).collect();
    let expected = [
        [885, 885, 0, 0, 0],
        [741, 417, 324, 0, 561],
        [758, 380, 262, 116, 479],
        [974, 452, 290, 232, 468],
        [856, 300, 304, 252, 670],
        [1056, 284, 368, 404, 488],
        [991, 242, 410, 339, 646],
        [949, 188, 365, 396, 626],
        [935, 169, 388, 378, 561],
        [1266, 299, 425, 542, 510],
        [1364, 358, 489, 517, 777],
        [1664, 323, 622, 719, 742],
        [615, 41, 371, 203, 1293],
    ];
    assert_eq!(growth, expected);
    let first = &report.cohorts[0];
    assert_eq!((first.cohort.as_str(), first.size), ("2010-12", 885));
    assert_eq!(first.active, [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]);
    assert_eq!(first.rolling, [885, 766, 753, 741, 724, 713, 696, 672, 652, 621, 583, 510, 235]);
    assert_eq!(first.complete.iter().filter(|complete| **complete).count(), 12);
}

fn structure_matches(report: &perennial_learn::report::Report) {
    let concentration = &report.concentration;
    close(concentration.top25_share, 0.791_294_229_725_473_6);
    close(concentration.top1_percent_share, 0.319_988_558_710_234_8);
    close(concentration.gini, 0.715_139_618_209_991_4);
    close(concentration.hhi, 0.004_643_601_012_415_854);
    assert_eq!(concentration.customers_for_75_percent, 885);
    assert_eq!((report.interval.median_days, report.interval.repeat_customers), (Some(58.9), 2_790));
    let ladder = [
        (4_338, 0.542_856_769, 0.643_153_527),
        (2_790, 0.720_618_337, 0.686_738_351),
        (1_916, 0.822_461_864, 0.738_517_745),
        (1_415, 0.873_000_895, 0.725_088_339),
        (1_026, 0.943_314_19, 0.778_752_437),
    ];
    for (step, (customers, next, raw)) in report.ladder.iter().zip(ladder) {
        assert_eq!((step.customers, step.horizon_days), (customers, 118));
        assert!((step.next_rate.unwrap() - next).abs() < 1e-8, "{step:?}");
        assert!((step.raw_rate.unwrap() - raw).abs() < 1e-8, "{step:?}");
    }
    let first = &report.first_60_days;
    assert_eq!([first.customers, first.bought_0, first.bought_1, first.bought_2plus], [3_218, 2_090, 740, 388]);
    assert_eq!((first.retained, first.churned), (1_362, 3_218 - 1_362));
    let stages: HashMap<_, _> = report.stages.iter().map(|stage| (stage.stage, stage.customers)).collect();
    let expected = [
        ("active", 1_164),
        ("loyal", 895),
        ("lapsed", 747),
        ("new", 576),
        ("at_risk", 549),
        ("won_back", 260),
        ("lost", 147),
    ];
    assert_eq!(stages, HashMap::from(expected));
}

#[test]
fn refunds_without_an_order_lower_revenue_and_no_count() {
    let Some(analysis) = analysis(Revenue::Net) else { return };
    let report = &analysis.report;
    assert_eq!((report.customers, report.orders, report.revenue), (4_338, 18_532, 891_140_790 - 61_134_209));
    let segments: i64 = report.rfm.segments.iter().map(|segment| segment.revenue).sum();
    assert_eq!(segments + report.non_buyers_revenue, report.revenue);
    assert!(report.non_buyers_revenue < 0);
    assert!((4..=9).contains(&report.findings.len()));
    assert!(report.findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.money_at_stake)));
}
