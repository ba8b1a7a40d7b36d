//! A tactic proof step by step, as text: where its steps begin, and the same proof with a question for the goals in front of each.
//! Owns the rule of what a step is; Lean says what the goals are.
//!
//! A step is a line with the least indentation of the proof's block, and what is indented further below it. Lines that go on with
//! the one above (`| zero => ..`, `<;> ..`, a closing bracket) are no steps.

use super::stated::stated;

/// A proof with questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofSteps<'a> {
    /// The text with `trace_state` in front of every step.
    pub traced: String,
    /// Each step as written, without its indentation, and the 1-based line of `traced` that asks for the goals in front of it.
    pub steps: Vec<(&'a str, u32)>,
}

/// The steps of the last theorem's proof; `None` if it is not `by` with tactics.
pub fn proof_steps(text: &str) -> Option<ProofSteps<'_>> {
    let body = stated(text)?.body;
    let from = body.as_ptr() as usize - text.as_ptr() as usize;
    let tactics = body.strip_prefix(":=")?.trim_start().strip_prefix("by")?;
    if !tactics.starts_with(char::is_whitespace) || tactics.trim().is_empty() {
        return None;
    }
    let start = from + (body.len() - tactics.len());
    let (before, behind) = (&text[..start], &text[from + body.len()..]);
    let is_block = tactics.trim_start_matches(' ').starts_with('\n');
    if !is_block {
        // On the line of `by`: what stands there is one step, with whatever goes on below it.
        let step = tactics.trim();
        let indented: String = step.lines().map(|line| format!("  {line}\n")).collect();
        if step.lines().count() > 1 {
            return None;
        }
        let line = before.matches('\n').count() as u32 + 2;
        return Some(ProofSteps {
            traced: format!("{before}\n  trace_state\n{indented}{behind}"),
            steps: vec![(step, line)],
        });
    }
    let block = &tactics[tactics.find('\n')? + 1..];
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("--");
    let least = block.lines().filter(filled).map(indent_of).min()?;
    let mut traced = format!("{before}\n");
    let mut line_number = before.matches('\n').count() as u32 + 2;
    // Where each step begins in the block, and the line of its question.
    let mut begins: Vec<(usize, u32)> = Vec::new();
    let mut at = 0;
    for line in block.split_inclusive('\n') {
        let text = line.trim();
        if filled(&line) && indent_of(line) == least && !goes_on(text) {
            begins.push((at, line_number));
            traced += &format!("{}trace_state\n", " ".repeat(least));
            line_number += 1;
        }
        traced += line;
        line_number += 1;
        at += line.len();
    }
    let ends = begins.iter().skip(1).map(|(at, _)| *at).chain([block.len()]);
    let steps = begins.iter().zip(ends).map(|((from, line), to)| (block[*from..to].trim(), *line)).collect();
    Some(ProofSteps { traced: traced + behind, steps })
}

/// True if a line belongs to the step above although it is not indented further.
fn goes_on(line: &str) -> bool {
    ["|", "<;>", ")", "]", "}", "⟩", "where", "termination_by", "decreasing_by"]
        .iter()
        .any(|begin| line.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_stand_in_front_of_steps() {
        let text = "import Init\n\ntheorem t (n : Nat) : 0 + n = n := by\n  induction n with\n  | zero => rfl\n  | succ n ih =>\n    omega\n  -- done\n";
        let found = proof_steps(text).expect("steps");
        let step = "induction n with\n  | zero => rfl\n  | succ n ih =>\n    omega";
        assert_eq!(found.steps, [(step, 4)]);
        assert!(found.traced.contains(":= by\n  trace_state\n  induction n with\n  | zero => rfl"), "{}", found.traced);
        let two = proof_steps(
            "theorem t : True ∧ True := by\n  constructor\n  · trivial\n  · exact\n      trivial\n\ndef x := 1",
        )
        .unwrap();
        assert_eq!(two.steps, [("constructor", 2), ("· trivial", 4), ("· exact\n      trivial", 6)]);
        for (_, line) in &two.steps {
            assert_eq!(two.traced.lines().nth(*line as usize - 1), Some("  trace_state"), "{}", two.traced);
        }
        assert!(two.traced.ends_with("def x := 1"));
    }

    #[test]
    fn a_proof_on_one_line_is_one_step_and_a_term_has_none() {
        let one = proof_steps("theorem t : 1 = 1 := by rfl\n").unwrap();
        assert_eq!(
            (one.steps, &one.traced[..]),
            (vec![("rfl", 2)], "theorem t : 1 = 1 := by\n  trace_state\n  rfl\n\n")
        );
        for text in ["theorem t : 1 = 1 := rfl", "theorem t : 1 = 1 := by", "theorem t : 1 = 1", "def d := 1", ""] {
            assert_eq!(proof_steps(text), None, "{text}");
        }
    }
}
