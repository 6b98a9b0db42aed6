//! An audience as a file: what is in it is what SQL says, and the audit tells of it.

use crate::browser::owner;
use crate::network::Server;
use crate::run::{Ran, perennial};
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const COLUMNS: &str = "customer_id,email,orders,revenue,last_order_day";

fn fine(folder: &Path, arguments: &[&str]) -> Ran {
    let ran = perennial(folder, arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.stdout, ran.stderr);
    ran
}

/// A brand with 300 customers and a segment.
fn brand(folder: &Path) {
    let mut orders = "order_id,email,phone,order_time,amount\n".to_owned();
    for customer in 0..300 {
        for order in 0..=(customer % 7) {
            let (month, day) = (1 + (order * 5 + customer) % 12, 1 + (customer * 3 + order) % 28);
            orders += &format!(
                "o{customer}-{order},buyer{customer}@shop.example,138{customer:08},2024-{month:02}-{day:02} 23:30:00,{}.5\n",
                10 + customer % 40
            );
        }
    }
    fs::write(folder.join("orders.csv"), orders).unwrap();
    let zone = ["--timezone", "Asia/Shanghai", "--currency", "CNY"];
    fine(folder, &[&["import", "orders.csv", "--quiet", "--data", "brand"], &zone[..]].concat());
    fs::create_dir(folder.join("shop")).unwrap();
    let segments = "segments:\n- {name: regulars, where: orders >= 4 and revenue > 100.5}\n";
    fs::write(folder.join("shop/segments.yaml"), segments).unwrap();
    fine(folder, &["apply", "shop", "--data", "brand"]);
}

/// The same question in SQL, one line a customer.
fn by_sql(folder: &Path, condition: &str) -> Vec<Vec<String>> {
    let sql = format!(
        "select c.customer_id, i.value, c.orders, c.revenue, c.last_order_day from customers c \
         join identities i on i.customer_id = c.customer_id and i.kind = 'email' where {condition} order by 1"
    );
    records(fine(folder, &["query", &sql, "--data", "brand", "--format", "csv"]).stdout.as_bytes())
}

fn records(csv: &[u8]) -> Vec<Vec<String>> {
    let line = |record: csv::Result<csv::StringRecord>| record.unwrap().iter().map(str::to_owned).collect();
    csv::Reader::from_reader(csv).records().map(line).collect()
}

#[test]
fn a_file_holds_whom_sql_finds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    brand(path);
    let expected = by_sql(path, "c.orders >= 4 and c.revenue > 100.5");
    assert!(expected.len() > 50 && expected.len() < 300, "{}", expected.len());
    let export = |out: &str, more: &[&str]| {
        let fixed = ["customers", "--data", "brand", "--columns", COLUMNS, "--out", out, "--unmasked"];
        fine(path, &[&fixed[..], more].concat());
        fs::read(path.join(out)).unwrap()
    };
    let csv = export("regulars.csv", &["--segment", "regulars"]);
    let marked = csv.strip_prefix(b"\xEF\xBB\xBF").expect("Excel knows UTF-8 by its mark");
    assert_eq!(records(marked), expected);
    let by_condition =
        export("same.csv", &["--where", "orders >= 4 and revenue > 100.5 -- the same", "--encoding", "utf8"]);
    assert_eq!(by_condition, marked);

    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(export("a.xlsx", &["--segment", "regulars"]))).unwrap();
    let sheet = book.worksheet_range("customers").unwrap();
    let text = |cell: &Data| match cell {
        Data::Float(number) => number.to_string(),
        Data::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    let trimmed = |line: &Vec<String>| {
        let money: f64 = line[3].parse().unwrap();
        let mut line = line.clone();
        line[3] = money.to_string();
        line
    };
    let rows: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(text).collect()).collect();
    assert_eq!(rows, expected.iter().map(trimmed).collect::<Vec<_>>());

    export("a.parquet", &["--segment", "regulars"]);
    // Read by somebody else's code: the type of money and every sum.
    let file = fs::File::open(path.join("a.parquet")).unwrap();
    let builder = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut lines = Vec::new();
    for batch in builder.build().unwrap() {
        let mut out = Vec::new();
        arrow::csv::WriterBuilder::new().with_header(false).build(&mut out).write(&batch.unwrap()).unwrap();
        let text = String::from_utf8(out).unwrap();
        lines.extend(text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>()));
    }
    assert_eq!(lines, expected);
}

#[test]
fn phones_are_masked_and_files_are_private_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    brand(path);
    let ran = fine(path, &["customers", "--data", "brand", "--out", "all.csv"]);
    assert!(ran.stdout.contains("all.csv: 300 customers, keys masked"), "{}", ran.stdout);
    let text = fs::read_to_string(path.join("all.csv")).unwrap();
    assert!(text.contains("+86138****0007") && text.contains("b***7@shop.example"), "{text}");
    assert!(!text.contains("13800000007") && !text.contains("buyer7@"));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path.join("all.csv")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    for (arguments, said) in [
        (&["--out", "all.csv"][..], "cannot write all.csv"),
        (&["--out", "brand/x.csv"], "is in the data directory"),
        (&["--out", "customers.doc"], "say --format csv, xlsx or parquet"),
        (&["--out", "b.csv", "--columns", "emial"], "is email meant?"),
        (&["--out", "b.csv", "--segment", "regular"], "is regulars meant?"),
        (&["--out", "b.csv", "--where", "height > 3"], "customers have no column height"),
    ] {
        let ran = perennial(path, &[&["customers", "--data", "brand"], arguments].concat());
        assert_eq!(ran.code, 2, "{arguments:?} {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{arguments:?} {}", ran.stderr);
    }
    assert!(!path.join("b.csv").exists());
    assert_eq!(fs::read_to_string(path.join("all.csv")).unwrap(), text);
}

/// A body sent in pieces, put together.
fn whole(body: &str) -> String {
    let (mut bytes, mut left) = (Vec::new(), body.as_bytes());
    loop {
        let end = left.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&left[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return String::from_utf8(bytes).unwrap();
        }
        bytes.extend_from_slice(&left[end + 2..end + 2 + length]);
        left = &left[end + 2 + length + 2..];
    }
}

#[test]
fn a_server_hands_a_file_to_who_may_and_notes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    brand(path);
    let expected = by_sql(path, "c.orders >= 4 and c.revenue > 100.5");
    let mut server = Server::start(path);
    let boss = owner(&mut server);
    let address = format!("/api/customers/export?in_segment=regulars&sort=customer_id&columns={COLUMNS}");
    let marketer = boss.invites(&server, "marketer");
    let full = marketer.ask(&server, "GET", &format!("{address}&unmasked=true&bom=false"), &Value::Null);
    assert_eq!(full.status, 200, "{full:?}");
    assert!(full.head.contains("transfer-encoding: chunked") && !full.head.contains("content-length"), "{}", full.head);
    assert!(full.head.contains("filename=\"customers-regulars-"), "{}", full.head);
    assert_eq!(records(whole(full.body.as_str().unwrap()).as_bytes()), expected);
    let masked = marketer.ask(&server, "GET", &address, &Value::Null);
    let masked = whole(masked.body.as_str().unwrap());
    assert!(masked.contains("b***") && !masked.contains("buyer"), "{masked}");
    for role in ["analyst", "account_manager", "staff", "viewer"] {
        let member = boss.invites(&server, role);
        assert_eq!(member.ask(&server, "GET", &address, &Value::Null).status, 403, "{role}");
    }
    // Beside the server, by the command line.
    fine(path, &["customers", "--data", "brand", "--segment", "regulars", "--columns", COLUMNS, "--out", "a.csv"]);
    let by_command = fs::read_to_string(path.join("a.csv")).unwrap();
    assert_eq!(records(&by_command.as_bytes()[3..]), records(&masked.as_bytes()[3..]));
    let audit = boss.ask(&server, "GET", "/api/audit", &Value::Null).body;
    let told = audit["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "customers_exported");
    let told: Vec<_> =
        told.map(|entry| (entry["subject"].as_str().unwrap(), entry["detail"].as_str().unwrap())).collect();
    assert!(told.iter().all(|(subject, _)| *subject == "segment:regulars"), "{told:?}");
    let said =
        |keys: &str| format!("{} customers, csv, {keys}, columns {COLUMNS}; in_segment=regulars", expected.len());
    let details: BTreeSet<String> = told.iter().map(|(_, detail)| (*detail).to_owned()).collect();
    let masked = said("keys masked");
    assert_eq!(details, BTreeSet::from([said("keys in full"), format!("command line: {masked}"), masked]));
    let (code, log) = server.stop();
    assert!(code == Some(0) && !log.contains("buyer"), "{log}");
}
