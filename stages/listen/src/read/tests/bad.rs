//! What goes wrong is named: file, line, column; and the rest is still read.

use super::super::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_RECORD_BYTES};
use super::*;

#[test]
fn files_that_cannot_be_opened() {
    let missing = open(Path::new("/nowhere/orders.csv"), &ReadOptions::default()).unwrap_err();
    assert_eq!(missing.to_string(), "/nowhere/orders.csv: no such file; check the path");
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::NotAFile { what: "a folder", .. }), "{error}");
    let error = open(Path::new("/dev/zero"), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, ReadError::NotAFile { what: "a device or a pipe", .. }), "{error}");
    // Tests run as root, whom nothing is denied.
    let denied = ReadError::from_io("a.csv", std::io::ErrorKind::PermissionDenied.into());
    assert_eq!(denied.to_string(), "a.csv: no permission to read it; change its mode or run as its owner");
}

#[test]
fn files_that_are_no_table() {
    for (content, expected) in [
        (b"".to_vec(), "the file is empty"),
        (b" \n\r\n\t\n".to_vec(), "the file is empty"),
        (b"\xef\xbb\xbf".to_vec(), "the file is empty"),
        (gzip(""), "the file is empty"),
        (b"id,name\n".to_vec(), "line 1 is a header and no rows follow it"),
        (b"report,,\n\nid,name,sum\n".to_vec(), "line 3 is a header and no rows follow it"),
        (b"<html><table><tr>".to_vec(), "this is a web page or XML; open it in a spreadsheet"),
        (b"[\n{\"id\":1}]".to_vec(), "this is one JSON document"),
        (b"{\n  \"id\": 1\n}".to_vec(), "this is one JSON document"),
        (b"{\"a\":\"\\ud800\"}\n".to_vec(), "after line 1: the file is damaged (not a JSON object, column"),
        (b"%PDF-1.7".to_vec(), "this is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1".to_vec(), "this is an old Excel file (.xls) or one with a password"),
        (gzip(gzip("id\n1\n")), "this is packed with gzip twice"),
        (zip_of(&[("a.png", b"x")]), "this is a ZIP without a table in it"),
        (zip_of(&[("a.csv", b"id,name\n")]), "a.csv: line 1 is a header and no rows"),
        (zip_of(&[("content.xml", b""), ("mimetype", b"")]), "this is an OpenDocument file"),
    ] {
        let error = open_error(&content).to_string();
        assert!(error.contains("orders.csv") && error.contains(expected), "{error}");
    }
}

/// A generator of rubbish without a crate for it.
fn rubbish(length: usize, mut seed: u64) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 24) as u8
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

/// What must hold of any bytes (the fuzz target asserts the same).
fn check_anything(bytes: &[u8]) {
    let fixture = file("orders.csv", bytes);
    for source in open(&fixture.path, &ReadOptions::default()).into_iter().flatten() {
        let columns = source.header().len();
        assert!((1..=MAX_COLUMNS).contains(&columns));
        let mut last_line = 0;
        let Ok(mut reader) = source.rows() else { continue };
        while let Ok(Some(row)) = reader.next() {
            assert!(row.line() > last_line, "line {} after {last_line}", row.line());
            last_line = row.line();
            assert!(row.problem().is_some() || row.len() == columns, "{row:?}");
            assert!(row.cells().all(|cell| row.problem().is_some() || !cell.contains('\0')), "{row:?}");
        }
    }
}

#[test]
fn rubbish_is_refused_or_read_but_never_breaks_us() {
    let error = open_error(rubbish(100_000, 7)).to_string();
    assert!(error.contains("this is not a text in UTF-8, UTF-16 or GB18030"), "{error}");
    for seed in 1..200 {
        for magic in [&b""[..], b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\xff\xfe", b"{\"", b"a,\""] {
            check_anything(&[magic, &rubbish(seed as usize * 7, seed)].concat());
        }
    }
}

#[test]
fn good_files_with_bytes_changed_or_missing_never_break_us() {
    let csv = "编号,note,sum\n1,\"a\nb\",2\n2,\"say \"\"x\"\"\",3\r\n3,c,4\n".repeat(4);
    let json = "{\"id\":1,\"who\":{\"name\":\"\\u5f20\"},\"tags\":[1,2.5,null]}\n".repeat(3);
    let book =
        xlsx(&[("a", r#"<row r="1"><c r="A1" t="str"><v>id</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#)]);
    let ids: arrow::array::ArrayRef = std::sync::Arc::new(arrow::array::Int64Array::from(vec![1, 2, 3]));
    let names: arrow::array::ArrayRef = std::sync::Arc::new(arrow::array::StringArray::from(vec!["a", "b", "c"]));
    let parquet = super::formats::parquet_bytes(vec![("id", ids), ("name", names)]);
    let seeds = [
        csv.clone().into_bytes(),
        gb18030(&csv),
        json.into_bytes(),
        gzip(&csv),
        zip_of(&[("a.csv", csv.as_bytes())]),
        book,
        parquet,
    ];
    for seed in &seeds {
        check_anything(seed);
        for round in 1..150_u64 {
            let dice = rubbish(8, round.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut bytes = seed.clone();
            for pair in dice.chunks(3).take(1 + round as usize % 2) {
                let at = usize::from(u16::from_le_bytes([pair[0], pair[1]])) % bytes.len();
                bytes[at] = if round % 3 == 0 { b"\",\n\0\xff"[usize::from(dice[7]) % 5] } else { dice[6] };
            }
            if round % 7 == 0 {
                bytes.truncate(bytes.len() * usize::from(dice[5]) / 256);
            }
            check_anything(&bytes);
        }
    }
}

#[test]
fn one_open_quote_in_a_million_lines_costs_one_line() {
    let mut text = String::from("id,name,sum\n");
    for i in 0..1_000_000 {
        text += if i == 500_000 { "x,\"open,1\n" } else { "1,somebody,12.50\n" };
    }
    let fixture = file("orders.csv", &text);
    let source = open_only(&fixture.path).unwrap();
    let mut reader = source.rows().unwrap();
    let (mut good, mut bad) = (0, Vec::new());
    while let Some(row) = reader.next().unwrap() {
        match row.problem() {
            None => good += 1,
            Some(problem) => bad.push((row.line(), problem, String::from_utf8_lossy(row.raw()).into_owned())),
        }
    }
    assert_eq!(good, 999_999);
    assert_eq!(bad, [(500_002, RowProblem::UnclosedQuote { column: 2 }, "x,\"open,1".to_owned())]);
}

#[test]
fn an_open_quote_before_quoted_rows_or_the_end_costs_one_line() {
    let (_, rows) = read("id,name,sum\n1,\"a\",2\nx,\"open,2\n3,\"Smith, J\",4\n5,\"b\nc\",6\n");
    let problems: Vec<_> = rows.iter().filter(|row| row.problem.is_some()).map(|row| row.line).collect();
    assert_eq!(problems, [3]);
    assert_eq!(rows[2].cells, ["3", "Smith, J", "4"]);
    assert_eq!(rows[3].cells, ["5", "b\nc", "6"]);
    let (_, rows) = read("id,name\n1,a\n2,b\n3,\"open\n4,d\n");
    assert_eq!(rows[2].problem, Some(RowProblem::UnclosedQuote { column: 2 }));
    assert_eq!((rows[3].line, &rows[3].cells), (5, &vec!["4".to_owned(), "d".to_owned()]));
}

#[test]
fn quotes_that_reopen_on_every_line_take_no_more_than_linear_time() {
    // Each line closes the quote of the one above and opens another: scanned anew for each line, this file
    // would take hours.
    let text = format!("id,name,sum\n1,a,2\n{}", "a\"b,\"\n".repeat(300_000));
    let (_, rows) = read(text);
    assert!(rows.len() > 299_000, "{}", rows.len());
}

#[test]
fn too_many_columns_are_named() {
    for (columns, line) in [(100_000, "line 1: 100000 columns"), (MAX_COLUMNS + 1, "line 1: 4097 columns")] {
        let error = open_error("c,".repeat(columns - 1) + "c\n1\n").to_string();
        assert!(error.contains(line) && error.contains("at most 4096"), "{error}");
    }
    let (_, rows) = read(format!("a,b\n1,2\n{}\n3,4\n", "x,".repeat(99_999)));
    assert_eq!(rows[1].problem, Some(RowProblem::WrongWidth { expected: 2, found: 100_000 }));
    assert_eq!(rows[2].cells, ["3", "4"]);
}

#[test]
fn rows_with_a_problem_keep_their_text_and_stop_nobody() {
    let (_, rows) = read(b"id,name,sum\n1,a\n2,b\0c,3\n3,\xff\xfe,4\n4,d,5,6\n5,e,6\n");
    let problems: Vec<_> = rows.iter().map(|row| row.problem.clone()).collect();
    let wrong = |found| Some(RowProblem::WrongWidth { expected: 3, found });
    let expected = [
        wrong(2),
        Some(RowProblem::NulByte { column: 2 }),
        Some(RowProblem::InvalidBytes { column: 2, encoding: "UTF-8" }),
        wrong(4),
        None,
    ];
    assert_eq!(problems, expected);
    assert_eq!(rows[1].problem.as_ref().unwrap().to_string(), "column 2 holds a byte 0");
    assert_eq!(rows[3].raw, "4,d,5,6");
    let (_, rows) = read("{\"a\":\"x\\u0000\"}\n{\"a\":\"\\ud800\"}\n{\"a\":1}\n");
    assert_eq!(rows[0].problem, Some(RowProblem::NulByte { column: 1 }));
    assert!(matches!(rows[1].problem, Some(RowProblem::InvalidJson { .. })));
    assert_eq!(rows[2].problem, None);
}

#[test]
fn mixed_line_endings_count_as_lines() {
    let (_, rows) = read("id,name\r1,a\n2,b\r\n3,c\r\r\n4,d");
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 6]);
}

#[test]
fn endless_lines_are_passed_over_in_bounded_memory() {
    let long = "x".repeat(100 << 20);
    for long in [long.clone(), format!("9,\"{long}\""), format!("{{\"a\":\"{long}\"}}")] {
        let head = if long.starts_with('{') { "{\"id\":1,\"a\":2}\n" } else { "id,name\n1,a\n" };
        let tail = if long.starts_with('{') { "{\"id\":3,\"a\":4}\n" } else { "3,c\n" };
        let (_, rows) = read(format!("{head}{long}\n{tail}"));
        let row = rows.iter().find(|row| row.problem.is_some()).unwrap();
        assert_eq!(row.problem, Some(RowProblem::RecordTooLong));
        assert!(row.raw.len() <= 4 << 10);
        assert_eq!(rows.last().unwrap().cells.first().unwrap(), "3");
        assert_eq!(rows.last().unwrap().line, row.line + 1);
    }
    let error = open_error(vec![b'x'; 3 * MAX_RECORD_BYTES]).to_string();
    assert!(error.contains("a text without one readable row"), "{error}");
    let (_, rows) = read(format!("id,name\n1,{}\n2,b\n", "y".repeat(MAX_CELL_BYTES + 1)));
    assert_eq!(rows[0].problem, Some(RowProblem::CellTooLong { column: 2, bytes: MAX_CELL_BYTES + 1 }));
}

#[test]
fn a_file_cut_short_gives_its_rows_and_then_says_after_which_line() {
    let text: String = (0..200_000).map(|i| format!("{i},name{}\n", i * 7919 % 1000)).collect();
    let text = format!("id,name\n{text}");
    let packed = gzip(&text);
    let fixture = file("orders.csv.gz", &packed[..packed.len() / 2]);
    let source = open_only(&fixture.path).unwrap();
    let mut reader = source.rows().unwrap();
    let mut last = 0;
    let error = loop {
        match reader.next() {
            Ok(Some(row)) => last = row.line(),
            Ok(None) => panic!("the end of half a file"),
            Err(error) => break error.to_string(),
        }
    };
    assert!(last > 50_000);
    assert!(error.contains(&format!("after line {last}: the file is damaged (it is cut short)")), "{error} {last}");

    let whole = zip_of(&[("a.csv", text.as_bytes())]);
    let error = open_error(&whole[..whole.len() / 2]).to_string();
    assert!(error.contains("the file is damaged"), "{error}");
    let mut flipped = whole;
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let fixture = file("orders.zip", flipped);
    let outcome = open_only(&fixture.path).and_then(|source| read_rows(&source));
    assert!(matches!(outcome, Err(ReadError::Damaged { .. })), "{:?}", outcome.map(|rows| rows.len()));
}

#[test]
fn damaged_workbooks_and_parquet() {
    let book = xlsx(&[("a", r#"<row r="1"><c r="A1"><v>1</v></c></row>"#)]);
    let broken_xml = xlsx(&[("a", r#"<row r="1"><c r="A1"><v>1</v></row><"#)]);
    let far_cell = xlsx(&[("a", r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#)]);
    for (bytes, expected) in [
        (book[..book.len() - 30].to_vec(), "damaged"),
        (broken_xml, "damaged"),
        (far_cell, "16384 columns"),
        (b"PAR1".to_vec(), "damaged"),
        (b"PAR1 not at all PAR1".to_vec(), "damaged"),
        (zip_of(&[("xl/workbook.xml", b"<x")]), "damaged"),
        (xlsx(&[("a", "")]), "the file is empty"),
    ] {
        let error = open_error(bytes).to_string();
        assert!(error.contains("orders.csv") && error.contains(expected), "{error}");
    }
}

#[test]
fn a_parquet_dictionary_cannot_claim_more_values_than_it_has_room_for() {
    use arrow::array::{ArrayRef, Int64Array, StringArray};
    use std::sync::Arc;
    // As the file has it, 8192 is 80 80 01 and 1048575 is FE FF 7F.
    let (header, claim) = ([0x15, 0x80, 0x80, 0x01], [0x15, 0xfe, 0xff, 0x7f]);
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..8192));
    let words: ArrayRef = Arc::new(StringArray::from_iter_values((0..8192).map(|n| format!("item {n}"))));
    for (column, room) in [(numbers, "8192"), (words, "26")] {
        let honest = super::formats::parquet_bytes(vec![("id", column)]);
        assert_eq!(read(&honest).1.len(), 8192);
        let mut hostile = honest;
        let at = memchr::memmem::find(&hostile, &header).unwrap();
        hostile[at..at + claim.len()].copy_from_slice(&claim);
        for bytes in [hostile.clone(), zip_of(&[("orders.parquet", &hostile)])] {
            let fixture = file("orders.parquet", &bytes);
            let error = open_only(&fixture.path).and_then(|source| read_rows(&source)).unwrap_err();
            assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
            let (said, end) = (error.to_string(), format!("has room for {room}"));
            assert!(said.contains("orders.parquet") && said.contains("claims 1048575 values"), "{said}");
            assert!(said.contains(&end), "{said}");
        }
    }
}
