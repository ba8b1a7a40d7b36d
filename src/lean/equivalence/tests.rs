//! Ladders as text, and the work on terms in front of them.

use super::{Core, CoreDirection, EquivalenceLadder, Plus, PlusDirection, Statement, join, questions};
use crate::lean::kernel::words::Words;
use crate::lean::kernel::{Telescope, show};

const GOLD: &str = "theorem gold (a b : Nat) (h : a < b) : a ≠ b := by\n  omega\n";
const MODEL: &str = "theorem model (x y : Nat) : y > x → ¬ x = y";

fn plus() -> PlusDirection<'static> {
    PlusDirection { header: "import Mathlib\n", base: GOLD, goal: MODEL }
}

#[test]
fn beq_plus_writes_the_papers_files() {
    let rungs: Vec<&str> = Plus.rungs();
    assert_eq!(rungs, ["exact", "apply", "have", "convert_0", "convert_1", "convert_2", "convert_3", "convert_4"]);
    let attempts = Plus.attempts(&plus());
    assert_eq!(attempts.iter().map(|a| a.rungs[0].0).collect::<Vec<_>>(), rungs);
    let head = "import Mathlib\n\ntheorem base_theorem (a b : Nat) (h : a < b) : a ≠ b := sorry\n\n\
                theorem reformulated_theorem (x y : Nat) : y > x → ¬ x = y := by\n";
    let proof = |rung: usize| attempts[rung].text.strip_prefix(head).expect("every file begins the same");
    assert_eq!(Plus.well_typed(&plus()).expect("a file").text, format!("{head}  sorry\n"));
    assert_eq!(proof(0), "  intros\n  symm_saturate\n  exact?\n");
    assert_eq!(attempts[0].must_mention, Some("base_theorem"));
    let solve = "all_goals intros\nfirst | ((all_goals try tauto); (all_goals try simp_all_arith!); \
                 (all_goals try noncomm_ring); (all_goals try exact?)) | (all_goals ((try tauto); \
                 (try simp_all_arith!); (try noncomm_ring); (try exact?)))";
    let indented = |by: &str| solve.lines().map(|l| format!("{by}{l}\n")).collect::<String>();
    assert_eq!(proof(1), format!("  intros\n  symm_saturate\n  apply base_theorem\n{}", indented("  ")));
    let have = "  all_goals intros\n  first | ((all_goals try tauto); (all_goals try simp_all_arith!); \
                (all_goals try exact? using this)) | (all_goals ((try tauto); (try simp_all_arith!); \
                (try exact? using this)))\n";
    assert_eq!(
        proof(2),
        format!(
            "  intros\n  symm_saturate\n  have : a ≠ b := by\n    apply_rules [base_theorem]\n{}{have}",
            indented("    ")
        )
    );
    assert_eq!(
        proof(5),
        format!(
            "  intros\n  symm_saturate\n  convert (config := .unfoldSameFun) base_theorem using 2\n{}",
            indented("  ")
        )
    );
    let alone = Plus.alone(&plus(), "have").expect("`have` is guarded");
    assert_eq!(alone.text, format!("{head}  intros\n  symm_saturate\n{have}"));
    assert_eq!(Plus.alone(&plus(), "apply"), None);
}

#[test]
fn beq_plus_keeps_what_stands_before_a_theorem() {
    let base = "def double (n : Nat) := n + n\n\nlemma l (n : Nat) : double n = 2 * n := by sorry";
    let direction = PlusDirection { header: "", base, goal: "example : True := trivial" };
    let text = Plus.well_typed(&direction).expect("a file").text;
    assert!(
        text.starts_with("def double (n : Nat) := n + n\n\ntheorem base_theorem (n : Nat) : double n = 2 * n := sorry")
    );
    assert!(text.ends_with("theorem reformulated_theorem : True := by\n  sorry\n"));
    assert_eq!(Plus.well_typed(&PlusDirection { goal: "def d := 1", ..direction }), None);
}

fn core() -> CoreDirection {
    CoreDirection {
        proposition: "_p".into(),
        absurdity: "_q".into(),
        universes: vec!["u1".into()],
        data: 2,
        mentioned: vec!["And".into(), "Nat".into()],
        definitions: vec!["Even".into()],
        unfolded: vec!["Even".into()],
    }
}

#[test]
fn beq_core_says_by_a_line_which_rung_it_was() {
    let attempts = Core.attempts(&core());
    let mut seen = Vec::new();
    for attempt in &attempts {
        let lines: Vec<&str> = attempt.text.lines().collect();
        assert_eq!(lines[1], "theorem _afcheck_attempt.{u1} : _p.{u1} := by");
        assert_eq!(lines[2..4], ["  delta _p", "  intro _ _ base"]);
        for (rung, line) in &attempt.rungs {
            assert!(lines[*line as usize - 1].starts_with("  | ("), "{rung} is in line {line} of {}", attempt.text);
            seen.push(*rung);
        }
    }
    seen.dedup();
    assert_eq!(seen, Core.rungs(), "every rung is tried, in order");
    let without = Core.attempts(&CoreDirection { definitions: vec![], unfolded: vec![], mentioned: vec![], ..core() });
    assert!(without.iter().flat_map(|a| &a.rungs).all(|(rung, _)| *rung != "arithmetic"), "nothing to calculate with");
    assert!(without.iter().all(|a| !a.text.contains("[]")), "nothing is unfolded where there is nothing to unfold");
}

#[test]
fn the_guards_take_the_base_or_the_goal_away() {
    let alone = Core.alone(&core(), "grind").expect("guarded");
    assert!(alone.text.contains(" : _p.{u1}") && alone.text.contains("  clear base\n"));
    let absurd = Core.absurd(&core(), "grind").expect("guarded");
    assert!(absurd.text.contains(" : _q.{u1}") && !absurd.text.contains("clear base"));
    assert_eq!(Core.alone(&core(), "definitional"), None, "what is the same by definition needs no guard");
    assert_eq!(Core.absurd(&core(), "definitional"), None);
}

/// A statement in the notation of `words`, with the positions of its hypotheses.
fn statement(words: &mut Words, text: &str, hypotheses: &[usize]) -> Statement {
    let ty = words.expr(text);
    let telescope = Telescope::new(&words.terms, ty);
    let is_hypothesis = (0..telescope.binders.len()).map(|i| hypotheses.contains(&i)).collect();
    Statement { ty, telescope, is_hypothesis }
}

fn asked(base: (&str, &[usize]), goal: (&str, &[usize])) -> Vec<(String, usize)> {
    let mut words = Words::default();
    let (base, goal) = (statement(&mut words, base.0, base.1), statement(&mut words, goal.0, goal.1));
    let questions = questions(&mut words.terms, &base, &goal);
    questions.iter().map(|q| (show(&words.terms, q.proposition, &[]), q.data)).collect()
}

#[test]
fn statements_are_compared_over_common_variables() {
    // ∀ (n : Nat), P n → Q n   and   ∀ (n : Nat), R n
    let asked = asked(("(pi Nat (pi (P #0) (Q #1)))", &[1]), ("(pi Nat (R #0))", &[]));
    assert_eq!(asked, [("∀ (x : Nat), ∀ (base : ∀ (x : P x), Q x), R x".to_owned(), 1)]);
}

#[test]
fn variables_of_other_types_stay_where_they_are() {
    // The base speaks of an Int the goal does not have.
    let asked = asked(("(pi Int (pi Nat (P #1 #0)))", &[]), ("(pi Nat (R #0))", &[]));
    assert_eq!(asked, [("∀ (x : Nat), ∀ (base : ∀ (x : Int), P x x), R x".to_owned(), 1)]);
}

#[test]
fn variables_correspond_so_that_the_statements_have_most_in_common() {
    // ∀ x y, P x y → Q x   and   ∀ x y, P y x → Q y: the first variable of one is the second of the other.
    let (a, b) = ("(pi Nat (pi Nat (pi (P #1 #0) (Q #2))))", "(pi Nat (pi Nat (pi (P #0 #1) (Q #1))))");
    let asked = asked((a, &[2]), (b, &[2]));
    assert_eq!(asked.len(), 2, "and by name: {asked:?}");
    let same = "∀ (x : Nat), ∀ (x : Nat), ∀ (base : ∀ (x : P x x), Q x), ∀ (x : P x x), Q x";
    assert_eq!(asked[0], (same.to_owned(), 2));
}

#[test]
fn names_that_mean_something_else_are_kept_apart() {
    let mut words = Words::default();
    words.definition("d", "Nat", "1");
    words.definition("same", "Nat", "5");
    let a = words.expr("(P d same)");
    let ours = std::mem::take(&mut words.constants);
    words.definition("d", "Nat", "2");
    words.definition("same", "Nat", "5");
    words.definition("other", "Nat", "1");
    let b = words.expr("(P d same other)");
    let theirs = std::mem::take(&mut words.constants);
    let joined = join(&mut words.terms, (&ours, a), (&theirs, b)).expect("joined");
    let b = joined.renaming.apply(&mut words.terms, b);
    // What says the same under another name is the same.
    assert_eq!(show(&words.terms, b, &[]), "P _afcheck_b.d same d");
    assert_eq!(joined.constants.len(), 3);
}

#[test]
fn an_axiom_of_one_text_is_no_common_ground() {
    let mut words = Words::default();
    words.axiom("ax", "Nat");
    let b = words.expr("(P ax)");
    let theirs = std::mem::take(&mut words.constants);
    let a = words.expr("(P 1)");
    let refused = join(&mut words.terms, (&words.constants, a), (&theirs, b)).expect_err("refused");
    assert!(refused.contains("`ax`, which is an axiom"), "{refused}");
}
