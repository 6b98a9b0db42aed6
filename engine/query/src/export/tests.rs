//! Each kind of file read back by somebody else's reader.

use super::*;
use crate::Keys;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow::util::pretty::pretty_format_batches;
use bytes::Bytes;
use calamine::{Data, Reader, Xlsx};
use perennial_fold::{Column, ColumnSpec, ColumnType, NONE_INT};
use perennial_model::{Currency, IdentityKey, IdentityKind, Zone};
use std::io::Cursor;
use std::sync::{Arc, Mutex};

/// 2026-03-01 02:00:00 UTC, 10:00 in Shanghai.
const NOW_US: i64 = 1_772_330_400_000_000;
const DAY: i64 = 20_513;
const CUSTOMERS: [u64; 3] = [281_474_976_710_657, 281_474_976_710_658, 18_446_744_073_709_551_000];

fn specs() -> Vec<ColumnSpec> {
    let spec = |name, column_type| ColumnSpec { name, column_type, description: "" };
    vec![
        spec("orders", ColumnType::Int),
        spec("revenue", ColumnType::Money),
        spec("last_order_day", ColumnType::Day),
        spec("last_order_time", ColumnType::Time),
        spec("rhythm", ColumnType::Float),
        spec("is_new", ColumnType::Bool),
        spec("stage", ColumnType::Word(&["new", "loyal"])),
    ]
}

fn rows() -> TableShard {
    TableShard {
        customers: CUSTOMERS.to_vec(),
        columns: vec![
            Column::Int(vec![7, 0, NONE_INT]),
            Column::Int(vec![123_456, -5, NONE_INT]),
            Column::Int(vec![DAY, 0, NONE_INT]),
            Column::Int(vec![NOW_US, NOW_US + 50_400_000_000, NONE_INT]),
            Column::Float(vec![17.25, f64::INFINITY, f64::NAN]),
            Column::Code(vec![1, 0, u8::MAX]),
            Column::Code(vec![0, 1, u8::MAX]),
        ],
    }
}

fn keys() -> CustomerKeys {
    let key = |kind, value: &str| IdentityKey { kind, value: value.to_owned() };
    let ann = vec![
        key(IdentityKind::Phone, "+8613800138000"),
        key(IdentityKind::Phone, "+8613900139000"),
        key(IdentityKind::Email, "=ann@shop.example"),
        key(IdentityKind::Platform, "淘宝:小明<&\u{1}>\"x\""),
    ];
    CustomerKeys::from([(CUSTOMERS[0], ann)])
}

/// A place that can be read after the file was written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const COLUMNS: [&str; 11] = [
    "customer_id",
    "phone",
    "email",
    "platform",
    "orders",
    "revenue",
    "last_order_day",
    "last_order_time",
    "rhythm",
    "is_new",
    "stage",
];

fn plan(currency: &str, keys: Keys) -> ExportPlan {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    ExportPlan::new(COLUMNS, &specs(), currency.parse().unwrap(), zone, keys).unwrap()
}

fn written(plan: ExportPlan, format: FileFormat) -> Vec<u8> {
    let out = Shared::default();
    let mut file = ExportFile::begin(plan, format, out.clone()).unwrap();
    file.write(&rows(), &keys()).unwrap();
    file.finish().unwrap();
    out.0.lock().unwrap().clone()
}

#[test]
fn csv_is_for_people_and_computes_nothing() {
    let bytes = written(plan("CNY", Keys::InFull), FileFormat::Csv(TextEncoding::Utf8Marked));
    let text = String::from_utf8(bytes).unwrap();
    let expected = "\u{feff}customer_id,phone,email,platform,orders,revenue (CNY),last_order_day,\
        last_order_time (Asia/Shanghai),rhythm,is_new,stage\r\n\
        281474976710657,+8613800138000; +8613900139000,'=ann@shop.example,\"淘宝:小明<&\u{1}>\"\"x\"\"\",7,1234.56,\
        2026-03-01,2026-03-01 10:00:00,17.25,true,new\r\n\
        281474976710658,,,,0,-0.05,1970-01-01,2026-03-02 00:00:00,,false,loyal\r\n\
        18446744073709551000,,,,,,,,,,\r\n";
    assert_eq!(text, expected);
}

#[test]
fn csv_may_be_in_the_encoding_of_older_programs() {
    let [marked, plain, older] = [TextEncoding::Utf8Marked, TextEncoding::Utf8, TextEncoding::Gb18030]
        .map(|encoding| written(plan("CNY", Keys::Masked), FileFormat::Csv(encoding)));
    assert_eq!(marked[3..], plain);
    let (text, _, had_errors) = encoding_rs::GB18030.decode(&older);
    assert!(!had_errors && text.as_bytes() == plain && older != plain && text.contains("淘宝:小"));
}

#[test]
fn keys_are_masked_unless_they_are_to_be_told() {
    for format in [FileFormat::Csv(TextEncoding::Utf8), FileFormat::Parquet] {
        let bytes = written(plan("CNY", Keys::Masked), format);
        for secret in ["13800138000", "=ann@", "小明"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} {format:?}");
        }
    }
    let text = String::from_utf8(written(plan("CNY", Keys::Masked), FileFormat::Csv(TextEncoding::Utf8))).unwrap();
    assert!(text.contains(",+86138****8000; +86139****9000,'=***@shop.example,\"淘宝:小"), "{text}");
}

#[test]
fn a_sheet_has_real_numbers_days_and_times() {
    let bytes = written(plan("CNY", Keys::InFull), FileFormat::Xlsx);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("customers").unwrap();
    let lines: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0][5], Data::String("revenue (CNY)".into()));
    assert_eq!(lines[1][0], Data::String("281474976710657".into()), "a sheet keeps fifteen digits of a number");
    assert_eq!(lines[1][2], Data::String("=ann@shop.example".into()), "text, as its cell says");
    assert_eq!(lines[1][3], Data::String("淘宝:小明<&\u{fffd}>\"x\"".into()));
    assert_eq!((&lines[1][4], &lines[1][5]), (&Data::Float(7.0), &Data::Float(1234.56)));
    assert_eq!((&lines[1][9], &lines[2][9]), (&Data::Bool(true), &Data::Bool(false)));
    let time = |cell: &Data| match cell {
        Data::DateTime(time) => time.as_f64(),
        other => panic!("{other:?} is no time"),
    };
    // 46,082 days after 1899-12-30 is 2026-03-01.
    assert_eq!((time(&lines[1][6]), time(&lines[1][7])), (46_082.0, 46_082.0 + 10.0 / 24.0));
    assert_eq!(lines[2][8], Data::Empty, "what is not finite is not known");
    assert!(lines[3][1..].iter().all(|cell| *cell == Data::Empty), "{:?}", lines[3]);
}

#[test]
fn money_has_the_digits_of_its_currency() {
    let cells = |currency: &str| {
        let text = String::from_utf8(written(plan(currency, Keys::Masked), FileFormat::Csv(TextEncoding::Utf8)));
        let text = text.unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().unwrap().get(5).unwrap().to_owned();
        (heads, reader.records().map(|record| record.unwrap()[5].to_owned()).collect::<Vec<_>>())
    };
    let of = |values: [&str; 3]| values.map(str::to_owned).to_vec();
    assert_eq!(cells("JPY"), ("revenue (JPY)".to_owned(), of(["123456", "-5", ""])));
    assert_eq!(cells("KWD"), ("revenue (KWD)".to_owned(), of(["123.456", "-0.005", ""])));
}

#[test]
fn parquet_has_the_types_of_sql() {
    let bytes = Bytes::from(written(plan("CNY", Keys::InFull), FileFormat::Parquet));
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    let told = builder.metadata().file_metadata().key_value_metadata().unwrap().clone();
    assert!(told.iter().any(|each| each.key == "perennial.currency" && each.value.as_deref() == Some("CNY")));
    let types: Vec<String> =
        builder.schema().fields().iter().map(|field| crate::type_name(field.data_type())).collect();
    assert_eq!(
        types,
        [
            "bigint unsigned",
            "text",
            "text",
            "text",
            "bigint",
            "decimal(19,2)",
            "date",
            "timestamp with time zone",
            "double",
            "boolean",
            "text"
        ]
    );
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    let text = pretty_format_batches(&batches).unwrap().to_string();
    for known in ["1234.56", "-0.05", "2026-03-01T02:00:00Z", "18446744073709551000", "| new "] {
        assert!(text.contains(known), "{known} in\n{text}");
    }
}

#[test]
fn a_sheet_ends_and_the_error_says_what_does_not() {
    let most = MOST_SHEET_ROWS;
    assert!(FileFormat::Xlsx.fits(most).is_ok() && FileFormat::Parquet.fits(most + 1).is_ok());
    assert!(FileFormat::Csv(TextEncoding::Utf8).fits(most + 1).is_ok());
    let said = FileFormat::Xlsx.fits(most + 1).unwrap_err().to_string();
    assert!(["1048575", "1048576", "CSV", "Parquet"].iter().all(|word| said.contains(word)), "{said}");
}

#[test]
fn a_column_that_is_not_there_is_named_with_the_one_meant() {
    let plan = |names: &[&'static str]| {
        ExportPlan::new(names.iter().copied(), &specs(), Currency::CNY, Zone::utc(), Keys::Masked)
    };
    assert!(plan(&["phon"]).unwrap_err().to_string().contains("is phone meant?"));
    assert!(plan(&["orders", "orders"]).unwrap_err().to_string().contains("orders is named twice"));
    assert!(plan(&[]).is_err() && plan(&["orders"]).is_ok_and(|plan| !plan.has_keys()));
}
