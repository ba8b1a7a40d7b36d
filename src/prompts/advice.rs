//! Lean's diagnostics as a teacher's words: a text for each reason of a refusal. Owns what of Lean's messages the texts can name; the
//! texts are the file's (`feedback.toml`, `[advice]`).

use super::template::{Filling, TemplateError, fill};
use crate::domain::{Problem, Reason};
use std::collections::BTreeMap;

/// Texts by the name of a reason; `other` is for those that have none.
pub type Advice = BTreeMap<String, String>;

/// Characters of the attempt that a text shows at most.
const NEAR: usize = 24;

/// An attempt that Lean refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Refusal<'a> {
    /// The name of the reason.
    pub reason: &'a str,
    pub attempt: &'a str,
    pub messages: &'a str,
}

/// Finds out whether all texts can be filled and have a reason's name.
pub fn checked(advice: &Advice) -> Result<(), TemplateError> {
    let known = || Reason::ALL.iter().map(|reason| reason.as_str()).chain(["other"]);
    if let Some(key) = advice.keys().find(|key| !known().any(|name| name == *key)) {
        let all = known().collect::<Vec<_>>().join(", ");
        return Err(TemplateError::Form(format!("[advice] has `{key}`, which is no reason; there are {all}")));
    }
    if !advice.contains_key("other") {
        return Err(TemplateError::Form("[advice] has no `other`, for reasons without a text of their own".into()));
    }
    advice.keys().try_for_each(|reason| advise(advice, &Refusal { reason, ..Refusal::default() }).map(|_| ()))
}

/// What is said of an attempt.
pub fn advise(advice: &Advice, refusal: &Refusal<'_>) -> Result<String, TemplateError> {
    let text = advice.get(refusal.reason).or_else(|| advice.get("other")).map_or("", String::as_str);
    let first = First::of(refusal.messages);
    let near = first.place.map_or(String::new(), |(line, column)| word_at(refusal.attempt, line, column));
    let name = quoted(refusal.messages).unwrap_or(&near);
    let more = [("first", first.says), ("near", &near), ("name", name)];
    fill(text, &Filling { place: "advice", problem: &Problem::default(), more: &more })
}

/// The first error.
struct First<'a> {
    /// Line from 1, column from 0.
    place: Option<(usize, usize)>,
    /// Its first line, without its place.
    says: &'a str,
}

impl First<'_> {
    fn of(messages: &str) -> First<'_> {
        let line = messages.lines().find(|line| line.contains("error: ")).unwrap_or_default();
        let (place, says) = line.split_once("error: ").unwrap_or(("", line));
        let mut numbers = place.split(':').map(str::trim).map(str::parse);
        let place = match (numbers.next(), numbers.next()) {
            (Some(Ok(line)), Some(Ok(column))) => Some((line, column)),
            _ => None,
        };
        First { place, says: says.trim_end_matches([',', ';', ':']) }
    }
}

/// What stands at a place of a text, up to the next white space.
fn word_at(text: &str, line: usize, column: usize) -> String {
    let line = line.checked_sub(1).and_then(|line| text.lines().nth(line)).unwrap_or_default();
    line.chars().skip(column).take_while(|c| !c.is_whitespace()).take(NEAR).collect()
}

/// What stands first in backquotes.
fn quoted(text: &str) -> Option<&str> {
    let mut parts = text.split('`');
    parts.next()?;
    parts.next().filter(|name| !name.is_empty() && !name.contains('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::FeedbackTemplate;

    fn on(reason: &str, attempt: &str, messages: &str) -> String {
        advise(&FeedbackTemplate::default().advice, &Refusal { reason, attempt, messages }).expect("a text")
    }

    #[test]
    fn the_first_error_and_its_place_are_named() {
        let attempt = "theorem t (x : Foo) : x ∣ y := by\n  sorry";
        let said = on("unknown_identifier", attempt, "1:15: error: Unknown identifier `Foo`\n2:2: error: other\n");
        assert!(said.contains("`Foo`") && !said.contains("other"), "{said}");
        let said = on("syntax", "theorem t : a ∣| b := by", "1:15: error: unexpected token '|'; expected term\n");
        assert!(said.contains("`|`") && said.contains("unexpected token '|'; expected term"), "{said}");
        let said = on("kernel", attempt, "error: (kernel) declaration has metavariables\n");
        assert!(said.contains("(kernel) declaration has metavariables"), "{said}");
    }

    #[test]
    fn whatever_lean_says_there_is_a_text() {
        for reason in Reason::ALL {
            for messages in ["", "error: ", "999:999: error: x", "no error", "1:0: error: `", "0:0: error: ``"] {
                assert!(!on(reason.as_str(), "a\nb", messages).contains('{'), "{reason}: {messages}");
            }
        }
    }

    #[test]
    fn texts_of_no_reason_are_refused() {
        let mut advice = FeedbackTemplate::default().advice;
        advice.insert("sintax".into(), String::new());
        assert!(checked(&advice).expect_err("wrong").to_string().contains("`sintax`"));
        advice.remove("sintax");
        advice.insert("syntax".into(), "{where}".into());
        assert!(checked(&advice).expect_err("wrong").to_string().contains("{where}"));
        advice.remove("syntax");
        advice.remove("other");
        assert!(checked(&advice).expect_err("wrong").to_string().contains("`other`"));
    }
}
