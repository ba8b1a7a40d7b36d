//! Words in which `afcheck repl` tells what its protocol has no field for. Owns both directions, so that an engine whose REPL
//! is afcheck's own reads what was meant. Another REPL never says them.

use crate::domain::Cause;

/// In front of a declaration that the kernel refused when an environment was brought back.
pub const REFUSED_BY_KERNEL: &str = "(kernel) refused ";

const OWN: &str = "afcheck: ";
const NOT_VOUCHED: &str = " runs code of the text, for which the embedded Lean cannot vouch";

/// A message's text: a construct whose result means nothing.
pub fn not_vouched(keyword: &str) -> String {
    format!("{OWN}`{keyword}`{NOT_VOUCHED}")
}

/// What [`not_vouched`] said, without the sign of whose words they are.
pub fn read_not_vouched(text: &str) -> Option<&str> {
    text.strip_prefix(OWN).filter(|text| text.ends_with(NOT_VOUCHED))
}

/// An answer's text: a limit was met, or the engine lacks something.
pub fn undecided(cause: Cause, detail: &str) -> String {
    format!("{OWN}{cause}: {detail}")
}

/// Cause and detail of [`undecided`].
pub fn read_undecided(text: &str) -> Option<(Cause, String)> {
    let (name, detail) = text.strip_prefix(OWN)?.split_once(": ")?;
    let cause = Cause::ALL.iter().find(|cause| cause.as_str() == name)?;
    Some((*cause, detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read() {
        for cause in Cause::ALL.iter().copied() {
            assert_eq!(read_undecided(&undecided(cause, "a: b")), Some((cause, "a: b".into())));
        }
        assert!(read_not_vouched(&not_vouched("#eval")).is_some_and(|text| text.starts_with("`#eval` runs code")));
        for other in ["", "afcheck: ", "afcheck: nothing: x", "Unknown environment.", "heartbeats: x"] {
            assert_eq!(read_undecided(other), None, "{other}");
            assert_eq!(read_not_vouched(other), None, "{other}");
        }
    }
}
