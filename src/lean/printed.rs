//! Declarations as Lean prints them with `pp.all`, compared without regard to the names of bound variables and universes. Owns
//! the reading of such texts; what it cannot read for sure it says so.
//!
//! With `pp.all` every argument, universe and type of a bound variable is printed, names are full and notations off, so that
//! a text stands for one term. Two texts that are equal here stand for terms that are equal up to bound names, unless a bound
//! name is a constant's as well: [`Printed::bound`] has those names, and who compares must ask.

use std::collections::{BTreeMap, BTreeSet};

/// A declaration that was printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Its words, bound variables and universes by number.
    words: Vec<String>,
    /// Names of variables it binds.
    pub bound: BTreeSet<String>,
    /// Names in it that are bound nowhere: constants, and words of the language.
    pub free: BTreeSet<String>,
    /// True if it contains `sorryAx`.
    pub has_sorry: bool,
}

impl Printed {
    /// Reads a text; the error says what cannot be read.
    pub fn read(text: &str) -> Result<Printed, String> {
        if text.contains('⋯') || text.contains('…') {
            return Err("Lean did not print all of it".into());
        }
        let words = words(text);
        let mut reader = Reader { printed: Printed::default(), scopes: vec![], closers: vec![], levels: vec![] };
        reader.read(&words);
        let Reader { printed, levels, .. } = reader;
        match levels.iter().find(|level| printed.bound.contains(**level)) {
            Some(both) => Err(format!("`{both}` is both a variable and a universe in it")),
            None => Ok(printed),
        }
    }

    /// The first thing that this says and the other does not, in one line.
    pub fn difference(&self, other: &Printed) -> String {
        let at = self.words.iter().zip(&other.words).position(|(own, others)| own != others);
        let (own, others) = match at {
            Some(at) => (&self.words[at], &other.words[at]),
            None if self.words.len() > other.words.len() => return "the target says more".into(),
            None => return "the candidate says more".into(),
        };
        let shown = |word: &str| if word.starts_with('#') { "a variable".to_owned() } else { format!("`{word}`") };
        format!("{} where the target has {}", shown(others), shown(own))
    }

    /// True if both say the same.
    pub fn says_the_same(&self, other: &Printed) -> bool {
        self.words == other.words
    }

    /// As [`says_the_same`](Self::says_the_same), if constants that Lean made for itself, which have the name of whatever needed
    /// them first, are the same in pairs: these are added to `pairs`, each of this with one of the other.
    pub fn says_the_same_but_for(&self, other: &Printed, pairs: &mut BTreeMap<String, String>) -> bool {
        self.words.len() == other.words.len()
            && self.words.iter().zip(&other.words).all(|(own, others)| {
                if !(is_made_by_lean(own) && is_made_by_lean(others)) {
                    return own == others;
                }
                let paired = pairs.entry(own.clone()).or_insert_with(|| others.clone());
                paired == others
            })
    }
}

/// True for a matcher and for a proof inside of a definition.
pub fn is_made_by_lean(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.strip_prefix("match_").or_else(|| last.strip_prefix("_proof_"));
    name.contains('.') && number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit() || b == b'_'))
}

/// Splits into names, numbers, strings and single signs.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            c if c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            '"' => string(rest),
            c if is_part_of_name(c) || c == '«' => name(rest),
            ':' if rest.starts_with(":=") => 2,
            '=' if rest.starts_with("=>") => 2,
            '.' if rest.starts_with(".{") => 2,
            c => c.len_utf8(),
        };
        words.push(&rest[..length]);
        rest = &rest[length..];
    }
    words
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\'' | '!' | '?' | '✝' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '₀'..='₉')
}

fn name(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        at += match rest.strip_prefix('«') {
            Some(inner) => inner.find('»').map_or(rest.len(), |end| '«'.len_utf8() + end + '»'.len_utf8()),
            None => rest.find(|c: char| !is_part_of_name(c)).unwrap_or(rest.len()),
        };
        // A dot belongs to the name if a name goes on behind it.
        match text[at..].strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| is_part_of_name(c) || c == '«') => at += 1,
            _ => return at.max(1),
        }
    }
}

fn string(text: &str) -> usize {
    let (bytes, mut at) = (text.as_bytes(), 1);
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

struct Reader<'a> {
    printed: Printed,
    /// Variables in scope, with their number; the depth of brackets at which their scope ends.
    scopes: Vec<(&'a str, usize, usize)>,
    /// Open brackets.
    closers: Vec<&'static str>,
    /// Universe parameters, by number.
    levels: Vec<&'a str>,
}

fn closer(open: &str) -> Option<&'static str> {
    Some(match open {
        "(" => ")",
        "{" => "}",
        "[" => "]",
        "⦃" => "⦄",
        ".{" => "}",
        "⟨" => "⟩",
        _ => return None,
    })
}

impl<'a> Reader<'a> {
    fn read(&mut self, words: &[&'a str]) {
        self.take_levels(words);
        let mut at = 0;
        let mut count = 0usize;
        // Variables whose scope begins later: behind the bracket they are bound in, or behind the value of a `let`.
        let mut pending: Vec<(&'a str, usize, usize)> = Vec::new();
        let mut lets: Vec<(usize, &'a str, usize)> = Vec::new();
        while at < words.len() {
            let word = words[at];
            let depth = self.closers.len();
            match word {
                ".{" => {
                    at = self.universes(words, at);
                    continue;
                }
                "Type" | "Sort" if self.begins_a_level(&words[at + 1..]) => {
                    self.put(word);
                    at = self.level(words, at + 1);
                    continue;
                }
                "(" | "{" | "[" | "⦃" | "⟨" => {
                    self.put(word);
                    self.closers.push(closer(word).unwrap_or_default());
                    // `(x y : T)` binds what stands in front of the colon.
                    let names = words[at + 1..].iter().take_while(|word| is_variable(word)).count();
                    let binds = names > 0 && words.get(at + 1 + names) == Some(&":");
                    if binds {
                        for name in &words[at + 1..at + 1 + names] {
                            pending.push((name, count, depth));
                            self.printed.bound.insert((*name).to_owned());
                            self.put(&format!("#{count}"));
                            count += 1;
                        }
                        at += names;
                    }
                }
                ")" | "}" | "]" | "⦄" | "⟩" => {
                    self.put(word);
                    self.closers.pop();
                    let depth = self.closers.len();
                    self.scopes.retain(|(.., of)| *of <= depth);
                    lets.retain(|(of, ..)| *of <= depth);
                    // What was bound in the bracket is in scope from here to the end of what the bracket stands in.
                    let bound: Vec<_> = pending.iter().filter(|(.., of)| *of == depth).copied().collect();
                    pending.retain(|(.., of)| *of != depth);
                    self.scopes.extend(bound);
                }
                "let" | "have" | "let_fun" => {
                    self.put(word);
                    if let Some(name) = words.get(at + 1).filter(|name| is_variable(name)) {
                        self.printed.bound.insert((*name).to_owned());
                        lets.push((depth, name, self.scopes.len()));
                        self.put("#let");
                        at += 1;
                    }
                }
                ";" => {
                    self.put(word);
                    if let Some(last) = lets.iter().rposition(|(of, ..)| *of == depth) {
                        let (_, name, before) = lets.remove(last);
                        // What its value bound ends with it.
                        self.scopes.truncate(before);
                        self.scopes.push((name, count, depth));
                        self.put(&format!("#{count}"));
                        count += 1;
                    }
                }
                // The type of a definition ends where its value begins.
                ":=" if depth == 0 && lets.is_empty() => {
                    self.put(word);
                    self.scopes.clear();
                }
                _ => self.name(word),
            }
            at += 1;
        }
    }

    /// The universe parameters stand behind the declaration's name.
    fn take_levels(&mut self, words: &[&'a str]) {
        let colon = words.iter().position(|word| *word == ":").unwrap_or(words.len());
        if let Some(open) = words[..colon].iter().position(|word| *word == ".{") {
            let close = words[open..].iter().position(|word| *word == "}").map_or(words.len(), |at| open + at);
            self.levels = words[open + 1..close].iter().copied().filter(|word| *word != ",").collect();
        }
    }

    fn begins_a_level(&self, words: &[&str]) -> bool {
        let is_level = |word: &str| {
            matches!(word, "max" | "imax" | "+" | "(" | ")")
                || self.levels.contains(&word)
                || word.bytes().all(|b| b.is_ascii_digit())
        };
        let Some(first) = words.first() else { return false };
        let close = words.iter().position(|word| *word == ")").unwrap_or(0);
        *first != ")" && is_level(first) && (*first != "(" || words[..close].iter().all(|word| is_level(word)))
    }

    /// One word of a level, or a bracket with a level in it; where it ends.
    fn level(&mut self, words: &[&'a str], mut at: usize) -> usize {
        let mut open = 0usize;
        while at < words.len() {
            match words[at] {
                "(" => open += 1,
                ")" => open = open.saturating_sub(1),
                _ => {}
            }
            self.level_word(words[at]);
            at += 1;
            if open == 0 {
                break;
            }
        }
        at
    }

    /// `.{u, v}`; where it ends.
    fn universes(&mut self, words: &[&'a str], mut at: usize) -> usize {
        while at < words.len() {
            self.level_word(words[at]);
            at += 1;
            if words[at - 1] == "}" {
                break;
            }
        }
        at
    }

    fn level_word(&mut self, word: &str) {
        match self.levels.iter().position(|level| *level == word) {
            Some(number) => self.put(&format!("#u{number}")),
            None => self.put(word),
        }
    }

    fn name(&mut self, word: &str) {
        if let Some((_, number, _)) = self.scopes.iter().rev().find(|(name, ..)| *name == word) {
            let number = format!("#{number}");
            return self.put(&number);
        }
        // `x.1` of a bound variable is one word here.
        if let Some((of, field)) = word.split_once('.')
            && let Some((_, number, _)) = self.scopes.iter().rev().find(|(name, ..)| *name == of)
        {
            let word = format!("#{number}.{field}");
            return self.put(&word);
        }
        let constant = word.strip_prefix("_root_.").unwrap_or(word);
        self.printed.has_sorry |= matches!(constant, "sorryAx" | "sorry");
        if is_variable(constant) {
            self.printed.free.insert(constant.to_owned());
        }
        self.put(constant);
    }

    fn put(&mut self, word: &str) {
        self.printed.words.push(word.to_owned());
    }
}

/// True for what can be a name.
fn is_variable(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '«'))
        && !matches!(word, "fun" | "let" | "have" | "Type" | "Sort" | "Prop" | "∀" | "λ")
}

#[cfg(test)]
mod tests {
    use super::Printed;

    fn same(a: &str, b: &str) -> bool {
        Printed::read(a).unwrap().says_the_same(&Printed::read(b).unwrap())
    }

    #[test]
    fn bound_names_do_not_matter() {
        assert!(same("t : ∀ (a b : Nat), @Eq.{1} Nat a b", "t : ∀ (x y : Nat),\n  @Eq.{1} Nat x y"));
        assert!(!same("t : ∀ (a b : Nat), @Eq.{1} Nat a b", "t : ∀ (a b : Nat), @Eq.{1} Nat b a"));
        assert!(!same("t : ∀ (a b : Nat), P a b", "t : ∀ (a : Nat), ∀ (b : Nat), P a b"), "as they are printed");
        assert!(!same("t : ∀ (a : Nat), P a", "t : ∀ {a : Nat}, P a"), "binder kinds matter");
        assert!(same("d : (n : Nat) → Fin n", "d : (m : Nat) → Fin m"));
        assert!(same("f : A := fun (x : A) => g x.1 x", "f : A := fun (y : A) => g y.1 y"));
        assert!(!same("f : A := fun (x : A) => g x.1", "f : A := fun (x : A) => g x.2"));
        assert!(same("f : A := let x : A := a; g x", "f : A := let y : A := a; g y"));
        assert!(!same("f : A := let x : A := a; g x", "f : A := let y : A := a; g x"));
    }

    #[test]
    fn scopes_end_with_what_they_stand_in() {
        let one = "t : ∀ (x z : A), (∀ (x : A), P x) → Q x";
        assert!(same(one, "t : ∀ (y z : A), (∀ (w : A), P w) → Q y"));
        assert!(!same(one, "t : ∀ (z x : A), (∀ (x : A), P x) → Q x"), "another variable of that name");
        assert!(!same("t : (∀ (x : A), P x) → Q x", "t : (∀ (y : A), P y) → Q y"), "constants outside of the scope");
        assert!(!same("t : ∀ (p : Prop), q", "t : ∀ (p : Prop), p"));
        let inner = "f : A := let g : B := fun (x : A) => x; h g x";
        assert!(!same(inner, "f : A := let g : B := fun (y : A) => y; h g y"));
    }

    #[test]
    fn universes_are_parameters() {
        assert!(same("t.{u, v} : ∀ (A : Type u), F.{u, v} A", "t.{v, w} : ∀ (B : Type v), F.{v, w} B"));
        assert!(!same("t.{u, v} : F.{u, v}", "t.{u, v} : F.{v, u}"));
        assert!(same("t.{u} : ∀ (y : Type u), G.{max u 1} y", "t.{w} : ∀ (x : Type w), G.{max w 1} x"));
        assert!(same("t.{u} : F (Type (max u 1)) (Type (u + 1))", "t.{w} : F (Type (max w 1)) (Type (w + 1))"));
        assert!(same("t : ∀ (x : A), F Type (g x)", "t : ∀ (y : A), F Type (g y)"), "no level");
        assert!(Printed::read("t.{u} : ∀ (u : Type u), G.{u} u").is_err());
    }

    #[test]
    fn what_lean_made_for_itself_is_compared_in_pairs() {
        let read = |text: &str| Printed::read(text).unwrap();
        let mut pairs = std::collections::BTreeMap::new();
        let (one, other) = (read("t : P A.match_1 A.match_1 x"), read("t : P B.match_2 B.match_2 x"));
        assert!(!one.says_the_same(&other) && one.says_the_same_but_for(&other, &mut pairs));
        assert_eq!(pairs.into_iter().collect::<Vec<_>>(), [("A.match_1".to_owned(), "B.match_2".to_owned())]);
        let two = read("t : P B.match_2 B.match_3 x");
        assert!(!one.says_the_same_but_for(&two, &mut Default::default()), "two of the other for one");
        assert!(!one.says_the_same_but_for(&read("t : P B.f B.f x"), &mut Default::default()));
    }

    #[test]
    fn names_are_told_apart() {
        let read = Printed::read("d : ∀ (a : Nat), @Foo.bar._proof_1 a «x y».z \"s x\"").unwrap();
        assert!(read.bound.contains("a") && read.free.contains("Foo.bar._proof_1") && read.free.contains("«x y».z"));
        assert!(!read.free.contains("x") && !read.has_sorry);
        assert!(Printed::read("d : T := @sorryAx.{1} T true").unwrap().has_sorry);
        assert!(Printed::read("d : T := f ⋯").is_err());
    }
}
