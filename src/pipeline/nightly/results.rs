//! Verdicts of a file of results. Owns which of a result's keys are read, and the one sentence that is kept of it; the file is
//! the one that `report`'s JSON lines are written to.

use crate::store::history::{Judged, Standing};
use serde::Deserialize;
use std::io::{self, BufRead};

/// The part of a result that is kept.
#[derive(Deserialize)]
struct Line {
    index: usize,
    verdict: String,
    stage: Option<String>,
    reason: Option<String>,
    detail: Option<String>,
    #[serde(default)]
    messages: Vec<Message>,
    #[serde(default)]
    axioms: Vec<String>,
    heartbeats: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Message {
    severity: String,
    line: u32,
    column: u32,
    text: String,
}

/// The verdicts of records 0 to `records - 1`, by index; `None` where a record has no result. Of several results of a record
/// the first counts, as in a resumed run.
pub(super) fn verdicts(results: impl BufRead, records: usize) -> io::Result<Vec<Option<Judged>>> {
    let mut found: Vec<Option<Judged>> = vec![None; records];
    for line in results.lines() {
        let line: Line = serde_json::from_str(&line?).map_err(io::Error::from)?;
        let wrong = |words: String| io::Error::new(io::ErrorKind::InvalidData, words);
        let standing =
            Standing::named(&line.verdict).ok_or_else(|| wrong(format!("`{}` is no verdict", line.verdict)))?;
        let detail = sentence(&line);
        let Some(place) = found.get_mut(line.index) else {
            return Err(wrong(format!("there is a result for record {}, but only {records} records", line.index)));
        };
        place.get_or_insert(Judged {
            problem: String::new(),
            sample: 0,
            sha256: Some(line.sha256),
            standing,
            stage: line.stage,
            reason: line.reason,
            detail,
            heartbeats: line.heartbeats,
            again: vec![],
        });
    }
    Ok(found)
}

/// Why it was not accepted, as Lean or the engine said it.
fn sentence(line: &Line) -> String {
    if let Some(detail) = &line.detail {
        return detail.clone();
    }
    if line.verdict != Standing::Rejected.as_str() {
        return String::new();
    }
    if line.reason.as_deref() == Some("axiom") {
        return format!("axioms: {}", line.axioms.join(", "));
    }
    let first = line.messages.iter().find(|m| m.severity == "error").or(line.messages.first());
    first.map(|m| format!("{}:{} {}", m.line, m.column, m.text)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str = r#"{"id":"x","index":1,"verdict":"rejected","level":"statement","stage":"proof","reason":"unsolved_goals","mode":"proof","required":"target","messages":[{"severity":"warning","line":1,"column":0,"endLine":1,"endColumn":1,"text":"w"},{"severity":"error","line":2,"column":3,"endLine":2,"endColumn":5,"text":"unsolved goals\n⊢ p"}],"axioms":[],"declarations":[],"warnings":[],"heartbeats":7,"wall_ms":1.5,"engine":null,"sha256":"ab"}"#;

    #[test]
    fn the_first_error_is_the_sentence_and_the_first_result_counts() {
        let again = RESULT.replace("rejected", "accepted");
        let found = verdicts(format!("{RESULT}\n{again}\n").as_bytes(), 2).expect("results");
        let second = found[1].as_ref().expect("a result");
        assert_eq!(found[0], None);
        assert_eq!((second.standing, second.heartbeats), (Standing::Rejected, 7));
        assert_eq!(second.detail, "2:3 unsolved goals\n⊢ p");
    }

    #[test]
    fn what_is_no_result_is_an_error() {
        for (text, says) in [
            ("{}", "missing field"),
            (&RESULT.replace("rejected", "maybe"), "`maybe` is no verdict"),
            (&RESULT.replace("\"index\":1", "\"index\":9"), "record 9"),
        ] {
            let error = verdicts(text.as_bytes(), 2).expect_err(text).to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
