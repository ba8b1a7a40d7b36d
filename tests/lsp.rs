//! `afcheck lsp` through the real binary: a session for every feature.

#![cfg(feature = "lsp")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;
#[path = "common/lsp_client.rs"]
mod lsp_client;

use common::{HONEST, lines};
use lsp_client::{Client, Counted};
use serde_json::{Value, json};

const URI: &str = "file:///data/outputs.jsonl";

fn client(options: Value) -> Client {
    Client::start(&[], &["utf-8"], options)
}

/// The diagnostics in a line, as code and covered text.
fn found(client: &Client, text: &str, line: u64) -> Vec<(String, String)> {
    let own = client.of_document(URI).iter().filter(|d| d["range"]["start"]["line"] == line);
    own.map(|d| (d["code"].as_str().unwrap().to_owned(), Counted::Bytes.covered(text, &d["range"]).to_owned()))
        .collect()
}

#[test]
fn verdicts_are_shown_where_they_belong() {
    let mut client = client(json!({"verdicts": true}));
    let target = json!({"id": "t", "code": "theorem t : 1 < 3 := by decide", "target": "theorem t : 1 < 2 := sorry"});
    let records = [
        json!({"id": "good", "code": HONEST}),
        json!({"id": "unknown", "code": "theorem t : 1 = 1 := nonsense"}),
        json!({"id": "run", "code": "theorem t : True := trivial\n#eval 1"}),
        json!({"id": "cheat", "code": "axiom a : False\ntheorem t : 1 = 2 := a.elim"}),
        target.clone(),
        json!({"id": "open", "code": "theorem t (n : Nat) : n = n + 0 := sorry"}),
    ];
    let text = lines(&records) + "{\"code\": \n\n[1]\n{\"id\": \"nothing\"}\n";
    client.open(URI, "jsonl", &text);
    let counts = client.judge_all(URI);
    assert_eq!(counts, json!({"accepted": 2, "rejected": 3, "undecided": 1, "pending": 0, "bad": 3}));
    assert_eq!(found(&client, &text, 0), []);
    assert_eq!(found(&client, &text, 1), [("unknown_identifier".into(), "nonsense".into())]);
    assert!(found(&client, &text, 2)[0].0 == "unsupported", "{:?}", found(&client, &text, 2));
    assert_eq!(found(&client, &text, 3), [("axiom".into(), "axiom a : False".into())], "its first line");
    let mismatch = client.of_document(URI).iter().find(|d| d["code"] == "target_mismatch").expect("a mismatch").clone();
    let related = &mismatch["relatedInformation"][0]["location"]["range"];
    assert_eq!(Counted::Bytes.covered(&text, related), target["target"].to_string(), "it points at the target");
    assert!(mismatch["message"].as_str().unwrap().contains("target"), "{mismatch}");
    assert!(mismatch["codeDescription"]["href"].as_str().unwrap().ends_with("/trust.md"));
    // A statement without a proof was asked for no proof: at most a hint.
    assert!(client.of_document(URI).iter().filter(|d| d["range"]["start"]["line"] == 5).all(|d| d["severity"] == 4));
    for line in [6, 8, 9] {
        assert_eq!(found(&client, &text, line)[0].0, "bad_record", "line {line}");
    }
    let told = client.heard.iter().rfind(|m| m["method"] == "$/afcheck/verdicts").expect("verdicts in numbers");
    assert_eq!((&told["params"]["accepted"], &told["params"]["pending"]), (&json!(2), &json!(0)));
    let is_said = |m: &Value| m["params"]["message"] == "2 accepted, 3 rejected, 1 undecided, 3 unreadable";
    client.wait(|client| client.heard.iter().any(is_said));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_edited_record_is_judged_again_and_nothing_wrong_is_left() {
    let mut client = client(json!({}));
    let text = lines(&[json!({"id": "a", "code": "theorem t : 1 = 2 := rfl"}), json!({"id": "b", "code": HONEST})]);
    client.open(URI, "jsonl", &text);
    client.wait(|client| !client.of_document(URI).is_empty());
    let at = text.find('2').unwrap() as u32;
    let range = json!({"start": {"line": 0, "character": at}, "end": {"line": 0, "character": at + 1}});
    client.change(URI, 2, json!([{"range": range, "text": "1"}]));
    client.wait(|client| client.diagnostics[URI].0 == 2 && client.of_document(URI).is_empty());
    // A line above moves what stands below, and what it says moves with it.
    client.change(URI, 3, json!([{"range": range, "text": "2"}]));
    client.wait(|client| client.diagnostics[URI].0 == 3 && !client.of_document(URI).is_empty());
    let top = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    client.change(URI, 4, json!([{"range": top, "text": "\n\n"}]));
    client.wait(|client| client.diagnostics[URI].0 == 4);
    client.judge_all(URI);
    let ranges: Vec<&Value> = client.of_document(URI).iter().map(|d| &d["range"]["start"]["line"]).collect();
    assert!(!ranges.is_empty() && ranges.iter().all(|line| **line == 2), "{ranges:?}");
    // What is closed says nothing.
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    client.wait(|client| client.of_document(URI).is_empty());
    assert_eq!(client.end(), Some(0));
}

#[test]
fn places_say_what_lean_says_of_them() {
    let mut client = client(json!({}));
    let code = "theorem t (p q : Prop) : p → q → p := by\n  intro hp hq\n  exact hp\n\ntheorem u (n : Nat) : n + 0 = n := Nat.add_zero n\n\n\
                theorem v (xs : List Nat) : xs = xs := by\n  have h := t\n  rfl\n";
    let record = json!({"id": "r", "informal": "p implies *p*", "code": code, "loss": 1.25});
    let text = lines(&[record]);
    client.open(URI, "jsonl", &text);
    client.judge_all(URI);
    let column = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle}")) as u32;
    let goal = client.at("$/lean/plainGoal", URI, 0, column("exact hp"));
    assert_eq!(goal["goals"], json!(["p q : Prop\nhp : p\nhq : q\n⊢ p"]));
    assert!(goal["rendered"].as_str().unwrap().starts_with("```lean\n"), "{goal}");
    assert_eq!(client.at("$/lean/plainGoal", URI, 0, column("theorem u")), Value::Null);
    let waited = client.request("textDocument/waitForDiagnostics", json!({"uri": URI, "version": 1}));
    assert_eq!(waited, Ok(json!({})));
    let term = client.at("$/lean/plainTermGoal", URI, 0, column("Nat.add_zero") + 3);
    assert!(term["goal"].as_str().unwrap().contains("⊢ n + 0 = n"), "{term}");
    let hover = client.at("textDocument/hover", URI, 0, column("Nat.add_zero") + 5);
    let shown = hover["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("n + 0 = n") && shown.contains("✓ replay") && shown.contains("loss: 1.25"), "{shown}");
    assert!(shown.contains("p implies"), "the informal statement");
    assert_eq!(Counted::Bytes.covered(&text, &hover["range"]), "Nat.add_zero");
    let beside = client.at("textDocument/hover", URI, 0, column("\"id\"") + 1);
    assert!(beside["contents"]["value"].as_str().unwrap().contains("heartbeats"), "beside the code: the verdict alone");

    // Names: of the core library, opened or not, and the text's own.
    let labels = |answer: &Value| -> Vec<String> {
        answer["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let completed = client.at("textDocument/completion", URI, 0, column("Nat.add_zero") + 9);
    assert!(labels(&completed).iter().any(|name| name == "Nat.add_zero"), "{:?}", labels(&completed));
    let edit = &completed["items"][0]["textEdit"]["range"];
    assert_eq!(Counted::Bytes.covered(&text, edit), "Nat.add_z");

    // Definitions: in the text, and of the core library on a page.
    let own = client.at("textDocument/definition", URI, 0, column("have h := t") + 10);
    assert_eq!(Counted::Bytes.covered(&text, &own["range"]), "t");
    assert_eq!(own["range"]["start"]["character"], column("theorem t ") + 8);
    let core = client.at("textDocument/definition", URI, 0, column("Nat.add_zero") + 6);
    let path = core["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("theorem Nat.add_zero"), "{core}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn verdicts_are_hints_lenses_symbols_and_rows() {
    let mut client = client(json!({}));
    let records = [
        json!({"id": "a", "code": HONEST, "loss": 0.5}),
        json!({"id": "a", "code": "theorem t : 1 = 2 := rfl"}),
        json!({"code": HONEST}),
    ];
    let text = lines(&records);
    client.open(URI, "jsonl", &text);
    client.judge_all(URI);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let hints =
        client.request("textDocument/inlayHint", json!({"textDocument": {"uri": URI}, "range": range})).unwrap();
    let labels: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
    assert_eq!(labels.len(), 2, "only what is asked for");
    assert!(labels[0].starts_with("✓ replay · ") && labels[0].ends_with("loss 0.500"), "{labels:?}");
    assert!(labels[1].starts_with("✗ proof: "), "{labels:?}");
    let lenses = client.of("textDocument/codeLens", URI);
    assert_eq!(lenses.as_array().unwrap().len(), 3);
    assert_eq!(lenses[1]["command"]["command"], "afcheck.verifyRecord");
    assert_eq!(client.command("afcheck.verifyRecord", lenses[1]["command"]["arguments"].clone()), true);
    let symbols = client.of("textDocument/documentSymbol", URI);
    assert_eq!(symbols[0]["name"], "a");
    assert_eq!(symbols[0]["children"][0]["name"], "honest");
    assert_eq!(symbols[2]["name"], "line 3");
    let folds = client.of("textDocument/foldingRange", URI);
    assert_eq!((&folds[0]["startLine"], &folds[0]["endLine"]), (&json!(0), &json!(1)), "two samples of one problem");
    client.judge_all(URI);
    let rows = client.of("afcheck/records", URI);
    let verdicts: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["verdict"]).collect();
    assert_eq!(verdicts, ["accepted", "rejected", "accepted"]);

    // The words of the Lean inside of strings have kinds.
    let tokens = client.of("textDocument/semanticTokens/full", URI);
    let legend = &client.server["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"];
    let (mut line, mut character) = (0, 0);
    let mut words = Vec::new();
    for token in tokens["data"].as_array().unwrap().chunks(5) {
        let number = |at: usize| token[at].as_u64().unwrap();
        character = if number(0) > 0 { number(1) } else { character + number(1) };
        line += number(0);
        let end = character + number(2);
        let range = json!({"start": {"line": line, "character": character}, "end": {"line": line, "character": end}});
        words.push((
            Counted::Bytes.covered(&text, &range).to_owned(),
            legend[number(3) as usize].as_str().unwrap().to_owned(),
        ));
    }
    assert!(words.contains(&("theorem".into(), "keyword".into())), "{words:?}");
    assert!(words.contains(&("omega".into(), "variable".into())) && words.contains(&(":=".into(), "operator".into())));
    assert_eq!(client.end(), Some(0));
}

/// What a client does with the edit of an action.
fn applied(text: &str, action: &Value) -> String {
    let mut text = text.to_owned();
    for edit in action["edit"]["changes"][URI].as_array().expect("edits").iter().rev() {
        let covered = Counted::Bytes.covered(&text, &edit["range"]);
        let at = covered.as_ptr() as usize - text.as_ptr() as usize;
        let end = at + covered.len();
        text.replace_range(at..end, edit["newText"].as_str().unwrap());
    }
    text
}

#[test]
fn records_can_be_acted_on() {
    let mut client = client(json!({"references": "", "heartbeats": 20000}));
    let long = "theorem helper : 1 = 1 := rfl\n\ntheorem other : 2 = 2 := rfl\n\ntheorem t : 1 = 2 := by\n  have h := helper\n  rfl\n";
    let records = [
        json!({"id": "p", "code": long}),
        json!({"id": "p", "code": "theorem t (α : Type) (x : α) : x = x := by \"no\""}),
        json!({"id": "p", "code": "-- \"good\"\ntheorem t (α : Type) (x : α) : x = x := rfl"}),
        json!({"id": "q", "code": "theorem q : 1 < 3 := by decide", "target": "theorem q : 1 < 2 := sorry"}),
    ];
    let text = lines(&records);
    client.open(URI, "jsonl", &text);
    client.judge_all(URI);
    let actions = |client: &mut Client, line: u32| {
        let at = json!({"line": line, "character": 3});
        let params =
            json!({"textDocument": {"uri": URI}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    };
    let named = |actions: &[Value], beginning: &str| {
        let is_it = |action: &&Value| action["title"].as_str().unwrap().starts_with(beginning);
        actions.iter().find(is_it).unwrap_or_else(|| panic!("{beginning}: {actions:?}")).clone()
    };
    // The best accepted sample of the problem, escapes and all.
    let for_second = actions(&mut client, 1);
    let replaced = applied(&text, &named(&for_second, "Replace with the best accepted sample of p"));
    let read: Vec<Value> = replaced.lines().map(|line| serde_json::from_str(line).expect("still JSON")).collect();
    assert_eq!(read[1], records[2]);
    assert_eq!((&read[0], &read[2], &read[3]), (&records[0], &records[2], &records[3]));
    assert!(
        !actions(&mut client, 2).iter().any(|a| a["title"].as_str().unwrap().starts_with("Replace")),
        "it is that one"
    );
    // What differs from the target.
    let difference = named(&actions(&mut client, 3), "Show the first difference");
    let told = client.command(difference["command"].as_str().unwrap(), difference["arguments"].clone());
    assert!(told["text"].as_str().unwrap().contains("target"), "{told}");
    // A reproducer has the verdict still, and only what it needs.
    let reproducer = named(&actions(&mut client, 0), "Copy a minimal reproducer");
    let told = client.command(reproducer["command"].as_str().unwrap(), reproducer["arguments"].clone());
    let minimal = told["text"].as_str().unwrap();
    assert!(!minimal.contains("other") && minimal.contains("1 = 2") && minimal.contains("✗ proof"), "{minimal}");
    assert!(std::fs::read_to_string(told["path"].as_str().unwrap()).unwrap() == minimal);
    client.wait(|client| client.heard.iter().any(|m| m["method"] == "window/showDocument"));
    // Without a model there is no repair, and who asks for one is told.
    assert!(!actions(&mut client, 0).iter().any(|a| a["title"].as_str().unwrap().contains("repair")));
    let refused =
        client.request("workspace/executeCommand", json!({"command": "afcheck.repair", "arguments": [URI, 0]}));
    assert!(refused.unwrap_err()["message"].as_str().unwrap().contains("--model"));
    for wrong in [json!({"command": "afcheck.repair"}), json!({"command": "no such command", "arguments": [URI]})] {
        assert!(client.request("workspace/executeCommand", wrong).is_err());
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn statements_stand_beside_their_references() {
    let mut client = client(json!({}));
    let problems = afcheck::dataset::problems("afcore", &Default::default(), None).expect("AfCore is built in");
    let problem = problems.iter().find(|p| p.header.is_none()).or(problems.first()).expect("a problem");
    let mut same = json!({"id": problem.id, "code": problem.formal});
    let other = json!({"id": problem.id, "code": "theorem t : 1 = 1 := sorry"});
    let without = json!({"id": problem.id, "code": problem.formal});
    if let Some(header) = &problem.header {
        same["header"] = json!(header);
    }
    let text = lines(&[same, other, without]);
    client.open(URI, "jsonl", &text);
    client.judge_all(URI);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}});
    let mut label = String::new();
    for _ in 0..200 {
        let params = json!({"textDocument": {"uri": URI}, "range": range});
        let hints = client.request("textDocument/inlayHint", params).unwrap();
        label = hints[0]["label"].as_str().unwrap().to_owned();
        if label.contains("≡ reference") {
            break;
        }
        client.listen(std::time::Duration::from_millis(100));
    }
    assert!(label.contains("≡ reference"), "{label}");
    if let Some(header) = &problem.header {
        let at = json!({"line": 2, "character": 3});
        let params =
            json!({"textDocument": {"uri": URI}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        let actions = client.request("textDocument/codeAction", params).unwrap();
        let insert =
            actions.as_array().unwrap().iter().find(|a| a["title"].as_str().unwrap().starts_with("Insert the header"));
        let text = applied(&text, insert.expect("an action"));
        let record: Value = serde_json::from_str(text.lines().nth(2).unwrap()).expect("still JSON");
        assert_eq!(record["header"], json!(header));
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn markdown_and_lean_files_are_judged_too() {
    let mut client = client(json!({}));
    let (page, file) = ("file:///notes/page.md", "file:///src/file.lean");
    let text = "# Title\n\nProse with theorem in it.\n\n```lean\ntheorem a : 1 = 1 := rfl\n```\n\n- item\n\n  ```lean\n  theorem b : 1 = 1 :=\n    nonsense\n  ```\n\n```python\nx = 1\n```\n";
    client.open(page, "markdown", text);
    assert_eq!(client.judge_all(page)["rejected"], 1);
    let first = client.of_document(page)[0].clone();
    assert_eq!(first["range"]["start"], json!({"line": 12, "character": 4}), "{first}");
    let folds = client.of("textDocument/foldingRange", page);
    assert!(folds.as_array().unwrap().iter().any(|f| f["startLine"] == 4 && f["endLine"] == 6), "{folds}");
    // Lines above do not make what is known of a block unknown.
    let top = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    client.change(page, 2, json!([{"range": top, "text": "one\ntwo\n"}]));
    let rows = client.of("afcheck/records", page);
    assert!(rows.as_array().unwrap().iter().all(|row| row["verdict"] != "pending"), "{rows}");
    assert_eq!(rows[0]["line"], 7);
    let code =
        "namespace N\n\ntheorem t (n : Nat) : n + 0 = n := by\n  simp\n\ntheorem u : 1 = 2 := by\n  decide\n\nend N\n";
    client.open(file, "lean4", code);
    assert_eq!(client.judge_all(file)["rejected"], 1);
    assert_eq!(client.of_document(file)[0]["range"]["start"], json!({"line": 6, "character": 2}));
    let goal = client.at("$/lean/plainGoal", file, 3, 2);
    assert_eq!(goal["goals"], json!(["n : Nat\n⊢ n + 0 = n"]));
    let symbols = client.of("textDocument/documentSymbol", file);
    assert_eq!(symbols[0]["children"].as_array().unwrap().len(), 2, "{symbols}");
    // What is no document of ours is left alone.
    client.open("file:///src/file.rs", "rust", "fn main() {}");
    assert_eq!(client.of("afcheck/records", "file:///src/file.rs"), Value::Null);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn settings_change_verdicts_and_wrong_ones_change_nothing() {
    let mut client = client(json!({"heartbeats": "many"}));
    client.wait(|client| {
        client
            .heard
            .iter()
            .any(|m| m["params"]["message"].as_str().is_some_and(|t| t.contains("initializationOptions")))
    });
    let text = lines(&[json!({"id": "a", "code": "theorem t : 1 = 1 := sorry"})]);
    client.open(URI, "jsonl", &text);
    assert_eq!(client.judge_all(URI)["accepted"], 1);
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"afcheck": {"mode": "proof"}}}));
    assert_eq!(client.judge_all(URI)["rejected"], 1);
    assert_eq!(client.of_document(URI)[0]["code"], "sorry");
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"afcheck": {"mode": "nonsense"}}}));
    client.wait(|client| {
        client.heard.iter().any(|m| m["params"]["message"].as_str().is_some_and(|t| t.contains("nonsense")))
    });
    assert_eq!(client.judge_all(URI)["rejected"], 1);
    let registered = client.heard.iter().find(|m| m["method"] == "client/registerCapability").expect("registrations");
    assert_eq!(registered["params"]["registrations"].as_array().unwrap().len(), 2);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn names_of_a_library_are_completed_and_found_in_its_sources() {
    let library = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lean-project");
    let mut client = Client::start(&["--lib", library.to_str().unwrap()], &["utf-8"], json!({"references": ""}));
    let code = "theorem t (α : Type) (L M : Language α) (h : ∀ x, x ∈ L ↔ x ∈ M) : L = M := Language.ext h";
    let text = lines(&[json!({"id": "a", "header": "import AfCore.Automaton", "code": code})]);
    client.open(URI, "jsonl", &text);
    assert_eq!(client.judge_all(URI)["accepted"], 1, "{:?}", client.of_document(URI));
    let at = text.find("Language.ext").unwrap() as u32;
    let found = client.at("textDocument/definition", URI, 0, at + 10);
    assert!(found["uri"].as_str().unwrap().ends_with("lean-project/AfCore/Automaton.lean"), "{found}");
    let source = std::fs::read_to_string(library.join("AfCore/Automaton.lean")).unwrap();
    assert!(
        Counted::Bytes
            .covered(&source, &json!({"start": found["range"]["start"], "end": found["range"]["start"]}))
            .is_empty()
    );
    let line = source.lines().nth(found["range"]["start"]["line"].as_u64().unwrap() as usize).unwrap();
    assert!(line[found["range"]["start"]["character"].as_u64().unwrap() as usize..].starts_with("ext "), "{line}");
    let completed = client.at("textDocument/completion", URI, 0, at + 9);
    let labels: Vec<&str> =
        completed["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert!(labels.contains(&"Language.ext") && labels.contains(&"Language.ofPred"), "{labels:?}");
    let hover = client.at("textDocument/hover", URI, 0, at + 10);
    assert!(
        hover["contents"]["value"].as_str().unwrap().contains("Languages with the same words are equal."),
        "{hover}"
    );
    assert_eq!(client.end(), Some(0));
}
