//! What reads well.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::super::Format;
use super::*;

#[test]
fn csv_rows_come_with_their_lines() {
    let (source, rows) = read("id,name,note\r\n1,\"a, b\",\"two\nlines\"\r\n\r\n,,\r\n2,c,=\"003\"\n3,d,last");
    assert_eq!(source.describe(), "CSV, comma, UTF-8, header on line 1");
    assert_eq!(source.header(), ["id", "name", "note"]);
    assert_eq!(cells(&rows), [["1", "a, b", "two\nlines"], ["2", "c", "=\"003\""], ["3", "d", "last"]]);
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 6, 7]);
    assert_eq!(rows[1].raw, "2,c,=\"003\"");
    assert_eq!(rows[0].raw, "1,\"a, b\",\"two\nlines\"");
}

#[test]
fn the_same_row_has_the_same_bytes_in_any_dress() {
    let table = "编号,买家会员名,金额\n1,张三丰,9.5\n2,李四光,8\n";
    let quoted = "编号,买家会员名,金额\n\"1\",\"张三丰\",\"9.5\"\n\"2\",\"李四光\",\"8\"\n";
    let utf16 =
        || -> Vec<u8> { "\u{feff}".encode_utf16().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect() };
    let dresses: Vec<(Vec<u8>, &str)> = vec![
        (table.into(), "CSV, comma, UTF-8, header on line 1"),
        (quoted.into(), "CSV, comma, UTF-8, header on line 1"),
        (format!("\u{feff}{table}").into(), "CSV, comma, UTF-8 with BOM, header on line 1"),
        (table.replace('\n', "\r\n").into(), "CSV, comma, UTF-8, header on line 1"),
        (table.replace('\n', "\r").into(), "CSV, comma, UTF-8, header on line 1"),
        (gb18030(table), "CSV, comma, GB18030, header on line 1"),
        (utf16(), "CSV, comma, UTF-16, header on line 1"),
        (gzip(gb18030(table)), "CSV, comma, GB18030, gzip, header on line 1"),
        (zip_of(&[("订单.csv", table.as_bytes())]), "CSV, comma, UTF-8, ZIP, header on line 1"),
        (zip_of(&[("a.csv.gz", &gzip(table))]), "CSV, comma, UTF-8, gzip in ZIP, header on line 1"),
    ];
    for (bytes, description) in dresses {
        let (source, rows) = read(bytes);
        assert_eq!(source.describe(), description);
        assert_eq!(source.header(), ["编号", "买家会员名", "金额"]);
        let raw: Vec<_> = rows.iter().map(|row| row.raw.as_str()).collect();
        assert_eq!(raw, ["1,张三丰,9.5", "2,李四光,8"], "{description}");
    }
}

#[test]
fn delimiters_and_white_space() {
    for (text, description) in [
        ("id\tname\n1\ta,b\t\n", "TSV, UTF-8, header on line 1"),
        ("id;name\n1;a,b\n", "CSV, semicolon, UTF-8, header on line 1"),
        ("id|name\n1|a,b\n", "CSV, pipe, UTF-8, header on line 1"),
        ("sep=;\nid;name\n1;a,b\n", "CSV, semicolon, UTF-8, header on line 2"),
    ] {
        let (source, rows) = read(text);
        assert_eq!(source.describe(), description);
        assert_eq!(cells(&rows), [["1", "a,b"]], "{text}");
    }
    let (source, rows) = read(" 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n");
    assert_eq!(source.describe(), "white-space columns, UTF-8, no header");
    assert_eq!(source.header(), ["1", "2", "3", "4"]);
    assert_eq!(cells(&rows), [["00001", "19970101", "1", "11.77"], ["00002", "19970112", "1", "12.00"]]);
}

#[test]
fn a_header_below_titles_and_blank_rows() {
    let (source, rows) = read("店铺订单报表,,\n\n导出时间:2024-01-05,,\n订单编号,买家,金额\n1,a,2\n2,b,3\n");
    assert_eq!(source.describe(), "CSV, comma, UTF-8, header on line 4");
    assert_eq!(source.header(), ["订单编号", "买家", "金额"]);
    assert_eq!(rows[0].line, 5);
    let preamble = "#支付宝账务明细\n".repeat(17);
    let (source, rows) = read(format!("{preamble}流水号,时间,金额\n1,2024-01-05,3\n"));
    assert_eq!(source.header_line(), Some(18));
    assert_eq!(cells(&rows), [["1", "2024-01-05", "3"]]);
}

#[test]
fn the_user_can_say_whether_there_is_a_header() {
    let fixture = file("a.csv", "a,b\nc,d\n");
    let options = ReadOptions { header: Some(false), ..ReadOptions::default() };
    let source = &open(&fixture.path, &options).unwrap()[0];
    assert_eq!(source.header(), ["1", "2"]);
    assert_eq!(read_rows(source).unwrap().len(), 2);
    let fixture = file("a.csv", "2023,2024\n1,2\n");
    let options = ReadOptions { header: Some(true), ..ReadOptions::default() };
    assert_eq!(open(&fixture.path, &options).unwrap()[0].header(), ["2023", "2024"]);
    let fixture = file("a.csv", "\"\n\"\n\"\n\"\n");
    assert_eq!(open(&fixture.path, &options).unwrap()[0].header(), ["1"], "found by the fuzzer");
}

#[test]
fn delimiters_at_the_end_of_lines_make_no_columns() {
    let (source, rows) = read("id,name,\n1,a,\n2,b\n3,c,,\n");
    assert_eq!(source.header(), ["id", "name"]);
    assert_eq!(cells(&rows), [["1", "a"], ["2", "b"], ["3", "c"]]);
    assert!(rows.iter().all(|row| row.problem.is_none()));
    assert_eq!(rows[2].raw, "3,c");
    let (source, _) = read("id,name\n1,a,x\n2,b,y\n");
    assert_eq!(source.header(), ["id", "name", "3"]);
}

#[test]
fn characters_across_chunks_stay_whole() {
    let line = "订单,张三丰,浙江省杭州市西湖区文三路四百七十八号,已发货\n";
    let text = format!("编号,买家,地址,订单状态\n{}", line.repeat(30_000));
    for bytes in [text.clone().into_bytes(), gb18030(&text), gzip(gb18030(&text))] {
        let (_, rows) = read(bytes);
        assert_eq!(rows.len(), 30_000);
        assert!(rows.iter().all(|row| format!("{}\n", row.raw) == line && row.problem.is_none()));
        assert_eq!(rows[29_999].line, 30_001);
    }
}

#[test]
fn chinese_that_begins_after_the_sample_is_still_recognised() {
    let text = format!("id,name\n{}2,张三丰\n3,李四光\n", "1,plain ascii only\n".repeat(80_000));
    let (_, rows) = read(gb18030(&text));
    assert_eq!(rows[80_000].cells, ["2", "张三丰"]);
    assert!(rows.iter().all(|row| row.problem.is_none()));
}

#[test]
fn json_lines_unite_their_keys() {
    let (source, rows) =
        read("{\"id\":1,\"buyer\":{\"name\":\"张\"}}\n\n{\"id\":2,\"total\":19.9}\n[]\n{\"later\":1}\n");
    assert_eq!(source.describe(), "JSON lines, UTF-8");
    assert_eq!(source.header(), ["id", "buyer.name", "total", "later"]);
    assert_eq!(rows[0].cells, ["1", "张", "", ""]);
    assert_eq!(rows[1].cells, ["2", "", "19.9", ""]);
    assert_eq!((rows[1].line, rows[1].raw.as_str()), (3, "2\u{1f}\u{1f}19.9\u{1f}"));
    assert!(matches!(rows[2].problem, Some(RowProblem::InvalidJson { column: 1, .. })));
}

#[test]
fn a_zip_gives_a_source_for_each_table() {
    let archive = zip_of(&[
        ("orders.csv", b"id,name\n1,a\n"),
        ("__MACOSX/orders.csv", b"\0\0"),
        ("photo.png", b"\x89PNG"),
        ("empty.csv", b""),
        ("sub/items.tsv", b"id\tsku\n1\tx\n"),
    ]);
    let fixture = file("export.zip", archive);
    let sources = open(&fixture.path, &ReadOptions::default()).unwrap();
    let names: Vec<_> = sources.iter().map(|source| source.name().rsplit("export.zip/").next().unwrap()).collect();
    assert_eq!(names, ["orders.csv", "sub/items.tsv"]);
    assert_eq!(cells(&read_rows(&sources[1]).unwrap()), [["1", "x"]]);
}

#[test]
fn a_workbook_reads_as_excel_shows_it() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>报表</t></is></c></row>
        <row r="3"><c r="A3" t="str"><v>编号</v></c><c r="B3" t="str"><v>时间</v></c><c r="C3" t="str"><v>金额</v></c><c r="D3" t="str"><v>会员</v></c></row>
        <row r="4"><c r="A4"><v>123456789012345</v></c><c r="B4" s="1"><v>45296.335416666669</v></c><c r="C4"><v>0.30000000000000004</v></c></row>
        <row r="6"><c r="A6"><v>1.23456789012345E+18</v></c><c r="B6" s="1"><v>45296</v></c><c r="C6"><v>12</v></c><c r="D6" t="b"><v>1</v></c></row>"#;
    let bytes = xlsx(&[("封面", ""), ("订单", rows), ("次页", rows)]);
    let (source, rows) = read(&bytes);
    assert_eq!(source.format(), Format::Xlsx);
    assert_eq!(source.describe(), "XLSX, sheet 订单, header on row 3");
    assert_eq!(source.header(), ["编号", "时间", "金额", "会员"]);
    let expected =
        [["123456789012345", "2024-01-05T08:03:00", "0.3", ""], ["1.23456789012345E18", "2024-01-05", "12", "true"]];
    assert_eq!(cells(&rows), expected);
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 6]);

    let fixture = file("a.xlsx", &bytes);
    let wanted = |sheet: &str| ReadOptions { sheet: Some(sheet.to_owned()), ..ReadOptions::default() };
    assert!(open(&fixture.path, &wanted("次页")).unwrap()[0].describe().contains("次页"));
    let error = open(&fixture.path, &wanted("没有")).unwrap_err().to_string();
    assert!(error.ends_with("no sheet \"没有\" with rows in it; there are: 封面, 订单, 次页"), "{error}");

    let (_, inside) = read(zip_of(&[("a.xlsx", &bytes)]));
    assert_eq!(cells(&inside), expected);
}

pub(super) fn parquet_bytes(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_values_become_exact_text() {
    let dictionary: DictionaryArray<Int32Type> = vec!["west", "east"].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![Some(i64::MAX), None]))),
        ("key", Arc::new(UInt64Array::from(vec![u64::MAX, 0]))),
        ("customer", Arc::new(Float64Array::from(vec![12345.0, f64::NAN]))),
        ("rate", Arc::new(Float32Array::from(vec![0.1, 2.0]))),
        ("price", Arc::new(Decimal128Array::from(vec![1990_i128, -5]).with_precision_and_scale(20, 2).unwrap())),
        ("day", Arc::new(Date32Array::from(vec![19_727, -1]))),
        ("local", Arc::new(TimestampNanosecondArray::from(vec![1_704_441_780_000_000_000, 1]))),
        ("instant", Arc::new(TimestampMicrosecondArray::from(vec![1_704_441_780_500_000, -1]).with_timezone("+08:00"))),
        ("area", Arc::new(dictionary)),
        ("name", Arc::new(StringArray::from(vec!["张", ""]))),
    ];
    let bytes = parquet_bytes(columns);
    let (source, rows) = read(&bytes);
    assert_eq!(source.describe(), "Parquet, 2 rows");
    let first = ["9223372036854775807", "18446744073709551615", "12345", "0.1", "19.90", "2024-01-05"];
    assert_eq!(rows[0].cells[..6], first);
    assert_eq!(rows[0].cells[6..], ["2024-01-05T08:03:00", "2024-01-05T08:03:00.500Z", "west", "张"]);
    let second = ["", "0", "", "2", "-0.05", "1969-12-31", "1970-01-01T00:00:00.000000001"];
    assert_eq!(rows[1].cells[..7], second);
    assert_eq!(rows[1].cells[7], "1969-12-31T23:59:59.999999Z");
    assert_eq!((rows[1].line, rows[1].problem.clone()), (2, None));
    assert_eq!(cells(&read(zip_of(&[("a.parquet", &bytes)])).1), cells(&rows));
}

#[test]
fn progress_reaches_the_end_and_fingerprints_tell_contents_apart() {
    let text = format!("id,name\n{}", "1,somebody\n".repeat(50_000));
    for bytes in [text.clone().into_bytes(), gzip(&text), zip_of(&[("a.csv", text.as_bytes())])] {
        let fixture = file("a.csv", &bytes);
        let source = open_only(&fixture.path).unwrap();
        assert_eq!(source.sample(2).unwrap(), [["1", "somebody"], ["1", "somebody"]]);
        let mut reader = source.rows().unwrap();
        while reader.next().unwrap().is_some() {}
        assert!(reader.bytes_read() <= source.bytes_total());
        assert!(reader.bytes_read() * 10 >= source.bytes_total() * 9);
    }
    let (a, b, c) = (read(&text).0, read(&text).0, read(text.replacen("1,some", "2,some", 1)).0);
    assert_eq!(a.fingerprint(), b.fingerprint());
    assert_ne!(a.fingerprint(), c.fingerprint());
}

fn quoted_by_rule(cell: &str, delimiter: char, always: bool) -> String {
    let needed = cell.contains([delimiter, '"', '\n', '\r']);
    if needed || always { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

proptest! {
    #[test]
    fn what_is_written_by_rule_reads_back(
        table in prop::collection::vec(prop::collection::vec("[a-z,;\t\"\r\n 张0-9|']{0,12}", 3), 1..40),
        always in any::<bool>(),
        crlf in any::<bool>(),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = ["name", "note", "id"].join(&delimiter.to_string()) + end;
        for (i, row) in table.iter().enumerate() {
            let mut row = row.clone();
            row.push(format!("x{i}"));
            let cells: Vec<_> = row.iter().map(|cell| quoted_by_rule(cell, delimiter, always)).collect();
            text += &(cells[1..].join(&delimiter.to_string()) + end);
        }
        let sep = format!("sep={delimiter}{end}{text}");
        let (_, rows) = read(sep);
        prop_assert_eq!(rows.len(), table.len());
        for (i, (row, wrote)) in rows.iter().zip(&table).enumerate() {
            prop_assert_eq!(&row.problem, &None);
            prop_assert_eq!(&row.cells[..2], &wrote[1..]);
            prop_assert_eq!(&row.cells[2], &format!("x{i}"));
        }
    }
}
