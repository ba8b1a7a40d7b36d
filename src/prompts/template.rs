//! Prompt templates: a preamble, the form of an example, the form of the question, and what answers it. Owns the
//! placeholders and the messages about wrong ones.

use crate::domain::Problem;
use serde::Deserialize;

/// A template, as a TOML file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stands once at the beginning.
    #[serde(default)]
    pub preamble: String,
    /// One in-context example, with its answer.
    pub example: String,
    /// The problem that is asked; what the model writes follows it.
    pub question: String,
    /// What a right answer looks like: the text whose loss is measured.
    #[serde(default = "answer")]
    pub answer: String,
    /// Texts that end an answer, beside the end of its first declaration.
    #[serde(default)]
    pub stop: Vec<String>,
}

fn answer() -> String {
    "{formal}".into()
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No TOML, or other keys.
    #[error("{0}")]
    Form(String),
    /// A placeholder that does not exist.
    #[error("`{place}` has the placeholder `{{{name}}}`; there are {{informal}}, {{formal}}, {{header}} and {{id}}")]
    Placeholder { place: &'static str, name: String },
    /// The problem does not have what a placeholder stands for.
    #[error("problem `{id}` has no {field} for the template's `{{{field}}}`")]
    Field { id: String, field: &'static str },
}

/// The template used where none is given.
const DEFAULT: &str = include_str!("default.toml");

impl Default for Template {
    fn default() -> Self {
        Template::parse(DEFAULT).expect("the built-in template is right")
    }
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let template: Template = toml::from_str(text).map_err(|e| TemplateError::Form(e.to_string()))?;
        let parts = [
            ("preamble", &template.preamble),
            ("example", &template.example),
            ("question", &template.question),
            ("answer", &template.answer),
        ];
        let probe = Problem { informal: Some(String::new()), header: Some(String::new()), ..Problem::default() };
        for (place, text) in parts {
            filled(text, place, &probe)?;
        }
        Ok(template)
    }

    /// The prompt that asks `problem` behind `examples`.
    pub fn prompt(&self, examples: &[&Problem], problem: &Problem) -> Result<String, TemplateError> {
        let mut prompt = self.preamble.clone();
        for example in examples {
            prompt += &filled(&self.example, "example", example)?;
        }
        Ok(prompt + &filled(&self.question, "question", problem)?)
    }

    /// The right answer.
    pub fn answer(&self, problem: &Problem) -> Result<String, TemplateError> {
        filled(&self.answer, "answer", problem)
    }
}

/// `text` with its placeholders filled. A brace that encloses no word is a brace.
fn filled(text: &str, place: &'static str, problem: &Problem) -> Result<String, TemplateError> {
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
        out += match name {
            "informal" => problem.informal.as_deref().ok_or_else(|| missing("informal"))?,
            "formal" => problem.formal.trim_end(),
            "header" => problem.header.as_deref().unwrap_or_default().trim_end(),
            "id" => &problem.id,
            _ => return Err(TemplateError::Placeholder { place, name: name.to_owned() }),
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
    fn the_default_asks_for_lean() {
        let prompt = Template::default().prompt(&[&problem("a")], &problem("b")).expect("a prompt");
        assert_eq!(
            prompt,
            "Statement: a holds for $\\{1, n\\}$.\n\nLean 4:\ntheorem a : True := by\n  sorry\n\n\
             Statement: b holds for $\\{1, n\\}$.\n\nLean 4:\n"
        );
    }
}
