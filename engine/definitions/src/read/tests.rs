//! Files that are right, and all that can be wrong with them.

mod of_acquisition;
mod of_experiments;

use super::*;
use crate::{
    CustomerExpression, EXPERIMENTS_FILE, EventExpression, ExpressionProblem, Function, Lexical, Metric, Segment, Text,
    Unit, Window, schema,
};
use perennial_model::{PropertySpec, PropertyType};
use proptest::prelude::*;

/// Knows a few columns, and takes words that begin with `p_` for properties.
struct Few;

impl Few {
    fn words<'s>(sql: &'s str, known: &[&str]) -> Result<Vec<&'s str>, ExpressionProblem> {
        Lexical.check_event(sql)?;
        let outside: Vec<&str> =
            sql.split('\'').step_by(2).flat_map(|text| text.split(|c: char| !is_word(c))).collect();
        let unknown = |word: &&&str| {
            !word.is_empty() && !word.starts_with(|first: char| first.is_ascii_digit()) && !known.contains(word)
        };
        match outside.iter().filter(|word| !word.starts_with("p_")).find(unknown) {
            None => Ok(outside.into_iter().filter(|word| word.starts_with("p_")).collect()),
            Some(word) => {
                let offset = word.as_ptr() as usize - sql.as_ptr() as usize;
                let fix = format!("known are {}", known.join(", "));
                Err(ExpressionProblem { offset, message: format!("there is no column {word}"), fix })
            }
        }
    }
}

fn type_in(sql: &str) -> PropertyType {
    match (sql.contains('\''), sql.contains('.')) {
        (true, _) => PropertyType::Text,
        (_, true) => PropertyType::Number,
        _ => PropertyType::Integer,
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

impl Expressions for Few {
    fn check_event(&self, sql: &str) -> Result<EventExpression, ExpressionProblem> {
        let undeclared = Self::words(sql, &["channel", "amount", "and", "or", "not"])?;
        // Whoever compares with a quote means a text, with a point a number.
        let typed = |name: &str| PropertySpec { name: name.to_owned(), property_type: type_in(sql) };
        Ok(EventExpression { undeclared: undeclared.into_iter().map(typed).collect(), columns: Vec::new() })
    }

    fn check_value(&self, of: &str, _: Function) -> Result<EventExpression, ExpressionProblem> {
        self.check_event(of)
    }

    fn check_customer(&self, sql: &str, metrics: &[Metric]) -> Result<CustomerExpression, ExpressionProblem> {
        let mut known = vec!["stage", "revenue", "in_segment", "and", "or", "not"];
        known.extend(metrics.iter().map(|metric| metric.name.as_str()));
        Self::words(sql, &known)?;
        Lexical.check_customer(sql, metrics)
    }
}

fn surroundings() -> Surroundings<'static> {
    let currency = "CNY".parse().ok();
    Surroundings {
        columns: &["orders", "revenue"],
        timezone: Some("Asia/Shanghai"),
        currency,
        begun: &[],
        expressions: &Few,
    }
}

fn told(files: &[(&str, &str)]) -> Result<Reading, Vec<String>> {
    let file = |(name, text): &(&str, &str)| SourceFile { name: (*name).to_owned(), text: (*text).to_owned() };
    let files: Vec<SourceFile> = files.iter().map(file).collect();
    let line = |problem: &Problem| format!("{problem} [{}]", problem.fix);
    read(&files, &surroundings()).map_err(|problems| problems.iter().map(line).collect())
}

const METRICS: &str = "\u{feff}# Ours.\r
metrics:\r
  - name: app_orders\r
    title: {zh: 应用订单, en: App orders}\r
    function: count\r
    events: Order Completed\r
    where: >\r
      channel = 'app'\r
        and p_color = 'red'\r
    window: 12w\r
  - {name: visits, function: streak, unit: week, events: [Page, Screen]}\r
  - name: back\r
    function: sequence\r
    events: Product Viewed\r
    then: {events: Order Completed, where: amount > 5}\r
    within: 7d\r
  - name: spent\r
    description: \"12\"\r
    function: sum\r
    of: amount\r
";

#[test]
fn what_is_right_is_read() {
    let segments = "segments:\n- name: good\n  where: in_segment('loyal') and app_orders > 3\n\
                    - name: loyal\n  where: |\n    stage = 'loyal'\n";
    let brand = "name: 茶\ntimezone: Asia/Shanghai\ncurrency: CNY\n";
    let reading = told(&[("metrics.yaml", METRICS), ("segments.yaml", segments), ("brand.yaml", brand)]).unwrap();
    let Definitions { brand, metrics, segments, .. } = reading.definitions;
    assert_eq!((brand.name.as_deref(), brand.timezone.as_deref()), (Some("茶"), Some("Asia/Shanghai")));
    let [orders, visits, back, spent] = metrics.as_slice() else { unreachable!() };
    assert_eq!(orders.r#where.as_deref(), Some("channel = 'app'\n  and p_color = 'red'\n"));
    assert_eq!((orders.title.as_ref().unwrap().zh(), orders.window), ("应用订单", Window::of_weeks(12)));
    assert_eq!((visits.events.len(), visits.unit), (2, Some(Unit::Week)));
    assert_eq!(back.then.as_ref().unwrap().r#where.as_deref(), Some("amount > 5"));
    assert_eq!((spent.of.as_deref(), &spent.description), (Some("amount"), &Some(Text::One("12".to_owned()))));
    let condition = "in_segment('loyal') and app_orders > 3".to_owned();
    let good = Segment { name: "good".to_owned(), title: None, description: None, r#where: condition, acts: false };
    assert_eq!((&segments[0], segments.len()), (&good, 2));
    assert_eq!(
        (reading.undeclared, reading.segment_order),
        (
            vec![PropertySpec { name: "p_color".into(), property_type: PropertyType::Text }],
            vec!["loyal".into(), "good".into()]
        )
    );
}

#[test]
fn nothing_defines_nothing() {
    for text in ["", "# none yet\n", "metrics:\n", "metrics: []\n", "\u{feff}"] {
        assert_eq!(told(&[("metrics.yaml", text)]), Ok(Reading::default()), "{text}");
    }
    assert_eq!(told(&[]), Ok(Reading::default()));
}

#[test]
fn a_property_that_nobody_declared_has_one_type() {
    let metric = |name: &str, condition: &str| format!("- {{name: {name}, function: count, where: \"{condition}\"}}\n");
    let both = |one: &str, other: &str| format!("metrics:\n{}{}", metric("a", one), metric("b", other));
    let reading = told(&[("metrics.yaml", &both("p_size > 3", "p_size < 3.5"))]).unwrap();
    let number = PropertySpec { name: "p_size".into(), property_type: PropertyType::Number };
    assert_eq!(reading.undeclared, [number], "whole numbers are numbers");
    let said = only("metrics.yaml", &both("p_size > 3", "p_size = 'x'"));
    let expected = "3:37: the property p_size is text here, and whole number before it [a property has one";
    assert!(said.contains(expected), "{said}");
}

/// One problem, in a file of this name.
fn only(file: &str, text: &str) -> String {
    let problems = told(&[(file, text)]).unwrap_err();
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    problems[0].clone()
}

#[test]
fn what_is_wrong_with_a_metric_is_told_with_its_place_and_the_fix() {
    for (entry, said) in [
        ("function: count", "3:5: this metric has no name [add the line name: …"),
        ("name: a", "3:5: the metric a has no function [add the line function: …, with one of count, sum"),
        ("name: a\n    function: cuont", "4:15: cuont is no function [is count meant?]"),
        ("name: a\n    function: median_of", "4:15: median_of is no function [write one of count, sum"),
        (
            "name: App Orders\n    function: count",
            "3:11: App Orders cannot be a name [write lower-case letters, digits and _, for example app_orders]",
        ),
        (
            "name: 订单\n    function: count",
            "3:11: 订单 cannot be a name [write lower-case letters, digits and _, a letter first",
        ),
        ("name: 5\n    function: count", "3:11: name is a text, this is a number [put it in quotes: \"5\"]"),
        ("name: orders\n    function: count", "3:11: orders is a column that every customer has already"),
        ("name: a\n    function: count\n    windwo: 9d", "5:5: a metric has no key windwo [is window meant?]"),
        ("name: a\n    functio: count", "4:5: a metric has no key functio [is function meant?]"),
        ("name: a\n    function: count\n    colour: x", "5:5: a metric has no key colour [known keys are name, title"),
        ("name: a\n    function: count\n    name: b", "5:5: name is said twice: metrics.yaml:3:5 has it too"),
        ("name: a\n    function: sum", "3:5: the metric a has no of, which sum needs [add the line of: amount]"),
        (
            "name: a\n    function: count\n    of: amount",
            "5:5: the metric a has of, which count does not take [take it away; of is for sum, average, min, max, first, last, distinct]",
        ),
        ("name: a\n    function: count\n    unit: day", "5:5: the metric a has unit, which count does not take"),
        ("name: a\n    function: sequence\n    within: 7d", "3:5: the metric a has no then, which sequence needs"),
        (
            "name: a\n    function: sequence\n    then: {}",
            "3:5: the metric a has no within, which sequence needs [add the line within: 7d]",
        ),
        (
            "name: a\n    function: count\n    window: 6m",
            "5:13: window: \"6m\" is no span of days or weeks [write a number of days or weeks, for example 180d or 12w]",
        ),
        ("name: a\n    function: count\n    window: 90", "5:13: window: \"90\" is no span"),
        ("name: a\n    function: count\n    events: []", "5:13: events is an empty list"),
        ("name: a\n    function: count\n    events: [b, b]", "5:17: b is in the list twice"),
        ("name: a\n    function: count\n    title: {zh: 一}", "5:12: title has no en [add en: … to it"),
        ("name: a\n    function: count\n    title:", "5:10: title is empty"),
        ("name: a\n    function: count\n    title: ' '", "5:12: title is empty"),
        ("name: a\n    function: count\n    title: \"\\0x\"", "5:12: title holds a character that is none"),
        (
            "name: a\n    function: count\n    where: true",
            "5:12: where is a text, this is true or false [put it in quotes: \"true\"]",
        ),
        ("name: a\n    function: count\n    where: [x]", "5:12: where is a text, this is a list"),
        (
            "name: a\n    function: count\n    where: |\n      channel = 'app'\n      and amuont > 3",
            "7:11: there is no column amuont",
        ),
        (
            "name: a\n    function: count\n    where: channel = 'app",
            "5:22: this ' has no counterpart [close it, or take it away]",
        ),
        ("name: a\n    function: max\n    of: amuont", "5:9: there is no column amuont"),
        (
            "name: a\n    function: sequence\n    within: 7d\n    then: {where: 'not amuont'}",
            "6:24: there is no column amuont",
        ),
        ("name: a\n    function: count\n   events: b", "cannot be read as YAML"),
        ("name: a\n\tfunction: count", "4:1: a tab is in the indentation [indent with spaces"),
    ] {
        let problem = only("metrics.yaml", &format!("# ours\nmetrics:\n  - {entry}\n"));
        assert!(problem.starts_with("metrics.yaml:") && problem.contains(said), "{entry}\n{problem}\n{said}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told() {
    let large = " ".repeat(MAX_FILE_BYTES + 1);
    let many = format!("metrics: [{}]", "a,".repeat(MAX_ENTRIES + 1));
    for (file, text, said) in [
        ("metric.yaml", "", "metric.yaml:1:1: nothing is read from a file of this name [rename it to metrics.yaml]"),
        ("metrics.yml", "", "[rename it to metrics.yaml]"),
        ("programmes-and-more.yaml", "", "[take it out of the directory; known are brand.yaml"),
        ("metrics.yaml", "- name: a\n", "1:1: the list stands alone, it belongs to the key metrics [write metrics:"),
        ("metrics.yaml", "metric:\n", "1:1: this file has no key metric [is metrics meant?]"),
        ("metrics.yaml", "metrics: a\n", "1:10: metrics is a list, this is text [begin each entry with a dash"),
        ("metrics.yaml", "hello\n", "1:1: this file is wanted here, this is text"),
        ("metrics.yaml", "metrics:\n  - hello\n", "2:5: a metric is wanted here, this is text"),
        ("metrics.yaml", &large, "more than 1048576"),
        ("metrics.yaml", &many, "1:10: metrics has 2001 entries"),
        ("brand.yaml", "timezone: Asia/Hangzhou\n", "1:11: Asia/Hangzhou is no time zone [use a name such as"),
        ("brand.yaml", "timezone: UTC\n", "1:11: timezone is UTC, but the data directory counts days in Asia/Shanghai"),
        ("brand.yaml", "currency: rmb\n", "1:11: rmb is no currency"),
        ("brand.yaml", "currency: GBP\n", "currency is GBP, but the amounts in the data directory are in CNY"),
        (
            "brand.yaml",
            "global_control: 5\n",
            "1:17: global_control: \"5\" is no share [write a percentage, for example 5%]",
        ),
        ("brand.yaml", "nmae: x\n", "a brand has no key nmae [is name meant?]"),
        ("segments.yaml", "segments:\n- name: a\n", "2:3: the segment a has no where"),
    ] {
        let problems = told(&[(file, text)]).unwrap_err();
        assert!(problems[0].contains(said), "{text:.80}\n{problems:?}");
    }
}

const TRIED: &str = "experiments:
  - name: spring
    audience: gone
    starts: 2026-03-01
    outcomes: [converted, app_orders]
  - name: calls
    audience: gone
    holdout: 2.5%
    arms:
      - {name: mail}
      - {name: call, weight: 3}
    starts: 2026-03-02
    days: 14
    outcomes: revenue
";
const GONE: (&str, &str) = ("segments.yaml", "segments:\n  - {name: gone, where: stage = 'lost'}\n");

#[test]
fn segments_that_name_each_other_are_told_in_a_circle() {
    let segments = "segments:\n  - {name: a, where: in_segment('b')}\n  - name: b\n    where: |\n      stage = 'x' or\n        \
                    in_segment('c')\n  - {name: c, where: \"in_segment('a') or in_segment('bb')\"}\n";
    let problems = told(&[("segments.yaml", segments)]).unwrap_err();
    assert_eq!(
        problems,
        [
            "segments.yaml:7:34: these segments are defined by each other: a → b → c → a [take in_segment('a') out of c]",
            "segments.yaml:7:53: there is no segment bb [is b meant?]",
        ]
    );
    let own = only("segments.yaml", "segments:\n  - {name: a, where: not in_segment('a')}\n");
    assert!(own.contains("a → a"), "{own}");
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let metrics = "metrics:\n  - {name: a, function: count}\n  - {name: a, function: sum}\n  - {name: b}\n";
    let segments = "segments:\n  - {name: s, where: b > 1}\n  - {name: s, where: \"\"}\n";
    let files = [("metrics.yaml", metrics), ("segments.yaml", segments), ("brand.yaml", "a: [\n"), ("x.yaml", "")];
    let problems = told(&files).unwrap_err();
    let starts: Vec<&str> = problems.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
    assert_eq!(
        starts,
        [
            "brand.yaml:1:4",
            "metrics.yaml:3:5",
            "metrics.yaml:3:12",
            "metrics.yaml:4:5",
            "segments.yaml:3:12",
            "segments.yaml:3:22",
            "x.yaml:1:1"
        ],
        "a column of a metric that could not be read is not missed: {problems:?}"
    );
    assert!(problems[2].contains("the name a is taken: metrics.yaml:2:12 has it too"), "{problems:?}");
}

#[test]
fn no_more_problems_than_can_be_read() {
    let text = format!("metrics:\n{}", "  - x\n".repeat(MAX_PROBLEMS + 5));
    let problems = told(&[("metrics.yaml", &text)]).unwrap_err();
    assert_eq!(problems.len(), MAX_PROBLEMS);
    assert!(problems[MAX_PROBLEMS - 1].contains("(5 more problems are not shown)"));
}

#[test]
fn a_file_that_is_all_wrong_is_told_quickly_and_briefly() {
    let keys = format!("metrics:\n  - name: a\n{}", "    x: 1\n".repeat(100_000));
    let problems = told(&[("metrics.yaml", &keys)]).unwrap_err();
    assert_eq!(problems.len(), MAX_PROBLEMS);
    let long = format!("metrics:\n  - name: \"{}\\n\"\n    function: count\n", "é ".repeat(100_000));
    let problem = only("metrics.yaml", &long);
    assert!(problem.len() < 2000 && !problem.contains('\n'), "{problem:.100}");
    let events = format!("metrics:\n  - {{name: a, function: count, events: [{}]}}\n", "b,".repeat(1000));
    assert!(only("metrics.yaml", &events).contains("2:40: events has 1000 names, more than 100"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_in_a_file_has_an_answer(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40), noise in "\\PC{0,8}",
    ) {
        let text = pieces.concat() + &noise;
        for name in FILES {
            for problem in told(&[(name, &text)]).err().into_iter().flatten() {
                let place: Vec<usize> = problem.split(':').skip(1).take(2).map(|part| part.parse().unwrap()).collect();
                let line = text.split('\n').nth(place[0] - 1);
                let inside = line.is_some_and(|line| place[1] <= line.chars().count() + 1);
                prop_assert!(inside, "{:?}: {}", text, problem);
            }
        }
    }
}

/// Of which files are made, and of which none should be.
const PIECES: [&str; 30] = [
    "metrics:\n",
    "segments:\n",
    "  - ",
    "- ",
    "name: a\n",
    "    function: count\n",
    "    where: ",
    "in_segment('a')",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "      é > p_x\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "#",
    "&a ",
    "*a",
    "!b ",
    "---\n",
    "\u{feff}",
    "timezone: UTC\n",
];

#[test]
fn the_schemas_know_the_same_keys() {
    let keys = |schema: &serde_json::Value| -> Vec<String> {
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let (metrics, segments) = (schema("metrics.yaml").unwrap(), schema("segments.yaml").unwrap());
    assert_eq!(keys(&schema("brand.yaml").unwrap()), brand::KEYS);
    assert_eq!(keys(&metrics["$defs"]["Metric"]), metrics::KEYS);
    assert_eq!(keys(&metrics["$defs"]["Then"]), metrics::THEN_KEYS);
    assert_eq!(keys(&segments["$defs"]["Segment"]), segments::KEYS);
    let experiments = schema(EXPERIMENTS_FILE).unwrap();
    assert_eq!(keys(&experiments["$defs"]["Experiment"]), experiments::KEYS);
    assert_eq!(keys(&experiments["$defs"]["Arm"]), experiments::ARM_KEYS);
    let sources = schema("sources.yaml").unwrap();
    assert_eq!(keys(&sources["$defs"]["AcquisitionSource"]), acquisition::SOURCE_KEYS);
    assert_eq!(keys(&schema("spend.yaml").unwrap()["$defs"]["Spend"]), acquisition::SPEND_KEYS);
    let words = |schema: &serde_json::Value| -> Vec<String> {
        let one_of = schema["oneOf"].as_array().unwrap().iter();
        one_of.map(|one| one["const"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(words(&metrics["$defs"]["Function"]), Function::ALL.map(Function::as_str));
    assert_eq!(words(&metrics["$defs"]["Unit"]), Unit::ALL.map(Unit::as_str));
    assert_eq!(words(&sources["$defs"]["SourceKind"]), crate::SourceKind::ALL.map(crate::SourceKind::as_str));
    assert_eq!(schema("perennial.toml"), None);
}
