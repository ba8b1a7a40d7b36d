//! Names, and which namespaces are open where, as the words of a text tell. Owns that reading; Lean has the last word.

use super::commands::DECLARATIONS;
use super::lexer::Token;

/// Components of a name as Lean writes it: `«»` belong to none.
pub fn name_components(name: &str) -> Vec<String> {
    let (mut components, mut current, mut quoted) = (Vec::new(), String::new(), false);
    for c in name.chars() {
        match c {
            '«' if !quoted => quoted = true,
            '»' if quoted => quoted = false,
            '.' if !quoted => components.push(std::mem::take(&mut current)),
            c => current.push(c),
        }
    }
    components.push(current);
    components
}

/// Which namespaces are open where.
pub(super) struct Namespaces {
    /// From this byte on: what stands in front of names.
    prefixes: Vec<(usize, String)>,
}

impl Namespaces {
    pub fn read(tokens: &[Token<'_>]) -> Namespaces {
        let mut open: Vec<(String, bool)> = Vec::new();
        let mut prefixes = vec![(0, String::new())];
        for (at, token) in tokens.iter().enumerate() {
            let next = tokens.get(at + 1).filter(|next| !next.line_start && is_name(next.text));
            match token.text {
                "namespace" if token.line_start => {
                    for part in name_components(next.map_or("", |next| next.text)) {
                        open.push((part, true));
                    }
                }
                "section" => {
                    // A section of several names is as many sections.
                    let parts = next.map_or(1, |next| name_components(next.text).len());
                    open.extend((0..parts).map(|_| (String::new(), false)));
                }
                "mutual" if token.line_start => open.push((String::new(), false)),
                "end" if token.line_start => {
                    let parts = next.map_or(1, |next| name_components(next.text).len());
                    open.truncate(open.len().saturating_sub(parts));
                }
                _ => continue,
            }
            let prefix = open.iter().filter(|(_, names)| *names).map(|(name, _)| quoted(name) + ".").collect();
            prefixes.push((token.start, prefix));
        }
        Namespaces { prefixes }
    }

    /// The full name of what is declared as `name` at `offset`.
    pub fn full(&self, offset: usize, name: &str) -> String {
        if let Some(root) = name.strip_prefix("_root_.") {
            return root.to_owned();
        }
        let at = self.prefixes.partition_point(|(from, _)| *from <= offset).saturating_sub(1);
        format!("{}{name}", self.prefixes[at].1)
    }
}

/// A component as a text must write it.
fn quoted(component: &str) -> String {
    let is_plain = component.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '!' | '?'));
    if is_plain { component.to_owned() } else { format!("«{component}»") }
}

/// True for what can be a declaration's name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '«' || c == '_' || c.is_alphabetic()) && !DECLARATIONS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::name_components;

    #[test]
    fn names_fall_into_components() {
        assert_eq!(name_components("A.«b.c».d"), ["A", "b.c", "d"]);
        assert_eq!(name_components("t"), ["t"]);
    }
}
