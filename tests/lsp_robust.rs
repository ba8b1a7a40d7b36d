//! `afcheck lsp` under strain, through the real binary: positions in every encoding, random edits, broken messages, several
//! clients, many documents, checks that nobody wants any more.

#![cfg(feature = "lsp")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;
#[path = "common/lsp_client.rs"]
mod lsp_client;

use afcheck::metrics::Random;
use common::{HONEST, afcheck, lines};
use lsp_client::{Client, Counted};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

const URI: &str = "file:///data/outputs.jsonl";

/// One code with everything that is wider than it looks, the same text in three kinds of document, and three encodings: what
/// is underlined is the unknown word, to the character.
#[test]
fn positions_are_right_to_the_character() {
    let code = "-- 👩‍🔬 𝔸 é \"quoted\" \\ \u{7f}\t∀\r\ntheorem t (α : Type) (x : α) :\r\n  \"∀𝔸\" = \"👩‍🔬\" ∧ x = x := by\r\n  exact 𝔘nsinn₁\r\n";
    let escaped: String = code.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let plain = json!({"note": "𝔸👩‍🔬", "code": code}).to_string();
    let line_ends = format!("{plain}\r\n{{\"code\": \"{escaped}\"}}\r\n");
    let page = format!("𝔸 text\r\n\r\n```lean\r\n{code}```\r\n");
    for (name, counted) in Counted::ALL {
        let mut client = Client::start(&[], &[name], json!({}));
        assert_eq!(client.server["capabilities"]["positionEncoding"], name);
        for (uri, language, text) in [
            (URI, "jsonl", line_ends.as_str()),
            ("file:///page.md", "markdown", page.as_str()),
            ("file:///file.lean", "lean4", code),
        ] {
            client.open(uri, language, text);
            client.judge_all(uri);
            let unknown: Vec<&Value> =
                client.of_document(uri).iter().filter(|d| d["message"].as_str().unwrap().contains("nsinn")).collect();
            assert_eq!(unknown.len(), if uri == URI { 2 } else { 1 }, "{name} {uri}: {:?}", client.of_document(uri));
            let covered: Vec<&str> = unknown.iter().map(|d| counted.covered(text, &d["range"])).collect();
            let word: String = "𝔘nsinn₁".encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            for covered in &covered {
                assert!(*covered == "𝔘nsinn₁" || **covered == word, "{name} {uri}: {covered:?}");
            }
            // And the way back: a hover over `x` knows it, wherever it stands.
            for (number, line) in text.lines().enumerate() {
                let escaped = "\\u0078\\u0020\\u003a\\u003d";
                let needle = if line.contains(escaped) { escaped } else { "x := by" };
                if let Some(at) = line.find(needle) {
                    let hover = client.at("textDocument/hover", uri, number as u32, counted.column(&line[..at]));
                    let shown = hover["contents"]["value"].as_str().unwrap();
                    assert!(shown.contains("x : α"), "{name} {uri}: {shown}");
                }
            }
        }
        assert_eq!(client.end(), Some(0));
    }
}

/// Ten thousand changes, each described as a client does: the server's text is the client's.
#[test]
fn random_edits_keep_the_texts_equal() {
    let pieces = [
        "",
        "x",
        "\n",
        "\r\n",
        "\r",
        "∀",
        "𝔸",
        "é",
        "\"",
        "\\",
        "{\"code\": \"theorem t : True := trivial\"}\n",
        "}",
        "\\u2200",
        "👩‍🔬",
        "a longer piece of text",
        "{\"id\": 1, \"code\": \"",
        "\n\n\n",
    ];
    for (seed, (name, counted)) in Counted::ALL.into_iter().enumerate() {
        let mut client = Client::start(&["--no-cache"], &[name], json!({"references": "", "debounce": 300}));
        let mut random = Random::new(seed as u64 + 1);
        let mut text =
            lines(&[json!({"id": "a", "code": HONEST}), json!({"id": "b", "code": "theorem t : 𝔸 = 1 := by"})]);
        client.open(URI, "jsonl", &text);
        let turns = 3_400;
        for version in 0..turns {
            let mut changes = Vec::new();
            for _ in 0..1 + random.below(3) {
                // Line ends are those of the protocol.
                let mut starts = vec![0];
                let bytes = text.as_bytes();
                starts.extend(
                    (0..bytes.len())
                        .filter(|at| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
                        .map(|at| at + 1),
                );
                let mut place = || {
                    let number = random.below(starts.len() as u64) as usize;
                    let end = starts.get(number + 1).copied().unwrap_or(text.len());
                    let line = text[starts[number]..end].trim_end_matches(['\n', '\r']);
                    let at = line.floor_char_boundary(random.below(line.len() as u64 + 1) as usize);
                    (number, at, starts[number] + at, counted.column(&line[..at]))
                };
                let (mut from, mut to) = (place(), place());
                // Mostly small changes: a text that is always replaced as a whole shows little.
                if random.below(10) > 0 {
                    to = from;
                }
                if from.2 > to.2 {
                    std::mem::swap(&mut from, &mut to);
                }
                let new = pieces[random.below(pieces.len() as u64) as usize];
                text.replace_range(from.2..to.2, new);
                let position =
                    |(line, _, _, character): (usize, usize, usize, u32)| json!({"line": line, "character": character});
                changes.push(json!({"range": {"start": position(from), "end": position(to)}, "text": new}));
            }
            if random.below(500) == 0 {
                text = lines(&[json!({"id": "whole", "code": HONEST})]);
                changes.push(json!({"text": text}));
            }
            client.change(URI, version + 2, Value::Array(changes));
            if version % 200 == 199 || version == turns - 1 {
                assert_eq!(client.text(URI), text, "{name}, seed {seed}, version {version}");
            }
        }
        // Whatever was on the way, what stands now is what is judged.
        client.change(
            URI,
            turns + 2,
            json!([{"text": lines(&[json!({"id": "end", "code": "theorem t : 1 = 2 := rfl"})])}]),
        );
        assert_eq!(client.judge_all(URI)["rejected"], 1);
        let (version, found) = client.diagnostics[URI].clone();
        assert!(version == turns + 2 && !found.is_empty(), "{version} {found:?}");
        assert_eq!(client.end(), Some(0));
    }
}

#[test]
fn broken_messages_are_answered_and_survived() {
    let mut client = Client::start(&[], &["utf-8"], json!({}));
    let frames: [&[u8]; 6] = [
        b"Content-Length: 9\r\n\r\nnot json!",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 46\r\n\r\n{\"jsonrpc\": \"2.0\", \"method\": 7, \"params\": [1]}",
        b"Content-Length: 15\r\nX-Other: yes\r\n\r\n{\"jsonrpc\": {}}",
        b"Content-Length: 30\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":\"\xff\xfe\"...}",
        b"Content-Length: 4\r\n\r\nnull",
    ];
    for frame in frames {
        client.raw(frame);
    }
    client.wait(|client| client.heard.iter().filter(|m| m["method"] == "window/logMessage").count() == frames.len());
    for (method, params) in [
        ("no/such/method", json!({})),
        ("textDocument/hover", json!({"textDocument": 1})),
        (
            "textDocument/hover",
            json!({"textDocument": {"uri": "not a URI at all"}, "position": {"line": -1, "character": 0}}),
        ),
        ("$/lean/plainGoal", json!([])),
    ] {
        assert!(client.request(method, params).is_err(), "{method}");
    }
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": {"uri": "file:///never/opened.jsonl", "version": 1}, "contentChanges": [{"text": "x"}]}),
    );
    client.notify("textDocument/didOpen", json!({"wrong": true}));
    for place in [(0, u32::MAX), (u32::MAX, 0), (5, 5)] {
        client.open(URI, "jsonl", &lines(&[json!({"code": HONEST})]));
        let answer = client.at("textDocument/hover", URI, place.0, place.1);
        assert!(answer.is_null() || answer["contents"]["value"].is_string());
    }
    assert_eq!(client.judge_all(URI)["accepted"], 1);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_nobody_wants_any_more_ends_soon() {
    // Two bombs take both workers for as long as they are wanted.
    let bomb = "theorem t : (List.range 100000).foldl (· + ·) 0 = 0 := by decide";
    let mut client = Client::start(
        &["--no-cache", "--heartbeats", "100000000", "--jobs", "2"],
        &["utf-8"],
        json!({"references": ""}),
    );
    let text = lines(&[json!({"id": "a", "code": bomb}), json!({"id": "b", "code": format!("{bomb} -- b")})]);
    client.open(URI, "jsonl", &text);
    client.listen(Duration::from_millis(500));
    let begun = Instant::now();
    client.change(URI, 2, json!([{"text": lines(&[json!({"id": "c", "code": "theorem t : 1 = 2 := rfl"})])}]));
    client.wait(|client| client.diagnostics[URI].0 == 2 && !client.of_document(URI).is_empty());
    assert!(begun.elapsed() < Duration::from_secs(20), "the bombs' minute is not waited for");
    // A request that is cancelled is answered as such, and others go on.
    let id = client
        .ask("textDocument/hover", json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 30}}));
    client.notify("$/cancelRequest", json!({"id": id}));
    let _ = client.answer(id);
    assert_eq!(client.judge_all(URI)["rejected"], 1);
    assert_eq!(client.end(), Some(0));
}

fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.split_whitespace().next().expect("a number").parse::<u64>().expect("a number") * 1024
}

#[test]
fn a_thousand_documents_come_and_go() {
    let mut client = Client::start(&["--no-cache"], &["utf-8"], json!({"references": ""}));
    let pid = client.child.as_ref().expect("a child").id();
    let mut size = 0;
    for round in 0..1_000 {
        let uri = format!("file:///data/{}.jsonl", round % 50);
        let records: Vec<Value> =
            (0..20).map(|i| json!({"id": i, "code": format!("theorem t{round}_{i} : {i} = 0 := rfl")})).collect();
        client.open(&uri, "jsonl", &lines(&records));
        if round % 100 == 0 {
            client.judge_all(&uri);
        }
        client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
        if round == 300 {
            client.judge_all_nothing();
            size = resident(pid);
        }
    }
    client.judge_all_nothing();
    client.listen(Duration::from_millis(500));
    assert!(client.diagnostics.values().all(|(_, found)| found.is_empty()), "{:?}", client.diagnostics);
    let grown = resident(pid) as f64 / size as f64;
    assert!(grown < 1.3, "memory grew {grown} times over 700 documents");
    assert_eq!(client.end(), Some(0));
}

impl Client {
    /// Waits until everything sent before was taken in.
    fn judge_all_nothing(&mut self) {
        self.open("file:///data/last.jsonl", "jsonl", &lines(&[json!({"code": HONEST})]));
        self.judge_all("file:///data/last.jsonl");
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": "file:///data/last.jsonl"}}));
    }
}

#[test]
fn clients_share_an_engine_and_nothing_else() {
    let mut server = afcheck()
        .args(["lsp", "--tcp", "127.0.0.1:0", "--for", "5m"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stderr = BufReader::new(server.stderr.take().expect("a pipe"));
    let mut address = String::new();
    while !address.starts_with("listening") {
        address.clear();
        assert!(stderr.read_line(&mut address).expect("a line") > 0, "it says where it listens");
    }
    let address = address.split_whitespace().nth(1).expect("an address").to_owned();
    let (mut a, mut b) = (Client::connect(&address), Client::connect(&address));
    a.open(URI, "jsonl", &lines(&[json!({"code": HONEST})]));
    b.open(URI, "jsonl", &lines(&[json!({"code": "theorem t : 1 = 2 := rfl"})]));
    assert_eq!(a.judge_all(URI)["accepted"], 1);
    assert_eq!(b.judge_all(URI)["rejected"], 1);
    assert!(a.of_document(URI).is_empty() && !b.of_document(URI).is_empty());
    // One hangs up in the middle, the other goes on.
    b.open("file:///data/more.jsonl", "jsonl", &lines(&vec![json!({"code": HONEST}); 200]));
    drop(b);
    a.open("file:///data/a.jsonl", "jsonl", &lines(&[json!({"code": "theorem t : 2 = 2 := rfl"})]));
    assert_eq!(a.judge_all("file:///data/a.jsonl")["accepted"], 1);
    a.end();
    let mut c = Client::connect(&address);
    c.open(URI, "jsonl", &lines(&[json!({"code": HONEST})]));
    assert_eq!(c.judge_all(URI)["accepted"], 1, "and new ones are served");
    server.kill().expect("killed");
    server.wait().expect("ended");
    for wrong in [["--tcp", "0.0.0.0:0"], ["--tcp", "nowhere"]] {
        let refused = common::end(afcheck().arg("lsp").args(wrong), b"");
        assert_eq!(refused.code, Some(2), "{refused:?}");
    }
}

/// What breaks an instance is told of its record and of no other, and the server does not feel it.
#[test]
fn an_engine_that_breaks_down_is_replaced() {
    let options = json!({"references": "", "heartbeats": 20_000});
    let mut client = Client::start(&["--no-cache", "--jobs", "1"], &["utf-8"], options);
    let deep = format!("theorem t : {}True{} := by trivial", "(".repeat(40_000), ")".repeat(40_000));
    let forever = "theorem t : (List.range 100000).foldl (· + ·) 0 = 0 := by decide";
    let huge = format!("def x : List Nat := [{}]", "1, ".repeat(20_000) + "1");
    let records = [
        json!({"id": "deep", "code": deep}),
        json!({"id": "good", "code": HONEST}),
        json!({"id": "forever", "code": forever}),
        json!({"id": "huge", "code": huge}),
        json!({"id": "wrong", "code": "theorem t : 1 = 2 := rfl"}),
    ];
    client.open(URI, "jsonl", &lines(&records));
    client.judge_all(URI);
    let rows = client.of("afcheck/records", URI);
    let verdict = |id: &str| rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap()["verdict"].clone();
    assert_eq!((verdict("good"), verdict("wrong")), (json!("accepted"), json!("rejected")), "{rows}");
    assert_ne!(verdict("deep"), "accepted");
    assert_ne!(verdict("forever"), "accepted");
    assert_eq!(client.end(), Some(0));
}
