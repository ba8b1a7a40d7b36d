//! BEq-core: the ladder over the core library. Owns its tactic scripts and the texts they stand in.

use super::{Attempt, EquivalenceLadder};
use crate::domain::LadderKind;

/// A rung: scripts that are tried in turn where the goal is to be proved and `base` is a hypothesis.
struct Rung {
    name: &'static str,
    /// What is done first, once for all scripts of a text.
    before: &'static str,
    scripts: &'static [&'static str],
    /// What the scripts are made of, without the base; nothing if the rung needs no guard.
    alone: &'static [&'static str],
    /// `set_option maxHeartbeats`, for all scripts together.
    heartbeats: u32,
    /// Tried in one text with the rung before.
    joins: bool,
    /// Only where one of these constants is mentioned, if there are any.
    about: &'static [&'static str],
    /// Only where there are definitions to unfold.
    unfolds: bool,
    /// Only where a rung before proved the goal without needing the base: this one knows less, so that what it proves says
    /// more.
    rescues: bool,
}

/// Takes hypotheses apart.
const TAKE_APART: &str = "(repeat cases ‹_ ∧ _›); (repeat cases ‹Exists _›)";

/// Brings base and goal into one form, where they mention a constant that has facts.
const FORM: &str = "try simp only [FACTS] at base ⊢";

/// Facts that know nothing but logic, with the constants they are about: only those of constants that occur are given,
/// because `simp` elaborates each. They curry hypotheses, take pairs apart and compare functions by values.
const FACTS: [(&[&str], &str); 8] = [
    (&["And"], "and_imp, forall_and"),
    (&["Or"], "or_imp"),
    (&["Exists"], "forall_exists_index, exists_prop, exists_and_left, exists_and_right"),
    (&["Prod"], "Prod.forall, Prod.exists"),
    (&["Function.comp", "id"], "funext_iff, Function.comp_apply, id_eq"),
    (&["GE.ge"], "ge_iff_le"),
    (&["GT.gt"], "gt_iff_lt"),
    (&["Ne"], "ne_eq"),
];

/// Connectives with an order.
const CONNECTIVES: [&str; 2] = ["And", "Or"];

/// The facts that put them in order.
const ORDER: &str = "and_comm, and_left_comm, and_assoc, or_comm, or_left_comm, or_assoc";

/// Types that `omega` calculates with.
const NUMBERS: [&str; 3] = ["Nat", "Int", "Fin"];

/// A plain rung.
const PLAIN: Rung = Rung {
    name: "",
    before: "",
    scripts: &[],
    alone: &[],
    heartbeats: 0,
    joins: false,
    about: &[],
    unfolds: false,
    rescues: false,
};

const RUNGS: [Rung; 10] = [
    Rung { name: "definitional", scripts: &["exact base"], heartbeats: 300, ..PLAIN },
    Rung {
        name: "apply",
        scripts: &[
            "(intros; apply base <;> assumption)",
            "(intros; false_or_by_contra; apply base <;> assumption)",
            "(intros; symm; apply base <;> assumption)",
        ],
        alone: &["(intros; assumption)", "(intros; false_or_by_contra; assumption)", "(intros; symm; assumption)"],
        heartbeats: 100,
        joins: true,
        ..PLAIN
    },
    Rung {
        name: "search",
        scripts: &["(intros; (repeat specialize base (by assumption)); TAKE_APART; \
              solve_by_elim (maxDepth := 6) [And.intro, Exists.intro])"],
        alone: &["(intros; TAKE_APART; solve_by_elim (maxDepth := 6) [And.intro, Exists.intro])"],
        heartbeats: 300,
        joins: true,
        ..PLAIN
    },
    Rung {
        name: "arithmetic",
        scripts: &[
            "(intros; apply base <;> first | assumption | omega)",
            "(intros; (repeat specialize base (by first | assumption | omega)); TAKE_APART; first | assumption | omega)",
        ],
        alone: &["(intros; TAKE_APART; first | assumption | omega)"],
        heartbeats: 600,
        joins: true,
        about: &NUMBERS,
        ..PLAIN
    },
    Rung {
        name: "normal_form",
        before: FORM,
        scripts: &["done", "exact base", "(intros; apply base <;> assumption)"],
        alone: &["(FORM_OF_GOAL <;> (intros; assumption))"],
        heartbeats: 300,
        ..PLAIN
    },
    Rung {
        name: "reorder",
        before: FORM,
        scripts: &["(simp only [ORDER] at base ⊢ <;> first | exact base | (intros; apply base <;> assumption))"],
        alone: &["(FORM_OF_GOAL <;> simp only [ORDER] <;> (intros; assumption))"],
        heartbeats: 300,
        joins: true,
        about: &CONNECTIVES,
        ..PLAIN
    },
    Rung {
        name: "grind",
        before: FORM,
        scripts: &["grind"],
        alone: &["(FORM_OF_GOAL <;> grind)"],
        heartbeats: 1500,
        joins: true,
        ..PLAIN
    },
    Rung {
        name: "first_order",
        scripts: &["grind -ring -linarith -lia only"],
        alone: &["grind -ring -linarith -lia only"],
        heartbeats: 800,
        rescues: true,
        ..PLAIN
    },
    Rung {
        name: "unfold",
        scripts: &[
            "(simp only [UNFOLDED] at base ⊢ <;> first | exact base | (intros; apply base <;> assumption) | grind)",
        ],
        alone: &["(simp only [UNFOLDED] <;> grind)"],
        heartbeats: 2000,
        unfolds: true,
        ..PLAIN
    },
    Rung {
        name: "unfold_grind",
        scripts: &["grind [DEFINITIONS]"],
        alone: &["grind [DEFINITIONS]"],
        heartbeats: 1500,
        unfolds: true,
        joins: true,
        ..PLAIN
    },
];

/// The scripts of one text, each with its rung.
struct Scripts {
    before: &'static str,
    scripts: Vec<(&'static str, String)>,
    heartbeats: u32,
    rescues: bool,
}

/// A base and a goal as propositions that the host declared.
#[derive(Clone, Debug)]
pub struct CoreDirection {
    /// Name of `∀ data, base → goal`.
    pub proposition: String,
    /// Name of `∀ data, base → False`.
    pub absurdity: String,
    /// Their universe parameters.
    pub universes: Vec<String>,
    /// Number of variables in front of the base.
    pub data: usize,
    /// The constants in base and goal.
    pub mentioned: Vec<String>,
    /// Definitions worth unfolding, as Lean writes their names.
    pub definitions: Vec<String>,
    /// Those and what else makes a statement elementary: definitions below them, methods, equations by elements.
    pub unfolded: Vec<String>,
}

/// BEq-core.
#[derive(Clone, Copy, Debug, Default)]
pub struct Core;

impl EquivalenceLadder for Core {
    type Direction<'a> = CoreDirection;

    fn kind(&self) -> LadderKind {
        LadderKind::BeqCore
    }

    fn rungs(&self) -> Vec<&'static str> {
        RUNGS.iter().map(|rung| rung.name).collect()
    }

    fn attempts(&self, direction: &CoreDirection) -> Vec<Attempt> {
        let mut attempts: Vec<Scripts> = Vec::new();
        for rung in RUNGS.iter().filter(|rung| direction.is_for(rung)) {
            let scripts = rung.scripts.iter().map(|script| (rung.name, direction.filled(script)));
            match attempts.last_mut() {
                Some(text) if rung.joins => {
                    text.scripts.extend(scripts);
                    text.heartbeats += rung.heartbeats;
                }
                _ => attempts.push(Scripts {
                    before: rung.before,
                    scripts: scripts.collect(),
                    heartbeats: rung.heartbeats,
                    rescues: rung.rescues,
                }),
            }
        }
        let text = |Scripts { before, scripts, heartbeats, rescues }| Attempt {
            rescues,
            ..direction.attempt(&direction.proposition, &direction.filled(before), &scripts, heartbeats)
        };
        attempts.into_iter().map(text).collect()
    }

    fn alone(&self, direction: &CoreDirection, rung: &str) -> Option<Attempt> {
        let rung = RUNGS.iter().find(|r| r.name == rung && !r.alone.is_empty())?;
        let scripts: Vec<_> = rung.alone.iter().map(|s| (rung.name, direction.filled(s))).collect();
        Some(direction.attempt(&direction.proposition, "clear base", &scripts, rung.heartbeats))
    }

    fn absurd(&self, direction: &CoreDirection, rung: &str) -> Option<Attempt> {
        let rung = RUNGS.iter().find(|r| r.name == rung && !r.alone.is_empty())?;
        let scripts: Vec<_> = rung.scripts.iter().map(|s| (rung.name, direction.filled(s))).collect();
        Some(direction.attempt(&direction.absurdity, &direction.filled(rung.before), &scripts, rung.heartbeats))
    }
}

impl CoreDirection {
    fn is_for(&self, rung: &Rung) -> bool {
        (!rung.unfolds || !self.unfolded.is_empty()) && (rung.about.is_empty() || self.mentions(rung.about))
    }

    fn mentions(&self, names: &[&str]) -> bool {
        self.mentioned.iter().any(|mentioned| names.contains(&mentioned.as_str()))
    }

    /// The facts about the constants mentioned, as the arguments of `simp`.
    fn facts(&self) -> String {
        let about = FACTS.iter().filter(|(names, _)| self.mentions(names));
        about.map(|(_, facts)| *facts).collect::<Vec<_>>().join(", ")
    }

    fn filled(&self, script: &str) -> String {
        let facts = self.facts();
        script
            .replace("TAKE_APART", TAKE_APART)
            .replace("FORM_OF_GOAL", if facts.is_empty() { "skip" } else { "(try simp only [FACTS])" })
            .replace("FACTS", &facts)
            .replace("ORDER", ORDER)
            .replace("DEFINITIONS", &self.definitions.join(", "))
            .replace("UNFOLDED", &self.unfolded.join(", "))
    }

    /// The text that tries the scripts in turn. Which of them it was shows in the place of what Lean says.
    fn attempt(&self, proposition: &str, before: &str, scripts: &[(&'static str, String)], heartbeats: u32) -> Attempt {
        let universes = match &self.universes[..] {
            [] => String::new(),
            names => format!(".{{{}}}", names.join(", ")),
        };
        let mut text = format!(
            "set_option maxHeartbeats {heartbeats} in\ntheorem _afcheck_attempt{universes} : {proposition}{universes} := \
             by\n  delta {proposition}\n  intro{} base\n",
            " _".repeat(self.data)
        );
        if !before.is_empty() && !before.contains("[]") {
            text.push_str(&format!("  {before}\n"));
        }
        text.push_str("  first\n");
        let mut line = text.lines().count() as u32;
        let mut rungs = Vec::new();
        for (rung, script) in scripts {
            line += 1;
            text.push_str(&format!("  | ({script}; trace \"\")\n"));
            rungs.push((*rung, line));
        }
        Attempt { rungs, text, heartbeats, must_mention: None, rescues: false }
    }
}
