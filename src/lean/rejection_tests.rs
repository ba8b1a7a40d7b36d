//! Tests of `reason`, with messages as Lean 4.28 and its predecessors write them.

use super::*;
use Reason::*;

fn of(message: &str) -> Reason {
    reason(message, false, "")
}

#[test]
fn messages_of_lean_4_28() {
    for (message, expected) in [
        ("Unknown identifier `Nat.mul_comutative`", UnknownIdentifier),
        (
            "Unknown constant `Nat.foo`\n\nNote: Inferred this name from the expected resulting type of `.foo`",
            UnknownIdentifier,
        ),
        ("unknown namespace `Finset`", UnknownIdentifier),
        ("Unknown attribute `[to_additive]`", UnknownIdentifier),
        ("unknown universe level `u`", UnknownIdentifier),
        (
            "Invalid field `foo`: The environment does not contain `Nat.foo`, so it is not possible to project",
            UnknownIdentifier,
        ),
        ("`foo` is not a field of structure `Point`", UnknownIdentifier),
        ("Invalid field notation: Type of\n  x\nis not known; cannot resolve field `y`", Elaboration),
        (
            "Function expected at\n  Group\nbut this term has type\n  ?m.1\n\nHint: The identifier `Group` is unknown, and \
             Lean's `autoImplicit` option causes an unknown identifier to be treated as an implicitly bound variable",
            UnknownIdentifier,
        ),
        ("Function expected at\n  1\nbut this term has type\n  Nat", TypeMismatch),
        ("Type mismatch\n  hq\nhas type\n  q\nbut is expected to have type\n  p", TypeMismatch),
        ("Application type mismatch: The argument\n  hq\nhas type", TypeMismatch),
        ("Type mismatch: After simplification, term\n  h", TypeMismatch),
        ("Not a definitional equality: the left-hand side\n  1 + 1", TypeMismatch),
        ("failed to synthesize instance of type class\n  HAdd α α ?m.5", MissingInstance),
        ("typeclass instance problem is stuck\n  Add ?m.1", MissingInstance),
        ("unsolved goals\np q : Prop\nhp : p\n⊢ q", UnsolvedGoals),
        ("Alternative `succ` has not been provided", UnsolvedGoals),
        ("Tactic `rfl` failed: The left-hand side\n  1 + 1\nis not definitionally equal", TacticFailed),
        ("Tactic `decide` proved that the proposition\n  1 = 2\nis false", TacticFailed),
        ("Tactic `rewrite` failed: Did not find an occurrence of the pattern", TacticFailed),
        ("Tactic `apply` failed: could not unify the conclusion of `h`", TacticFailed),
        ("Tactic `cases` failed: Type mismatch", TacticFailed),
        ("omega could not prove the goal:\na possible counterexample may satisfy the constraints", TacticFailed),
        ("`simp` made no progress", TacticFailed),
        ("simp_all made no progress", TacticFailed),
        ("`grind` failed\ncase grind", TacticFailed),
        ("`exact?` could not close the goal. Try `apply?` to see partial suggestions.", TacticFailed),
        ("No goals to be solved", TacticFailed),
        ("Tactic `conv` failed: There are unsolved goals", UnsolvedGoals),
        ("fail to show termination for\n  foo\nwith errors\nfailed to infer structural recursion:", Termination),
        ("failed to prove termination, possible solutions:\n  - Use `have`-expressions", Termination),
        ("Could not find a decreasing measure.\nThe basic measures relate", Termination),
        ("`Nat.add_comm` has already been declared", AlreadyDeclared),
        ("(kernel) constant has already been declared 'x'", AlreadyDeclared),
        ("(kernel) declaration has metavariables '_example'", Kernel),
        ("(kernel) application type mismatch\n  f x", Kernel),
        ("(kernel) deep recursion detected", Kernel),
        ("Invalid universe level in constructor `Magma.mk`: Parameter `carrier` has type", Elaboration),
        ("failed to elaborate eliminator, motive is not type correct:\n  fun x => x", Elaboration),
        ("type of theorem `x` is not a proposition\n  Nat", Elaboration),
        ("don't know how to synthesize implicit argument\n  @id ?m.1", Elaboration),
        ("Missing cases:\n(Nat.succ _)", Elaboration),
        ("maximum recursion depth has been reached\nuse `set_option maxRecDepth <num>`", Elaboration),
        ("ambiguous, possible interpretations \n  a\n  b", Elaboration),
        ("", Elaboration),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn messages_of_older_versions_and_of_mathlib() {
    for (message, expected) in [
        ("unknown identifier 'foo'", UnknownIdentifier),
        ("unknown constant 'Nat.foo'", UnknownIdentifier),
        ("invalid field 'foo', the environment does not contain 'Nat.foo'", UnknownIdentifier),
        (
            "invalid dotted identifier notation, unknown identifier `Nat.foo` from expected type\n  Nat",
            UnknownIdentifier,
        ),
        ("type mismatch\n  h\nhas type\n  p : Prop\nbut is expected to have type\n  q : Prop", TypeMismatch),
        ("application type mismatch\n  f x\nargument\n  x", TypeMismatch),
        ("failed to synthesize\n  OfNat String 1\nnumerals are polymorphic in Lean", MissingInstance),
        ("typeclass instance problem is stuck, it is often due to metavariables", MissingInstance),
        ("tactic 'rewrite' failed, did not find instance of the pattern in the target expression", TacticFailed),
        ("tactic 'rewrite' failed, motive is not type correct", TacticFailed),
        ("motive is not type correct:\n  fun x => x", TacticFailed),
        ("The rfl tactic failed. Possible reasons:", TacticFailed),
        ("simp made no progress", TacticFailed),
        ("linarith failed to find a contradiction", TacticFailed),
        ("no goals to be proved", TacticFailed),
        ("'show' tactic failed, pattern\n  p", TacticFailed),
        ("alternative 'succ' has not been provided", UnsolvedGoals),
        ("'foo' has already been declared", AlreadyDeclared),
        ("structural recursion cannot be used:\n\nargument #1", Termination),
    ] {
        assert_eq!(of(message), expected, "{message}");
    }
}

#[test]
fn wordings_are_spelt_as_they_are_looked_for() {
    for (wording, _) in &WORDINGS {
        let (Starts(part) | First(part) | Anywhere(part)) = wording;
        assert_eq!(part.to_lowercase().replace('\'', "`"), **part);
    }
}

#[test]
fn goals_and_hypotheses_do_not_decide() {
    assert_eq!(of("unsolved goals\nh : \"Type mismatch\" = \"Unknown identifier `x`\"\n⊢ False"), UnsolvedGoals);
    assert_eq!(of("Type mismatch\n  «unsolved goals»"), TypeMismatch);
}

#[test]
fn parse_errors() {
    let parse = |source| reason("unexpected token ','; expected '↦' or '=>'", true, source);
    assert_eq!(parse("theorem a : (λ x, f x) = f := rfl"), Lean3Syntax);
    assert_eq!(parse("theorem a (n : Nat : n = n := by rfl"), Syntax);
}

#[test]
fn parse_errors_of_the_example_outputs() {
    let mut seen = 0;
    for line in include_str!("../../examples/outputs.jsonl").lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let expected = &record["expect"]["reason"];
        if expected == "syntax" || expected == "lean3_syntax" {
            let found = reason("unexpected token", true, record["code"].as_str().unwrap());
            assert_eq!(found.as_str(), expected, "{}", record["id"]);
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen}");
}
