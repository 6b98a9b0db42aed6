//! RFM of Online Retail, scored from the golden file's own recency, frequency and revenue.

use crate::support::shared_csv;
use perennial_fold::{Column, ColumnSpec, ColumnType, CustomerTable, Instant, RelativeSet, Revenue, TableShard};
use perennial_learn::{RfmRules, RfmScores, Scoring};
use perennial_model::{RfmSegment, Zone};

struct Golden {
    table: CustomerTable,
    /// r, f, m by NTILE, then by value, and the segment of each.
    scores: Vec<[i64; 6]>,
    segments: Vec<[String; 2]>,
}

fn golden() -> Option<Golden> {
    let mut reader = shared_csv("golden/online_retail_rfm.csv.gz")?;
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    rows.sort_by_key(|row| row[0].parse::<u64>().unwrap());
    let int = |place: usize| rows.iter().map(|row| row[place].parse().unwrap()).collect::<Vec<i64>>();
    let minor = rows.iter().map(|row| (row[3].parse::<f64>().unwrap() * 100.0).round() as i64).collect();
    let spec = |name| ColumnSpec { name, column_type: ColumnType::Int, description: "" };
    let table = CustomerTable {
        specs: ["recency_days", "orders", "revenue"].map(spec).to_vec(),
        shards: vec![TableShard {
            customers: rows.iter().map(|row| row[0].parse().unwrap()).collect(),
            columns: vec![Column::Int(int(1)), Column::Int(int(2)), Column::Int(minor)],
        }],
    };
    let score = |row: &csv::StringRecord| std::array::from_fn(|place| row[place + 5].parse().unwrap());
    let name = |text: &str| text.to_lowercase().replace('\'', "").replace(' ', "_");
    Some(Golden {
        table,
        scores: rows.iter().map(score).collect(),
        segments: rows.iter().map(|row| [name(&row[11]), name(&row[12])]).collect(),
    })
}

fn check(scoring: Scoring, first_score: usize, segment: usize) {
    let Some(mut golden) = golden() else { return };
    let mut relatives = RelativeSet::new();
    relatives.add(RfmScores { rules: RfmRules { scoring, ..RfmRules::default() } }).unwrap();
    relatives.fit(&mut golden.table, &Instant::new(0, Zone::utc(), Revenue::Gross)).unwrap();
    let (r, f, m) = (golden.table.ints(0, "r_score"), golden.table.ints(0, "f_score"), golden.table.ints(0, "m_score"));
    let codes = golden.table.codes(0, "rfm_segment");
    assert_eq!(golden.scores.len(), 4_338);
    for row in 0..golden.scores.len() {
        let found = [r[row], f[row], m[row]];
        assert_eq!(found, golden.scores[row][first_score..first_score + 3], "row {row}");
        assert_eq!(RfmSegment::ALL[usize::from(codes[row])].as_str(), golden.segments[row][segment], "row {row}");
    }
}

#[test]
fn all_rows_are_scored_by_value_as_in_the_golden_file() {
    check(Scoring::default(), 3, 1);
}

#[test]
fn all_rows_are_scored_by_ntile_as_in_the_golden_file() {
    check(Scoring::Ntile { by_revenue: false }, 0, 0);
}
