//! Tests of the lexer. Owns its samples only.

use super::*;

fn words(text: &str) -> Vec<&str> {
    lex(text).tokens.iter().map(|t| t.text).collect()
}

#[test]
fn names_literals_and_symbols() {
    assert_eq!(
        words("theorem «≤ is».α₁' : h.2.1 ≠ xs[0]!"),
        ["theorem", "«≤ is».α₁'", ":", "h", ".", "2.1", "≠", "xs", "[", "0", "]", "!"]
    );
    assert_eq!(words("(λx, x):=by?"), ["(", "λ", "x", ",", "x", ")", ":=", "by?"]);
    assert_eq!(
        words("|x| || y <|> z <| w | 0 => 1"),
        ["|", "x", "|", "||", "y", "<|>", "z", "<|", "w", "|", "0", "=>", "1"]
    );
    assert_eq!(words("``Nat.add `end .succ 0..5"), ["``Nat.add", "`end", ".succ", "0", "..", "5"]);
}

#[test]
fn comments_nest_and_strings_hide_comments() {
    assert_eq!(words("a /- x /- y -/ z -/ b -- c := by\nd"), ["a", "b", "d"]);
    assert_eq!(words(r#""/- \" -/" x"#), [r#""/- \" -/""#, "x"]);
    assert_eq!(words(r###"r"\" y r#"a"b"# z r x"###), [r#"r"\""#, "y", r##"r#"a"b"#"##, "z", "r", "x"]);
    assert_eq!(words(r#"s!"a {f "b"} -- c" d"#), ["s!", r#""a {f "b"} -- c""#, "d"]);
}

#[test]
fn primes_are_not_characters() {
    assert_eq!(
        words("'a' x' '\\n' '\\'' '\"' f '' s '\\u03b1'"),
        ["'a'", "x'", "'\\n'", "'\\''", "'\"'", "f", "'", "'", "s", "'\\u03b1'"]
    );
}

#[test]
fn line_starts_and_commands() {
    let lexed = lex("/-- doc -/ theorem x\n  #check y\n#[1] 0#8");
    let starts: Vec<_> = lexed.tokens.iter().filter(|t| t.line_start).map(|t| (t.text, t.indented)).collect();
    assert_eq!(starts, [("theorem", true), ("#check", true), ("#", false)]);
}

#[test]
fn covered_says_what_is_comment_or_string() {
    let text = "a -- b\n\"c\" d";
    let covered: String = text.char_indices().filter(|(i, _)| lex(text).is_covered(*i)).map(|(_, c)| c).collect();
    assert_eq!(covered, "-- b\"c\"");
}

#[test]
fn hostile_text_ends() {
    let tails =
        ["/-", "\"", "r#\"", "s!\"{", "'", "'\\", "«", "`", "``", ".", "--", "\\", "\"\\", "r", "#", "s!\"{\"{"];
    for tail in tails {
        let text = format!("theorem é {tail}");
        let lexed = lex(&text);
        assert!(lexed.tokens.iter().all(|t| t.end() <= text.len()), "{tail}");
        lex(&tail.repeat(20_000));
    }
}
