//! Every format and compression gives the same records.

use super::*;
use std::io::Write;

const JSONL: &str = "{\"id\":\"a\",\"code\":\"x\"}\n{\"id\":\"b\",\"code\":\"y\"}\n";
const ARRAY: &str = "[\n  {\"id\": \"a\", \"code\": \"x\"},\n  {\"id\": \"b\",\n   \"code\": \"y\"}\n]\n";
const SHOWN: &str = "0 a x\n1 b y\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).unwrap()
}

#[test]
fn plain_and_compressed_text_by_name_and_by_content() {
    for (name, text) in [
        ("a.jsonl", JSONL),
        ("a.json", JSONL),
        ("a.json", ARRAY),
        ("<stdin>", JSONL),
        ("<stdin>", ARRAY),
        ("a.ndjson", "\n \n{\"id\":\"a\",\"code\":\"x\"}\r\n\r\n{\"id\":\"b\",\"code\":\"y\"}"),
        ("a.json", "{\n\"id\":\"a\",\"code\":\"x\"}\n{\"id\":\"b\",\n\"code\":\"y\"}"),
        ("a.txt", "\u{feff}{\"id\":\"a\",\"code\":\"x\"}\n{\"id\":\"b\",\"code\":\"y\"}\n"),
        ("a.json", "\u{feff}[{\"id\":\"a\",\"code\":\"x\"},{\"id\":\"b\",\"code\":\"y\"}]"),
    ] {
        assert_eq!(show(&read(name, text)), SHOWN, "{name} {text:?}");
        assert_eq!(show(&read(&format!("{name}.gz"), gzip(text.as_bytes()))), SHOWN, "{name}.gz");
        assert_eq!(show(&read(&format!("{name}.zst"), zstandard(text.as_bytes()))), SHOWN, "{name}.zst");
        assert_eq!(show(&read(name, gzip(text.as_bytes()))), SHOWN, "{name}, gzip by content");
    }
    let two_members = [gzip(&JSONL.as_bytes()[..22]), gzip(&JSONL.as_bytes()[22..])].concat();
    assert_eq!(show(&read("a.jsonl.gz", two_members)), SHOWN);
}

/// Where the bytes happen to be cut on their way changes nothing.
#[test]
fn records_do_not_depend_on_how_the_stream_trickles() {
    struct Trickle(Vec<u8>, usize);
    impl std::io::Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let n = self.1.min(buffer.len()).min(self.0.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0.drain(..n);
            Ok(n)
        }
    }
    let crlf = JSONL.replace('\n', "\r\n") + "{\"code\": \"\\\\\\\"]}ℝ\"}\r\n{\"code\": \r\n";
    let nested = "[{\"code\":\"\\\\\\\"]}ℝ\",\"x\":[{},[\"]\"]]} , {\"code\":\"b\"}\n,3]";
    for (name, text) in [("a.jsonl", crlf.as_str()), ("a.json", ARRAY), ("a.json", nested)] {
        let whole = show(&read(name, text));
        assert!(whole.lines().count() >= 2, "{whole}");
        for step in 1..9 {
            for bytes in [text.as_bytes().to_vec(), gzip(text.as_bytes()), zstandard(text.as_bytes())] {
                let records = Records::from_reader(name, Trickle(bytes, step), ReadOptions::default()).unwrap();
                assert_eq!(show(&records.collect()), whole, "{text} by {step}");
            }
        }
    }
}

#[test]
fn a_single_object_and_nothing_at_all() {
    assert_eq!(show(&read("a.json", "{\n  \"id\": \"a\",\n  \"code\": \"[{\\\"\"\n}\n")), "0 a [{\"\n");
    for (name, text) in [("a.jsonl", ""), ("a.json", ""), ("-", "\n\n"), ("a.json", "[]"), ("a.json", " [ ]\n")] {
        assert_eq!(show(&read(name, text)), "", "{name} {text:?}");
    }
    assert_eq!(show(&read("a.jsonl.gz", gzip(b""))), "");
}

#[test]
fn memory_is_bounded_by_the_longest_record_kept() {
    /// A stream of many long lines that is never held as a whole.
    struct Long {
        left: u64,
    }
    impl std::io::Read for Long {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let n = (buffer.len() as u64).min(self.left) as usize;
            buffer[..n].fill(b'x');
            self.left -= n as u64;
            Ok(n)
        }
    }
    let tail = Cursor::new(b"\n{\"code\":\"y\"}\n".to_vec());
    let stream = std::io::Read::chain(Long { left: 100 << 20 }, tail);
    let items: Items = Records::from_reader("a.jsonl", stream, ReadOptions::default()).unwrap().collect();
    assert_eq!(
        show(&items),
        "0 0 bad a.jsonl:1:1: the record has 104857600 bytes, more than the limit of 16777216 (raise the limit if it is \
         meant to be that long)\n1 1 y\n"
    );
}

#[test]
fn the_reader_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Records>();
}

#[cfg(feature = "parquet")]
mod parquet_files {
    use super::*;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use std::sync::Arc;

    /// Two rows with an optional column, as the hub's converter writes them.
    fn parquet(compression: Compression) -> Vec<u8> {
        let schema =
            "message m { required int64 index; required binary code (STRING); optional binary header (STRING); }";
        let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&[7, 8], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&["ℝ".into(), "y".into()], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let header: [ByteArray; 1] = ["open Nat".into()];
        column.typed::<ByteArrayType>().write_batch(&header, Some(&[0, 1]), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn rows_become_records() {
        for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())] {
            let bytes = parquet(compression);
            for (name, bytes) in
                [("<stdin>", bytes.clone()), ("a.parquet.gz", gzip(&bytes)), ("a.parquet.zst", zstandard(&bytes))]
            {
                let items = read(name, bytes);
                assert_eq!(show(&items), "0 7 ℝ\n1 8 y\n", "{name} {compression}");
                assert_eq!(items[1].as_ref().unwrap().as_ref().unwrap().header.as_deref(), Some("open Nat"));
            }
        }
        let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        std::fs::write(file.path(), parquet(Compression::GZIP(Default::default()))).unwrap();
        let records = Records::open(file.path().to_str().unwrap(), ReadOptions::default()).unwrap();
        assert_eq!(records.total(), Some(2));
        assert_eq!(show(&records.collect()), "0 7 ℝ\n1 8 y\n");
    }

    /// The `parquet` crate panics on some damaged files; to us they are unreadable like any other.
    #[test]
    fn damage_anywhere_is_an_error_or_other_records_but_never_a_panic() {
        let whole = parquet(Compression::SNAPPY);
        let mut unreadable = 0;
        for at in 0..whole.len() {
            for flip in [0x01, 0x10, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                let stream = Cursor::new(bytes);
                let fatal = match Records::from_reader("a.parquet", stream, ReadOptions::default()) {
                    Ok(records) => records.last().is_some_and(|item| item.is_err()),
                    Err(_) => true,
                };
                unreadable += fatal as usize;
            }
        }
        assert!(unreadable > whole.len(), "{unreadable} of {}", 4 * whole.len());
    }

    #[test]
    fn a_bad_row_is_named_and_a_bad_file_is_fatal() {
        let options = ReadOptions {
            fields: crate::dataset::FieldMap::with_overrides(["code=header"]).unwrap(),
            ..ReadOptions::default()
        };
        assert_eq!(
            show(&read_with("a.parquet", parquet(Compression::SNAPPY), options)),
            "0 7 bad a.parquet:row 1: no field with code (--field code=header, but it has `index`, `code`, `header`)\n\
             1 8 open Nat\n"
        );
        let bytes = parquet(Compression::SNAPPY);
        for bytes in [&bytes[..bytes.len() - 5], &bytes[..6], b"no parquet at all"] {
            let error = Records::from_reader("a.parquet", Cursor::new(bytes.to_vec()), ReadOptions::default()).err();
            let message = error.unwrap().to_string();
            assert!(message.starts_with("a.parquet is not a readable Parquet file"), "{message}");
        }
    }
}
