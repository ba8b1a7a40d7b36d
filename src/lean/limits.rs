//! Messages that say nothing about the candidate: an exhausted limit of Lean's own, or something this engine lacks.
//! Owns their wordings; must not take a text that merely quotes one for one.

use crate::domain::Cause;

/// The cause, if a message says that Lean ran out of heartbeats, stack or memory. Lean's recursion counter ("maximum
/// recursion depth has been reached") is none of them: it is an ordinary error.
pub fn resource_limit(text: &str) -> Option<Cause> {
    const LIMITS: [(&str, Cause); 8] = [
        ("(deterministic) timeout", Cause::Heartbeats),
        ("(kernel) deterministic timeout", Cause::Heartbeats),
        ("maximum number of heartbeats (", Cause::Heartbeats),
        ("exceeded heartbeat limit", Cause::Heartbeats),
        ("deep recursion was detected", Cause::Stack),
        ("deep recursion detected", Cause::Stack),
        ("Stack overflow", Cause::Stack),
        ("excessive memory consumption", Cause::Memory),
    ];
    LIMITS.iter().find(|(wording, _)| says(text, wording)).map(|(_, cause)| *cause)
}

/// What is said when a body is missing.
pub(super) const BODIES: &str =
    "the engine's library holds the statements of its definitions but not all of their bodies";
const PROOFS: &str = "the engine's library holds theorems without their proofs, so `#print axioms` lists them";
const CODE: &str = "the engine does not compile or run Lean code";
const SOLVER: &str = "the engine has no external solver";

/// A short explanation, if a message shows that the engine lacks something: a body its library does not ship, code
/// generation, or a solver. Never for errors that native Lean would report as well.
pub fn unsupported(text: &str) -> Option<String> {
    const OWN: [&str; 4] = [
        "uses 'sorry' and/or contains errors",
        "it contains metavariables",
        "failed to compile 'partial' definition",
        "could not prove that the type",
    ];
    const LACKS: [(&str, &str); 27] = [
        ("definition is not exposed", BODIES),
        ("Expected a definition with an exposed body", BODIES),
        ("is not an exposed definition", BODIES),
        ("must be an exposed definition", BODIES),
        ("cannot evaluate code because", CODE),
        ("cannot evaluate `[init]` declaration", CODE),
        ("(interpreter) unknown declaration", CODE),
        ("(interpreter) IR of declaration", CODE),
        ("failed to compile definition", CODE),
        ("failed to compile expression", CODE),
        ("failed to compile inductive", CODE),
        ("code generator does not support", CODE),
        ("code generator failed", CODE),
        ("not supported by code generator", CODE),
        ("ould not find native implementation", CODE),
        ("has not been compiled", CODE),
        ("has no executable code", CODE),
        ("does not have executable code", CODE),
        ("because it is noncomputable", CODE),
        ("which is 'noncomputable'", CODE),
        ("ailed to find LCNF signature", CODE),
        ("ould not evaluate decidable instance", CODE),
        ("could not evaluate", CODE),
        ("ailed to execute external prover", SOLVER),
        ("external prover produced unexpected output", SOLVER),
        ("failed to locate application", SOLVER),
        ("SAT solver timed out", SOLVER),
    ];
    if OWN.iter().any(|wording| says(text, wording)) {
        return None;
    }
    let lack = LACKS.iter().find(|(wording, _)| says(text, wording)).map(|(_, lack)| *lack);
    let lack = lack.or_else(|| misses_compiled_constant(text).then_some(CODE)).or_else(|| guards_the_library(text))?;
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim();
    let quoted: String = line.chars().take(120).collect();
    Some(format!("{lack} (Lean says: {quoted})"))
}

/// True if the name that is missing is one the compiler would have made.
fn misses_compiled_constant(text: &str) -> bool {
    let Some(first) = text.trim_start().lines().next() else { return false };
    let made = ["._redArg", "._unsafe_rec", "._boxed", "._lam_", "._lambda_", "._spec_", "._override", "._cstage"];
    first.to_lowercase().starts_with("unknown constant") && made.iter().any(|part| first.contains(part))
}

/// What `#guard_msgs` compared with what native Lean prints, if the engine's library prints something else.
fn guards_the_library(text: &str) -> Option<&'static str> {
    let mut lines = text.lines();
    if !lines.next()?.contains("Docstring on `#guard_msgs` does not match") {
        return None;
    }
    lines.find_map(|line| match line {
        _ if line.contains("<not imported>") => Some(BODIES),
        _ if line.contains("depends on axioms: [") => Some(PROOFS),
        _ => None,
    })
}

/// True if some line of the message says `wording` itself, not inside a string literal or a `«»` name of the goal.
fn says(text: &str, wording: &str) -> bool {
    text.lines().any(|line| {
        line.find(wording).is_some_and(|at| {
            let before = &line[..at];
            before.matches('"').count() % 2 == 0 && before.matches('«').count() == before.matches('»').count()
        })
    })
}

/// The definition that `unfold` could not unfold.
pub fn failed_unfold(text: &str) -> Option<&str> {
    let rest = text.split_once("failed to unfold `")?.1;
    rest.split_once('`').map(|(name, _)| name)
}

/// True for errors that a missing body of a definition can cause: a definitional equality that does not hold, a
/// decision procedure that does not reduce, a definition that does not unfold.
pub fn depends_on_unfolding(text: &str) -> bool {
    const WORDINGS: [&str; 15] = [
        "\ndid not reduce to `",
        "Type mismatch",
        "type mismatch",
        "Tactic `rfl` failed",
        "definitional equality",
        "definitionally equal",
        "failed to unfold",
        "Tactic `apply` failed",
        "Tactic `change` failed",
        "Tactic `assumption` failed",
        "Dependent elimination failed",
        "unsolved goals",
        "made no progress",
        "failed to find an usable pattern",
        "could not unify",
    ];
    WORDINGS.iter().any(|wording| text.contains(wording))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exhausted_limits() {
        let heartbeats = "(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached";
        for (message, expected) in [
            (heartbeats, Some(Cause::Heartbeats)),
            ("failed to synthesize\n  Foo\n(deterministic) timeout at `typeclass`", Some(Cause::Heartbeats)),
            ("(kernel) deterministic timeout", Some(Cause::Heartbeats)),
            ("(kernel) deep recursion detected", Some(Cause::Stack)),
            ("deep recursion was detected at 'replace' (potential solution: increase stack space)", Some(Cause::Stack)),
            ("Stack overflow detected. Aborting.", Some(Cause::Stack)),
            ("(kernel) excessive memory consumption detected", Some(Cause::Memory)),
            ("maximum recursion depth has been reached\nuse `set_option maxRecDepth <num>`", None),
            ("unsolved goals\n⊢ \"(deterministic) timeout at\" = x", None),
            ("unsolved goals\n«Stack overflow» : p\n⊢ False", None),
            ("unsolved goals", None),
        ] {
            assert_eq!(resource_limit(message), expected, "{message}");
        }
    }

    #[test]
    fn what_the_engine_lacks() {
        for (message, lack) in [
            (
                "Tactic `unfold` failed: x\nThe following definitions were not unfolded because their definition is not exposed:",
                BODIES,
            ),
            ("invalid `grind` parameter `Nat.foo`: Expected a definition with an exposed body", BODIES),
            (
                "failed to compile definition, compiler IR check failed at `f`. Error: depends on declaration 'g', which has \
              no executable code; consider marking definition as 'noncomputable'",
                CODE,
            ),
            (
                "Could not find native implementation of external declaration 'foo' (symbols 'l_foo___boxed' or 'l_foo').",
                CODE,
            ),
            ("Tactic `native_decide` failed: Could not evaluate decidable instance. Error: x", CODE),
            ("Unknown constant `List.map._redArg`", CODE),
            ("cannot evaluate code because 'f' does not have executable code", CODE),
            ("Failed to execute external prover:\nno such file", SOLVER),
            (
                "❌️ Docstring on `#guard_msgs` does not match generated message:\n\n- info: 'foo' does not depend on any \
              axioms\n+ info: 'foo' depends on axioms: [Nat.add_comm]\n",
                PROOFS,
            ),
        ] {
            let explanation = unsupported(message);
            assert!(explanation.as_ref().is_some_and(|e| e.starts_with(lack)), "{message}: {explanation:?}");
        }
    }

    #[test]
    fn what_is_the_candidates_own_doing() {
        for message in [
            "Cannot evaluate expression that depends on the `sorry` axiom.",
            "aborting evaluation since the expression depends on the 'sorry' axiom, which can lead to runtime instability",
            "cannot evaluate code because 'f' uses 'sorry' and/or contains errors",
            "Failed to compile pattern matching: Stuck at\n  x",
            "failed to compile 'partial' definition `f`, could not prove that the type\n  α\nis nonempty",
            "Unknown constant `Nat.foo`",
            "Unknown identifier `foo`",
            "unsolved goals\n⊢ \"has not been compiled\" = x",
            "❌️ Docstring on `#guard_msgs` does not match generated message:\n\n- info: 3\n+ info: 4\n",
        ] {
            assert_eq!(unsupported(message), None, "{message}");
        }
    }
}
