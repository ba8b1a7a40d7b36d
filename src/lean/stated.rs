//! What a text states, as text: the last theorem without its name and its proof. Owns this cut, which text metrics and
//! equivalence start from; says nothing of validity.

use super::declarations::declarations;

/// The statement a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated<'a> {
    /// Its name as written; `None` for an example.
    pub name: Option<&'a str>,
    /// Binders and type: what stands between the name and `:=`.
    pub signature: &'a str,
    /// The text in front of its keyword: definitions, `open`s.
    pub before: &'a str,
    /// What comes behind the signature, from `:=` on; empty if nothing does.
    pub body: &'a str,
}

/// The last theorem, lemma or example of a text.
pub fn stated(text: &str) -> Option<Stated<'_>> {
    let declarations = declarations(text);
    let last = declarations.iter().rfind(|d| d.is_theorem())?;
    let start = last.start;
    Some(Stated {
        name: last.name,
        signature: text[last.signature.clone()].trim(),
        before: &text[..start],
        body: text[last.signature.end..last.end].trim(),
    })
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn the_last_theorem_is_cut_at_its_proof() {
        let text = "def f := 1\n\ntheorem a : f = 1 := rfl\n@[simp] theorem b (x : Nat := 3) (h : x = 1) :\n  let y := x; y = 1 := by\n  simp [h]\n-- end\n";
        let found = stated(text).expect("a theorem");
        assert_eq!(found.name, Some("b"));
        assert_eq!(found.signature, "(x : Nat := 3) (h : x = 1) :\n  let y := x; y = 1");
        assert_eq!(found.body, ":= by\n  simp [h]");
        assert!(found.before.ends_with("rfl\n@[simp] "));
    }

    #[test]
    fn open_ends_and_examples_are_statements_too() {
        for text in
            ["theorem t (n : Nat) : n = n", "theorem t (n : Nat) : n = n :=", "theorem t (n : Nat) : n = n := by sorry"]
        {
            assert_eq!(stated(text).expect("a theorem").signature, "(n : Nat) : n = n", "{text}");
        }
        assert_eq!(stated("example : True := trivial").expect("an example").name, None);
        assert_eq!(stated("def f := 1"), None);
    }
}
