//! Python: functions and classes of a module, by indentation. Owns logical lines: those that do not begin within a
//! string or brackets.

use super::Unit;

/// Functions and classes at the beginning of lines, with their decorators; methods are part of their class. Other code of
/// a module is left out.
pub fn definitions(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    // Beginning, end so far, and whether the definition itself was seen behind decorators.
    let mut open: Option<(usize, usize, bool)> = None;
    for (start, end) in logical_lines(text) {
        let line = &text[start..end];
        if line.starts_with([' ', '\t']) {
            if let Some((_, last, true)) = &mut open {
                *last = end;
            }
            continue;
        }
        let is_definition = ["def ", "class ", "async def "].iter().any(|word| line.starts_with(word));
        let is_decorator = line.starts_with('@');
        let from = match open {
            // Decorators belong to what follows.
            Some((from, _, false)) if is_definition || is_decorator => from,
            Some((from, last, true)) => {
                units.push(Unit::slice(text, from, last));
                start
            }
            _ => start,
        };
        open = (is_definition || is_decorator).then_some((from, end, is_definition));
    }
    units.extend(open.filter(|open| open.2).map(|(from, last, _)| Unit::slice(text, from, last)));
    units
}

/// Byte ranges of the logical lines that hold more than a comment, from the beginning of their first line.
fn logical_lines(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut lines, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let (start, mut depth, mut is_blank) = (at, 0usize, true);
        while at < bytes.len() {
            match bytes[at] {
                b'\n' if depth == 0 => break,
                b'#' => {
                    at = text[at..].find('\n').map_or(bytes.len(), |length| at + length);
                    continue;
                }
                b'\\' => at += 1,
                mark @ (b'"' | b'\'') => {
                    is_blank = false;
                    at = string_end(bytes, at, mark);
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_blank &= bytes.get(at).is_none_or(u8::is_ascii_whitespace);
            at += 1;
        }
        at = at.min(bytes.len());
        if !is_blank {
            lines.push((start, at));
        }
        at += 1;
    }
    lines
}

/// The offset behind the string that begins at `at`; one in single marks ends with its line at the latest.
fn string_end(bytes: &[u8], mut at: usize, mark: u8) -> usize {
    let is_triple = bytes[at..].starts_with(&[mark; 3]);
    at += if is_triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !is_triple => return at,
            _ if is_triple && bytes[at..].starts_with(&[mark; 3]) => return at + 3,
            byte if byte == mark && !is_triple => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn functions_and_classes_are_units() {
        let text = "\"\"\"Module.\ndef no():\n\"\"\"\nimport torch\n\n\
            @torch.no_grad()\n@cache(\n    size=3,\n)\ndef f(x,\n      y):\n    \"\"\"Doc.\n\ndef inner text\n    \"\"\"\n# comment\n    return x + \\\n  y\n\n\n\
            # of the class\nclass A(nn.Module):\n\n    def g(self):\n        return '# ('\n\nx = f(1,\n2)\nasync def h(): return 1\nif x:\n    pass\n";
        assert_eq!(
            texts(definitions(text)),
            [
                "@torch.no_grad()\n@cache(\n    size=3,\n)\ndef f(x,\n      y):\n    \"\"\"Doc.\n\ndef inner text\n    \"\"\"\n# comment\n    return x + \\\n  y",
                "class A(nn.Module):\n\n    def g(self):\n        return '# ('",
                "async def h(): return 1",
            ]
        );
    }

    #[test]
    fn broken_code_is_read_to_its_end() {
        assert_eq!(texts(definitions("def f(:\n  '''x\ndef g(): pass")), ["def f(:\n  '''x\ndef g(): pass"]);
        assert_eq!(texts(definitions("@dec\nx = 1\ndef g(): 'a\n  \\")), ["def g(): 'a"]);
        assert_eq!(texts(definitions("\\é")), Vec::<String>::new());
        assert_eq!(texts(definitions("def s(): '\\é'\n")), ["def s(): '\\é'"]);
    }
}
