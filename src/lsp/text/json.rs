//! Strings inside a line of JSON: where the string of a field stands, and which of its bytes is which of the text it means.
//! Owns the reading of escapes; the line was read as JSON before.

use std::ops::Range;

/// Where the value of a field stands in a line that is one JSON object: bytes, quotes and brackets included. The field may be a
/// path, whose numbers index lists; a field named exactly so wins. Of two fields of one name it is the last, as in reading.
pub fn value(line: &str, field: &str) -> Option<Range<usize>> {
    let object = line.len() - line.trim_start().len();
    member(line, object, field).or_else(|| {
        let mut parts = field.split('.');
        let first = member(line, object, parts.next()?)?;
        parts.try_fold(first, |value, part| match line.as_bytes().get(value.start)? {
            b'{' => member(line, value.start, part),
            b'[' => item(line, value.start, part.parse().ok()?),
            _ => None,
        })
    })
}

/// The inside of the string that is the value of a field, or the only item of a list that is.
pub fn string(line: &str, field: &str) -> Option<Range<usize>> {
    let mut found = value(line, field)?;
    if line.as_bytes()[found.start] == b'[' {
        found = item(line, found.start, 0)?;
    }
    (line.as_bytes()[found.start] == b'"').then(|| found.start + 1..found.end - 1)
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

/// The end of the value that begins at `at`.
fn end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => {
            let mut at = at + 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += 1 + usize::from(bytes[at] == b'\\');
            }
            (at + 1).min(bytes.len())
        }
        Some(b'{' | b'[') => {
            let (mut at, mut depth) = (at, 0);
            while at < bytes.len() {
                match bytes[at] {
                    b'"' => {
                        at = end(bytes, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break;
                }
            }
            at
        }
        _ => {
            let is_over = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            bytes[at..].iter().position(is_over).map_or(bytes.len(), |length| at + length)
        }
    }
}

fn member(line: &str, object: usize, name: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut at, mut found) = (object + 1, None);
    if bytes.get(object) != Some(&b'{') {
        return None;
    }
    loop {
        at = skip_space(bytes, at);
        if bytes.get(at) != Some(&b'"') {
            return found;
        }
        let key = at + 1..end(bytes, at) - 1;
        let colon = skip_space(bytes, key.end + 1);
        let value = skip_space(bytes, colon + 1);
        let after = end(bytes, value);
        let raw = line.get(key)?;
        if raw == name || raw.contains('\\') && text(raw) == name {
            found = Some(value..after);
        }
        at = skip_space(bytes, after);
        if bytes.get(at) != Some(&b',') {
            return found;
        }
        at += 1;
    }
}

fn item(line: &str, list: usize, index: usize) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let mut at = skip_space(bytes, list + 1);
    for _ in 0..index {
        let after = skip_space(bytes, end(bytes, at));
        if bytes.get(after) != Some(&b',') {
            return None;
        }
        at = skip_space(bytes, after + 1);
    }
    (bytes.get(at) != Some(&b']')).then(|| at..end(bytes, at))
}

/// Characters of a string's inside: bytes it takes there, and what it means.
struct Characters<'a> {
    rest: &'a str,
}

impl Iterator for Characters<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        let mut chars = self.rest.chars();
        let (length, meant) = match chars.next()? {
            '\\' => match chars.next()? {
                'u' => {
                    let unit = |at: usize| u32::from_str_radix(self.rest.get(at..at + 4)?, 16).ok();
                    let high = unit(2)?;
                    let low = || (self.rest.get(6..8)? == "\\u").then(|| unit(8))?;
                    match (char::from_u32(high), low()) {
                        (Some(meant), _) => (6, meant),
                        (None, Some(low)) => {
                            let code = 0x10000 + (high.wrapping_sub(0xd800) << 10) + low.wrapping_sub(0xdc00);
                            (12, char::from_u32(code).unwrap_or('\u{fffd}'))
                        }
                        (None, None) => (6, '\u{fffd}'),
                    }
                }
                'n' => (2, '\n'),
                't' => (2, '\t'),
                'r' => (2, '\r'),
                'b' => (2, '\u{8}'),
                'f' => (2, '\u{c}'),
                other => (1 + other.len_utf8(), other),
            },
            plain => (plain.len_utf8(), plain),
        };
        self.rest = self.rest.get(length..).unwrap_or("");
        Some((length, meant))
    }
}

/// What the inside of a string means.
pub fn text(inside: &str) -> String {
    Characters { rest: inside }.map(|(_, meant)| meant).collect()
}

/// Where in the inside of a string bytes of its text begin, for many of them.
pub struct Written {
    /// Pairs of a byte of the text and one of the inside, of characters behind which both go on in step no longer.
    steps: Vec<(usize, usize)>,
}

impl Written {
    pub fn new(inside: &str) -> Written {
        let (mut steps, mut raw, mut passed) = (vec![(0, 0)], 0, 0);
        for (length, meant) in (Characters { rest: inside }) {
            raw += length;
            passed += meant.len_utf8();
            if length != meant.len_utf8() {
                steps.push((passed, raw));
            }
        }
        Written { steps }
    }

    /// As [`written`] for the first byte of a character, or the end.
    pub fn at(&self, at: usize) -> usize {
        let (passed, raw) = self.steps[self.steps.partition_point(|(passed, _)| *passed <= at) - 1];
        raw + at - passed
    }
}

/// Where in the inside of a string the byte `at` of the text it means begins; behind its end it is the end.
pub fn written(inside: &str, at: usize) -> usize {
    let (mut raw, mut passed) = (0, 0);
    for (length, meant) in (Characters { rest: inside }) {
        passed += meant.len_utf8();
        if passed > at {
            return raw;
        }
        raw += length;
    }
    raw
}

/// Which byte of the text a string means the byte `at` of its inside belongs to.
pub fn meant(inside: &str, at: usize) -> usize {
    let (mut raw, mut passed) = (0, 0);
    for (length, meant) in (Characters { rest: inside }) {
        raw += length;
        if raw > at {
            return passed;
        }
        passed += meant.len_utf8();
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_where_reading_finds_them() {
        let line = r#" {"a": "x{\"}", "b" : [1, "in\u0020list"], "c\u0061": {"d": [{"e": "deep"}]}, "a":"last" } "#;
        let at = |field: &str| string(line, field).map(|range| &line[range]);
        assert_eq!(at("a"), Some("last"));
        assert_eq!(at("b.1"), Some("in\\u0020list"));
        assert_eq!(at("ca.d.0.e"), Some("deep"));
        assert_eq!(at("b"), None, "a number is no string");
        assert_eq!(at("nothing"), None);
        assert_eq!(value(line, "b").map(|range| &line[range]), Some(r#"[1, "in\u0020list"]"#));
        assert_eq!(string(r#"{"code": ["only"]}"#, "code"), Some(11..15));
    }

    #[test]
    fn every_byte_of_the_text_has_its_place_in_the_string() {
        let meant_text = "a\n∀ \"x\" \\ 𝔸\t\u{7f}é👩‍🔬";
        let plain = serde_json::to_string(meant_text).expect("a string");
        let ascii: String = meant_text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        for inside in [&plain[1..plain.len() - 1], &ascii] {
            assert_eq!(text(inside), meant_text);
            let mut raw = 0;
            for (at, character) in meant_text.char_indices() {
                assert_eq!(written(inside, at), raw, "{at} of {inside}");
                assert_eq!(Written::new(inside).at(at), raw);
                assert_eq!(meant(inside, raw), at);
                let next = written(inside, at + character.len_utf8());
                for inner in raw..next {
                    assert_eq!(meant(inside, inner), at, "inside of an escape");
                }
                raw = next;
            }
            assert_eq!(written(inside, meant_text.len()), inside.len());
            assert_eq!(meant(inside, inside.len()), meant_text.len());
        }
    }
}
