//! Failures to unfold that may only mean that the engine's library does not ship a definition's body. Owns the wordings
//! of such failures and how they are told from those about the text's own definitions, whose bodies are there. Pure
//! text: `decide`, `rfl` and type mismatches name no constant; for them the engine asks the environment (`unexposed`).

/// What could not be unfolded, if the message is about a failed unfolding that the text's own definitions do not
/// explain. `own` are the last components of the names that the text declares.
///
pub fn missing_body(text: &str, own: &[&str]) -> Option<String> {
    let text = text.trim_start();
    let stuck = generated_lemma(text)
        .or_else(|| quoted(text, "No functional induction theorem for `"))
        .or_else(|| not_unfolded(text))
        .or_else(|| not_rewritten(text))
        .filter(|name| !tokens(name).any(|token| own.contains(&token)))?;
    Some(stuck.lines().next().unwrap_or("").trim().to_owned())
}

/// `X` of an unknown constant `X.eq_1`, `X.induct` and the like, which Lean makes from the body of `X`.
fn generated_lemma(text: &str) -> Option<&str> {
    let name = quoted(text, "Unknown constant `").or_else(|| quoted(text, "Unknown identifier `"))?;
    let (owner, lemma) = name.rsplit_once('.')?;
    let numbered = lemma.strip_prefix("eq_").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let made = ["eq_def", "eq_unfold", "induct", "induct_unfolding", "fun_cases", "fun_cases_unfolding"];
    (numbered || made.contains(&lemma)).then_some(owner)
}

/// The constant that `unfold` or `delta` left as it is although the goal has it.
fn not_unfolded(text: &str) -> Option<&str> {
    let (name, goal) = match text.strip_prefix("Tactic `unfold` failed to unfold `") {
        Some(rest) => rest.split_once('`')?,
        None => text.strip_prefix("Tactic `delta` failed: did not delta reduce [")?.split_once([']', ','])?,
    };
    let last = name.rsplit('.').next()?;
    tokens(goal).any(|token| token == last).then_some(name)
}

/// The constant whose equations `rw` did not find: a library function applied to nothing but holes.
fn not_rewritten(text: &str) -> Option<&str> {
    let term = quoted(text, "Invalid rewrite argument: Expected an equality or iff proof or definition name, but `")?;
    let (head, arguments) = term.split_once(char::is_whitespace)?;
    (head.contains('.') && arguments.split_whitespace().all(|a| a.starts_with('?'))).then_some(head)
}

/// What stands between `before`, at the start of the text, and the next quote.
fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.split_once('`').map(|(name, _)| name)
}

/// Components of names and other words.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '\'' | '!' | '?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_the_library() {
        for (message, stuck) in [
            ("Unknown constant `Nat.gcd.eq_1`", "Nat.gcd"),
            ("Unknown constant `Nat.gcd.eq_def`", "Nat.gcd"),
            ("Unknown constant `Nat.gcd.induct`", "Nat.gcd"),
            ("No functional induction theorem for `Nat.gcd`, or function is mutually recursive ", "Nat.gcd"),
            ("Tactic `unfold` failed to unfold `Nat.gcd` in\n  (m + 1).gcd n = (n % (m + 1)).gcd (m + 1)", "Nat.gcd"),
            (
                "Tactic `delta` failed: did not delta reduce [String.isEmpty]\n\n⊢ \"abc\".isEmpty = false",
                "String.isEmpty",
            ),
            (
                "Invalid rewrite argument: Expected an equality or iff proof or definition name, but `Nat.gcd ?m ?n` is \
              a value of type\n  Nat",
                "Nat.gcd",
            ),
            (
                "Invalid rewrite argument: Expected an equality or iff proof or definition name, but `String.isEmpty\n  \
              ?s` is a value of type\n  Bool",
                "String.isEmpty",
            ),
        ] {
            assert_eq!(missing_body(message, &["f"]).as_deref(), Some(stuck), "{message}");
        }
    }

    #[test]
    fn what_is_the_candidates_own_doing() {
        for message in [
            "Tactic `decide` failed for proposition\n  p\nbecause its `Decidable` instance\n  Classical.propDecidable p\n\
             did not reduce to `isTrue` or `isFalse`.",
            "Tactic `decide` proved that the proposition\n  2 + 2 = 5\nis false",
            "Unknown constant `half.eq_9`",
            "Unknown constant `Nat.foo`",
            "Unknown constant `Nat.eq_of_nothing`",
            "Tactic `unfold` failed to unfold `Nat.gcd` in\n  n = m",
            "Tactic `unfold` failed to unfold `A.half` in\n  A.half n = m",
            "Tactic `delta` failed: did not delta reduce [Nat.lcm]\n\nn m : Nat\n⊢ n = m",
            "Invalid rewrite argument: Expected an equality or iff proof or definition name, but `n` is a value of type\n  Nat",
            "Invalid rewrite argument: Expected an equality or iff proof or definition name, but `f n` is a value of type\n  Nat",
            "unsolved goals\n⊢ False",
        ] {
            assert_eq!(missing_body(message, &["half"]), None, "{message}");
        }
    }
}
