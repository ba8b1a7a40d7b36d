//! Fields are recognised in the shapes the field's data sets have. The rows are shaped like theirs, the texts made up.

use super::*;
use crate::dataset::{FieldMap, Mapping};
use serde_json::{Value, json};

fn one(row: Value) -> Record {
    with_fields(row, &[]).unwrap()
}

fn with_fields(row: Value, fields: &[&str]) -> Result<Record, Box<RecordError>> {
    let options =
        ReadOptions { fields: FieldMap::with_overrides(fields.iter().copied()).unwrap(), ..ReadOptions::default() };
    read_with("a.jsonl", row.to_string(), options).remove(0).unwrap()
}

#[test]
fn minif2f_and_proofnet_rows() {
    let minif2f = one(json!({
        "name": "p1", "split": "valid", "informal_prefix": "/-- One. -/\n", "formal_statement": "theorem p1 : 1 = 1 := by\n",
        "goal": "⊢ 1 = 1", "header": "import Mathlib\n\nopen Nat\n"
    }));
    assert_eq!(minif2f.id, "p1");
    assert_eq!(minif2f.code, "theorem p1 : 1 = 1 := by\n");
    assert_eq!(minif2f.header.as_deref(), Some("import Mathlib\n\nopen Nat\n"));
    assert_eq!(minif2f.informal.as_deref(), Some("/-- One. -/\n"));
    assert_eq!(minif2f.is_proof, Some(false));

    let proofnet = one(json!({
        "name": "e1", "header": "import Mathlib\n", "formal_statement": "theorem e1 : p := sorry", "formal_proof": null,
        "informal_stmt": null, "informal_proof": "Clear."
    }));
    assert_eq!((proofnet.code.as_str(), proofnet.is_proof), ("theorem e1 : p := sorry", Some(false)));
    assert_eq!(proofnet.informal, None);
}

/// ProofNet-Verified: one line of prose where the proof would be, and definitions the statement needs.
#[test]
fn prose_for_a_reference_proof_is_passed_over_and_counted() {
    let row = json!({
        "index": 1, "name": "e2", "header": "import Mathlib\n\nopen Set", "helper": "def K := 1",
        "informal_stmt": "Show it.", "formal_stmt": "theorem e2 : K = 1 := by\n  sorry",
        "formal_proof": "to avoid harm, the formal proof is in another file"
    });
    let stream = Cursor::new(row.to_string().into_bytes());
    let mut records = Records::from_reader("a.jsonl", stream, ReadOptions::default()).unwrap();
    let record = records.next().unwrap().unwrap().unwrap();
    assert_eq!((record.id.as_str(), record.is_proof), ("e2", Some(false)));
    assert_eq!(record.code, "theorem e2 : K = 1 := by\n  sorry");
    assert_eq!(record.header.as_deref(), Some("import Mathlib\n\nopen Set\n\ndef K := 1\n"));
    assert_eq!(records.notes().placeholders, 1);
    let mapping = Mapping {
        id: Some("name".into()),
        code: "formal_stmt".into(),
        statement: None,
        header: Some("header".into()),
        informal: Some("informal_stmt".into()),
        target: None,
        placeholder: Some("formal_proof".into()),
    };
    assert_eq!(records.mapping(), Some(&mapping));

    // A model's own answer is never passed over, whatever it says.
    let answer = "to be honest, the statement is false";
    assert!(one(json!({"formal_statement": "theorem a : p := by", "proof": answer})).code.ends_with(answer));
    assert_eq!(one(json!({"formal_statement": "theorem a : p := by sorry", "proof": ""})).code, "");
    assert_eq!(one(json!({"formal_statement": "theorem a : p := sorry", "completion": " "})).code, " ");
}

#[test]
fn a_proof_that_stands_alone_wins_and_a_bare_one_is_joined() {
    let statement = "theorem a : p := by";
    let whole = one(json!({"formal_statement": statement, "proof": "theorem a : p := by simp"}));
    assert_eq!((whole.code.as_str(), whole.is_proof), ("theorem a : p := by simp", Some(true)));
    for field in ["proof", "formal_proof", "completion"] {
        let bare = one(json!({"formal_statement": statement, (field): "simp"}));
        assert_eq!((bare.code.as_str(), bare.is_proof), ("theorem a : p := by\n  simp", Some(true)), "{field}");
    }
    assert_eq!(one(json!({"proof": "simp"})).code, "simp");
    assert_eq!(one(json!({"output": "simp", "formal_statement": statement})).code, "simp");
}

#[test]
fn priorities_headers_and_ids() {
    let record = one(json!({
        "text": "t", "formal_statement": "f", "formal_proof": "theorem r := x", "generated_formal_statement": "g",
        "header": ["Mathlib", "import Lean", "open Nat"], "problem_id": 12, "index": 3, "nl": "n", "problem": "q"
    }));
    assert_eq!((record.code.as_str(), record.is_proof), ("g", Some(false)));
    assert_eq!(record.header.as_deref(), Some("import Mathlib\nimport Lean\nopen Nat\n"));
    assert_eq!((record.id.as_str(), record.informal.as_deref()), ("12", Some("n")));
    assert_eq!(
        one(json!({"code": "c", "lean_code": "l", "header": " "})),
        Record { id: "0".into(), code: "c".into(), ..Record::default() }
    );
    let bad = with_fields(json!({"id": "a", "code": "c", "header": 1}), &[]).unwrap_err();
    assert_eq!(
        bad.detail(),
        "line 1, column 1: field `header` should hold a string, found a number (a header is a \
        string or a list of strings; name another field with --field header=NAME)"
    );
}

#[test]
fn overrides_name_fields_and_paths() {
    let row = json!({
        "custom_id": "r1", "response": {"choices": [{"message": {"content": "theorem x : p := h"}}]}, "a.b": "dotted",
        "proof": "simp", "formal_statement": "theorem a : p := by"
    });
    let record = with_fields(row.clone(), &["code=response.choices.0.message.content"]).unwrap();
    assert_eq!((record.id.as_str(), record.code.as_str(), record.is_proof), ("r1", "theorem x : p := h", None));
    assert_eq!(with_fields(row.clone(), &["code=a.b"]).unwrap().code, "dotted");
    // A named field is taken as it is, but what its name says about its contents still holds.
    let proof = with_fields(row.clone(), &["code=proof", "id=missing"]).unwrap();
    assert_eq!((proof.id.as_str(), proof.code.as_str(), proof.is_proof), ("0", "simp", Some(true)));
    let missing = with_fields(row, &["code=response.text"]).unwrap_err();
    assert!(missing.to_string().contains("(--field code=response.text, but it has `custom_id`, `response`"));
}

#[test]
fn repeated_ids_are_allowed_and_counted() {
    let text =
        "{\"id\":\"a\",\"code\":\"x\"}\n{\"id\":\"b\",\"code\":\"x\"}\n{\"id\":\"a\",\"code\":\"y\"}\n".repeat(2);
    let mut records = Records::from_reader("a.jsonl", Cursor::new(text.into_bytes()), ReadOptions::default()).unwrap();
    assert_eq!(records.by_ref().filter(|item| matches!(item, Ok(Ok(_)))).count(), 6);
    assert_eq!((records.notes().duplicate_ids, records.notes().first_duplicate.as_deref()), (4, Some("a")));
}
