//! The real files beside the workspace, where they are.

use super::*;

fn count(name: &str) -> Option<(Source, u64)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    let source = open_only(&path).unwrap();
    let mut reader = source.rows().unwrap();
    let mut rows = 0;
    while let Some(row) = reader.next().unwrap() {
        assert_eq!(row.problem(), None, "{name}, line {}", row.line());
        assert_eq!(row.len(), source.header().len());
        rows += 1;
    }
    Some((source, rows))
}

#[test]
fn real_files_read_to_their_known_counts() {
    for (name, rows, description) in [
        ("online_retail/online_retail_2010-12_2011-12.csv.gz", 541_909, "CSV, comma, UTF-8, gzip, header on line 1"),
        ("online_retail/online_retail_II_2009-12_2010-12.csv.gz", 525_461, "CSV, comma, UTF-8, gzip, header on line 1"),
        ("cdnow/CDNOW_master.txt.gz", 69_659, "white-space columns, UTF-8, gzip, header on line 1"),
        ("cdnow/CDNOW_sample.txt.gz", 6_919, "white-space columns, UTF-8, gzip, no header"),
        ("completejourney/transactions.parquet", 1_469_307, "Parquet, 1469307 rows"),
    ] {
        if let Some((source, found)) = count(name) {
            assert_eq!((found, source.describe().as_str()), (rows, description), "{name}");
        }
    }
}
