//! Repairs in the editor through the real binary: a small language model that the test writes, and the real Lean.

#![cfg(all(feature = "lsp", feature = "ml"))]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;
#[path = "common/lsp_client.rs"]
mod lsp_client;

use common::{directory, lines};
use lsp_client::Client;
use serde_json::{Value, json};
use std::fs;

const URI: &str = "file:///data/outputs.jsonl";

#[test]
fn a_refused_record_is_repaired_by_the_model() {
    let home = directory();
    let (model, template) = (home.path().join("model"), home.path().join("template.toml"));
    chain_model::write(&model, &chain_model::CHAINS);
    fs::write(&template, chain_model::TEMPLATE).unwrap();
    let (model, template) = (model.to_str().unwrap().to_owned(), template.to_str().unwrap().to_owned());
    let mut client =
        Client::start(&["--model", &model, "--template", &template], &["utf-8"], json!({"references": ""}));
    let text = lines(&[
        json!({"id": "p", "informal": "Zero changes nothing.", "code": "theorem t (n : Nat) : n + 1 = n := by simp"}),
    ]);
    client.open(URI, "jsonl", &text);
    client.judge_all(URI);
    let at = json!({"line": 0, "character": 3});
    let params =
        json!({"textDocument": {"uri": URI}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let repair = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["title"].as_str().unwrap().contains("repair"))
        .expect("an action");
    let answer = client.command(repair["command"].as_str().unwrap(), repair["arguments"].clone());
    assert_eq!(answer["applied"], true, "{answer}");
    let edit = client.heard.iter().find(|m| m["method"] == "workspace/applyEdit").expect("an edit").clone();
    let edit = &edit["params"]["edit"]["changes"][URI][0];
    client.change(URI, 2, json!([{"range": edit["range"], "text": edit["newText"]}]));
    let counts = client.judge_all(URI);
    assert_eq!(counts["accepted"], 1, "{edit}");
    let record: Value = serde_json::from_str(client.text(URI).trim()).expect("still JSON");
    assert_eq!((&record["id"], &record["code"]), (&json!("p"), &answer["text"]));
    assert_eq!(client.end(), Some(0));
}
