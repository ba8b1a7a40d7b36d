//! `data proofs`: proofs in, what Lean makes of them out: the goals in front of every step with the step that was taken, and
//! whole proofs as terms. Owns what Lean is asked and what of its answer is kept.

use crate::domain::{CheckReport, CheckRequest, Mode, Problem, Severity, Verdict};
use crate::engine::Engine;
use crate::lean::{ProofSteps, proof_steps, stated};
use crate::runner::{Asking, ask};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// A text that a model can learn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProofText {
    /// The problem's, and of a step its number from 1.
    pub id: String,
    pub kind: &'static str,
    /// All of it, as the source `jsonl:FILE` of a data condition reads it.
    pub text: String,
    /// Of a step the goals in front of it, and the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tactic: Option<String>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub states: bool,
    pub terms: bool,
}

/// What came of a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    pub texts: Vec<ProofText>,
    /// Problems without a proof, and those whose proof Lean did not accept, with the reason.
    pub without: usize,
    pub refused: Vec<(String, String)>,
}

/// A problem's question.
struct Asked<'a> {
    at: usize,
    problem: &'a Problem,
    steps: Option<ProofSteps<'a>>,
    /// The line that prints the term.
    print: Option<u32>,
}

/// Asks Lean for every proof. The texts are in the order of the problems; `None` if it was stopped before the end.
pub fn proofs(
    problems: &[Problem],
    wanted: Wanted,
    asking: Asking<'_, dyn Engine + '_>,
    settled: &dyn Fn(usize),
) -> io::Result<Option<Proofs>> {
    let mut found = Proofs::default();
    let mut input = Vec::new();
    for (at, problem) in problems.iter().enumerate() {
        let Some(proof) = &problem.proof else {
            found.without += 1;
            continue;
        };
        let steps = proof_steps(proof).filter(|_| wanted.states);
        let mut code = steps.as_ref().map_or(proof, |steps| &steps.traced).trim_end().to_owned() + "\n";
        let name = stated(proof).and_then(|stated| stated.name).filter(|_| wanted.terms);
        let print = name.map(|name| {
            code +=
                "\nset_option pp.proofs true in\nset_option pp.deepTerms true in\nset_option pp.maxSteps 100000 in\n";
            code += &format!("#print {name}\n");
            code.matches('\n').count() as u32
        });
        let request = CheckRequest { header: problem.header.clone(), mode: Mode::Proof, ..CheckRequest::new(code) };
        input.push((Asked { at, problem, steps, print }, request));
    }
    let total = input.len();
    let mut answers: BTreeMap<usize, Result<Vec<ProofText>, String>> = BTreeMap::new();
    ask(asking, input.into_iter(), &mut |asked, report: CheckReport, _| {
        settled(1);
        let answer = match &report.verdict {
            Verdict::Accepted { .. } => Ok(texts(&asked, &report)),
            verdict => Err(verdict.reason().unwrap_or("undecided").to_owned()),
        };
        answers.insert(asked.at, answer);
        Ok(())
    })?;
    if answers.len() < total {
        return Ok(None);
    }
    for (at, answer) in answers {
        match answer {
            Ok(texts) => found.texts.extend(texts),
            Err(why) => found.refused.push((problems[at].id.clone(), why)),
        }
    }
    Ok(Some(found))
}

/// What Lean said of a proof.
fn texts(asked: &Asked<'_>, report: &CheckReport) -> Vec<ProofText> {
    let id = &asked.problem.id;
    let said = |line: u32| {
        let own = |m: &&crate::domain::Message| m.line == line && !m.in_header && m.severity == Severity::Info;
        report.messages.iter().find(own).map(|message| message.text.trim().to_owned())
    };
    let mut texts = Vec::new();
    for (number, (tactic, line)) in asked.steps.iter().flat_map(|steps| &steps.steps).enumerate() {
        let Some(state) = said(*line) else { continue };
        texts.push(ProofText {
            id: format!("{id}/{}", number + 1),
            kind: "state",
            text: format!("{state}\n\n{tactic}"),
            state: Some(state),
            tactic: Some((*tactic).to_owned()),
        });
    }
    if let Some(term) = asked.print.and_then(said) {
        texts.push(ProofText { id: id.clone(), kind: "term", text: term, state: None, tactic: None });
    }
    texts
}
