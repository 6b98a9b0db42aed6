//! Reports on public data sets against figures computed independently (tests/independent/figures.py)
//! and against the golden RFM of Online Retail.

use crate::run::{expected, perennial, report, shared};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;

/// Compares every figure of `expected` with the same place of `actual`.
fn same(actual: &Value, expected: &Value, path: &str) {
    match expected {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| same(&actual[name], value, &format!("{path}.{name}")))
        }
        Value::Array(items) => {
            let found = actual.as_array().map_or(0, Vec::len);
            assert!(found >= items.len(), "{path}: {found} items, expected {}", items.len());
            for (index, item) in items.iter().enumerate() {
                same(&actual[index], item, &format!("{path}[{index}]"));
            }
        }
        Value::Number(number) => {
            let (want, got) = (number.as_f64().unwrap_or(f64::NAN), actual.as_f64().unwrap_or(f64::NAN));
            assert!((want - got).abs() <= 1e-9 * want.abs().max(1.0), "{path}: {got}, expected {want}");
        }
        other => assert_eq!(actual, other, "{path}"),
    }
}

pub(crate) fn compare(report: &Value, name: &str) {
    let mut expected = expected(name);
    let fields = expected.as_object_mut().expect("an object");
    let as_of = fields.remove("as_of").expect("as_of");
    assert!(report["as_of"].as_str().unwrap().starts_with(as_of.as_str().unwrap()), "{}", report["as_of"]);
    let segments: BTreeMap<String, u64> = serde_json::from_value(fields.remove("rfm").expect("rfm")).unwrap();
    for segment in report["rfm"]["segments"].as_array().expect("segments") {
        let name = segment["segment"].as_str().unwrap();
        assert_eq!(segment["customers"].as_u64(), Some(segments.get(name).copied().unwrap_or(0)), "rfm {name}");
    }
    assert_eq!(report["growth"].as_array().map(Vec::len), expected["growth"].as_array().map(Vec::len), "months");
    same(report, &expected, name);
}

fn check(data: &str, expected: &str, arguments: &[&str]) {
    let Some(file) = shared(data) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![file.to_str().unwrap()];
    all.extend_from_slice(arguments);
    compare(&report(folder.path(), &all), expected);
}

#[test]
fn online_retail_net() {
    check("data/online_retail/online_retail_2010-12_2011-12.csv.gz", "online_retail.json", &[]);
}

#[test]
fn online_retail_gross() {
    check(
        "data/online_retail/online_retail_2010-12_2011-12.csv.gz",
        "online_retail_gross.json",
        &["--revenue", "gross"],
    );
}

#[test]
fn online_retail_the_year_before() {
    check("data/online_retail/online_retail_II_2009-12_2010-12.csv.gz", "online_retail_ii.json", &[]);
}

#[test]
fn cdnow() {
    check("data/cdnow/CDNOW_master.txt.gz", "cdnow.json", &[]);
}

#[test]
fn completejourney() {
    check("data/completejourney/transactions.parquet", "completejourney.json", &[]);
}

#[test]
fn golden_rfm_of_online_retail_customer_by_customer() {
    let Some(golden) = shared("golden/online_retail_rfm.csv.gz") else { return };
    let Some(file) = shared("data/online_retail/online_retail_2010-12_2011-12.csv.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let imported = perennial(folder.path(), &["import", "--quiet", "--data", "brand", file.to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    let sql = "select i.value, c.recency_days, c.orders, c.revenue, c.r_score, c.f_score, c.m_score, c.rfm_segment \
               from customers c join identities i on i.customer_id = c.customer_id where c.orders > 0";
    let asked = perennial(
        folder.path(),
        &["query", sql, "--data", "brand", "--format", "csv", "--revenue", "gross", "--as-of", "2011-12-10"],
    );
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    let mut ours = BTreeMap::new();
    for row in csv::Reader::from_reader(asked.stdout.as_bytes()).records() {
        let row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        ours.insert(row[0].clone(), row[1..].to_vec());
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(golden).unwrap()).read_to_string(&mut text).unwrap();
    let mut seen = 0;
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let mine = ours.get(&row["cid"]).unwrap_or_else(|| panic!("customer {} is missing", row["cid"]));
        let revenue = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round();
        assert_eq!(revenue(&mine[2]), revenue(&row["mon"]), "revenue of {}", row["cid"]);
        let golden = [&row["rec"], &row["freq"], &row["r_val"], &row["f_val"], &row["m_val"]];
        assert_eq!([&mine[0], &mine[1], &mine[3], &mine[4], &mine[5]], golden, "customer {}", row["cid"]);
        let segment = row["seg_val"].to_lowercase().replace(' ', "_").replace('\'', "");
        assert_eq!(mine[6], segment, "segment of {}", row["cid"]);
        seen += 1;
    }
    assert_eq!((seen, ours.len()), (4338, 4338));
}
