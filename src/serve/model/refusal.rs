//! Why a request is not answered, in OpenAI's form. Owns statuses and types; the words are those who refuse.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A request that is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: Option<&'static str>,
    pub message: String,
}

impl Refusal {
    /// The request is wrong.
    pub fn wrong(message: impl Into<String>) -> Self {
        Refusal { status: StatusCode::BAD_REQUEST, code: None, message: message.into() }
    }

    /// A field of the request asks for what is not built in.
    pub fn unsupported(field: &str) -> Self {
        let message = format!("`{field}` is not supported by this server; leave it out");
        Refusal { code: Some("unsupported_parameter"), ..Refusal::wrong(message) }
    }

    /// With another status.
    pub fn with(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Refusal { status, code: Some(code), message: message.into() }
    }

    /// As it goes over the wire.
    pub fn body(&self) -> Value {
        let kind = match self.status {
            StatusCode::UNAUTHORIZED => "authentication_error",
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        json!({"error": {"message": self.message, "type": kind, "param": null, "code": self.code}})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
