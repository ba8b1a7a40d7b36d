//! Metamath: assertions with their hypotheses. Owns scopes and statements of the language; proofs are left out, which as
//! databases have them are numbers of steps.

use super::Unit;

/// Every `$a` and `$p` statement behind the `$e` statements of its scope, one a line; a `$p` statement without its proof.
pub fn assertions(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    // Of each open scope its hypotheses.
    let mut scopes: Vec<Vec<String>> = vec![vec![]];
    let mut label: Option<(usize, &str)> = None;
    let mut tokens = tokens(text).into_iter();
    while let Some((start, token)) = tokens.next() {
        match token {
            "${" => scopes.push(vec![]),
            "$}" if scopes.len() > 1 => drop(scopes.pop()),
            "$e" | "$f" | "$a" | "$p" | "$c" | "$v" | "$d" => {
                let body: Vec<&str> =
                    tokens.by_ref().map(|(_, token)| token).take_while(|token| *token != "$.").collect();
                let formula = body.split(|token| *token == "$=").next().unwrap_or_default().join(" ");
                let Some((from, label)) = label.take() else { continue };
                let statement = format!("{label} {token} {formula} $.");
                match token {
                    "$e" => scopes.last_mut().expect("the outermost scope stays").push(statement),
                    "$a" | "$p" => {
                        let lines = scopes.iter().flatten().cloned().chain([statement]);
                        units.push(Unit { start: from, text: lines.collect::<Vec<_>>().join("\n") });
                    }
                    _ => {}
                }
            }
            _ => label = (!token.starts_with('$')).then_some((start, token)),
        }
    }
    units
}

/// Tokens with their offsets; comments, which do not nest, and inclusions are none.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let (mut tokens, mut until) = (Vec::new(), None);
    for token in text.split_ascii_whitespace() {
        // Both are slices of one text.
        let start = token.as_ptr() as usize - text.as_ptr() as usize;
        match (until, token) {
            (Some(end), _) => {
                if token == end {
                    until = None;
                }
            }
            (None, "$(") => until = Some("$)"),
            (None, "$[") => until = Some("$]"),
            (None, _) => tokens.push((start, token)),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::sources::readers::texts;

    #[test]
    fn assertions_stand_behind_their_hypotheses() {
        let text = "$( Comment $p $) $c ( ) -> wff |- $.\n$v ph ps $.\nwph $f wff ph $.\n\
            wi $a wff ( ph -> ps ) $.\n${\n  min $e |- ph $.\n  maj $e |- ( ph -> ps ) $.\n  ax-mp $a |- ps $.\n$}\n\
            $( Identity.\n $)\nid $p |- ( ph -> ph )\n  $= ( wi ax-1 ) ABC $.\n$[ other.mm $]\n";
        assert_eq!(
            texts(assertions(text)),
            [
                "wi $a wff ( ph -> ps ) $.",
                "min $e |- ph $.\nmaj $e |- ( ph -> ps ) $.\nax-mp $a |- ps $.",
                "id $p |- ( ph -> ph ) $.",
            ]
        );
        assert_eq!(assertions(text)[2].start, text.find("id $p").expect("it is there"));
    }

    #[test]
    fn broken_databases_are_read() {
        assert_eq!(texts(assertions("$} $p |- x $. a $a b")), ["a $a b $."]);
        assert_eq!(texts(assertions("$( open $p")), Vec::<String>::new());
    }
}
