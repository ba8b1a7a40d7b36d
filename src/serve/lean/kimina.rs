//! Kimina Lean Server's routes: `/verify` (also `/one_pass_verify_batch`) and `/api/check`. Owns their shapes and the strings that its
//! clients match on. What is not repeated of the original: a bad snippet costs no other its answer, and no snippet sees another's
//! declarations.

use super::Shared;
use super::frame::{Refusal, read_json};
use super::gate::Room;
use crate::domain::{Budget, Cause, Elaboration, ElaborationRequest, NotInspected};
use crate::repl::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// One snippet, whatever the route calls it.
struct Snippet {
    id: String,
    code: String,
}

/// What became of a snippet: an answer in the REPL's form, or an error; and seconds.
struct Done {
    id: String,
    time: f64,
    answer: Result<Value, String>,
}

#[derive(Deserialize)]
struct VerifyBody {
    codes: Vec<Code>,
    #[serde(default = "five_minutes")]
    timeout: i64,
}

fn five_minutes() -> i64 {
    300
}

#[derive(Deserialize)]
struct Code {
    custom_id: Value,
    proof: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct CheckBody {
    snippets: Vec<CheckSnippet>,
    #[serde(default = "half_a_minute")]
    timeout: i64,
    #[serde(default)]
    debug: bool,
}

fn half_a_minute() -> i64 {
    30
}

#[derive(Deserialize)]
struct CheckSnippet {
    id: String,
    code: String,
}

/// `POST /verify`.
pub async fn verify(
    State(shared): State<Arc<Shared>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let body: VerifyBody = read_json(&shared, body)?;
    let mut snippets = Vec::with_capacity(body.codes.len());
    for (number, code) in body.codes.into_iter().enumerate() {
        let id = match code.custom_id {
            Value::String(id) => id,
            Value::Number(id) if id.is_i64() || id.is_u64() => id.to_string(),
            _ => return Err(Refusal::field(&["codes", &number.to_string(), "custom_id"], "a string or an integer")),
        };
        // The proof wins; a snippet with neither is one that says nothing.
        let code = code.proof.or(code.code).unwrap_or_default();
        snippets.push(Snippet { id, code });
    }
    let results = run(&shared, snippets, body.timeout).await?;
    let results = results.into_iter().map(|done| {
        let mut result = Map::from_iter([("custom_id".to_owned(), json!(done.id))]);
        match done.answer {
            Ok(mut answer) => {
                answer["time"] = json!(done.time);
                result.insert("response".into(), answer);
            }
            Err(error) => drop(result.insert("error".into(), json!(error))),
        }
        Value::Object(result)
    });
    Ok(Json(json!({"results": results.collect::<Vec<_>>()})))
}

/// `POST /api/check`.
pub async fn check(
    State(shared): State<Arc<Shared>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let body: CheckBody = read_json(&shared, body)?;
    if body.snippets.is_empty() {
        return Err(Refusal::value("`snippets` must be non empty"));
    }
    let mut ids = HashSet::new();
    if !body.snippets.iter().all(|snippet| ids.insert(snippet.id.as_str())) {
        return Err(Refusal::value("`snippets` must have unique ids"));
    }
    let snippets = body.snippets.into_iter().map(|CheckSnippet { id, code }| Snippet { id, code }).collect();
    let results = run(&shared, snippets, body.timeout).await?;
    let results = results.into_iter().map(|done| {
        let mut result = Map::from_iter([("id".to_owned(), json!(done.id)), ("time".to_owned(), json!(done.time))]);
        match done.answer {
            Ok(answer) => drop(result.insert("response".into(), answer)),
            Err(error) => drop(result.insert("error".into(), json!(error))),
        }
        if body.debug {
            result.insert("diagnostics".into(), json!({"repl_uuid": shared.id}));
        }
        Value::Object(result)
    });
    Ok(Json(json!({"results": results.collect::<Vec<_>>()})))
}

/// Has all snippets elaborated, each for itself.
async fn run(shared: &Shared, snippets: Vec<Snippet>, timeout: i64) -> Result<Vec<Done>, Refusal> {
    let Ok(seconds) = u64::try_from(timeout) else {
        return Err(Refusal::field(&["timeout"], "greater than or equal to 0"));
    };
    let wall_clock = Duration::from_secs(seconds).min(shared.serving.longest);
    let mut room = shared.reserve(snippets.len())?;
    let asked: Vec<_> = snippets.into_iter().map(|snippet| ask(shared, &mut room, snippet, wall_clock)).collect();
    let mut results = Vec::with_capacity(asked.len());
    for (id, answer) in asked {
        let done = match answer.await {
            Ok((found, time)) => {
                let time = time.as_secs_f64();
                match found {
                    Ok(found) => Done { id, time, answer: Ok(command_response(&found)) },
                    Err(why) => failed(id, time, &why, wall_clock),
                }
            }
            Err(_) => Done { id, time: 0.0, answer: Err("the server is ending: send it again".into()) },
        };
        results.push(done);
    }
    Ok(results)
}

type Answered = tokio::sync::oneshot::Receiver<(Result<Elaboration, NotInspected>, Duration)>;

fn ask(shared: &Shared, room: &mut Room, snippet: Snippet, wall_clock: Duration) -> (String, Answered) {
    let Budget { heartbeats, memory, .. } = shared.serving.judging.budget;
    // No time at all is over before anything begins.
    let budget = Budget { heartbeats, memory, wall_clock };
    let request = ElaborationRequest { stages: vec![], text: snippet.code, tactics: false, budget };
    (snippet.id, shared.gate.elaborate(room, request))
}

fn command_response(found: &Elaboration) -> Value {
    let sorries: Vec<Value> = found.sorries.iter().enumerate().map(|(n, step)| wire::sorry(step, n)).collect();
    let messages: Vec<Value> = found.messages.iter().map(wire::message).collect();
    wire::answer(vec![("sorries", json!(sorries)), ("messages", json!(messages)), ("env", json!(0))])
}

/// Clients tell a time-out by its words, what the REPL refused by a `message`, and take every other error for the server's.
fn failed(id: String, time: f64, why: &NotInspected, wall_clock: Duration) -> Done {
    let seconds = wall_clock.as_secs();
    let (time, answer) = match why.cause {
        Cause::WallClock if why.detail.starts_with("importing") => {
            (seconds as f64, Err(format!("Lean REPL header command timed out in {seconds}.0 seconds")))
        }
        Cause::WallClock => (seconds as f64, Err(format!("Lean REPL command timed out in {seconds}.0 seconds"))),
        Cause::Heartbeats => (time, Err(format!("Lean REPL command timed out: {}", why.detail))),
        Cause::Unsupported => (time, Ok(json!({"message": why.detail}))),
        cause => (time, Err(format!("{cause}: {}", why.detail))),
    };
    Done { id, time, answer }
}
