//! `perennial lift`: the JSON's contract, the table in both languages, and what is said of bad files.

use crate::run::{perennial, shared};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const ASKED: [&str; 6] = ["--arm", "arm", "--control", "control", "--outcome", "bought,spend"];

/// 300 of 1,000 buy in the arm and 200 in the control group; who buys spends 10 or 20.
fn experiment() -> String {
    let mut text = "customer,arm,bought,spend\n".to_owned();
    for (arm, buyers) in [("mail", 300), ("control", 200)] {
        for customer in 0..1_000 {
            let (bought, spend) = if customer < buyers { (1, 10 + customer % 2 * 10) } else { (0, 0) };
            writeln!(text, "{arm}{customer},{arm},{bought},{spend}.00").unwrap();
        }
    }
    text
}

fn lift(folder: &Path, file: &str, more: &[&str]) -> (i32, String, String) {
    let ran = perennial(folder, &[&["lift", file], &ASKED[..], more].concat());
    (ran.code, ran.stdout, ran.stderr)
}

#[test]
fn json_for_each_arm_and_outcome() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mail.csv"), experiment()).unwrap();
    let (code, out, err) = lift(folder.path(), "mail.csv", &["--json"]);
    assert_eq!(code, 0, "{err}");
    let answer: Value = serde_json::from_str(&out).unwrap();
    let comparisons = answer["comparisons"].as_array().unwrap();
    assert_eq!(comparisons.len(), 2);
    for comparison in comparisons {
        for key in ["n", "control_n", "mean", "control_mean", "difference", "low", "high", "p"] {
            assert!(comparison[key].is_number(), "{key}: {comparison}");
        }
        assert_eq!((&comparison["arm"], &comparison["verdict"]), (&Value::from("mail"), &Value::from("works")));
    }
    assert_eq!((&comparisons[0]["outcome"], &comparisons[0]["method"]), (&"bought".into(), &"newcombe".into()));
    assert_eq!((&comparisons[1]["outcome"], &comparisons[1]["method"]), (&"spend".into(), &"welch".into()));
    // Newcombe's interval of 300/1000 against 200/1000, computed by statsmodels.
    let close = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < 1e-9;
    assert!(close(&comparisons[0]["low"], NEWCOMBE.0) && close(&comparisons[0]["high"], NEWCOMBE.1), "{answer}");
    assert_eq!(answer["sample_ratio"]["alarm"], false);
}

const NEWCOMBE: (f64, f64) = (0.062_142_701_225_258, 0.137_499_881_741_870);

#[test]
fn a_table_in_both_languages_and_a_warning_when_sizes_are_wrong() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mail.csv"), experiment()).unwrap();
    let (code, out, err) = lift(folder.path(), "mail.csv", &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("+10.00 pp") && out.contains("+50.0%") && out.contains("works"), "{out}");
    let (_, out, _) = lift(folder.path(), "mail.csv", &["--lang", "zh"]);
    assert!(out.contains("对照组") && out.contains("有效"), "{out}");
    let expected = ["--expected", "mail=9", "--expected", "control=1"];
    let (code, out, err) = lift(folder.path(), "mail.csv", &expected);
    assert_eq!(code, 0);
    assert!(out.contains("not to be trusted") && err.contains("warning: the groups are not as large"), "{out}\n{err}");
}

#[test]
fn other_encodings_and_packing_are_read_as_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let chinese = experiment().replace("customer,arm", "客户,arm").replace(',', "\t");
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(chinese.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    fs::write(folder.path().join("mail.txt"), bytes).unwrap();
    let (code, out, err) = lift(folder.path(), "mail.txt", &[]);
    assert!(code == 0 && out.contains("+10.00 pp"), "{out}\n{err}");
}

#[test]
fn what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mail.csv"), experiment()).unwrap();
    let bad = experiment().replace("mail7,mail,1,20.00", "mail7,mail,1,£20");
    fs::write(folder.path().join("bad.csv"), bad).unwrap();
    fs::write(folder.path().join("cut.csv"), experiment() + "\"mail,1\n").unwrap();
    fs::write(folder.path().join("one.csv"), experiment() + "late,post,1,5\n").unwrap();
    for (file, more, code, says) in [
        (
            "mail.csv",
            &["--strata", "tier"][..],
            2,
            "--strata tier: there is no such column; the columns are customer, arm",
        ),
        ("mail.csv", &["--expected", "mail"], 2, "--expected mail: write it as NAME=NUMBER"),
        ("mail.csv", &["--expected", "mail=1"], 2, "\"control\" is missing"),
        ("mail.csv", &["--level", "95"], 2, "--level 95"),
        ("mail.csv", &["--worthwhile", "visit=1"], 2, "--worthwhile visit: this is no outcome"),
        ("bad.csv", &[], 1, "bad.csv, line 9, column spend: \"£20\" is no number"),
        ("cut.csv", &[], 1, "cut.csv, line 2002: "),
        ("one.csv", &[], 1, "arm \"post\" has 1 row"),
        ("absent.csv", &[], 2, "absent.csv: no such file"),
    ] {
        let (found, out, err) = lift(folder.path(), file, more);
        assert!(found == code && err.contains(says), "{file} {more:?}: {found}\n{out}\n{err}");
    }
    let ran =
        perennial(folder.path(), &["lift", "mail.csv", "--arm", "arm", "--control", "none", "--outcome", "bought"]);
    assert!(ran.code == 2 && ran.stderr.contains("it holds \"control\", \"mail\""), "{}", ran.stderr);
}

/// The guide's command and table.
#[test]
fn hillstrom_as_the_guide_shows_it() {
    let Some(file) = shared("data/hillstrom/hillstrom.csv.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::copy(file, folder.path().join("hillstrom.csv.gz")).unwrap();
    let asked = ["--arm", "segment", "--control", "No E-Mail", "--outcome", "visit,conversion,spend"];
    for lang in ["en", "zh"] {
        let ran = perennial(folder.path(), &[&["lift", "hillstrom.csv.gz", "--lang", lang], &asked[..]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let page = format!("../../docs/guide/{lang}/measure-an-experiment.md");
        let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        assert!(page.contains(ran.stdout.trim_end()), "{}", ran.stdout);
        let command = asked.map(|word| if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() });
        assert!(page.contains(&command.join(" ")), "{command:?}");
    }
}
