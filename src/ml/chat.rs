//! How a model writes conversations: its chat template, in Jinja, as transformers renders it. Owns where the template is
//! found and what it may use.

use super::error::ModelError;
use super::files::{Gguf, ModelFiles};
use super::tokenizer::Tokenizer;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, context};
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A model's chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    /// Where it comes from, for messages.
    path: PathBuf,
}

const NAME: &str = "chat";

/// Work a template may do: a conversation takes thousands of these, a hostile loop any number.
const FUEL: u64 = 20_000_000;

impl ChatTemplate {
    /// The template of the model at `path` (as of `Weights::open`): `chat_template.jinja` beside the weights, what
    /// `tokenizer_config.json` has, or what the metadata of a GGUF file says. `None` if it has none.
    pub fn open(path: &Path) -> Result<Option<ChatTemplate>, ModelError> {
        let found = ChatTemplate::find(path)?;
        found.map(|(text, path)| ChatTemplate::parse(text, path)).transpose()
    }

    /// As [`ChatTemplate::open`], the text, and where it is.
    pub fn find(path: &Path) -> Result<Option<(String, PathBuf)>, ModelError> {
        let files = ModelFiles::find(path)?;
        let weights = match &files {
            ModelFiles::Gguf(file) => file,
            ModelFiles::HuggingFace { tensors, .. } => tensors,
        };
        let lone = weights.with_file_name("chat_template.jinja");
        if let Some(text) = optional(&lone)? {
            return Ok(Some((text, lone)));
        }
        let config = weights.with_file_name("tokenizer_config.json");
        if let Some(text) = optional(&config)? {
            let value: Value = serde_json::from_str(&text)
                .map_err(|e| ModelError::Damaged { path: config.clone(), what: e.to_string() })?;
            if let Some(template) = in_config(&value) {
                return Ok(Some((template.to_owned(), config)));
            }
        }
        let ModelFiles::Gguf(file) = files else { return Ok(None) };
        let gguf = Gguf::open(&file)?;
        let text = gguf.text("tokenizer.chat_template")?.map(str::to_owned);
        Ok(text.map(|text| (text, file)))
    }

    /// A template from its text; `path` stands in messages.
    pub fn parse(text: String, path: PathBuf) -> Result<ChatTemplate, ModelError> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.expect("a syntax without delimiters of its own"));
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |what: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, what))
        });
        let added = environment.add_template_owned(NAME, text);
        added.map_err(|e| ModelError::Damaged { path: path.clone(), what: format!("chat template: {e}") })?;
        Ok(ChatTemplate { environment, path })
    }

    /// A conversation of roles and contents as the text that the model's answer follows.
    pub fn render(&self, messages: &[(&str, &str)], tokenizer: &Tokenizer) -> Result<String, ModelError> {
        let token = |id: Option<u32>| id.map(|id| String::from_utf8_lossy(tokenizer.piece(id)).into_owned());
        self.render_with(messages, token(tokenizer.bos()), token(tokenizer.eos().first().copied()))
    }

    fn render_with(
        &self,
        messages: &[(&str, &str)],
        bos: Option<String>,
        eos: Option<String>,
    ) -> Result<String, ModelError> {
        let messages: Vec<_> =
            messages.iter().map(|(role, content)| context! { role => *role, content => *content }).collect();
        let damaged = |e: minijinja::Error| {
            // A template that refuses a conversation says why.
            let what = format!("chat template: {}", e.detail().map_or_else(|| e.to_string(), str::to_owned));
            ModelError::Damaged { path: self.path.clone(), what }
        };
        let template = self.environment.get_template(NAME).map_err(damaged)?;
        let (bos_token, eos_token) = (bos.unwrap_or_default(), eos.unwrap_or_default());
        template.render(context! { messages, add_generation_prompt => true, bos_token, eos_token }).map_err(damaged)
    }
}

/// The text of a file, if it is there.
fn optional(path: &Path) -> Result<Option<String>, ModelError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ModelError::Io { path: path.to_owned(), source }),
    }
}

/// The template in a `tokenizer_config.json`: one text, or several by name.
fn in_config(config: &Value) -> Option<&str> {
    let template = &config["chat_template"];
    let named = |list: &'_ Vec<Value>| -> Option<usize> { list.iter().position(|t| t["name"] == "default") };
    match template.as_array() {
        Some(list) => list[named(list)?]["template"].as_str(),
        None => template.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str, messages: &[(&str, &str)]) -> Result<String, String> {
        let template = ChatTemplate::parse(template.into(), "t".into()).map_err(|e| e.to_string())?;
        template.render_with(messages, Some("<bos>".into()), Some("<eos>".into())).map_err(|e| e.to_string())
    }

    #[test]
    fn templates_are_rendered_as_jinja2_does() {
        // tests/reference/ml/chat.py
        let cases: Value = serde_json::from_str(include_str!("../../tests/reference/ml/chat.json")).expect("JSON");
        for case in cases.as_array().expect("cases") {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let messages = case["messages"].as_array().expect("messages").iter().map(|m| (text(&m[0]), text(&m[1])));
            let messages: Vec<(String, String)> = messages.collect();
            let messages: Vec<(&str, &str)> =
                messages.iter().map(|(role, text)| (role.as_str(), text.as_str())).collect();
            assert_eq!(rendered(&text(&case["template"]), &messages), Ok(text(&case["rendered"])), "{}", case["name"]);
        }
    }

    #[test]
    fn a_template_that_refuses_says_why() {
        let refused = rendered("{{ raise_exception('roles must alternate') }}", &[]).expect_err("refused");
        assert!(refused.contains("t: chat template: roles must alternate"), "{refused}");
    }

    #[test]
    fn a_template_that_never_ends_is_stopped() {
        let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}";
        assert!(rendered(loops, &[]).expect_err("no fuel").contains("fuel"));
        assert!(rendered("{% for %}", &[]).expect_err("no Jinja").contains("t: chat template"));
    }

    #[test]
    fn a_configuration_has_one_template_or_several() {
        let one = serde_json::json!({ "chat_template": "a" });
        let several = serde_json::json!({ "chat_template": [
            { "name": "tool_use", "template": "b" }, { "name": "default", "template": "c" }] });
        assert_eq!((in_config(&one), in_config(&several)), (Some("a"), Some("c")));
        assert_eq!(in_config(&serde_json::json!({})), None);
    }
}
