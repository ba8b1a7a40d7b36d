//! Whether a pair repeats text of a test set. Owns the normal forms in which texts are compared and the length of what
//! counts as repeated; reads no files.
//!
//! Informal texts are compared by words: lower case, formulas cut into commands, letters, numbers and signs, `$` and
//! braces left out; every single letter is the same word, so that renaming variables does not hide a copy. Formal texts
//! are compared by tokens of their propositions: binders of data, which most statements share, the theorem's name and
//! its proof are left out, and variables are numbered by their first occurrence in the window that is compared.

use std::collections::HashSet;

/// How long a common part may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Words of informal texts.
    pub words: usize,
    /// Tokens of formal texts.
    pub tokens: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { words: 10, tokens: 10 }
    }
}

/// The parts of the texts to keep away from.
pub struct Excluded {
    limits: Limits,
    informal: HashSet<Vec<String>>,
    formal: HashSet<Vec<String>>,
    /// Whole texts, however short.
    whole: HashSet<Vec<String>>,
}

/// What a pair has in common with the excluded texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// A run of words.
    Informal,
    /// A run of tokens.
    Formal,
    /// The whole informal or formal text.
    Whole,
}

impl Excluded {
    /// Nothing is excluded yet.
    pub fn new(limits: Limits) -> Self {
        Excluded { limits, informal: HashSet::new(), formal: HashSet::new(), whole: HashSet::new() }
    }

    /// Excludes a pair.
    pub fn add(&mut self, informal: &str, formal: &str) {
        let (words, tokens) = (words(informal), propositions(formal));
        self.informal.extend(windows(&words, self.limits.words, false));
        self.formal.extend(windows(&tokens, self.limits.tokens, true));
        self.whole.insert(words);
        self.whole.insert(numbered(&tokens));
    }

    /// How a pair repeats what is excluded, if it does.
    pub fn overlap(&self, informal: &str, formal: &str) -> Option<Overlap> {
        let (words, tokens) = (words(informal), propositions(formal));
        if self.whole.contains(&words) || self.whole.contains(&numbered(&tokens)) {
            return Some(Overlap::Whole);
        }
        if windows(&words, self.limits.words, false).any(|window| self.informal.contains(&window)) {
            return Some(Overlap::Informal);
        }
        windows(&tokens, self.limits.tokens, true)
            .any(|window| self.formal.contains(&window))
            .then_some(Overlap::Formal)
    }

    /// Distinct windows of both kinds.
    pub fn windows(&self) -> (usize, usize) {
        (self.informal.len(), self.formal.len())
    }
}

fn windows(tokens: &[String], length: usize, number: bool) -> impl Iterator<Item = Vec<String>> {
    let windows = if length == 0 { tokens[..0].windows(1) } else { tokens.windows(length) };
    windows.map(move |window| if number { numbered(window) } else { window.to_vec() })
}

/// Words of an informal text.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut word = String::from(letter.to_ascii_lowercase());
        if letter.is_alphanumeric() || letter == '\\' {
            let digits = letter.is_ascii_digit();
            while let Some(next) = letters.next_if(|c| c.is_alphanumeric() && c.is_ascii_digit() == digits) {
                word.push(next.to_ascii_lowercase());
            }
        } else if letter.is_whitespace() || "${},.;:'()".contains(letter) {
            continue;
        }
        let name = word.chars().count() == 1 && letter.is_alphabetic() && word != "a";
        words.push(if name || word == "a" { "x".to_owned() } else { word });
    }
    words
}

/// Tokens of a formal text: words with dots, numbers, and signs one by one.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut token = String::from(letter);
        if letter.is_alphanumeric() || letter == '_' {
            while let Some(next) = letters.next_if(|c| c.is_alphanumeric() || "_.'!".contains(*c)) {
                token.push(next);
            }
        }
        tokens.push(token);
    }
    tokens
}

/// Tokens of the hypotheses and the goal. Names that binders introduce are marked by a leading `$`.
fn propositions(formal: &str) -> Vec<String> {
    let text = formal.split(":=").next().unwrap_or(formal);
    let tokens = tokens(text);
    let mut rest: &[String] = match tokens.iter().position(|t| t == "theorem" || t == "lemma") {
        Some(at) => tokens.get(at + 2..).unwrap_or(&[]),
        None => &tokens,
    };
    let mut names = HashSet::new();
    let mut found = Vec::new();
    while let Some(open) = rest.first().filter(|t| ["(", "{", "["].contains(&t.as_str())) {
        let Some(end) = closing(rest) else { break };
        let group = &rest[1..end];
        let colon = group.iter().position(|t| t == ":").filter(|_| open != "[");
        if let Some(colon) = colon {
            names.extend(group[..colon].iter().cloned());
        }
        let kind = colon.map_or(group, |colon| &group[colon + 1..]);
        if open == "(" && !kind.iter().all(|t| is_data(t)) {
            found.extend_from_slice(kind);
        }
        rest = &rest[end + 1..];
    }
    found.extend_from_slice(rest.strip_prefix(&[":".to_owned()][..]).unwrap_or(rest));
    found.into_iter().map(|t| if names.contains(&t) { format!("${t}") } else { t }).collect()
}

/// What only types of data consist of.
fn is_data(token: &str) -> bool {
    ["→", "(", ")", "×"].contains(&token) || token.starts_with(char::is_alphabetic) || token == "_"
}

fn closing(tokens: &[String]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Variables by the order of their first occurrence.
fn numbered(tokens: &[String]) -> Vec<String> {
    let mut seen: Vec<&String> = Vec::new();
    let mut number = |token: &'_ String| -> usize {
        let at = tokens.iter().position(|t| t == token).unwrap_or(0);
        match seen.iter().position(|s| **s == tokens[at]) {
            Some(place) => place,
            None => {
                seen.push(&tokens[at]);
                seen.len() - 1
            }
        }
    };
    tokens.iter().map(|t| if t.starts_with('$') { format!("${}", number(t)) } else { t.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFORMAL: &str =
        "Let $a$, $b$ and $c$ be integers such that $a \\mid b$ and $a \\mid c$. Show that $a \\mid xb + yc$.";
    const FORMAL: &str =
        "theorem t (a b c : Int) (hb : a ∣ b) (hc : a ∣ c) : ∀ x y : Int, a ∣ x * b + y * c := by\n  sorry";

    fn excluded() -> Excluded {
        let mut excluded = Excluded::new(Limits::default());
        excluded.add(INFORMAL, FORMAL);
        excluded
    }

    #[test]
    fn copies_are_found_under_other_names() {
        let (other, statement) = ("Something else entirely.", "theorem u : 1 = 1 := by sorry");
        assert_eq!(excluded().overlap(INFORMAL, statement), Some(Overlap::Whole));
        assert_eq!(excluded().overlap(&format!("Indeed. {INFORMAL}"), statement), Some(Overlap::Informal));
        let renamed = INFORMAL.replace("$a", "$d").replace(" b$", " n$");
        assert_eq!(excluded().overlap(&format!("Indeed. {renamed}"), statement), Some(Overlap::Informal));
        let renamed = "theorem u (p q r : Int) (h1 : p ∣ q) (h2 : p ∣ r) : ∀ x y : Int, p ∣ x * q + y * r := by sorry";
        assert_eq!(excluded().overlap(other, renamed), Some(Overlap::Whole));
        let longer = "theorem u (p q r : Int) (h : p ∣ q) (k : p ∣ r) : ∀ x y : Int, p ∣ x * q + y * r + 0 := by sorry";
        assert_eq!(excluded().overlap(other, longer), Some(Overlap::Formal));
    }

    #[test]
    fn what_all_statements_share_is_no_overlap() {
        let informal = "If $a < b$ for integers $a$ and $b$, then $a + c < b + c$ for every $c$.";
        let formal = "theorem u (a b c : Int) (h : a < b) : a + c < b + c := by\n  sorry";
        assert_eq!(excluded().overlap(informal, formal), None);
    }
}
