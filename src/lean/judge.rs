//! From evidence to verdict: the trusted core. Pure; everything it believes was computed by trusted code from the
//! parser, the elaborator and the environment, never from a claim of the text.

use super::bodies;
use super::evidence::{CommandEvidence, Evidence};
use super::limits;
use super::rejection;
use crate::domain::{AxiomPolicy, Cause, Message, Mode, Reason, Rung, Verdict};

/// The axiom that stands for every gap.
const SORRY: &str = "sorryAx";

/// What a text is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// [`Mode::Statement`] or [`Mode::Proof`].
    pub mode: Mode,
    /// The rung that counts.
    pub required: Rung,
    pub axioms: &'a AxiomPolicy,
    /// The text, for reasons that depend on how it reads.
    pub source: &'a str,
}

/// The rung that counts unless the caller says otherwise.
pub fn default_rung(mode: Mode) -> Rung {
    match mode {
        Mode::Statement => Rung::Statement,
        Mode::Proof | Mode::Auto => Rung::Axioms,
    }
}

/// Judges a text that was elaborated to its end.
///
/// The first obstacle on the ladder decides. An error counts as a rejection only if nothing the engine could not do
/// comes before it; and a text in which something was not done is never accepted.
pub fn judge(evidence: &Evidence, rule: Rule<'_>) -> Verdict {
    if let Some(verdict) = first_error(evidence, rule) {
        return verdict;
    }
    if let Some(detail) = evidence.commands.iter().find_map(|c| c.unsupported.clone()).or(evidence.unsupported.clone())
    {
        return Verdict::Undecided { cause: Cause::Unsupported, detail };
    }
    let declarations = || evidence.commands.iter().flat_map(|c| &c.declarations);
    if let Some(lost) = declarations().find(|d| !d.present) {
        let detail = format!("no error was reported, but `{}` was not added to the environment", lost.name);
        return Verdict::Undecided { cause: Cause::Unsupported, detail };
    }
    if declarations().next().is_none() {
        return Verdict::Rejected { stage: Rung::Statement, reason: Reason::NothingDeclared };
    }
    if rule.mode == Mode::Statement {
        return Verdict::Accepted { level: Rung::Statement };
    }
    if !declarations().any(|d| d.kind.is_proof()) {
        return Verdict::Rejected { stage: Rung::Proof, reason: Reason::NothingProved };
    }
    let sorry = evidence.axioms.contains(SORRY);
    let forbidden = evidence.axioms.iter().any(|a| a != SORRY && !rule.axioms.permitted.contains(a));
    let (level, missed) = match (sorry, forbidden) {
        (true, _) => (Rung::Proof, Some((Rung::NoSorry, Reason::Sorry))),
        (false, true) => (Rung::NoSorry, Some((Rung::Axioms, Reason::Axiom))),
        (false, false) => (Rung::Axioms, None),
    };
    match missed {
        Some((stage, reason)) if stage <= rule.required => Verdict::Rejected { stage, reason },
        _ => Verdict::Accepted { level },
    }
}

/// The error that decides: of the lowest rung missed, the first that is no exhausted limit.
fn first_error(evidence: &Evidence, rule: Rule<'_>) -> Option<Verdict> {
    let errors: Vec<(Rung, &Message, usize)> = evidence
        .commands
        .iter()
        .enumerate()
        .flat_map(|(i, command)| command.errors().map(move |(m, parse)| (stage(command, m, parse), m, i)))
        .filter(|(stage, ..)| *stage <= rule.required)
        .collect();
    let lowest = errors.iter().map(|(stage, ..)| *stage).min()?;
    let of_lowest = || errors.iter().filter(|(stage, ..)| *stage == lowest);
    let Some((stage, message, command)) = of_lowest().find(|(_, m, _)| limits::resource_limit(&m.text).is_none())
    else {
        let (_, message, _) = of_lowest().next()?;
        let cause = limits::resource_limit(&message.text)?;
        return Some(Verdict::Undecided { cause, detail: first_line(&message.text) });
    };
    let before = &evidence.commands[..=*command];
    if let Some(detail) = before.iter().find_map(|c| c.unsupported.clone()) {
        return Some(Verdict::Undecided { cause: Cause::Unsupported, detail });
    }
    if let Some(detail) = limits::unsupported(&message.text) {
        return Some(Verdict::Undecided { cause: Cause::Unsupported, detail });
    }
    let own: Vec<&str> = evidence
        .commands
        .iter()
        .flat_map(|c| &c.declarations)
        .filter_map(|d| d.name.rsplit('\u{0}').next())
        .filter(|name| !name.is_empty())
        .collect();
    if let Some(stuck) = bodies::missing_body(&message.text, &own) {
        let detail = format!("{} (Lean could not unfold: {stuck})", limits::BODIES);
        return Some(Verdict::Undecided { cause: Cause::Unsupported, detail });
    }
    let reason = rejection::reason(&message.text, *stage == Rung::Parsed, rule.source);
    Some(Verdict::Rejected { stage: *stage, reason })
}

/// The rung an error keeps a text from.
fn stage(command: &CommandEvidence, message: &Message, parse: bool) -> Rung {
    if parse {
        return Rung::Parsed;
    }
    let about_the_whole = is_about_the_whole(&message.text);
    let proves = command.declarations.iter().any(|d| d.kind.is_proof());
    match command.in_proof(message.offset) || (proves && about_the_whole) {
        true => Rung::Proof,
        false => Rung::Statement,
    }
}

/// Errors that Lean reports at a declaration's name although its proof is at fault.
fn is_about_the_whole(text: &str) -> bool {
    text.starts_with("(kernel)")
        || text.contains("declaration has metavariables")
        || text.contains("termination")
        || text.contains("structural recursion")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
