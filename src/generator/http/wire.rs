//! The JSON of OpenAI-compatible servers, as this client writes and reads it. Unknown fields are ignored, and what some
//! servers leave out is optional.

use crate::generator::{Prompt, Settings};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// OpenAI's limit of texts that end an answer; the client looks for the others itself.
const STOPS: usize = 4;

/// What a server was found to understand. Everything is tried first, and what it refuses is left out from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Answers come piece by piece.
    pub streams: bool,
    pub usage: Usages,
    /// The limit of tokens goes by its newer name.
    pub completion_tokens: bool,
}

/// When a stream tells how many tokens there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usages {
    Never,
    AtTheEnd,
    /// With every piece, so that the tokens of answers that are cut are known (vLLM).
    Always,
}

impl Manners {
    /// Everything.
    pub const ALL: Manners = Manners { streams: true, usage: Usages::Always, completion_tokens: false };

    /// What to leave out next time, if a refusal with this message names it.
    pub fn without_what(self, message: &str) -> Option<Manners> {
        let message = message.to_lowercase();
        let words: Vec<&str> = message.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let names = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
        if names(&["max_completion_tokens"]) && !self.completion_tokens {
            return Some(Manners { completion_tokens: true, ..self });
        }
        if !self.streams {
            return None;
        }
        let usage = match self.usage {
            Usages::Always if names(&["continuous_usage_stats", "stream_options", "include_usage"]) => Usages::AtTheEnd,
            Usages::AtTheEnd if names(&["stream_options", "include_usage"]) => Usages::Never,
            _ if names(&["stream", "streaming"]) => return Some(Manners { streams: false, ..self }),
            _ => return None,
        };
        Some(Manners { usage, ..self })
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<WireMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<usize>,
    temperature: f32,
    top_p: f32,
    seed: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop: Vec<&'a str>,
    // Extensions of vLLM and llama.cpp, whose names for the last differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repetition_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_penalty: Option<f32>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuous_usage_stats: Option<bool>,
}

/// The path of a request for an answer, below the base URL.
pub fn path(prompt: &Prompt) -> &'static str {
    match prompt {
        Prompt::Text(_) => "/completions",
        Prompt::Chat(_) => "/chat/completions",
    }
}

/// The body of a request for one answer. Of the seed, servers get 31 bits: llama.cpp has 32 of them, and what is built on
/// it may answer nothing to a larger one (cyllama).
pub fn body(model: &str, prompt: &Prompt, seed: u64, settings: &Settings, manners: Manners) -> String {
    let sampling = settings.sampling;
    let penalty = sampling.looks_back().then_some(sampling.repetition_penalty);
    let (text, messages) = match prompt {
        Prompt::Text(text) => (Some(text.as_str()), vec![]),
        Prompt::Chat(messages) => {
            (None, messages.iter().map(|m| WireMessage { role: m.role.as_str(), content: &m.content }).collect())
        }
    };
    let (newer, older) = match manners.completion_tokens {
        true => (Some(settings.max_tokens), None),
        false => (None, Some(settings.max_tokens)),
    };
    let options = (manners.streams && manners.usage != Usages::Never).then(|| StreamOptions {
        include_usage: true,
        continuous_usage_stats: (manners.usage == Usages::Always).then_some(true),
    });
    let body = Body {
        model,
        prompt: text,
        messages,
        max_tokens: older,
        max_completion_tokens: newer,
        temperature: sampling.temperature,
        top_p: sampling.top_p,
        seed: seed & 0x7fff_ffff,
        stop: settings.ends.texts.iter().map(String::as_str).filter(|end| !end.is_empty()).take(STOPS).collect(),
        top_k: sampling.top_k,
        min_p: (sampling.min_p > 0.0).then_some(sampling.min_p),
        repetition_penalty: penalty,
        repeat_penalty: penalty,
        stream: manners.streams,
        stream_options: options,
    };
    serde_json::to_string(&body).expect("texts and finite numbers are JSON")
}

/// A whole answer, or a piece of a stream.
#[derive(Debug, Default, Deserialize)]
pub struct Piece {
    #[serde(default)]
    pub choices: Vec<Choice>,
    pub usage: Option<Usage>,
    /// Servers report trouble in the middle of a stream this way.
    pub error: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    text: Option<String>,
    delta: Option<Content>,
    message: Option<Content>,
    pub finish_reason: Option<String>,
    /// vLLM tells which text ended the answer; null is the model's own end. The outer `None` is a server that does not tell.
    #[serde(default, deserialize_with = "present")]
    pub stop_reason: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Content {
    content: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Usage {
    pub prompt_tokens: Option<u64>,
    pub completion_tokens: Option<u64>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Choice {
    /// The text it brings.
    pub fn text(&self) -> &str {
        let content = self.delta.as_ref().or(self.message.as_ref()).and_then(|content| content.content.as_deref());
        content.or(self.text.as_deref()).unwrap_or_default()
    }
}

/// `GET /models`.
#[derive(Debug, Deserialize)]
pub struct Models {
    #[serde(default)]
    pub data: Vec<Served>,
}

/// A model that a server has.
#[derive(Debug, Deserialize)]
pub struct Served {
    pub id: String,
    /// Of vLLM.
    max_model_len: Option<usize>,
    /// Of llama.cpp.
    meta: Option<Meta>,
}

#[derive(Debug, Deserialize)]
struct Meta {
    n_ctx_train: Option<usize>,
}

impl Served {
    /// Tokens of a prompt and its answer together, if the server tells.
    pub fn context(&self) -> Option<usize> {
        self.max_model_len.or(self.meta.as_ref().and_then(|meta| meta.n_ctx_train))
    }
}

/// What a server says was wrong, in one line of bounded length.
pub fn message(body: &str) -> String {
    const LONGEST: usize = 300;
    let value: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let said = said(&value).unwrap_or_else(|| body.to_owned());
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{} ...", &line[..cut]),
        None if line.is_empty() => "no reason given".into(),
        None => line,
    }
}

/// The words in an error, in the forms of OpenAI, Ollama, FastAPI and older vLLM.
pub fn said(value: &Value) -> Option<String> {
    let error = value.get("error").unwrap_or(value);
    let found = [&error["message"], error, &error["detail"]].into_iter().find_map(Value::as_str);
    found.map(str::to_owned).or_else(|| error.get("detail").map(Value::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::{Ends, Message, Role, Sampling};
    use serde_json::json;

    fn sent(prompt: &Prompt, sampling: Sampling, manners: Manners) -> Value {
        let texts = ["", "a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        let settings = Settings { sampling, max_tokens: 9, ends: Ends { texts, is_lean: true } };
        serde_json::from_str(&body("m", prompt, u64::MAX, &settings, manners)).expect("JSON")
    }

    #[test]
    fn requests_say_what_was_asked_and_nothing_a_server_need_not_know() {
        let text = Prompt::Text("p".into());
        let plain = Sampling { temperature: 0.8, ..Sampling::default() };
        let wanted = json!({"model": "m", "prompt": "p", "max_tokens": 9, "temperature": 0.8, "top_p": 1.0,
            "seed": 0x7fff_ffff, "stop": ["a", "b", "c", "d"], "stream": true,
            "stream_options": {"include_usage": true, "continuous_usage_stats": true}});
        assert_eq!(sent(&text, plain, Manners::ALL), wanted);
        let chat = Prompt::Chat(vec![Message { role: Role::System, content: "s".into() }]);
        let all = Sampling { top_k: Some(3), min_p: 0.5, repetition_penalty: 1.5, ..plain };
        let bare = Manners { streams: false, completion_tokens: true, ..Manners::ALL };
        let wanted = json!({"model": "m", "messages": [{"role": "system", "content": "s"}],
            "max_completion_tokens": 9, "temperature": 0.8, "top_p": 1.0, "seed": 0x7fff_ffff,
            "stop": ["a", "b", "c", "d"], "top_k": 3, "min_p": 0.5, "repetition_penalty": 1.5, "repeat_penalty": 1.5,
            "stream": false});
        assert_eq!(sent(&chat, all, bare), wanted);
    }

    #[test]
    fn what_a_server_refuses_is_left_out() {
        let refused = |manners: Manners, message| manners.without_what(message);
        let plainer =
            refused(Manners::ALL, "Unknown parameter: 'stream_options.continuous_usage_stats'.").expect("less");
        assert_eq!(plainer, Manners { usage: Usages::AtTheEnd, ..Manners::ALL });
        let none = refused(plainer, "stream_options is not permitted").expect("less");
        assert_eq!(none, Manners { usage: Usages::Never, ..Manners::ALL });
        let whole = refused(none, "Streaming is not supported").expect("less");
        assert_eq!((whole.streams, refused(whole, "stream")), (false, None));
        assert_eq!(refused(Manners::ALL, "Upstream is angry about the prompt"), None);
        let newer = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
        assert_eq!(refused(Manners::ALL, newer), Some(Manners { completion_tokens: true, ..Manners::ALL }));
    }

    #[test]
    fn errors_of_all_servers_are_read() {
        assert_eq!(message(r#"{"error":{"message":"a\nb","type":"t","code":null}}"#), "a b");
        assert_eq!(message(r#"{"error":"model \"x\" not found"}"#), "model \"x\" not found");
        assert_eq!(message(r#"{"object":"error","message":"c"}"#), "c");
        assert_eq!(message(r#"{"detail":[{"loc":["body"]}]}"#), r#"[{"loc":["body"]}]"#);
        assert_eq!((message("Bad Gateway"), message(" ")), ("Bad Gateway".into(), "no reason given".into()));
        assert_eq!(message(&"x ".repeat(900)).len(), 304);
    }

    #[test]
    fn pieces_of_all_servers_are_read() {
        let text = |value: Value| {
            serde_json::from_value::<Piece>(value).map(|p| p.choices[0].text().to_owned()).map_err(|e| e.to_string())
        };
        assert_eq!(text(json!({"choices": [{"text": "a", "logprobs": null}], "x": 1})), Ok("a".into()));
        assert_eq!(text(json!({"choices": [{"delta": {"role": "assistant"}}]})), Ok(String::new()));
        assert_eq!(text(json!({"choices": [{"delta": {"content": "b"}, "finish_reason": null}]})), Ok("b".into()));
        assert_eq!(text(json!({"choices": [{"message": {"content": "c", "tool_calls": []}}]})), Ok("c".into()));
        let choice = |value: Value| serde_json::from_value::<Choice>(value).expect("a choice").stop_reason;
        assert_eq!(choice(json!({"text": ""})), None);
        assert_eq!(choice(json!({"text": "", "stop_reason": null})), Some(Value::Null));
        let served = |value: Value| serde_json::from_value::<Served>(value).expect("a model").context();
        assert_eq!(served(json!({"id": "a", "max_model_len": 5})), Some(5));
        assert_eq!(served(json!({"id": "a", "meta": {"n_ctx_train": 6}})), Some(6));
        assert_eq!(served(json!({"id": "a", "meta": null})), None);
    }
}
