//! How many records an input has, where that is cheap to know. Only for progress bars: nothing depends on it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Non-empty lines of a plain JSON-lines file; `None` for everything else.
pub fn count_records(input: &str) -> Option<u64> {
    let path = Path::new(input);
    if path.extension()? != "jsonl" || !path.is_file() {
        return None;
    }
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path).ok()?);
    let mut count = 0;
    let mut blank = true;
    loop {
        let chunk = reader.fill_buf().ok()?;
        if chunk.is_empty() {
            return Some(count + u64::from(!blank));
        }
        for byte in chunk {
            match byte {
                b'\n' => {
                    count += u64::from(!blank);
                    blank = true;
                }
                b' ' | b'\t' | b'\r' => {}
                _ => blank = false,
            }
        }
        let read = chunk.len();
        reader.consume(read);
    }
}
