//! One place of a text: elaborates up to the command it is in and asks Lean's own record of the elaboration what is there.
//! Owns which commands are elaborated and where positions come from; reading that record is `info_tree`'s business.

use super::audit;
use super::check::imports;
use super::elaborate::{self, Commands, Printed, Strictness};
use super::info_tree;
use super::instance::{Failure, Instance};
use super::snapshot::Snapshot;
use super::worker::{Place, Unavailable, Worker};
use crate::domain::{Budget, Cause, Inspection, InspectionRequest, NotInspected};
use crate::lean::{self, LineIndex};

type Unusable = (Cause, String);

fn not((cause, detail): Unusable) -> NotInspected {
    NotInspected { cause, detail }
}

/// Line ends as Lean reads them: lines and columns stay what they are.
fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

pub(super) fn inspect(worker: &mut Worker, request: &InspectionRequest) -> Result<Inspection, NotInspected> {
    let code = line_feeds(&lean::lean_text(&request.code).text);
    let header = request.header.as_deref().map(line_feeds);
    let texts = header.as_deref().into_iter().chain([code.as_str()]);
    let imports = imports(worker, texts, &request.budget).map_err(not)?;
    // A place may stand behind an error or without a budget to get there: then there is as much as was found.
    let outcome = worker
        .with_instance(&imports, Place::Working, &request.budget, |lean, snapshot| {
            look(lean, snapshot, header.as_deref(), &code, request.place)
        })
        .map_err(|why| not(why.into_parts()))?;
    outcome.result.map_err(not)
}

fn look(
    lean: &mut Instance,
    snapshot: &Snapshot,
    header: Option<&str>,
    code: &str,
    (line, column): (u32, u32),
) -> Result<Inspection, Failure> {
    let mut state = elaborate::start_state(lean, snapshot.environment, Strictness::Candidate)?;
    if let Some(header) = header {
        let mut text = elaborate::open_text(lean, header)?;
        text.printed = Printed::Nothing;
        state = elaborate::run(lean, &text, state, &mut |_| {})?;
    }
    let index = LineIndex::new(code);
    let at = index.offset(line, column);
    let mut text = elaborate::open_text(lean, code)?;
    text.printed = Printed::Nothing;
    let mut commands = Commands::new(&text, state);
    while commands.next(lean)?.is_some() {
        let read = commands.position(lean)?;
        if read > at || read >= code.len() {
            let trees = elaborate::info_trees(lean, commands.state)?;
            return info_tree::at(lean, text.file_map(lean)?, &trees, at, &index);
        }
    }
    Ok(Inspection::default())
}

/// Names with a component that only Lean writes.
fn is_internal(name: &str) -> bool {
    name.split('.').any(|part| {
        part.starts_with('_')
            || part.starts_with("match_")
            || part.starts_with("proof_")
            || part.starts_with("eq_") && part[3..].bytes().all(|b| b.is_ascii_digit())
            || matches!(part, "noConfusionType" | "below" | "brecOn" | "sizeOf_spec" | "injEq")
            || part.bytes().all(|b| b.is_ascii_digit())
    })
}

pub(super) fn names(worker: &mut Worker, header: Option<&str>, code: &str) -> Result<Vec<String>, NotInspected> {
    let budget = Budget::default();
    let texts = header.into_iter().chain([code]);
    let imports = imports(worker, texts, &budget).map_err(not)?;
    let outcome = worker
        .with_instance(&imports, Place::Clean, &budget, |lean, snapshot| {
            let mut objects = audit::imported_constants(lean, snapshot.environment)?;
            objects.extend(&snapshot.base_constants);
            let mut names = Vec::with_capacity(objects.len());
            for name in objects {
                let name = lean.read_name(name)?;
                if !is_internal(&name) {
                    names.push(name);
                }
            }
            names.sort_unstable();
            Ok(names)
        })
        .map_err(Unavailable::into_parts)
        .map_err(not)?;
    outcome.result.map_err(not)
}

#[cfg(test)]
mod tests {
    use super::look;
    use crate::domain::Inspection;
    use crate::engine::embedded::forged::bench::on_a_bench;

    /// What is known at the mark `‸` of a text.
    fn at_mark(text: &str) -> Inspection {
        let offset = text.find('‸').expect("a mark");
        let code = text.replace('‸', "");
        let place = crate::lean::LineIndex::new(&code).line_column(offset);
        let mut found = None;
        on_a_bench(|bench| {
            let snapshot = bench.snapshot.clone();
            found = Some(look(bench.reset_working(), &snapshot, None, &code, place).expect("an answer"));
        });
        found.expect("an answer")
    }

    #[test]
    fn goals_are_those_of_the_place() {
        let goals = |text: &str| at_mark(text).goals;
        let intro = "theorem t (p q : Prop) : p → q → p := by\n  intro hp hq\n";
        assert_eq!(goals(&format!("{intro}  ‸exact hp\n")), Some(vec!["p q : Prop\nhp : p\nhq : q\n⊢ p".to_owned()]));
        assert_eq!(goals(&format!("{intro}  exact hp‸\n")), Some(vec![]), "none is left");
        let both =
            goals("theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor‸\n  exact hp\n  exact hq\n");
        assert_eq!(both.expect("goals").len(), 2);
        assert_eq!(goals("theorem‸ t : 1 = 1 := by\n  rfl\n"), None);
        // Behind an error there is as much as Lean found out.
        assert!(goals("theorem t (n : Nat) : n = n + 0 := by\n  simp only []‸\n  nonsense\n").is_some());
    }

    #[test]
    fn types_and_documentation_are_those_of_the_smallest_thing() {
        let found = at_mark("theorem t (n : Nat) : n + 0 = n := Nat.add_‸zero n\n");
        assert_eq!(found.constant.as_deref(), Some("Nat.add_zero"));
        let hover = found.hover.expect("a hover");
        assert!(hover.text.contains("Nat.add_zero (n : Nat) : n + 0 = n"), "{hover:?}");
        assert_eq!(hover.range, ((1, 35), (1, 47)));
        let found = at_mark("theorem t (α : Type) (xs : List α) : xs.re‸verse.reverse = xs := by simp\n");
        assert_eq!(found.constant.as_deref(), Some("List.reverse"), "{found:?}");
        assert!(found.hover.expect("a hover").text.contains("(as : List α) : List α"), "its signature");
        let found = at_mark("/-- Twice a number. -/\ndef twice (n : Nat) := n + n\n\nexample := twi‸ce 2\n");
        assert!(found.hover.expect("a hover").text.contains("Twice a number."), "with its documentation");
        let found = at_mark("example (n : Nat) (h : n = 2) : n ≤ 2 := ‸h ▸ Nat.le_refl n\n");
        assert!(found.term_goal.is_some_and(|goal| goal.text.contains("⊢ ")), "what is expected there");
    }
}
