//! What holds for every route: keys, sizes, refusals in the form of FastAPI (which Kimina's clients know), request ids, the log, and
//! the routes themselves. Owns no question to Lean.

use super::gate::{Full, Room};
use super::{Shared, check, kimina};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The description of the API.
pub const OPENAPI: &str = include_str!("openapi.json");

/// Time for a request's body to come.
const BODY_TIME: Duration = Duration::from_secs(60);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request that is not answered.
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    detail: Value,
    retry_after: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, detail: impl Into<Value>) -> Refusal {
        Refusal { status, detail: detail.into(), retry_after: None }
    }

    /// A field is not what is expected.
    pub fn field(place: &[&str], expected: &str) -> Refusal {
        let place: Vec<&str> = [&["body"], place].concat();
        let detail = json!([{"type": "value_error", "loc": place, "msg": format!("Input should be {expected}")}]);
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// The request as a whole is not what is expected.
    pub fn value(message: &str) -> Refusal {
        let detail = json!([{"type": "value_error", "loc": ["body"], "msg": format!("Value error, {message}")}]);
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({"detail": self.detail}))).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Shared {
    /// Room for a request's snippets.
    pub fn reserve(&self, count: usize) -> Result<Room, Refusal> {
        if count > self.serving.batch {
            let words = format!("a request has at most {} snippets, this one has {count}", self.serving.batch);
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, words));
        }
        if self.is_draining.load(Ordering::Relaxed) {
            return Err(Refusal {
                retry_after: Some(1),
                ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is ending")
            });
        }
        self.gate.reserve(count).map_err(|full| match full {
            Full::Now { waiting } => {
                let retry_after = Some(self.metrics.retry_after(waiting));
                Refusal { retry_after, ..Refusal::new(StatusCode::TOO_MANY_REQUESTS, "No available REPLs") }
            }
            Full::Always { limit } => {
                let words = format!("at most {limit} snippets wait here, and this request has {count}");
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, words)
            }
        })
    }
}

/// A body that came whole.
pub fn whole(shared: &Shared, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(shared),
        status => Refusal::new(status, rejection.body_text()),
    })
}

/// A body that is JSON of this shape.
pub fn read_json<T: DeserializeOwned>(shared: &Shared, body: Result<Bytes, BytesRejection>) -> Result<T, Refusal> {
    let body = whole(shared, body)?;
    serde_json::from_slice(&body).map_err(|e| {
        let kind = if e.is_data() { "value_error" } else { "json_invalid" };
        let detail = json!([{"type": kind, "loc": ["body", e.column()], "msg": e.to_string()}]);
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    })
}

fn too_large(shared: &Shared) -> Refusal {
    let words = format!("a request is at most {} bytes long", shared.serving.body);
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, words)
}

/// All routes.
pub fn router(shared: Arc<Shared>) -> Router {
    let guarded = Router::new()
        .route("/verify", post(kimina::verify))
        .route("/one_pass_verify_batch", post(kimina::verify))
        .route("/api/check", post(kimina::check))
        .route("/api/check/", post(kimina::check))
        .route("/v1/check", post(check::check))
        .route("/metrics", get(metrics))
        .layer(from_fn_with_state(shared.clone(), with_body))
        .layer(from_fn_with_state(shared.clone(), with_key));
    Router::new()
        .route("/health", get(health))
        .route("/openapi.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], OPENAPI) }))
        .route("/docs", get(|| async { Html(include_str!("docs.html")) }))
        .merge(guarded)
        .fallback(|method: Method, uri: Uri| async move {
            Refusal::new(StatusCode::NOT_FOUND, format!("there is no {method} {}; see /docs", uri.path()))
        })
        .method_not_allowed_fallback(|method: Method, uri: Uri| async move {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} does not answer {method}", uri.path()))
        })
        .layer(DefaultBodyLimit::max(shared.serving.body))
        .layer(from_fn_with_state(shared.clone(), with_id))
        .with_state(shared)
}

/// Gives a request its id, and writes it down when it is answered.
async fn with_id(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok());
    let given = given.filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()));
    let id =
        given.map_or_else(|| format!("{}-{}", &shared.id[16..], NEXT.fetch_add(1, Ordering::Relaxed)), str::to_owned);
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let (method, start) = (request.method().clone(), Instant::now());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    shared.metrics.answered(&route, status);
    if shared.serving.log {
        let line = json!({
            "time": humantime::format_rfc3339_millis(std::time::SystemTime::now()).to_string(),
            "request": id, "method": method.as_str(), "route": route, "status": status,
            "ms": start.elapsed().as_micros() as f64 / 1e3,
            "waiting": shared.gate.waiting(),
        });
        eprintln!("{line}");
    }
    response
}

/// Lets through who has a key, if there are any.
async fn with_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if shared.serving.keys.is_empty() {
        return next.run(request).await;
    }
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given else {
        return Refusal::new(StatusCode::UNAUTHORIZED, "Missing API key").into_response();
    };
    let given = Sha256::digest(given.strip_prefix("Bearer ").unwrap_or(given).trim());
    // Hashes of one length, each looked at to its end: nothing of a key shows in the time it takes.
    let is_known = shared.serving.keys.iter().fold(false, |known, key| {
        let differences = Sha256::digest(key).iter().zip(&given).fold(0, |all, (a, b)| all | (a ^ b));
        known | (differences == 0)
    });
    match is_known {
        true => next.run(request).await,
        false => Refusal::new(StatusCode::UNAUTHORIZED, "Invalid API key").into_response(),
    }
}

/// Refuses a body by its announced length, before it is sent, and one that does not come in time.
async fn with_body(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > shared.serving.body) {
        return too_large(&shared).into_response();
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, shared.serving.body)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, bytes.into())).await,
        Ok(Err(_)) => too_large(&shared).into_response(),
        Err(_) => Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time").into_response(),
    }
}

async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = shared.metrics.text(shared.gate.waiting());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
