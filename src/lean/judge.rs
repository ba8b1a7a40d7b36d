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
    /// True if there is a target.
    pub has_target: bool,
    /// The text, for reasons that depend on how it reads.
    pub source: &'a str,
}

/// The rung that counts unless the caller says otherwise: the highest there is.
pub fn default_rung(mode: Mode, has_target: bool) -> Rung {
    match (mode, has_target) {
        (Mode::Statement, _) => Rung::Statement,
        (_, true) => Rung::Target,
        (_, false) => Rung::Replay,
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
    let declarations = || evidence.commands.iter().filter(|c| !c.in_header).flat_map(|c| &c.declarations);
    if let Some(lost) = declarations().find(|d| !d.present) {
        let detail = format!("no error was reported, but `{}` was not added to the environment", lost.name);
        return Verdict::Undecided { cause: Cause::Unsupported, detail };
    }
    if declarations().next().is_none() && !evidence.hidden_theorem {
        return Verdict::Rejected { stage: Rung::Statement, reason: Reason::NothingDeclared };
    }
    if rule.mode == Mode::Statement {
        return Verdict::Accepted { level: Rung::Statement };
    }
    if !declarations().any(|d| d.kind.is_proof()) && !evidence.hidden_theorem {
        return Verdict::Rejected { stage: Rung::Proof, reason: Reason::NothingProved };
    }
    let sorry = evidence.axioms.contains(SORRY);
    let forbidden = evidence.axioms.iter().any(|a| a != SORRY && !rule.axioms.permitted.contains(a));
    let (level, missed) = match (sorry, forbidden) {
        (true, _) => (Rung::Proof, Some((Rung::NoSorry, Reason::Sorry))),
        (false, true) => (Rung::NoSorry, Some((Rung::Axioms, Reason::Axiom))),
        (false, false) => trusted(evidence, rule.has_target),
    };
    match missed {
        Some((stage, reason)) if stage <= rule.required => Verdict::Rejected { stage, reason },
        _ => Verdict::Accepted { level },
    }
}

/// The rungs above the axioms: the level shown, and the first one missed. A rung that was not tried is neither.
fn trusted(evidence: &Evidence, has_target: bool) -> (Rung, Option<(Rung, Reason)>) {
    match &evidence.replay {
        None => return (Rung::Axioms, None),
        Some(replay) if replay.refused.is_some() => return (Rung::Axioms, Some((Rung::Replay, Reason::Kernel))),
        Some(_) => {}
    }
    match &evidence.target {
        Some(target) if has_target => match (&target.equality, &target.mismatch) {
            (Some(_), _) => (Rung::Target, None),
            (None, Some(_)) => (Rung::Replay, Some((Rung::Target, Reason::TargetMismatch))),
            (None, None) => (Rung::Replay, Some((Rung::Target, Reason::TargetMissing))),
        },
        _ => (Rung::Replay, None),
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
    if limits::depends_on_unfolding(&message.text)
        && let Some(definition) = &evidence.commands[*command].unexposed
    {
        let detail =
            format!("the text may need to unfold `{definition}`, whose body the engine's library does not hold");
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
        // `theorem t : a = b := rfl`: the wish to mark it as a definitional equality fails beside the proof itself.
        || text.starts_with("Not a definitional equality")
        || text.contains("declaration has metavariables")
        || text.contains("termination")
        || text.contains("structural recursion")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Severity;
    use crate::lean::{DeclarationEvidence, DeclarationKind};

    fn error(offset: usize, text: &str) -> Message {
        let severity = Severity::Error;
        Message { severity, line: 1, column: 0, offset, end: None, text: text.into(), in_header: false }
    }

    /// A theorem over bytes 0..100 with its proof from 50 on, and these errors.
    fn theorem(errors: &[(usize, &str)]) -> CommandEvidence {
        let declaration =
            DeclarationEvidence { kind: DeclarationKind::Theorem, name: "t".into(), body: 50..100, present: true };
        CommandEvidence {
            range: 0..100,
            messages: errors.iter().map(|(at, text)| error(*at, text)).collect(),
            declarations: vec![declaration],
            ..CommandEvidence::default()
        }
    }

    fn not_run() -> CommandEvidence {
        CommandEvidence { unsupported: Some("`#eval`".into()), ..CommandEvidence::default() }
    }

    fn verdict(commands: Vec<CommandEvidence>, axioms: &[&str], mode: Mode, required: Rung) -> Verdict {
        let axioms = axioms.iter().map(|a| (*a).to_owned()).collect();
        let evidence = Evidence { commands, axioms, ..Evidence::default() };
        judge(&evidence, Rule { mode, required, axioms: &AxiomPolicy::default(), has_target: false, source: "" })
    }

    fn proof(commands: Vec<CommandEvidence>, axioms: &[&str]) -> Verdict {
        verdict(commands, axioms, Mode::Proof, Rung::Axioms)
    }

    fn rejected(stage: Rung, reason: Reason) -> Verdict {
        Verdict::Rejected { stage, reason }
    }

    fn cause(verdict: &Verdict) -> Option<Cause> {
        if let Verdict::Undecided { cause, .. } = verdict { Some(*cause) } else { None }
    }

    #[test]
    fn a_clean_proof_climbs_to_the_axioms() {
        assert_eq!(proof(vec![theorem(&[])], &["propext"]), Verdict::Accepted { level: Rung::Axioms });
        assert_eq!(proof(vec![theorem(&[])], &["sorryAx"]), rejected(Rung::NoSorry, Reason::Sorry));
        assert_eq!(proof(vec![theorem(&[])], &["magic"]), rejected(Rung::Axioms, Reason::Axiom));
        assert_eq!(proof(vec![theorem(&[])], &["«propext»"]), rejected(Rung::Axioms, Reason::Axiom));
        assert_eq!(proof(vec![], &[]), rejected(Rung::Statement, Reason::NothingDeclared));
    }

    #[test]
    fn the_lowest_rung_missed_decides_wherever_it_stands() {
        let in_proof = theorem(&[(60, "unsolved goals")]);
        let in_statement = theorem(&[(10, "Unknown identifier `x`")]);
        assert_eq!(proof(vec![in_proof.clone()], &[]), rejected(Rung::Proof, Reason::UnsolvedGoals));
        let both = vec![in_proof.clone(), in_statement];
        assert_eq!(proof(both, &[]), rejected(Rung::Statement, Reason::UnknownIdentifier));
        let kernel = theorem(&[(8, "(kernel) declaration has free variables")]);
        assert_eq!(proof(vec![kernel], &[]), rejected(Rung::Proof, Reason::Kernel));
        let statement = verdict(vec![in_proof], &["sorryAx"], Mode::Statement, Rung::Statement);
        assert_eq!(statement, Verdict::Accepted { level: Rung::Statement }, "a broken proof is no broken statement");
    }

    #[test]
    fn what_was_not_run_is_never_accepted_and_excuses_what_follows() {
        assert_eq!(cause(&proof(vec![theorem(&[]), not_run()], &[])), Some(Cause::Unsupported));
        let failing = theorem(&[(60, "unsolved goals")]);
        assert_eq!(cause(&proof(vec![not_run(), failing.clone()], &[])), Some(Cause::Unsupported));
        assert_eq!(proof(vec![failing, not_run()], &[]), rejected(Rung::Proof, Reason::UnsolvedGoals));
        let mut lost = theorem(&[]);
        lost.declarations[0].present = false;
        assert_eq!(cause(&proof(vec![lost], &[])), Some(Cause::Unsupported));
    }

    #[test]
    fn spent_limits_decide_only_if_nothing_else_does() {
        const TIMEOUT: &str =
            "(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached";
        assert_eq!(cause(&proof(vec![theorem(&[(60, TIMEOUT)])], &[])), Some(Cause::Heartbeats));
        let both = theorem(&[(60, TIMEOUT), (70, "unsolved goals")]);
        assert_eq!(proof(vec![both], &[]), rejected(Rung::Proof, Reason::UnsolvedGoals));
    }

    #[test]
    fn a_missing_body_excuses_failures_to_unfold_only() {
        let mut command = theorem(&[(60, "Tactic `rfl` failed: ...")]);
        command.unexposed = Some("Nat.repr".into());
        assert_eq!(cause(&proof(vec![command.clone()], &[])), Some(Cause::Unsupported));
        command.messages = vec![error(60, "omega could not prove the goal")];
        assert_eq!(proof(vec![command], &[]), rejected(Rung::Proof, Reason::TacticFailed));
    }

    #[test]
    fn what_only_the_header_declares_is_not_the_candidates() {
        let mut header = theorem(&[]);
        header.in_header = true;
        assert_eq!(proof(vec![header], &[]), rejected(Rung::Statement, Reason::NothingDeclared));
    }
}
