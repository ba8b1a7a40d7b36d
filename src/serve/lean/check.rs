//! `/v1/check`: records in, results out, both as JSON lines; results are those of `afcheck verify`, in the order in which they come.
//! Owns the reading of the request; what a result says is `report`'s.

use super::Shared;
use super::frame::Refusal;
use crate::dataset::{FieldMap, record_in};
use crate::domain::{Mode, Rung};
use crate::pipeline::verify::Judging;
use crate::report::result_line;
use crate::runner::events::{BadRecord, Event, Outcome};
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;

/// What a request may say of how it is judged.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    mode: Option<String>,
    require: Option<String>,
    heartbeats: Option<u64>,
    /// Seconds for a record.
    timeout: Option<u64>,
    warnings: Option<bool>,
}

impl Asked {
    fn judging(&self, shared: &Shared) -> Result<Judging, Refusal> {
        let mut judging = shared.serving.judging.clone();
        if let Some(mode) = &self.mode {
            judging.mode = mode.parse::<Mode>().map_err(|e| Refusal::field(&["mode"], &e))?;
        }
        if let Some(rung) = &self.require {
            judging.require = Some(rung.parse::<Rung>().map_err(|e| Refusal::field(&["require"], &e))?);
        }
        if let Some(heartbeats) = self.heartbeats {
            judging.budget.heartbeats = heartbeats.clamp(1, judging.budget.heartbeats);
        }
        if let Some(seconds) = self.timeout {
            judging.budget.wall_clock = Duration::from_secs(seconds.max(1)).min(shared.serving.longest);
        }
        judging.warnings = self.warnings.unwrap_or(judging.warnings);
        Ok(judging)
    }
}

/// `POST /v1/check`.
pub async fn check(
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|e| Refusal::field(&["query"], &e.body_text()))?;
    let judging = asked.judging(&shared)?;
    let body = super::frame::whole(&shared, body)?;
    let text = std::str::from_utf8(&body).map_err(|e| Refusal::value(&format!("the body is not UTF-8: {e}")))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(Refusal::value("the body holds no record: one JSON object a line is expected"));
    }
    let (fields, mut records) = (FieldMap::default(), Vec::new());
    let (said, results) = mpsc::unbounded_channel::<Bytes>();
    for (index, line) in lines.iter().enumerate() {
        match record_in(line, "request", index as u64, &fields) {
            Ok((record, _)) => records.push(record),
            // It is told as `verify` tells it; the others are judged.
            Err(error) => {
                let event = Event::BadRecord(Box::new(BadRecord::new(*error)));
                let _ = said.send(result_line(&event).into());
            }
        }
    }
    let mut room = shared.reserve(records.len())?;
    for record in records {
        let answer = shared.gate.check(&mut room, judging.request(&record));
        let said = said.clone();
        tokio::spawn(async move {
            // No answer means that the server is ending: the stream then ends without this record, and says so by its length.
            if let Ok(report) = answer.await {
                let event = Event::Checked(Box::new(Outcome::new(&record, report)));
                let _ = said.send(result_line(&event).into());
            }
        });
    }
    drop(said);
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((StatusCode::OK, headers, Body::from_stream(Lines(results))).into_response())
}

/// Results as they come.
struct Lines(mpsc::UnboundedReceiver<Bytes>);

impl Stream for Lines {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|line| line.map(Ok))
    }
}
