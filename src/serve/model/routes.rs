//! The routes of the server and what they answer: pieces of samples as OpenAI's clients read them, whole or one by one.

use super::engine::{Job, Said};
use super::refusal::Refusal;
use super::request::{Wanted, Way, read};
use super::{BODY, Shared};
use crate::generator::{Finish, Prompt};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use crossbeam_channel::TrySendError;
use futures_core::Stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

type Body = Result<Bytes, BytesRejection>;

/// All routes.
pub fn router(shared: Arc<Shared>) -> Router {
    let guarded = Router::new()
        .route("/v1/models", get(models))
        .route("/v1/completions", post(|state, body| answer(state, body, false)))
        .route("/v1/chat/completions", post(|state, body| answer(state, body, true)))
        .layer(from_fn(with_length))
        .layer(from_fn_with_state(shared.clone(), with_key));
    Router::new()
        .route("/health", get(health))
        .merge(guarded)
        .fallback(|method: Method, uri: Uri| async move {
            Refusal::with(StatusCode::NOT_FOUND, "not_found", format!("there is no {method} {}", uri.path()))
        })
        .method_not_allowed_fallback(|method: Method, uri: Uri| async move {
            let message = format!("{} does not answer {method}", uri.path());
            Refusal::with(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
        })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(shared)
}

/// Lets through who has the key, if there is one.
async fn with_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    match &shared.key {
        Some(key) if !is_same(key, given) => {
            let message = "this server asks for its key: `Authorization: Bearer KEY`";
            Refusal::with(StatusCode::UNAUTHORIZED, "invalid_api_key", message).into_response()
        }
        _ => next.run(request).await,
    }
}

/// Refuses a body by its announced length, before it is sent.
async fn with_length(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > BODY) {
        true => too_large().into_response(),
        false => next.run(request).await,
    }
}

fn too_large() -> Refusal {
    let message = format!("a request is at most {} MB long", BODY >> 20);
    Refusal::with(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

/// Takes as long for a wrong key whose beginning is right.
fn is_same(key: &str, given: &str) -> bool {
    let differences = key.bytes().zip(given.bytes()).map(|(a, b)| a ^ b).fold(0, |all, one| all | one);
    key.len() == given.len() && differences == 0
}

async fn health(State(shared): State<Arc<Shared>>) -> Response {
    match shared.is_alive.load(Ordering::Relaxed) {
        true => Json(json!({"status": "ok"})).into_response(),
        false => gone().into_response(),
    }
}

fn gone() -> Refusal {
    Refusal::with(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the model is not running any more")
}

async fn models(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({"object": "list", "data": [{
        "id": shared.name, "object": "model", "created": shared.since, "owned_by": "afcheck",
        "max_model_len": shared.local.decoder.spec.context,
    }]}))
}

async fn answer(State(shared): State<Arc<Shared>>, body: Body, is_chat: bool) -> Result<Response, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => Refusal { status, ..Refusal::wrong(rejection.body_text()) },
    })?;
    let wanted = read(&body, is_chat)?;
    if let Some(model) = wanted.model.as_ref().filter(|model| **model != shared.name) {
        let message = format!("there is no model `{model}` here; this server has `{}`", shared.name);
        return Err(Refusal::with(StatusCode::NOT_FOUND, "model_not_found", message));
    }
    let way = wanted.way;
    let (job, samples, from) = {
        let shared = shared.clone();
        // Long prompts take a while to read.
        let job = tokio::task::spawn_blocking(move || job(&shared, wanted)).await;
        job.map_err(|e| Refusal::with(StatusCode::INTERNAL_SERVER_ERROR, "internal", e.to_string()))??
    };
    let prompt_tokens = job.prompt.len() as u64;
    shared.queue.try_send(job).map_err(|error| match error {
        TrySendError::Full(_) => {
            let message = "too many requests are waiting; try again later";
            Refusal::with(StatusCode::TOO_MANY_REQUESTS, "queue_full", message)
        }
        TrySendError::Disconnected(_) => gone(),
    })?;
    let writer = Writer::new(&shared, is_chat, samples, prompt_tokens);
    match way {
        Way::Whole => writer.whole(from).await.map(|value| Json(value).into_response()),
        Way::Stream { always, usage } => Ok(Sse::new(Pieces::new(writer, from, always, usage)).into_response()),
    }
}

/// What the engine is to do, and where it tells.
fn job(shared: &Shared, wanted: Wanted) -> Result<(Job, usize, UnboundedReceiver<Said>), Refusal> {
    if matches!(wanted.prompt, Prompt::Text(ref text) if text.is_empty()) {
        return Err(Refusal::wrong("the prompt is empty"));
    }
    let prompt = shared.local.encode(&wanted.prompt).map_err(|e| Refusal::wrong(e.to_string()))?;
    if prompt.is_empty() {
        return Err(Refusal::wrong("the prompt has no tokens"));
    }
    let context = shared.local.decoder.spec.context;
    let room = context.saturating_sub(prompt.len());
    let asked = wanted.max_tokens.unwrap_or(room);
    if room == 0 || asked > room {
        let message = format!(
            "this model's context is {context} tokens; the prompt has {}, and {} more are asked for",
            prompt.len(),
            asked.max(1),
        );
        return Err(Refusal { code: Some("context_length_exceeded"), ..Refusal::wrong(message) });
    }
    let seed = wanted.seed.unwrap_or_else(|| RandomState::new().hash_one(0u8));
    let seeds = (0..wanted.samples as u64).map(|n| seed.wrapping_add(n)).collect();
    let (to, from) = unbounded_channel();
    let Wanted { sampling, stop, samples, .. } = wanted;
    Ok((Job { prompt, seeds, sampling, max_tokens: asked, stop, to }, samples, from))
}

/// Writes answers to one request.
struct Writer {
    id: String,
    created: u64,
    model: String,
    is_chat: bool,
    prompt_tokens: u64,
    /// Of each sample, so far.
    tokens: Vec<u64>,
}

impl Writer {
    fn new(shared: &Shared, is_chat: bool, samples: usize, prompt_tokens: u64) -> Self {
        let number = shared.requests.fetch_add(1, Ordering::Relaxed);
        let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let id = format!("{}-{}-{number}", if is_chat { "chatcmpl" } else { "cmpl" }, shared.since);
        Writer { id, created, model: shared.name.clone(), is_chat, prompt_tokens, tokens: vec![0; samples] }
    }

    fn usage(&self) -> Value {
        let (prompt, new) = (self.prompt_tokens, self.tokens.iter().sum::<u64>());
        json!({"prompt_tokens": prompt, "completion_tokens": new, "total_tokens": prompt + new})
    }

    fn envelope(&self, is_piece: bool, choices: Vec<Value>, usage: Option<Value>) -> Value {
        let object = match (self.is_chat, is_piece) {
            (false, _) => "text_completion",
            (true, false) => "chat.completion",
            (true, true) => "chat.completion.chunk",
        };
        let mut value = json!({"id": self.id, "object": object, "created": self.created, "model": self.model,
            "choices": choices});
        if let Some(usage) = usage {
            value["usage"] = usage;
        }
        value
    }

    /// A choice; `end` is why it ended and which text ended it.
    fn choice(&self, index: usize, content: &Value, end: Option<(Finish, Option<String>)>, is_piece: bool) -> Value {
        let reason = end.as_ref().map(|(finish, _)| match finish {
            Finish::EndOfText | Finish::Stop => "stop",
            Finish::Length => "length",
        });
        let mut choice = json!({"index": index, "logprobs": null, "finish_reason": reason});
        let name = match (self.is_chat, is_piece) {
            (false, _) => "text",
            (true, false) => "message",
            (true, true) => "delta",
        };
        choice[name] = content.clone();
        if let Some((_, stop)) = end {
            choice["stop_reason"] = json!(stop);
        }
        choice
    }

    /// All samples, when the last has ended.
    async fn whole(mut self, mut from: UnboundedReceiver<Said>) -> Result<Value, Refusal> {
        let mut texts = vec![String::new(); self.tokens.len()];
        let mut choices = vec![Value::Null; self.tokens.len()];
        let mut left = choices.len();
        while left > 0 {
            match from.recv().await.ok_or_else(gone)? {
                Said::Text { sample, text, .. } => texts[sample].push_str(&text),
                Said::Ended { sample, finish, stop, tokens } => {
                    self.tokens[sample] = tokens;
                    let text = &texts[sample];
                    let content =
                        if self.is_chat { json!({"role": "assistant", "content": text}) } else { json!(text) };
                    choices[sample] = self.choice(sample, &content, Some((finish, stop)), false);
                    left -= 1;
                }
            }
        }
        let usage = Some(self.usage());
        Ok(self.envelope(false, choices, usage))
    }
}

/// The pieces of an answer as events. Dropping them tells the engine that nobody waits.
struct Pieces {
    writer: Writer,
    from: UnboundedReceiver<Said>,
    always: bool,
    usage: bool,
    /// Samples that have not ended.
    left: usize,
    /// Events that are due.
    due: std::collections::VecDeque<Event>,
    is_over: bool,
}

impl Pieces {
    fn new(writer: Writer, from: UnboundedReceiver<Said>, always: bool, usage: bool) -> Self {
        let left = writer.tokens.len();
        let mut pieces = Pieces { writer, from, always, usage, left, due: Default::default(), is_over: false };
        if pieces.writer.is_chat {
            (0..left).for_each(|n| pieces.add(n, &json!({"role": "assistant", "content": ""}), None));
        }
        pieces
    }

    fn add(&mut self, sample: usize, content: &Value, end: Option<(Finish, Option<String>)>) {
        let choice = self.writer.choice(sample, content, end, true);
        let usage = self.always.then(|| self.writer.usage());
        self.due.push_back(Event::default().data(self.writer.envelope(true, vec![choice], usage).to_string()));
    }

    fn take(&mut self, said: Said) {
        let is_chat = self.writer.is_chat;
        match said {
            Said::Text { sample, text, tokens } => {
                self.writer.tokens[sample] = tokens;
                if !text.is_empty() {
                    self.add(sample, &if is_chat { json!({"content": text}) } else { json!(text) }, None);
                }
            }
            Said::Ended { sample, finish, stop, tokens } => {
                self.writer.tokens[sample] = tokens;
                self.add(sample, &if is_chat { json!({}) } else { json!("") }, Some((finish, stop)));
                self.left -= 1;
                if self.left == 0 {
                    self.end();
                }
            }
        }
    }

    fn end(&mut self) {
        if self.usage {
            let usage = Some(self.writer.usage());
            self.due.push_back(Event::default().data(self.writer.envelope(true, vec![], usage).to_string()));
        }
        self.due.push_back(Event::default().data("[DONE]"));
        self.is_over = true;
    }
}

impl Stream for Pieces {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.due.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            match self.from.poll_recv(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(said)) => self.take(said),
                Poll::Ready(None) => {
                    self.due.push_back(Event::default().data(gone().body().to_string()));
                    self.is_over = true;
                }
            }
        }
    }
}
