//! Which errors are frequent. Owns the folding of error messages into kinds, in bounded memory; deciding what an error
//! means is `lean/`'s business.

use super::untrusted::one_line;
use std::collections::HashMap;

/// Kinds kept apart; messages of further kinds are counted together.
const MOST_KINDS: usize = 4096;
const LENGTH: usize = 100;

/// Counts of error messages by kind, each with the id of the first record that had it.
#[derive(Debug, Default)]
pub(super) struct ErrorKinds {
    kinds: HashMap<String, (u64, String)>,
    /// Messages of kinds not kept.
    pub others: u64,
}

impl ErrorKinds {
    /// Counts the first error message of a record.
    pub fn add(&mut self, message: &str, id: &str) {
        let kind = fold(message);
        if let Some((count, _)) = self.kinds.get_mut(&kind) {
            *count += 1;
        } else if self.kinds.len() < MOST_KINDS {
            self.kinds.insert(kind, (1, one_line(id, LENGTH)));
        } else {
            self.others += 1;
        }
    }

    /// The `most` most frequent kinds: count, kind, example id.
    pub fn top(&self, most: usize) -> Vec<(u64, &str, &str)> {
        let mut all: Vec<_> =
            self.kinds.iter().map(|(kind, (count, id))| (*count, kind.as_str(), id.as_str())).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        all.truncate(most);
        all
    }
}

/// The first line with quoted names as `…` and numbers as `N`, so that the same mistake about other names is one kind.
fn fold(message: &str) -> String {
    let line = one_line(message, 10 * LENGTH);
    let chars: Vec<char> = line.chars().collect();
    let mut folded = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let after_word = at > 0 && chars[at - 1].is_alphanumeric();
        if let Some(end) = (!after_word).then(|| closing(&chars, at)).flatten() {
            folded.extend([c, '…', chars[end]]);
            at = end + 1;
        } else if c.is_ascii_digit() {
            folded.push('N');
            at += chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        } else {
            folded.push(c);
            at += 1;
        }
    }
    one_line(&folded, LENGTH)
}

/// The position of the quote that closes the one at `open`. A prime inside a name (`h'`, `foo'.bar`) closes nothing.
fn closing(chars: &[char], open: usize) -> Option<usize> {
    let close = match chars[open] {
        c @ ('\'' | '`' | '"') => c,
        '«' => '»',
        '“' => '”',
        _ => return None,
    };
    let inside = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '\'');
    let ends = |at: &usize| {
        chars[*at] == close
            && (close != '\'' || !chars.get(at + 1).is_some_and(|c| inside(c) && chars.get(at + 2).is_some()))
    };
    (open + 2..chars.len()).find(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_do_not_make_kinds() {
        for (message, kind) in [
            ("unknown identifier 'foo'\nmore", "unknown identifier '…'"),
            ("Unknown constant `Nat.foo'`", "Unknown constant `…`"),
            ("'foo'' has already been declared", "'…' has already been declared"),
            ("type doesn't match h' at 12:34", "type doesn't match h' at N:N"),
            ("\n  don't know how to synthesize ?m.123", "don't know how to synthesize ?m.N"),
            ("tactic \"omega\" failed", "tactic \"…\" failed"),
        ] {
            assert_eq!(fold(message), kind);
        }
    }

    #[test]
    fn kinds_are_ordered_by_count_then_text() {
        let mut kinds = ErrorKinds::default();
        for (message, id) in [("b 1", "r0"), ("a", "r1"), ("b 2", "r2"), ("c", "r3")] {
            kinds.add(message, id);
        }
        assert_eq!(kinds.top(2), [(2, "b N", "r0"), (1, "a", "r1")]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut kinds = ErrorKinds::default();
        let letters = |i: usize| i.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect::<String>();
        (0..MOST_KINDS + 7).for_each(|i| kinds.add(&letters(i), "r"));
        assert_eq!((kinds.kinds.len(), kinds.others), (MOST_KINDS, 7));
    }
}
