//! Identity of what was judged. Owns the one hash of header and code; knows nothing of files.

use crate::domain::{Record, Target};
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of a record's header and code: equal exactly if the same text is judged after the same trusted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Hash of a header (`None` and empty differ) and a code. Both are preceded by their length, so that moving text
    /// from one to the other changes the hash.
    pub fn of(header: Option<&str>, code: &str) -> ContentHash {
        ContentHash::of_parts(&[header, Some(code)])
    }

    /// Hash of what a record will be judged by: header and code, and the target if there is one.
    pub fn of_record(record: &Record) -> ContentHash {
        let (header, code) = (record.header.as_deref(), record.code.as_str());
        let Some(Target { text, header: own, name }) = &record.target else { return ContentHash::of(header, code) };
        ContentHash::of_parts(&[header, Some(code), Some(text), own.as_deref(), name.as_deref()])
    }

    fn of_parts(parts: &[Option<&str>]) -> ContentHash {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update([part.is_some() as u8]);
            hash.update((part.map_or(0, str::len) as u64).to_le_bytes());
            hash.update(part.unwrap_or_default());
        }
        ContentHash(hash.finalize().into())
    }

    /// The first eight bytes, big-endian: enough to notice another input, small enough to keep one per result.
    pub fn short(&self) -> u64 {
        self.0[..8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    /// [`short`](ContentHash::short) of a hash in its text form; `None` unless it is 64 hexadecimal digits.
    pub fn short_of_hex(hex: &str) -> Option<u64> {
        let digits = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        digits.then(|| u64::from_str_radix(&hex[..16], 16).ok()).flatten()
    }
}

/// 64 lower-case hexadecimal digits.
impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_moved_between_header_and_code_changes_the_hash() {
        let all = [
            ContentHash::of(None, "ab"),
            ContentHash::of(Some(""), "ab"),
            ContentHash::of(Some("a"), "b"),
            ContentHash::of(Some("ab"), ""),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
        assert_eq!(all[0], ContentHash::of(None, "ab"));
    }

    /// The prefix of the text form and the number agree. Reference for the first digits: Python's
    /// `hashlib.sha256(bytes(9) + b"\x01" + (2).to_bytes(8, "little") + b"ab").hexdigest()`.
    #[test]
    fn short_form_is_the_first_sixteen_digits() {
        let hash = ContentHash::of(None, "ab");
        let hex = hash.to_string();
        assert_eq!(&hex[..16], "6d349c4811669ee4");
        assert_eq!(ContentHash::short_of_hex(&hex), Some(hash.short()));
        assert_eq!(ContentHash::short_of_hex(&hex[1..]), None);
        assert_eq!(ContentHash::short_of_hex(&"é".repeat(32)), None);
    }
}
