//! Prompt templates: a preamble, the form of an example, the form of the question, what answers it, and how an answer
//! that Lean refused is asked for again; as text to be continued and as a conversation. Owns the placeholders and the
//! messages about wrong ones.

use crate::domain::Problem;
use serde::{Deserialize, Serialize};

/// A template, as a TOML file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stands once at the beginning.
    #[serde(default)]
    pub preamble: String,
    /// Stands behind it as it is, braces and all: texts that a model is to have read (of a conversation, at the end of what it is
    /// told first).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// One in-context example, with its answer.
    pub example: String,
    /// The problem that is asked; what the model writes follows it.
    pub question: String,
    /// What a right answer looks like: the text whose loss is measured.
    #[serde(default = "answer")]
    pub answer: String,
    /// Follows an answer that Lean refused; what the model writes follows it.
    #[serde(default = "repair")]
    pub repair: String,
    /// Texts that end an answer, beside the end of its first declaration.
    #[serde(default)]
    pub stop: Vec<String>,
    #[serde(default = "chat")]
    pub chat: Chat,
}

/// The turns of a conversation. A file has all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// What the model is told first; nothing if empty.
    pub system: String,
    /// A problem, as the user puts it.
    pub user: String,
    /// An example's answer.
    pub assistant: String,
    /// What the user says of an answer that Lean refused.
    pub repair: String,
}

/// A turn of a conversation: an example's question and answer, or the last question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub user: String,
    /// `None` for the question that is asked.
    pub assistant: Option<String>,
}

fn answer() -> String {
    "{formal}".into()
}

fn repair() -> String {
    Template::default().repair
}

fn chat() -> Chat {
    Template::default().chat
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No TOML, or other keys.
    #[error("{0}")]
    Form(String),
    /// A placeholder that does not exist.
    #[error("`{place}` has the placeholder `{{{name}}}`; there are {known}")]
    Placeholder { place: &'static str, name: String, known: String },
    /// The problem does not have what a placeholder stands for.
    #[error("problem `{id}` has no {field} for the template's `{{{field}}}`")]
    Field { id: String, field: &'static str },
}

/// The template used where none is given, as a file.
pub const DEFAULT: &str = include_str!("default.toml");

impl Default for Template {
    fn default() -> Self {
        Template::parse(DEFAULT).expect("the built-in template is right")
    }
}

/// Placeholders of every part.
const OF_PROBLEMS: [&str; 4] = ["informal", "formal", "header", "id"];

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let template: Template = toml::from_str(text).map_err(|e| TemplateError::Form(e.to_string()))?;
        let parts = [
            ("preamble", &template.preamble),
            ("example", &template.example),
            ("question", &template.question),
            ("answer", &template.answer),
            ("chat.system", &template.chat.system),
            ("chat.user", &template.chat.user),
            ("chat.assistant", &template.chat.assistant),
        ];
        let probe = Problem { informal: Some(String::new()), header: Some(String::new()), ..Problem::default() };
        for (place, text) in parts {
            filled(text, place, &probe, None)?;
        }
        filled(&template.repair, "repair", &probe, Some(""))?;
        filled(&template.chat.repair, "chat.repair", &probe, Some(""))?;
        Ok(template)
    }

    /// The prompt that asks `problem` behind `examples`.
    pub fn prompt(&self, examples: &[&Problem], problem: &Problem) -> Result<String, TemplateError> {
        let mut prompt = filled(&self.preamble, "preamble", problem, None)? + &self.context;
        for example in examples {
            prompt += &filled(&self.example, "example", example, None)?;
        }
        Ok(prompt + &filled(&self.question, "question", problem, None)?)
    }

    /// The turns of the conversation that asks `problem` behind `examples`.
    pub fn turns(&self, examples: &[&Problem], problem: &Problem) -> Result<Vec<Turn>, TemplateError> {
        let user = |problem| filled(&self.chat.user, "chat.user", problem, None);
        let mut turns = Vec::new();
        for example in examples {
            let assistant = filled(&self.chat.assistant, "chat.assistant", example, None)?;
            turns.push(Turn { user: user(example)?, assistant: Some(assistant) });
        }
        turns.push(Turn { user: user(problem)?, assistant: None });
        Ok(turns)
    }

    /// What the model is told before the first turn; empty if nothing.
    pub fn system(&self, problem: &Problem) -> Result<String, TemplateError> {
        let told = filled(&self.chat.system, "chat.system", problem, None)?;
        let between = if told.is_empty() || self.context.is_empty() { "" } else { "\n\n" };
        Ok(told + between + &self.context)
    }

    /// The right answer.
    pub fn answer(&self, problem: &Problem) -> Result<String, TemplateError> {
        filled(&self.answer, "answer", problem, None)
    }

    /// What follows an answer that Lean refused with these messages: continued text, and the user's turn.
    pub fn repair(&self, problem: &Problem, messages: &str) -> Result<(String, String), TemplateError> {
        let text = filled(&self.repair, "repair", problem, Some(messages))?;
        Ok((text, filled(&self.chat.repair, "chat.repair", problem, Some(messages))?))
    }
}

/// `text` with its placeholders filled; `messages` is what Lean said of an answer, for repairs.
fn filled(text: &str, place: &'static str, problem: &Problem, messages: Option<&str>) -> Result<String, TemplateError> {
    let more: Vec<(&'static str, &str)> = messages.into_iter().map(|messages| ("messages", messages)).collect();
    fill(text, &Filling { place, problem, more: &more })
}

/// What placeholders stand for.
pub(super) struct Filling<'a> {
    /// The part of the file, for messages.
    pub place: &'static str,
    pub problem: &'a Problem,
    /// Placeholders beside those of problems.
    pub more: &'a [(&'static str, &'a str)],
}

/// `text` with its placeholders filled. A brace that encloses no word is a brace.
pub(super) fn fill(text: &str, filling: &Filling<'_>) -> Result<String, TemplateError> {
    let Filling { place, problem, more } = filling;
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out += before;
        let name = from[1..].split('}').next().unwrap_or_default();
        let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_word || from.len() == name.len() + 1 {
            out.push('{');
            rest = &from[1..];
            continue;
        }
        let missing = |field| TemplateError::Field { id: problem.id.clone(), field };
        out += match (name, more.iter().find(|(known, _)| *known == name)) {
            (_, Some((_, text))) => text.trim_end(),
            ("informal", _) => problem.informal.as_deref().ok_or_else(|| missing("informal"))?,
            ("formal", _) => problem.formal.trim_end(),
            ("header", _) => problem.header.as_deref().unwrap_or_default().trim_end(),
            ("id", _) => &problem.id,
            _ => {
                let known = OF_PROBLEMS.into_iter().chain(more.iter().map(|(name, _)| *name));
                let known = known.map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
                return Err(TemplateError::Placeholder { place, name: name.to_owned(), known });
            }
        };
        rest = &from[name.len() + 2..];
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(id: &str) -> Problem {
        Problem {
            id: id.into(),
            informal: Some(format!("{id} holds for $\\{{1, n\\}}$.")),
            formal: format!("theorem {id} : True := by\n  sorry\n"),
            ..Problem::default()
        }
    }

    #[test]
    fn a_prompt_is_preamble_examples_question() {
        let template = Template::parse(
            "preamble = \"P \"\nexample = \"[{id}: {informal} -> {formal}] \"\nquestion = \"{informal} {} {a b} {x ->\"\n",
        );
        let prompt = template.as_ref().map(|t| t.prompt(&[&problem("a")], &problem("b")));
        assert_eq!(
            prompt,
            Ok(Ok("P [a: a holds for $\\{1, n\\}$. -> theorem a : True := by\n  sorry] \
                   b holds for $\\{1, n\\}$. {} {a b} {x ->"
                .to_owned()))
        );
        assert_eq!(template.map(|t| t.answer(&problem("b"))), Ok(Ok("theorem b : True := by\n  sorry".to_owned())));
    }

    #[test]
    fn a_context_stands_as_it_is_behind_the_preamble() {
        let mut template =
            Template::parse("preamble = \"{id} \"\nexample = \"\"\nquestion = \"{id}?\"").expect("a template");
        assert_eq!(toml::to_string(&template).map(|text| text.contains("context")), Ok(false));
        template.context = "theorem {n} {id} ".into();
        assert_eq!(template.prompt(&[], &problem("b")), Ok("b theorem {n} {id} b?".to_owned()));
        let told = template.system(&problem("b")).expect("a text");
        assert!(told.ends_with("says.\n\ntheorem {n} {id} "), "{told}");
        let text = toml::to_string(&template).expect("a file");
        assert_eq!(Template::parse(&text), Ok(template));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let words = |text: &str| Template::parse(text).expect_err("wrong").to_string();
        assert!(
            words("example = \"{infromal}\"\nquestion = \"\"").contains("`example` has the placeholder `{infromal}`")
        );
        assert!(words("question = \"\"").contains("example"));
        assert!(words("example = \"\"\nquestion = \"\"\nsystem = \"\"").contains("system"));
        let nameless = Problem { id: "x".into(), ..Problem::default() };
        let missing = Template::default().prompt(&[], &nameless).expect_err("no informal statement");
        assert_eq!(missing.to_string(), "problem `x` has no informal for the template's `{informal}`");
    }

    #[test]
    fn conversations_have_turns_and_repairs_tell_what_lean_said() {
        let template = Template::default();
        let turns = template.turns(&[&problem("a")], &problem("b")).expect("turns");
        assert_eq!(turns[0].assistant.as_deref(), Some("```lean\ntheorem a : True := by\n  sorry\n```"));
        assert_eq!(turns[1], Turn { user: "b holds for $\\{1, n\\}$.".into(), assistant: None });
        assert_eq!(template.system(&problem("b")).map(|s| s.contains('\n')), Ok(false));
        let (text, user) = template.repair(&problem("b"), "1:2: error: no {such} thing\n").expect("a repair");
        assert!(text.contains("\n1:2: error: no {such} thing\n\nCorrected Lean 4:\n"), "{text}");
        assert!(user.contains("no {such} thing\n\nAnswer"), "{user}");
        let wrong = Template::parse("example = \"\"\nquestion = \"{messages}\"").expect_err("not of questions");
        assert!(wrong.to_string().contains("`question` has the placeholder `{messages}`"), "{wrong}");
    }

    #[test]
    fn the_default_asks_for_lean() {
        let prompt = Template::default().prompt(&[&problem("a")], &problem("b")).expect("a prompt");
        assert_eq!(
            prompt,
            "Statement: a holds for $\\{1, n\\}$.\n\nLean 4:\ntheorem a : True := by\n  sorry\n\n\
             Statement: b holds for $\\{1, n\\}$.\n\nLean 4:\n"
        );
    }
}
