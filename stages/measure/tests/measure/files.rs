//! Small files: what is told of them, and what is said of bad ones.

use perennial_measure::{Answer, Collector, CompareError, CompareRequest, Lang, MOST_ARMS, MOST_STRATA, Method};
use serde_json::Value;

/// Takes the rows of a CSV.
pub(crate) fn compare<R: std::io::Read>(
    request: CompareRequest,
    mut reader: csv::Reader<R>,
) -> Result<Answer, CompareError> {
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut collector = Collector::new(request, "test.csv", &header)?;
    for row in reader.records() {
        let row = row.unwrap();
        collector.add(row.position().unwrap().line(), |place| row.get(place).unwrap_or(""))?;
    }
    collector.answer()
}

fn of(request: CompareRequest, text: &str) -> Result<Answer, CompareError> {
    compare(request, csv::Reader::from_reader(text.as_bytes()))
}

fn request() -> CompareRequest {
    CompareRequest::new("arm", "control", &["bought", "spend"])
}

/// `a` converts 30 of 100, the control group 20 of 100; who buys spends 10, 20, 10, 20 …
fn experiment() -> String {
    let mut text = "arm,bought,spend,tier\n".to_owned();
    for (arm, buyers) in [("a", 30), ("control", 20)] {
        for customer in 0..100 {
            let (bought, spend) = if customer < buyers { ("true", 10 + customer % 2 * 10) } else { ("false", 0) };
            text.push_str(&format!("{arm},{bought},{spend},{}\n", customer % 4));
        }
    }
    text
}

#[test]
fn an_experiment_by_hand() {
    let answer = of(request(), &experiment()).unwrap();
    assert_eq!((answer.rows, answer.rows_without_arm, answer.comparisons.len()), (200, 0, 2));
    let [bought, spend] = &answer.comparisons[..] else { panic!("{answer:?}") };
    assert_eq!((bought.method, spend.method), (Method::Newcombe, Method::Welch));
    assert_eq!((bought.n, bought.control_n, bought.mean, bought.control_mean), (100, 100, 0.3, 0.2));
    // Pooled z: 0.1 ÷ √(0.25 × 0.75 × 2 ÷ 100) = 1.633, p 0.1025.
    assert!((bought.p.unwrap() - 0.1025).abs() < 5e-5, "{bought:?}");
    assert!((bought.lift.unwrap() - 0.5).abs() < 1e-12);
    assert!((spend.difference - 1.5).abs() < 1e-12, "4.5 less 3");
    assert_eq!((bought.verdict, bought.days_wanted), ("not_yet_known", None));
    assert!(bought.customers_wanted.is_some_and(|more| more > 100), "{bought:?}");
    assert!(bought.stratified.is_none() && bought.always_valid.is_none() && bought.bootstrap.is_none());
    assert!(spend.bootstrap.is_some_and(|found| found.agrees), "{spend:?}");
    assert!(!answer.sample_ratio.alarm && (answer.sample_ratio.p - 1.0).abs() < 1e-12);
    assert!(bought.p_adjusted >= bought.p);
}

#[test]
fn the_contract_of_the_json() {
    let answer = of(request(), &experiment()).unwrap();
    let json: Value = serde_json::to_value(&answer).unwrap();
    for key in ["arm", "outcome", "n", "control_n", "mean", "control_mean", "difference", "low", "high", "p"] {
        assert!(!json["comparisons"][0][key].is_null(), "{key}: {json}");
    }
    assert_eq!(json["comparisons"][0]["method"], "newcombe");
    assert_eq!(json["comparisons"][1]["method"], "welch");
    assert_eq!(json["sample_ratio"]["arms"][1]["arm"], "control");
    assert_eq!(json["sample_ratio"]["alarm"], false);
    assert!(json["comparisons"][0].get("judged").is_none());
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let text = experiment();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut turned: Vec<&str> = rows.lines().collect();
    turned.reverse();
    let turned = of(request(), &format!("{header}\n{}\n", turned.join("\n"))).unwrap();
    let straight = of(request(), &text).unwrap();
    for (one, other) in straight.comparisons.iter().zip(&turned.comparisons) {
        assert_eq!((&one.arm, &one.outcome), (&other.arm, &other.outcome));
        assert!((one.low.unwrap() - other.low.unwrap()).abs() < 1e-12);
    }
}

#[test]
fn more_is_told_when_more_is_asked() {
    let asked = CompareRequest {
        strata: Some("tier".to_owned()),
        worthwhile: vec![("bought".to_owned(), 0.05)],
        lower_is_better: vec!["spend".to_owned()],
        customers_per_day: Some(20.0),
        planned: Some(400),
        expected: vec![("a".to_owned(), 9.0), ("control".to_owned(), 1.0)],
        ..request()
    };
    let unequal = of(asked.clone(), &experiment()).unwrap();
    assert!(unequal.sample_ratio.alarm && unequal.comparisons.iter().all(|one| one.verdict == "untrusted"));
    assert!((unequal.sample_ratio.arms[0].expected - 180.0).abs() < 1e-9);
    let answer = of(CompareRequest { expected: Vec::new(), ..asked }, &experiment()).unwrap();
    let bought = &answer.comparisons[0];
    let (more, days) = (bought.customers_wanted.unwrap(), bought.days_wanted.unwrap());
    assert_eq!(days, more.div_ceil(20));
    assert_eq!(bought.stratified.unwrap().strata, 4);
    let always = bought.always_valid.unwrap();
    assert!(always.low < bought.low.unwrap() && bought.high.unwrap() < always.high && always.p > bought.p.unwrap());
    let (en, zh) = (answer.text(Lang::En), answer.text(Lang::Zh));
    assert!(en.contains("not yet known: ") && en.contains("over 4 strata") && en.contains("however often"), "{en}");
    assert!(zh.contains("尚不确定：还需") && zh.contains("按 4 层") && zh.contains("无论查看多少次"), "{zh}");
}

#[test]
fn rows_without_an_arm_are_left_out_and_counted() {
    let text = experiment() + ",true,5,0\n ,,,\n";
    let answer = of(request(), &text).unwrap();
    assert_eq!((answer.rows, answer.rows_without_arm, answer.comparisons[0].n), (202, 2, 100));
    assert!(answer.text(Lang::En).contains("2 rows without an arm"));
}

#[test]
fn what_never_differs_is_not_known() {
    let answer = of(request(), "arm,bought,spend\na,0,5\na,0,5\ncontrol,0,5\ncontrol,0,5\n").unwrap();
    let spend = &answer.comparisons[1];
    assert_eq!((spend.low, spend.p, spend.verdict, spend.customers_wanted), (None, None, "not_yet_known", None));
    assert!(serde_json::to_value(&answer).unwrap()["comparisons"][1]["p"].is_null());
    assert!(answer.text(Lang::En).contains('–'));
}

/// What is said of a request and a file.
fn refused(request: CompareRequest, text: &str) -> (String, bool) {
    let problem = of(request, text).unwrap_err();
    (problem.to_string(), problem.is_usage())
}

#[test]
fn columns_and_values_that_are_not_there_are_named_with_those_that_are() {
    let text = "arm,bought,spend\na,1,5\na,0,0\ncontrol,1,3\ncontrol,0,0\n";
    let asked = |change: fn(&mut CompareRequest)| {
        let mut request = request();
        change(&mut request);
        refused(request, text)
    };
    for (change, says) in [
        (
            (|request| request.outcomes[1] = "spent".to_owned()) as fn(&mut CompareRequest),
            "test.csv: --outcome spent: there is no such column; the columns are arm, bought, spend",
        ),
        (|request| request.arm = "group".to_owned(), "test.csv: --arm group: there is no such column"),
        (|request| request.strata = Some("tier".to_owned()), "test.csv: --strata tier: there is no such column"),
        (
            |request| request.control = "none".to_owned(),
            "column arm never holds the control value \"none\"; it holds \"a\", \"control\"",
        ),
        (|request| request.outcomes[1] = "bought".to_owned(), "column bought is named twice"),
        (|request| request.level = 95.0, "--level 95: give a level from 0.5 to below 1"),
        (|request| request.expected = vec![("a".to_owned(), 1.0)], "\"control\" is missing"),
        (|request| request.expected = vec![("b".to_owned(), 1.0)], "\"b\" is none"),
        (|request| request.expected = vec![("a".to_owned(), -1.0)], "--expected a=-1: give a number above 0"),
        (|request| request.worthwhile = vec![("visit".to_owned(), 1.0)], "--worthwhile visit: this is no outcome"),
        (|request| request.customers_per_day = Some(0.0), "--per-day: give a number above 0"),
    ] {
        let (message, usage) = asked(change);
        assert!(message.contains(says) && usage, "{message}\nexpected {says}");
    }
}

#[test]
fn bad_cells_are_named_by_line_and_column() {
    let head = "arm,bought,spend\na,1,5\na,0,0\ncontrol,1,3\ncontrol,0,0\n";
    for (row, says) in [
        ("a,1,£12", "test.csv, line 6, column spend: \"£12\" is no number"),
        ("a,1,", "test.csv, line 6, column spend: the cell is empty; write 0"),
        ("a,yes,5", "test.csv, line 6, column bought: \"yes\" is no number"),
        ("a,1,true", "test.csv, line 6, column spend: \"true\" beside true and false"),
    ] {
        let (message, usage) = refused(request(), &format!("{head}{row}\n"));
        assert!(message.contains(says) && !usage, "{message}\nexpected {says}");
    }
}

#[test]
fn groups_that_are_none() {
    for (rows, says) in [
        ("control,1,3\ncontrol,0,0\n", "there is no arm to compare"),
        ("control,1,3\ncontrol,0,0\na,1,5\n", "arm \"a\" has 1 row"),
        ("", "never holds the control value \"control\"; it holds nothing"),
    ] {
        let (message, _) = refused(request(), &format!("arm,bought,spend\n{rows}"));
        assert!(message.contains(says), "{message}\nexpected {says}");
    }
}

#[test]
fn a_column_of_customers_is_no_arm_and_no_stratum() {
    let arms: String = (0..=MOST_ARMS).map(|customer| format!("{customer},1,5\n")).collect();
    let (message, _) = refused(request(), &format!("arm,bought,spend\n{arms}"));
    assert!(message.contains("line 102, column arm: more than 100 different values"), "{message}");
    let strata: String = (0..=MOST_STRATA).map(|customer| format!("a,1,5,{customer}\n")).collect();
    let asked = CompareRequest { strata: Some("tier".to_owned()), ..request() };
    let (message, _) = refused(asked, &format!("arm,bought,spend,tier\n{strata}"));
    assert!(message.contains("line 1002, column tier: more than 1000 different values"), "{message}");
}
