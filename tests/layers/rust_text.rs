//! Reads just enough Rust for the fences: tokens without comments and literals, and the paths that start at a crate
//! root. Owns no rule; knows nothing of layers.

/// An identifier, `::`, or one other character of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// 1-based.
    pub line: usize,
    pub text: String,
}

/// A path written in the code, resolved to a root: `crate` (for `super::` too, and for `afcheck` as the binary and
/// tests see the library) or `std`. A glob ends in `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// 1-based line of its last segment.
    pub line: usize,
    pub segments: Vec<String>,
}

/// The tokens of `text` without comments, strings and characters.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let start = at;
        let next = chars.get(at + 1).copied();
        match chars[at] {
            '/' if next == Some('/') => at = find(&chars, at, |rest| rest[0] == '\n'),
            '/' if next == Some('*') => at = end_of_block_comment(&chars, at),
            '"' => at = end_of_string(&chars, at),
            '\'' if next == Some('\\') => at = find(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            '\'' if chars.get(at + 2) == Some(&'\'') => at += 3,
            c if c.is_alphabetic() || c == '_' => {
                at = find(&chars, at, |rest| !rest[0].is_alphanumeric() && rest[0] != '_');
                let word: String = chars[start..at].iter().collect();
                let hashes = find(&chars, at, |rest| rest[0] != '#') - at;
                let quoted = chars.get(at + hashes) == Some(&'"');
                match word.as_str() {
                    "r" | "br" | "cr" if quoted => {
                        let closes = |rest: &[char]| {
                            rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|c| *c == '#')
                        };
                        at = find(&chars, at + hashes + 1, closes) + 1 + hashes;
                    }
                    // `r#type`: the identifier follows.
                    "r" if hashes == 1 => at += 1,
                    _ => tokens.push(Token { line, text: word }),
                }
            }
            ':' if next == Some(':') => {
                tokens.push(Token { line, text: "::".into() });
                at += 2;
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token { line, text: c.into() });
                }
                at += 1;
            }
        }
        at = at.min(chars.len());
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

/// The first place from `at` on whose rest satisfies `holds`, the end if there is none.
fn find(chars: &[char], at: usize, holds: impl Fn(&[char]) -> bool) -> usize {
    (at..chars.len()).find(|i| holds(&chars[*i..])).unwrap_or(chars.len())
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn end_of_block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The paths of `text` that start with `crate`, `self`, `super`, `afcheck` or `std`, groups spelled out. `file` is
/// relative to `src` and tells what `super` means.
pub fn paths(file: &str, text: &str) -> Vec<Path> {
    let tokens = tokens(text);
    let mut module = module_of(file);
    let mut reader = Reader { tokens: &tokens, at: 0, paths: vec![] };
    // For every open brace: does it open an inline module?
    let mut braces = Vec::new();
    while reader.at < tokens.len() {
        let at = reader.at;
        match reader.text(at) {
            "mod" if reader.text(at + 2) == "{" => {
                module.push(reader.text(at + 1).to_owned());
                braces.push(true);
                reader.at += 3;
                continue;
            }
            "{" => braces.push(false),
            "}" if braces.pop() == Some(true) => drop(module.pop()),
            "crate" | "self" | "super" | "afcheck" | "std" if reader.text(at + 1) == "::" => {
                reader.tree(if reader.text(at) == "std" { vec![] } else { module.clone() });
                continue;
            }
            _ => {}
        }
        reader.at += 1;
    }
    reader.paths
}

/// `engine/embedded/mod.rs` is `crate::engine::embedded`; the crate roots are `crate`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut module = vec!["crate".to_owned()];
    module.extend(stem.split('/').map(str::to_owned));
    if matches!(stem, "lib" | "main") || stem.ends_with("/mod") {
        module.pop();
    }
    module
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    paths: Vec<Path>,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &t.text)
    }

    /// One path or use tree, from `prefix` on; stops behind it.
    fn tree(&mut self, mut prefix: Vec<String>) {
        loop {
            let Some(token) = self.tokens.get(self.at) else { return };
            let line = token.line;
            match token.text.as_str() {
                "super" if prefix.len() > 1 => drop(prefix.pop()),
                "super" | "self" => {}
                "crate" | "afcheck" => prefix = vec!["crate".into()],
                "{" => {
                    self.at += 1;
                    return self.group(&prefix);
                }
                word => prefix.push(word.to_owned()),
            }
            self.at += 1;
            let next = self.text(self.at + 1);
            let goes_on = next.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '{' | '*'));
            if self.text(self.at) != "::" || !goes_on {
                self.paths.push(Path { line, segments: prefix });
                return;
            }
            self.at += 1;
        }
    }

    /// The members of a group, from behind its `{` to behind its `}`.
    fn group(&mut self, prefix: &[String]) {
        while self.at < self.tokens.len() {
            match self.text(self.at) {
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                // A new name is no path.
                "as" => self.at += 2,
                _ => self.tree(prefix.to_vec()),
            }
        }
    }
}
