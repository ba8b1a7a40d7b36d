//! What a teacher is asked about an attempt, and how a student is asked for the next one. Owns the placeholders of these texts; how a
//! problem is asked the first time is `template.rs`'s.

use super::advice::{self, Advice};
use super::template::{Filling, TemplateError, fill};
use crate::domain::{Feedback, Problem};
use serde::{Deserialize, Serialize};

/// The texts, as a TOML file has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackTemplate {
    /// What a teacher is told first, in a conversation; nothing if empty.
    #[serde(default)]
    pub system: String,
    /// What a teacher is asked.
    pub teacher: String,
    /// Texts that end a teacher's answer.
    #[serde(default)]
    pub stop: Vec<String>,
    /// What follows a student's attempt, by what it hears.
    pub none: String,
    pub lean: String,
    pub student: String,
    pub both: String,
    /// What a teacher that is made of Lean's diagnostics says, by reason of refusal. Kept apart from what other teachers depend on.
    #[serde(default = "built_in", skip_serializing)]
    pub advice: Advice,
}

fn built_in() -> Advice {
    FeedbackTemplate::default().advice
}

/// The built-in texts, as a file.
pub const DEFAULT: &str = include_str!("feedback.toml");

impl Default for FeedbackTemplate {
    fn default() -> Self {
        FeedbackTemplate::parse(DEFAULT).expect("the built-in texts are right")
    }
}

/// What is known of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    pub attempt: &'a str,
    /// Lean's messages.
    pub messages: &'a str,
    /// The teacher's answer.
    pub feedback: &'a str,
}

impl FeedbackTemplate {
    /// Reads the texts.
    pub fn parse(text: &str) -> Result<FeedbackTemplate, TemplateError> {
        let template: FeedbackTemplate = toml::from_str(text).map_err(|e| TemplateError::Form(e.to_string()))?;
        let probe = Problem { informal: Some(String::new()), header: Some(String::new()), ..Problem::default() };
        let of = About::default();
        filled(&template.system, "system", &probe, of)?;
        template.question(&probe, of)?;
        for feedback in Feedback::ALL {
            template.again(feedback, &probe, of)?;
        }
        advice::checked(&template.advice)?;
        Ok(template)
    }

    /// What a teacher is asked about an attempt.
    pub fn question(&self, problem: &Problem, about: About<'_>) -> Result<String, TemplateError> {
        filled(&self.teacher, "teacher", problem, about)
    }

    /// What a teacher is told first.
    pub fn system(&self, problem: &Problem) -> Result<String, TemplateError> {
        filled(&self.system, "system", problem, About::default())
    }

    /// What follows an attempt; what the student writes behind it is its next one.
    pub fn again(&self, feedback: Feedback, problem: &Problem, about: About<'_>) -> Result<String, TemplateError> {
        let (name, text) = match feedback {
            Feedback::None => ("none", &self.none),
            Feedback::Lean => ("lean", &self.lean),
            Feedback::Teacher => ("student", &self.student),
            Feedback::Both => ("both", &self.both),
        };
        filled(text, name, problem, about)
    }
}

fn filled(text: &str, place: &'static str, problem: &Problem, about: About<'_>) -> Result<String, TemplateError> {
    let more = [("attempt", about.attempt), ("messages", about.messages), ("feedback", about.feedback)];
    fill(text, &Filling { place, problem, more: &more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_student_hears_what_its_condition_lets_it_hear() {
        let template = FeedbackTemplate::default();
        let problem = Problem { id: "p".into(), informal: Some("Sets.".into()), ..Problem::default() };
        let about = About { attempt: "theorem {x}", messages: "1:2: error\n", feedback: "Write `Set`.\n" };
        for feedback in Feedback::ALL {
            let text = template.again(feedback, &problem, about).expect("a text");
            assert_eq!(text.contains("1:2: error"), feedback.has_lean(), "{text}");
            assert_eq!(text.contains("Write `Set`."), feedback.has_teacher(), "{text}");
        }
        let question = template.question(&problem, about).expect("a text");
        assert!(question.contains("Sets.") && question.contains("theorem {x}") && question.contains("1:2: error"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = DEFAULT.replace("{attempt}", "{atempt}");
        let error = FeedbackTemplate::parse(&wrong).expect_err("wrong").to_string();
        assert!(error.contains("`teacher` has the placeholder `{atempt}`") && error.contains("{attempt}"), "{error}");
        assert!(FeedbackTemplate::parse("teacher = \"\"").is_err());
    }
}
