//! Opens an input and finds out what it is. Owns compression and format detection; the first bytes decide, the name
//! only where they leave it open. Yields a stream of frames or Parquet rows, knows nothing of fields.

use super::InputError;
use super::csv_rows::Table;
use super::framing::Lines;
#[cfg(feature = "parquet")]
use super::parquet_rows::Rows;
use super::values::Values;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// How far the head of an input is looked into to tell its format, in bytes.
const HEAD: u64 = 64 * 1024;
const BUFFER: usize = 128 * 1024;

type Stream = Box<dyn BufRead + Send>;

/// An opened input.
pub(super) enum Source {
    Lines(Lines<Stream>),
    Values(Values<Stream>),
    Table(Table),
    #[cfg(feature = "parquet")]
    Rows(Box<Rows>),
}

/// The compression an input is in, `None` for none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Zstandard,
}

impl Compression {
    fn as_str(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstandard => "Zstandard",
        }
    }
}

/// Opens a file, or standard input for `-`. Returns the name to use in messages as well.
pub(super) fn open(input: &str, limit: usize) -> Result<(String, Source, Option<&'static str>), InputError> {
    if input == "-" {
        let name = "<stdin>".to_string();
        let (source, compression) = from_stream(&name, None, Box::new(io::stdin()), limit)?;
        return Ok((name, source, compression));
    }
    let failed = |source| InputError::Open { input: input.to_string(), source };
    let file = File::open(input).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(InputError::Directory(input.to_string()));
    }
    let (source, compression) = from_stream(input, Some(Path::new(input)), Box::new(file), limit)?;
    Ok((input.to_string(), source, compression))
}

/// Looks into a stream called `name`; `path` is where it can be opened again, if it is a file. The second value names the
/// compression, for messages.
pub(super) fn from_stream(
    name: &str,
    path: Option<&Path>,
    raw: Box<dyn Read + Send>,
    limit: usize,
) -> Result<(Source, Option<&'static str>), InputError> {
    let failed = |source| InputError::Stream { input: name.to_string(), records: 0, source };
    let mut raw: Stream = Box::new(BufReader::with_capacity(BUFFER, raw));
    let magic = head_of(&mut raw, 6).map_err(failed)?;
    let (inner_name, named) = split_compression(name);
    if let Some(format) = foreign(&magic) {
        return Err(InputError::Container { input: name.to_string(), format });
    }
    let compression = match magic.as_slice() {
        [0x1f, 0x8b, ..] => Some(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstandard),
        // A compressed empty file has a header all the same.
        [] if named.is_some() => return Err(truncated(name, named.map_or("", Compression::as_str))),
        _ => None,
    };
    if let Some(expected) = named
        && compression.is_none()
    {
        return Err(InputError::NotCompressed { input: name.to_string(), format: expected.as_str() });
    }
    let raw: Stream = Box::new(Cursor::new(magic).chain(raw));
    let plain: Stream = match compression {
        None => raw,
        Some(Compression::Gzip) => {
            Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(raw)))
        }
        Some(Compression::Zstandard) => {
            let decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(failed)?;
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
    };
    let codec = compression.map(Compression::as_str);
    // What is compressed cannot be opened again as it is.
    let path = path.filter(|path| codec.is_none() && path.is_file());
    format(name, path, inner_name, plain, limit, codec).map(|source| (source, codec))
}

fn format(
    name: &str,
    path: Option<&Path>,
    inner_name: &str,
    mut plain: Stream,
    limit: usize,
    codec: Option<&'static str>,
) -> Result<Source, InputError> {
    let failed = |source: io::Error| match (source.kind(), codec) {
        (io::ErrorKind::UnexpectedEof, Some(codec)) => truncated(name, codec),
        _ => InputError::Stream { input: name.to_string(), records: 0, source },
    };
    let mut head = head_of(&mut plain, 4).map_err(&failed)?;
    let extension = extension(inner_name);
    if head == b"PAR1" || extension.as_deref() == Some("parquet") {
        return parquet(name, path, Cursor::new(head).chain(plain));
    }
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    match extension.as_deref() {
        Some("csv") => return Table::open(name, Box::new(Cursor::new(head).chain(plain))).map(Source::Table),
        Some("lean") => return lean_file(inner_name, Cursor::new(head).chain(plain), limit).map_err(&failed),
        _ => {}
    }
    // The first line that is not blank tells one value per line from a value over many lines.
    while !head.split_inclusive(|b| *b == b'\n').any(|l| l.ends_with(b"\n") && !l.trim_ascii().is_empty()) {
        let room = HEAD.saturating_sub(head.len() as u64);
        if plain.by_ref().take(room).read_until(b'\n', &mut head).map_err(&failed)? == 0 {
            break;
        }
    }
    let line = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|l| !l.is_empty()).unwrap_or_default();
    let json = extension.as_deref() == Some("json");
    let lines = match (extension.as_deref(), line.first()) {
        (Some("jsonl" | "ndjson"), _) => true,
        (_, Some(b'[')) => false,
        (_, Some(b'{')) => line != b"{" && (!json || head.len() as u64 >= HEAD || is_json(line)),
        _ => !json,
    };
    let stream: Stream = Box::new(Cursor::new(head).chain(plain));
    Ok(if lines { Source::Lines(Lines::new(stream, limit)) } else { Source::Values(Values::new(stream, limit)) })
}

/// A Lean file is one record, named after the file.
fn lean_file(name: &str, mut plain: impl Read, limit: usize) -> io::Result<Source> {
    let mut text = String::new();
    plain.read_to_string(&mut text)?;
    let id = Path::new(name).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let line = serde_json::json!({ "id": id, "code": text }).to_string();
    Ok(Source::Lines(Lines::new(Box::new(Cursor::new(line)), limit.max(text.len() * 2))))
}

#[cfg(feature = "parquet")]
fn parquet(name: &str, path: Option<&Path>, mut plain: impl Read) -> Result<Source, InputError> {
    // Parquet is read from its end: a plain file is opened anew, everything else goes through an unnamed file.
    let file = if let Some(path) = path {
        File::open(path).map_err(|source| InputError::Open { input: name.to_string(), source })?
    } else {
        let failed = |source| InputError::Spool { input: name.to_string(), source };
        let mut file = tempfile::tempfile().map_err(failed)?;
        io::copy(&mut plain, &mut file).map_err(failed)?;
        file
    };
    Ok(Source::Rows(Box::new(Rows::open(name, file)?)))
}

#[cfg(not(feature = "parquet"))]
fn parquet(name: &str, _: Option<&Path>, _: impl Read) -> Result<Source, InputError> {
    Err(InputError::NoParquet(name.to_string()))
}

fn truncated(name: &str, format: &'static str) -> InputError {
    InputError::Truncated { input: name.to_string(), format, records: 0 }
}

/// The first `count` bytes, or all if there are fewer.
fn head_of(stream: &mut Stream, count: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    stream.take(count).read_to_end(&mut head)?;
    Ok(head)
}

/// A well-known container afcheck does not unpack.
fn foreign(magic: &[u8]) -> Option<&'static str> {
    [(&b"PK\x03\x04"[..], "a ZIP archive"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"7z\xbc\xaf", "a 7z archive")]
        .into_iter()
        .find_map(|(start, format)| magic.starts_with(start).then_some(format))
}

fn split_compression(name: &str) -> (&str, Option<Compression>) {
    let lower = name.to_ascii_lowercase();
    let stem = |suffix: &str| &name[..name.len() - suffix.len()];
    [(".gz", Compression::Gzip), (".zst", Compression::Zstandard)]
        .into_iter()
        .find(|(suffix, _)| lower.ends_with(suffix))
        .map_or((name, None), |(suffix, compression)| (stem(suffix), Some(compression)))
}

fn extension(name: &str) -> Option<String> {
    Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase())
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}
