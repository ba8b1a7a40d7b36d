//! Tests of `lean_text`. Owns its samples only.

use super::*;

/// The kept lines and the kind, after checking that nothing kept has moved.
fn kept(output: &str) -> (Vec<String>, TextKind) {
    let LeanText { text, kind } = lean_text(output);
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&text).len(), lines(output).len(), "{output}");
    for (new, old) in lines(&text).iter().zip(lines(output)) {
        for (new, old) in new.chars().zip(old.chars()) {
            assert!(new == old || new == ' ', "{output}");
        }
    }
    (lines(&text).into_iter().filter(|l| !l.trim().is_empty()).map(|l| l.trim_end().to_owned()).collect(), kind)
}

fn fenced(lines: &[&str]) -> (Vec<String>, TextKind) {
    (lines.iter().map(|l| l.to_string()).collect(), TextKind::Fenced)
}

#[test]
fn lean_fences_count_and_the_rest_is_blanked() {
    assert_eq!(
        kept("Sure!\n```lean\ntheorem a : p := by\n  simp\n```\nDone."),
        fenced(&["theorem a : p := by", "  simp"])
    );
    assert_eq!(kept("```text\ntheorem. x\n```\n~~~ Lean4 x\ndef a := 1\n~~~\n```\nno\n```"), fenced(&["def a := 1"]));
    assert_eq!(kept("1. x\n     ```{.lean}\n     def a := 1\n     ```\nend"), fenced(&["     def a := 1"]));
    assert_eq!(kept("```lean\ndef a := 1"), fenced(&["def a := 1"]));
    assert_eq!(kept("Plain:\n```\ndef a := 1\n```\n"), fenced(&["def a := 1"]));
    assert_eq!(lean_text("x\r\n```lean\r\ndef a := 1\r\n```\r\n").text, "\r\n\r\ndef a := 1\r\n\r\n");
}

#[test]
fn other_languages_never_count() {
    assert_eq!(kept("Here:\n```python\ndef f(x):\n    return x\n```").1, TextKind::None);
    assert_eq!(kept("Here:\n```coq\nTheorem a : p.\n```").1, TextKind::None);
    assert_eq!(kept("Here:\n```lean\n\n```\n").1, TextKind::None);
}

#[test]
fn raw_text_is_kept_as_it_is() {
    for raw in [
        "theorem a : p := rfl\n",
        "import Mathlib\n\n/-- Say\n```lean\nexample : True := trivial\n```\n-/\ntheorem a : p := rfl",
        "-- theorem a : p",
        "-- an idea\ntheorem a : \"\n```\n\" = x := sorry",
        "The theorem:\n\ntheorem a : p := rfl\r\n",
        "theorem a : p :=\nbegin\n  simp,\nend",
    ] {
        assert_eq!(lean_text(raw), LeanText { text: raw.to_owned(), kind: TextKind::Raw });
    }
}

#[test]
fn text_that_begins_with_lean_ends_at_an_unpaired_mark() {
    assert_eq!(
        kept("theorem a : p := by\n  simp\n```\n\nThis theorem says"),
        fenced(&["theorem a : p := by", "  simp"])
    );
    assert_eq!(
        kept("theorem a : p := sorry\n```\nBetter:\n```lean\ntheorem a : p := rfl\n```\n"),
        fenced(&["theorem a : p := rfl"])
    );
    assert_eq!(kept("theorem a we state:\n```\ntheorem a : p\n```\nBye"), fenced(&["theorem a : p"]));
    assert_eq!(kept("open Problem is this:\n```lean\ntheorem a : p\n```\nBye"), fenced(&["theorem a : p"]));
}

#[test]
fn chatter_is_nothing() {
    for output in
        ["", "  \n\n", "I'm unable to formalize this.", "# Plan\n- open problem in arithmetic", "</s>", "\u{feff}"]
    {
        let (lines, kind) = kept(output);
        assert_eq!((lines.len(), kind), (0, TextKind::None), "{output}");
    }
}

#[test]
fn later_fences_replace_earlier_ones() {
    let two = |first: &str, second: &str| kept(&format!("A\n```lean\n{first}\n```\nB\n```lean\n{second}\n```\n"));
    assert_eq!(two("def f := 1", "def g := f"), fenced(&["def f := 1", "def g := f"]));
    assert_eq!(two("theorem a : p := sorry", "theorem a : p := rfl"), fenced(&["theorem a : p := rfl"]));
    assert_eq!(two("open Nat", "open Nat\n#check 1"), fenced(&["open Nat", "#check 1"]));
    assert_eq!(two("example : p := x", "example : p := x"), fenced(&["example : p := x"]));
    assert_eq!(two("theorem a : p := by\n  simp", "theorem a : p := by"), fenced(&["theorem a : p := by", "  simp"]));
    assert_eq!(two("theorem a : p := by\n  simp", "  simp"), fenced(&["theorem a : p := by", "  simp"]));
}

#[test]
fn marks_at_the_edges_become_spaces() {
    assert_eq!(lean_text("\u{feff}def a := 1").text, " def a := 1");
    assert_eq!(
        lean_text("def a := 1<|im_end|>\n<|endoftext|>").text,
        format!("def a := 1{}\n{}", " ".repeat(10), " ".repeat(13))
    );
    assert_eq!(lean_text("def a := 1<｜end▁of▁sentence｜>").text, format!("def a := 1{}", " ".repeat(19)));
    assert_eq!(kept("```lean\ndef a := \"</s>\"\n```<eos>"), fenced(&["def a := \"</s>\""]));
}

#[test]
fn hostile_output_takes_linear_time() {
    for piece in ["```lean\n", "```\n", "```lean\nx\n```\n", "theorem a : p\n", "```python\ndef a := 1\n```\n", "<eos>"]
    {
        let output = piece.repeat(50_000);
        assert_eq!(lean_text(&output).text.matches('\n').count(), output.matches('\n').count());
    }
}

#[test]
fn of_the_example_outputs_just_the_empty_ones_hold_nothing() {
    for line in include_str!("../../examples/outputs.jsonl").lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let kind = lean_text(record["code"].as_str().unwrap()).kind;
        assert_eq!(kind == TextKind::None, record["expect"]["reason"] == "empty", "{}", record["id"]);
    }
}
