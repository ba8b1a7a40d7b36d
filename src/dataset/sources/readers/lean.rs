//! Lean: declarations, with and without what people say of them. Owns the choice; what a declaration is, is
//! `lean::outline`'s business.

use super::Unit;
use crate::lean::outline;

/// Every declaration without its docstring. Comments within stay.
pub fn declarations(text: &str) -> Vec<Unit> {
    outline(text).into_iter().map(|found| Unit::slice(text, found.text.start, found.text.end)).collect()
}

/// The declarations that have a docstring, behind it.
pub fn documented(text: &str) -> Vec<Unit> {
    let documented = |found: crate::lean::Outlined| Some(Unit::slice(text, found.docstring?.start, found.text.end));
    outline(text).into_iter().filter_map(documented).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn docstrings_are_there_or_not() {
        let text = "/-- Zero. -/\n@[simp] def z : Nat := 0\n\ntheorem a : z = 0 := rfl\n";
        assert_eq!(texts(declarations(text)), ["@[simp] def z : Nat := 0", "theorem a : z = 0 := rfl"]);
        assert_eq!(texts(documented(text)), ["/-- Zero. -/\n@[simp] def z : Nat := 0"]);
        assert_eq!(declarations(text)[1].start, text.find("theorem").expect("it is there"));
    }
}
