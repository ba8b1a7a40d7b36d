//! Bad records cost themselves only; a bad stream is told apart from them.

use super::*;
use crate::dataset::{Fault, Place};
use std::io::Write;

#[test]
fn every_bad_line_keeps_its_index_and_is_explained() {
    let mut bytes = br#"{"code":"x"}

{"code": "unterminated
[1, 2]
{"code": 3}
{"id": "five", "answer": "x", "meta": {}}
"#
    .to_vec();
    bytes.extend(b"{\"code\":\"\xff\"}\r\n{\"id\":\"z\",\"code\":[\"a\",\"b\"]}\n{\"code\":{\"lean\":\"x\"}}\n{\"code\":[\"only\"]}");
    assert_eq!(
        show(&read("in.jsonl", bytes)),
        "0 0 x\n\
         1 1 bad in.jsonl:3:22: malformed JSON: EOF while parsing a string\n\
         2 2 bad in.jsonl:4:1: expected an object, found a list of 2 (each record is one JSON object)\n\
         3 3 bad in.jsonl:5:1: field `code` should hold a string, found a number (name another field with --field \
         code=NAME)\n\
         4 five bad in.jsonl:6:1: no field with code (it has `id`, `answer`, `meta`; name the one with code by --field \
         code=NAME)\n\
         5 5 bad in.jsonl:7:10: invalid UTF-8 (convert the file to UTF-8)\n\
         6 z bad in.jsonl:8:1: field `code` should hold a string, found a list of 2 (one record holds one candidate: \
         split the samples, or choose one with --field code=code.0)\n\
         7 7 bad in.jsonl:9:1: field `code` should hold a string, found an object (it has `lean`; name one with --field \
         code=code.NAME)\n\
         8 8 only\n"
    );
}

#[test]
fn a_malformed_element_does_not_take_the_array_with_it() {
    let text =
        "[\n {\"code\": \"a\"},\n {\"code\" \"b\"},\n {\"code\": \"c,\n \"x\": 1},\n 4, null, {\"code\": \"d\"}]";
    assert_eq!(
        show(&read("a.json", text)),
        "0 0 a\n\
         1 1 bad a.json:3:10: malformed JSON: expected `:`\n\
         2 2 bad a.json:5:1: malformed JSON: control character (\\u0000-\\u001F) found while parsing a string\n\
         3 3 bad a.json:6:2: expected an object, found a number (each record is one JSON object)\n\
         4 4 bad a.json:6:5: expected an object, found null (each record is one JSON object)\n\
         5 5 d\n"
    );
    let mut bytes = b"[{\"id\": \"a\",\n \"code\": \"".to_vec();
    bytes.extend(b"\xc3\x28\"}]");
    let items = read("a.json", bytes);
    let bad = items[0].as_ref().unwrap().as_ref().unwrap_err();
    assert_eq!((&bad.fault, bad.place), (&Fault::Utf8, Place::Text { line: 2, column: 11 }));
}

#[test]
fn a_broken_array_is_fatal_where_it_breaks() {
    for (text, shown) in [
        ("[{\"code\":\"a\"}", "0 0 a\nfatal a.json:1:14: the input ends inside its array; it was cut short; "),
        ("[{\"code\":\"a\"},\n{\"co", "0 0 a\nfatal a.json:2:5: the input ends inside a record; it was cut short; "),
        ("[{\"code\":\"a\"} {}]", "0 0 a\nfatal a.json:1:15: expected `,` or `]` after an element of the array; "),
        ("[{\"code\":\"a\"}]\n[", "0 0 a\nfatal a.json:2:1: more text after the end of the array; "),
        ("[,]", "fatal a.json:1:2: expected a JSON value; "),
        ("}", "fatal a.json:1:1: expected a JSON value; "),
    ] {
        let shown = format!("{shown}nothing after this place can be read\n");
        assert_eq!(show(&read("a.json", text)), shown, "{text}");
    }
}

#[test]
fn the_length_limit_counts_the_record_alone() {
    let record = r#"{"code":"abc"}"#;
    let limit = |max_line| ReadOptions { max_line, ..ReadOptions::default() };
    for (name, text) in
        [("a.jsonl", format!("{record}\n{record}\r\n{record}")), ("a.json", format!("[{record}, {record},{record}]"))]
    {
        assert_eq!(show(&read_with(name, text.as_str(), limit(record.len()))), "0 0 abc\n1 1 abc\n2 2 abc\n");
        let items = read_with(name, text.as_str(), limit(record.len() - 1));
        assert_eq!(items.len(), 3);
        for item in items {
            assert_eq!(item.unwrap().unwrap_err().fault, Fault::TooLong { length: 14, limit: 13 });
        }
    }
}

#[test]
fn a_stream_cut_short_is_fatal_and_keeps_what_came_before() {
    let text: String = (0..20_000).map(|i| format!("{{\"id\":{i},\"code\":\"{}\"}}\n", i * 7919)).collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let gzip = encoder.finish().unwrap();
    let zstandard = zstd::encode_all(text.as_bytes(), 0).unwrap();
    for (name, bytes, format) in [("a.jsonl.gz", gzip, "gzip"), ("a.jsonl.zst", zstandard, "Zstandard")] {
        let items = read(name, &bytes[..bytes.len() - 20]);
        let (last, before) = items.split_last().unwrap();
        assert!(before.len() > 1000 && before.iter().all(|item| matches!(item, Ok(Ok(_)))), "{name}: {}", before.len());
        let expected = format!(
            "{name} ends in the middle of its {format} stream, after {} records; it was cut short",
            before.len()
        );
        assert_eq!(last.as_ref().unwrap_err().to_string(), expected);
    }
}

#[test]
fn an_input_that_cannot_be_opened_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let open = |path: &str| Records::open(path, ReadOptions::default()).err().unwrap().to_string();
    let path = directory.path().to_str().unwrap();
    assert_eq!(open(path), format!("{path} is a directory; name a file of records in it"));
    let missing = format!("{path}/none.jsonl");
    assert_eq!(open(&missing), format!("cannot open {missing}: no such file; `-` reads standard input"));

    let stream = |name: &str, bytes: &[u8]| {
        let bytes = Cursor::new(bytes.to_vec());
        Records::from_reader(name, bytes, ReadOptions::default()).err().unwrap().to_string()
    };
    assert!(stream("a.jsonl.gz", b"{}").starts_with("a.jsonl.gz is named like a gzip file"));
    assert!(stream("a.jsonl.gz", b"").contains("in the middle of its gzip stream"));
    assert!(stream("a.jsonl.zst", &[0x28, 0xb5, 0x2f, 0xfd]).contains("in the middle of its Zstandard stream"));
    assert!(stream("a.jsonl", b"PK\x03\x04zip").starts_with("a.jsonl is a ZIP archive"));
}
