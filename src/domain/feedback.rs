//! What a student hears of its attempt before it makes the next. Owns the kinds and their names.

use std::str::FromStr;

/// What a student hears of its attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feedback {
    /// That it is to try again.
    None,
    /// What Lean says.
    Lean,
    /// What the teacher says.
    Teacher,
    Both,
}

impl Feedback {
    /// All, in the order of reports.
    pub const ALL: [Feedback; 4] = [Feedback::None, Feedback::Lean, Feedback::Teacher, Feedback::Both];

    /// As files have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Feedback::None => "none",
            Feedback::Lean => "lean",
            Feedback::Teacher => "teacher",
            Feedback::Both => "both",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Feedback::None => "no feedback",
            Feedback::Lean => "Lean's messages",
            Feedback::Teacher => "teacher",
            Feedback::Both => "teacher and Lean",
        }
    }

    /// True if a teacher is asked.
    pub fn has_teacher(self) -> bool {
        matches!(self, Feedback::Teacher | Feedback::Both)
    }

    /// True if the student reads Lean's messages.
    pub fn has_lean(self) -> bool {
        matches!(self, Feedback::Lean | Feedback::Both)
    }
}

impl FromStr for Feedback {
    type Err = String;

    fn from_str(text: &str) -> Result<Feedback, String> {
        let known = Feedback::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| {
            let names = Feedback::ALL.map(Feedback::as_str).join(", ");
            format!("unknown feedback `{text}`; one of {names}")
        })
    }
}
