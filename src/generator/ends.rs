//! Where an answer is complete, beside the model's own end of text and the limit of tokens.

use crate::lean::first_declaration_end;

/// What ends an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Any of these texts, which are not part of the answer.
    pub texts: Vec<String>,
    /// The end of the first top-level declaration, or of the first Markdown fence where that comes first.
    pub is_lean: bool,
}

const FENCE: &str = "```";

impl Ends {
    /// The answer in `text`, if it is complete.
    pub fn cut<'a>(&self, text: &'a str) -> Option<&'a str> {
        let texts = self.texts.iter().filter(|end| !end.is_empty()).filter_map(|end| text.find(end.as_str()));
        let lean = self.is_lean.then(|| lean_end(text)).flatten();
        texts.chain(lean).min().map(|end| &text[..end])
    }
}

/// Behind a closed fence, if a fence is opened before anything is declared; else behind the first declaration.
fn lean_end(text: &str) -> Option<usize> {
    let line_starts = |from: usize| {
        let lines = text[from..].match_indices('\n').map(move |(at, _)| from + at + 1);
        std::iter::once(from).filter(|from| *from == 0).chain(lines)
    };
    let is_fence = |at: &usize| text[*at..].starts_with(FENCE);
    let opened = line_starts(0).find(is_fence);
    let fence = opened.and_then(|at| line_starts(at + FENCE.len()).find(is_fence)).map(|at| at + FENCE.len());
    let declaration = first_declaration_end(text);
    match opened {
        // What is declared behind the fence's line is in the fence.
        Some(at) if declaration.is_none_or(|end| end > at) => fence,
        _ => declaration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_its_declaration_its_fence_or_a_text() {
        let ends = Ends { texts: vec!["Statement:".into()], is_lean: true };
        let theorem = "theorem a : True := by\n  trivial\n";
        assert_eq!(ends.cut("theorem a : True := by\n  triv"), None);
        assert_eq!(ends.cut(&format!("{theorem}x ")), Some(theorem));
        assert_eq!(ends.cut("No Lean. Statement: b"), Some("No Lean. "));
        let fenced = format!("Here it is.\n```lean\nopen Nat\n\n{theorem}\ntheorem b : True := trivial\n```");
        assert_eq!(ends.cut(&fenced[..fenced.len() - 3]), None, "the fence is open");
        assert_eq!(ends.cut(&format!("{fenced}\nIt says")), Some(&fenced[..]));
        assert_eq!(ends.cut(&format!("{theorem}```\nprose")), Some(theorem), "a fence that closes none");
        assert_eq!(Ends::default().cut(&fenced), None);
    }
}
