//! The language in which data conditions are written. Owns its grammar, both ways; reads no data.
//!
//! ```text
//! condition = view | weight "*" view { "+" weight "*" view }
//! view      = ("aligned" | "unpaired" [ "/" window ] | "formal" | "informal") ":" SET
//!           | KIND ":" PATH
//! ```

use crate::dataset::Kind;
use std::fmt;
use std::str::FromStr;

/// Examples that lie between the two sides of one problem in an unpaired view, unless the condition says otherwise.
pub const WINDOW: usize = 64;

/// What a model is trained on: one view, or several by weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// At least one.
    pub parts: Vec<Part>,
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its share of the tokens is its weight over the sum of all weights. Positive.
    pub weight: f64,
    pub view: View,
}

/// How a source is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Problems: the question as the prompt, the formal statement as the target.
    Aligned(String),
    /// Both sides of problems as texts of their own, those of one problem at least `window` examples apart.
    Unpaired { set: String, window: usize },
    /// Formal statements alone.
    Formal(String),
    /// Informal statements alone.
    Informal(String),
    /// Units of files of some kind.
    Texts { kind: Kind, path: String },
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error("`{0}` is no view: it begins with one of {known}, as in aligned:afcore:train or python:DIR", known = names())]
    Unknown(String),
    #[error("`{0}` names no data after its colon")]
    Nothing(String),
    #[error("`{0}` is no weight: it is a positive number, as in 0.7*aligned:afcore:train+0.3*python:DIR")]
    Weight(String),
    #[error("`{0}` is no window: it is a whole number from 1 up, as in unpaired/64:afcore:train")]
    Window(String),
    #[error("of a mixture every part has a weight, as in 0.5*{0}+0.5*{1}")]
    Weightless(String, String),
}

const OF_PROBLEMS: [&str; 4] = ["aligned", "unpaired", "formal", "informal"];

fn names() -> String {
    OF_PROBLEMS.into_iter().chain(Kind::names()).collect::<Vec<_>>().join(", ")
}

impl Condition {
    /// Whether a text is meant as a condition, right or wrong, rather than as the name of a data set or file.
    pub fn is_meant(text: &str) -> bool {
        split_weight(text).is_some() || begins_view(text)
    }
}

/// The text in front of a `*` and behind it, if the former could be a weight.
fn split_weight(text: &str) -> Option<(&str, &str)> {
    let (weight, rest) = text.split_once('*')?;
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | 'E');
    (weight.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')) && weight.chars().all(is_number))
        .then_some((weight, rest))
}

fn begins_view(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or_default();
    let name = name.split_once('/').map_or(name, |(name, _)| if name == "unpaired" { name } else { "" });
    text.contains(':') && (OF_PROBLEMS.contains(&name) || Kind::named(name).is_some())
}

impl FromStr for Condition {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Condition, SpecError> {
        // Names of files may have a `+`: one parts a mixture only in front of a weight.
        let ends = text.match_indices('+').map(|(at, _)| at).filter(|at| split_weight(&text[at + 1..]).is_some());
        let ends: Vec<usize> = ends.chain([text.len()]).collect();
        let (mut parts, mut from) = (Vec::new(), 0);
        for end in &ends {
            let part = &text[from..*end];
            let (weight, view) = match split_weight(part) {
                Some((weight, view)) => {
                    let number = weight.parse().ok().filter(|w: &f64| *w > 0.0 && w.is_finite());
                    (number.ok_or_else(|| SpecError::Weight(weight.to_owned()))?, view)
                }
                None if ends.len() > 1 => return Err(weightless(text)),
                None => (1.0, part),
            };
            if view.match_indices('+').any(|(at, _)| begins_view(&view[at + 1..])) {
                return Err(weightless(text));
            }
            parts.push(Part { weight, view: view.parse()? });
            from = end + 1;
        }
        Ok(Condition { parts })
    }
}

/// Says how the first two parts would have to be written.
fn weightless(text: &str) -> SpecError {
    let without = |part: &str| split_weight(part).map_or(part, |(_, view)| view).to_owned();
    let (first, rest) = text.split_once('+').unwrap_or((text, ""));
    SpecError::Weightless(without(first), without(rest.split('+').next().unwrap_or_default()))
}

impl FromStr for View {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<View, SpecError> {
        let unknown = || SpecError::Unknown(text.to_owned());
        let (name, data) = text.split_once(':').ok_or_else(unknown)?;
        let (name, window) = name.split_once('/').map_or((name, None), |(name, window)| (name, Some(window)));
        if data.is_empty() {
            return Err(SpecError::Nothing(text.to_owned()));
        }
        let set = data.to_owned();
        Ok(match (name, window) {
            ("unpaired", window) => {
                let number = window.map_or(Some(WINDOW), |window| window.parse().ok().filter(|n| *n > 0));
                let window = number.ok_or_else(|| SpecError::Window(window.unwrap_or_default().to_owned()))?;
                View::Unpaired { set, window }
            }
            ("aligned", None) => View::Aligned(set),
            ("formal", None) => View::Formal(set),
            ("informal", None) => View::Informal(set),
            (name, None) => View::Texts { kind: Kind::named(name).ok_or_else(unknown)?, path: set },
            _ => return Err(unknown()),
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [Part { weight: 1.0, view }] = &self.parts[..] {
            return view.fmt(f);
        }
        for (at, Part { weight, view }) in self.parts.iter().enumerate() {
            let plus = if at == 0 { "" } else { "+" };
            write!(f, "{plus}{weight}*{view}")?;
        }
        Ok(())
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            View::Aligned(set) => write!(f, "aligned:{set}"),
            View::Unpaired { set, window: WINDOW } => write!(f, "unpaired:{set}"),
            View::Unpaired { set, window } => write!(f, "unpaired/{window}:{set}"),
            View::Formal(set) => write!(f, "formal:{set}"),
            View::Informal(set) => write!(f, "informal:{set}"),
            View::Texts { kind, path } => write!(f, "{}:{path}", kind.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Condition {
        text.parse().expect(text)
    }

    #[test]
    fn conditions_print_as_they_are_read() {
        for text in [
            "aligned:afcore:train",
            "unpaired:afcore:train",
            "unpaired/8:pairs.jsonl",
            "formal:a b.jsonl",
            "lean-docs:afcore:library",
            "python:/src/c++/x",
            "0.7*aligned:afcore:train+0.3*python:c++/x",
            "2*informal:afcore+1*smtlib:a*b",
        ] {
            assert!(Condition::is_meant(text), "{text}");
            assert_eq!(parse(text).to_string(), text);
        }
        assert_eq!(parse("unpaired/64:x"), parse("unpaired:x"));
        assert_eq!(parse("1*formal:x").to_string(), "formal:x");
        let mixture = parse("1e-1*formal:x+3*text:y");
        assert_eq!(mixture.parts[0].weight, 0.1);
        let text = View::Texts { kind: Kind::named("text").expect("a kind"), path: "y".into() };
        assert_eq!(mixture.parts[1], Part { weight: 3.0, view: text });
    }

    #[test]
    fn names_of_data_are_no_conditions() {
        for text in ["afcore", "afcore:train", "./lean:x", "data/a*b.jsonl", "unpaired", "https://x"] {
            assert!(!Condition::is_meant(text), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, saying) in [
            ("cobol:x", "`cobol:x` is no view: it begins with one of aligned, unpaired"),
            ("formal/3:x", "is no view"),
            ("formal:", "names no data"),
            ("0*formal:x", "`0` is no weight"),
            ("-1*formal:x", "`-1` is no weight"),
            ("1.2.3*formal:x", "`1.2.3` is no weight"),
            ("unpaired/0:x", "`0` is no window"),
            ("formal:x+informal:y", "0.5*formal:x+0.5*informal:y"),
            ("formal:x+0.5*informal:y", "0.5*formal:x+0.5*informal:y"),
            ("0.5*formal:x+informal:y", "0.5*formal:x+0.5*informal:y"),
            ("0.5*formal:x+0.5*", "is no view"),
        ] {
            let error = text.parse::<Condition>().expect_err(text).to_string();
            assert!(error.contains(saying), "{text}: {error}");
        }
    }
}
