//! Requests as OpenAI's clients write them, read into what the model understands. Unknown fields are ignored; a field that
//! would change the answer and is not built in is refused.

use super::refusal::Refusal;
use crate::generator::{Message, Prompt, Role, Sampling};
use serde::Deserialize;
use serde_json::Value;

/// Samples of a request at most.
const SAMPLES: u64 = 128;
/// OpenAI's default for continuations.
const MAX_TOKENS: usize = 16;

/// What both kinds of requests may say.
#[derive(Debug, Default, Deserialize)]
struct Body {
    model: Option<String>,
    #[serde(default)]
    prompt: Value,
    messages: Option<Vec<WireMessage>>,
    max_tokens: Option<usize>,
    max_completion_tokens: Option<usize>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
    n: Option<u64>,
    #[serde(default)]
    seed: Value,
    #[serde(default)]
    stop: Value,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
}

#[derive(Debug, Deserialize)]
struct WireMessage {
    role: String,
    #[serde(default)]
    content: Value,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
    continuous_usage_stats: Option<bool>,
}

/// How the answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Whole,
    Stream {
        /// With the tokens so far in each piece.
        always: bool,
        /// With all tokens at the end.
        usage: bool,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub model: Option<String>,
    pub prompt: Prompt,
    pub samples: usize,
    /// Of the first sample; the next ones have the next numbers.
    pub seed: Option<u64>,
    pub sampling: Sampling,
    /// `None` for as many as there is room for.
    pub max_tokens: Option<usize>,
    pub stop: Vec<String>,
    pub way: Way,
}

/// A field, and whether a value of it changes nothing.
type Field = (&'static str, fn(&Value) -> bool);

/// Fields that would change the answer, and the values with which they do not.
const UNSUPPORTED: [Field; 15] = [
    ("logprobs", |v| v.is_null() || v == false),
    ("top_logprobs", is_nothing),
    ("echo", is_nothing),
    ("suffix", |v| v.is_null() || v == ""),
    ("best_of", |v| v.is_null() || v == 1),
    ("frequency_penalty", is_nothing),
    ("presence_penalty", is_nothing),
    ("logit_bias", |v| v.is_null() || v.as_object().is_some_and(|biases| biases.is_empty())),
    ("response_format", |v| v.is_null() || v["type"] == "text"),
    ("tools", |v| v.is_null() || v.as_array().is_some_and(Vec::is_empty)),
    ("functions", |v| v.is_null() || v.as_array().is_some_and(Vec::is_empty)),
    ("grammar", |v| v.is_null() || v == ""),
    ("guided_json", Value::is_null),
    ("guided_regex", Value::is_null),
    ("ignore_eos", is_nothing),
];

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == false || value.as_f64() == Some(0.0)
}

/// Reads the body of a request for a continuation, or for an answer to a conversation.
pub fn read(body: &[u8], is_chat: bool) -> Result<Wanted, Refusal> {
    let value: Value =
        serde_json::from_slice(body).map_err(|e| Refusal::wrong(format!("the body is not JSON: {e}")))?;
    if !value.is_object() {
        return Err(Refusal::wrong("the body is not a JSON object"));
    }
    for (field, is_harmless) in UNSUPPORTED {
        if !is_harmless(&value[field]) {
            return Err(Refusal::unsupported(field));
        }
    }
    let body: Body = serde_json::from_value(value).map_err(|e| Refusal::wrong(e.to_string()))?;
    let prompt = if is_chat { conversation(body.messages)? } else { Prompt::Text(text(body.prompt)?) };
    let options = body.stream_options.unwrap_or_default();
    let always = options.continuous_usage_stats == Some(true);
    let usage = options.include_usage == Some(true);
    let max_tokens = body.max_completion_tokens.or(body.max_tokens);
    if max_tokens == Some(0) {
        return Err(Refusal::wrong("`max_tokens` is at least 1"));
    }
    let samples = body.n.unwrap_or(1);
    if !(1..=SAMPLES).contains(&samples) {
        return Err(Refusal::wrong(format!("`n` is between 1 and {SAMPLES}")));
    }
    Ok(Wanted {
        model: body.model,
        prompt,
        samples: samples as usize,
        seed: seed(&body.seed)?,
        sampling: sampling(body.temperature, body.top_p, body.top_k, body.min_p, body.repetition_penalty)?,
        max_tokens: max_tokens.or((!is_chat).then_some(MAX_TOKENS)),
        stop: stops(body.stop)?,
        way: if body.stream == Some(true) { Way::Stream { always, usage } } else { Way::Whole },
    })
}

fn sampling(
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
) -> Result<Sampling, Refusal> {
    let plain = Sampling::default();
    let within = |name: &str, value: Option<f32>, otherwise: f32, is_fine: fn(f32) -> bool, range: &str| match value {
        Some(value) if !is_fine(value) => Err(Refusal::wrong(format!("`{name}` is {range}"))),
        value => Ok(value.unwrap_or(otherwise)),
    };
    Ok(Sampling {
        temperature: within("temperature", temperature, plain.temperature, |t| (0.0..=100.0).contains(&t), "0 to 100")?,
        // Others write 0 or -1 for no limit.
        top_k: top_k.filter(|k| *k > 0).and_then(|k| usize::try_from(k).ok()),
        top_p: within("top_p", top_p, plain.top_p, |p| p > 0.0 && p <= 1.0, "above 0 and up to 1")?,
        min_p: within("min_p", min_p, plain.min_p, |p| (0.0..=1.0).contains(&p), "between 0 and 1")?,
        repetition_penalty: within(
            "repetition_penalty",
            repetition_penalty,
            plain.repetition_penalty,
            |x| x > 0.0 && x.is_finite(),
            "above 0",
        )?,
    })
}

/// Clients write seeds with a sign or without.
fn seed(seed: &Value) -> Result<Option<u64>, Refusal> {
    let number = seed.as_u64().or_else(|| seed.as_i64().map(i64::cast_unsigned));
    if number.is_none() && !seed.is_null() {
        return Err(Refusal::wrong("`seed` is an integer of 64 bits"));
    }
    Ok(number)
}

/// A text, or a list of one.
fn text(prompt: Value) -> Result<String, Refusal> {
    match prompt {
        Value::String(text) => Ok(text),
        Value::Array(mut list) if list.len() == 1 && list[0].is_string() => text(list.remove(0)),
        Value::Null => Err(Refusal::wrong("`prompt` is missing")),
        _ => Err(Refusal::wrong("`prompt` is one text; tokens, or several texts in one request, are not supported")),
    }
}

fn conversation(messages: Option<Vec<WireMessage>>) -> Result<Prompt, Refusal> {
    let messages = messages.filter(|messages| !messages.is_empty());
    let messages = messages.ok_or_else(|| Refusal::wrong("`messages` are missing"))?;
    let read = |message: WireMessage| {
        let role = match message.role.as_str() {
            "system" | "developer" => Role::System,
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => {
                return Err(Refusal::wrong(format!("a message's role is system, user or assistant, not `{other}`")));
            }
        };
        let part = |part: &Value| part["text"].as_str().filter(|_| part["type"] == "text").map(str::to_owned);
        let content = match &message.content {
            Value::String(text) => Some(text.clone()),
            Value::Array(parts) => parts.iter().map(part).collect(),
            _ => None,
        };
        let content = content.ok_or_else(|| Refusal::wrong("a message's content is text, or parts of type `text`"))?;
        Ok(Message { role, content })
    };
    messages.into_iter().map(read).collect::<Result<_, _>>().map(Prompt::Chat)
}

/// Texts that end the answer: one, several or none.
fn stops(stop: Value) -> Result<Vec<String>, Refusal> {
    let wrong = || Refusal::wrong("`stop` is a text or a list of texts");
    let list = match stop {
        Value::Null => vec![],
        Value::String(text) => vec![text],
        Value::Array(list) => {
            list.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong)?
        }
        _ => return Err(wrong()),
    };
    Ok(list.into_iter().filter(|text| !text.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wanted(body: Value, is_chat: bool) -> Result<Wanted, String> {
        read(body.to_string().as_bytes(), is_chat).map_err(|refusal| refusal.message)
    }

    #[test]
    fn defaults_are_those_of_openai() {
        let plain = Wanted {
            model: None,
            prompt: Prompt::Text("a".into()),
            samples: 1,
            seed: None,
            sampling: Sampling::default(),
            max_tokens: Some(16),
            stop: vec![],
            way: Way::Whole,
        };
        assert_eq!(wanted(json!({"prompt": ["a"], "logprobs": null, "user": "me", "best_of": 1}), false), Ok(plain));
        let chat = json!({"messages": [{"role": "developer", "content": "b"},
            {"role": "user", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]}]});
        let chat = wanted(chat, true).expect("a conversation");
        let message = |role, content: &str| Message { role, content: content.into() };
        assert_eq!(chat.prompt, Prompt::Chat(vec![message(Role::System, "b"), message(Role::User, "cd")]));
        assert_eq!(chat.max_tokens, None);
    }

    #[test]
    fn what_is_asked_is_read() {
        let body = json!({"model": "m", "prompt": "a", "n": 3, "seed": -1, "temperature": 0, "top_p": 0.5, "top_k": -1,
            "min_p": 0.1, "repetition_penalty": 1.5, "max_completion_tokens": 7, "max_tokens": 9, "stop": ["b", "", "c"],
            "stream": true, "stream_options": {"include_usage": true}});
        let found = wanted(body, false).expect("all is built in");
        let sampling = Sampling { temperature: 0.0, top_k: None, top_p: 0.5, min_p: 0.1, repetition_penalty: 1.5 };
        assert_eq!(
            (found.samples, found.seed, found.sampling, found.max_tokens),
            (3, Some(u64::MAX), sampling, Some(7))
        );
        assert_eq!(found.stop, ["b", "c"]);
        assert_eq!(found.way, Way::Stream { always: false, usage: true });
    }

    #[test]
    fn what_is_wrong_or_not_built_in_is_refused_by_name() {
        for (body, says) in [
            (json!([]), "not a JSON object"),
            (json!({}), "`prompt` is missing"),
            (json!({"prompt": [1, 2]}), "one text"),
            (json!({"prompt": "a", "logprobs": 0}), "`logprobs` is not supported"),
            (json!({"prompt": "a", "echo": true}), "`echo` is not supported"),
            (json!({"prompt": "a", "presence_penalty": 0.5}), "`presence_penalty` is not supported"),
            (json!({"prompt": "a", "n": 0}), "`n` is between 1"),
            (json!({"prompt": "a", "max_tokens": 0}), "`max_tokens` is at least 1"),
            (json!({"prompt": "a", "max_tokens": "x"}), "invalid type"),
            (json!({"prompt": "a", "temperature": -1}), "`temperature` is"),
            (json!({"prompt": "a", "top_p": 0}), "`top_p` is"),
            (json!({"prompt": "a", "stop": 3}), "`stop` is"),
            (json!({"prompt": "a", "seed": 0.5}), "`seed` is"),
        ] {
            let refused = wanted(body.clone(), false).expect_err("refused");
            assert!(refused.contains(says), "{body}: {refused}");
        }
        assert!(read(b"{", false).expect_err("no JSON").message.contains("not JSON"));
        for (body, says) in [
            (json!({"prompt": "a"}), "`messages` are missing"),
            (json!({"messages": [{"role": "tool", "content": "a"}]}), "not `tool`"),
            (json!({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}), "content is text"),
            (json!({"messages": [{"role": "user", "content": "a"}], "logprobs": true}), "`logprobs`"),
        ] {
            let refused = wanted(body.clone(), true).expect_err("refused");
            assert!(refused.contains(says), "{body}: {refused}");
        }
    }
}
