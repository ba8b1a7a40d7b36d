//! `afcheck serve` through the real binary and real Lean: Kimina's routes as its clients read them, records and verdicts, keys,
//! limits, load with hostile snippets, and a server that is told to end in the middle of it.

#![cfg(feature = "serve")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, directory, results, verdict, write};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A server that ends with the test.
struct Served {
    child: Child,
    address: String,
    /// What it wrote on standard error behind its address.
    log: Arc<Mutex<Vec<String>>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer: status, headers with small letters, body.
type Answer = (u16, String, String);

impl Served {
    fn start(args: &[&str]) -> Served {
        let mut command = afcheck();
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--heartbeats",
            common::BUDGET,
            "--for",
            "10m",
            "--no-cache",
        ]);
        let mut child = command.args(args).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let line = lines.next().expect("a line").expect("text");
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("no address in {line}")).to_owned();
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = log.clone();
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Served { child, address, log }
    }

    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> std::io::Result<Answer> {
        send(&self.address, method, path, headers, body)
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, _, text) = self.send("POST", path, &[], &body.to_string()).expect("an answer");
        (status, serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
    }

    fn verify(&self, codes: &[&str]) -> Vec<Value> {
        let codes: Vec<Value> = codes.iter().enumerate().map(|(i, c)| json!({"custom_id": i, "proof": c})).collect();
        let (status, answer) = self.post("/verify", &json!({"codes": codes}));
        assert_eq!(status, 200, "{answer}");
        answer["results"].as_array().expect("results").clone()
    }

    fn terminate(&self) {
        let pid = Pid::from_raw(self.child.id() as i32).expect("a process");
        kill_process(pid, Signal::TERM).expect("it is there");
    }

    fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status;
            }
            assert!(Instant::now() < until, "the server does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// One request on a connection of its own.
fn send(address: &str, method: &str, path: &str, headers: &[&str], body: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    // Who is refused early may find the connection closed while sending.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) =
        text.split_once("\r\n\r\n").ok_or_else(|| std::io::Error::other(format!("no answer: {text:?}")))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let head = head.to_ascii_lowercase();
    let body = if head.contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
    Ok((status, head, body))
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        if size == 0 {
            break;
        }
        whole.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    whole
}

#[test]
fn kimina_s_routes_answer_as_its_clients_read_them() {
    let served = Served::start(&[]);
    assert_eq!(served.send("GET", "/health", &[], "").unwrap().2, r#"{"status":"ok"}"#);
    let codes = json!([
        {"custom_id": "a", "proof": "#check Nat"},
        {"custom_id": 7, "code": "theorem t (n : Nat) : n = n + 1 := by sorry"},
        {"custom_id": "both", "proof": "example : 1 = 1 := rfl", "code": "nonsense"},
        {"custom_id": "wrong", "proof": "import Init\n\nexample : 1 = 2 := rfl"},
        {"custom_id": "mathlib", "proof": "import Mathlib\nexample : 1 = 1 := rfl"},
    ]);
    let (status, answer) = served.post("/verify", &json!({"codes": codes, "infotree_type": "original"}));
    assert_eq!(status, 200);
    let results = answer["results"].as_array().unwrap();
    let ids: Vec<&str> = results.iter().map(|r| r["custom_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "7", "both", "wrong", "mathlib"], "ids are texts, in order");
    let message = json!({"severity": "info", "pos": {"line": 1, "column": 0}, "endPos": {"line": 1, "column": 6}, "data": "Nat : Type"});
    assert_eq!(results[0]["response"]["messages"], json!([message]));
    assert_eq!(results[0]["response"]["env"], 0);
    assert!(results[0]["response"]["time"].is_f64() && results[0].get("error").is_none());
    assert_eq!(results[1]["response"]["sorries"][0]["goal"], "n : Nat\n⊢ n = n + 1");
    assert!(results[2]["response"].get("messages").is_none(), "the proof wins: {}", results[2]);
    assert_eq!(results[3]["response"]["messages"][0]["pos"]["line"], 3, "places are the snippet's own");
    assert!(results[4]["response"]["message"].as_str().unwrap().contains("Mathlib"), "{}", results[4]);

    let body = json!({"snippets": [{"id": "x", "code": "#check Nat"}], "timeout": 30, "debug": true, "reuse": true, "infotree": null});
    let (status, answer) = served.post("/api/check", &body);
    assert_eq!((status, answer["results"][0]["response"]["messages"].clone()), (200, json!([message])));
    assert!(answer["results"][0]["time"].is_f64() && answer["results"][0]["diagnostics"]["repl_uuid"].is_string());
    assert_eq!(served.post("/api/check/", &body).0, 200);
    assert_eq!(served.post("/one_pass_verify_batch", &json!({"codes": []})), (200, json!({"results": []})));
    // The words its clients tell a time-out by.
    let slow = json!({"codes": [{"custom_id": "s", "proof": "example : 1 = 1 := rfl"}], "timeout": 0});
    let error = served.post("/verify", &slow).1["results"][0]["error"].as_str().unwrap_or_default().to_owned();
    assert_eq!(error, "Lean REPL command timed out in 0.0 seconds");
}

#[test]
fn no_snippet_sees_another_and_a_bad_one_costs_no_answer() {
    let served = Served::start(&["--jobs", "1"]);
    let bomb = "theorem t : (List.range 100000).foldl (· + ·) 0 = 0 := by decide";
    let results = served.verify(&[
        "def leaked := 1",
        "#check leaked",
        bomb,
        "\u{0}\u{1}",
        "#eval IO.Process.exit 1",
        "#check Nat",
    ]);
    assert_eq!(results[1]["response"]["messages"][0]["severity"], "error", "nothing leaks: {}", results[1]);
    assert_eq!(results[5]["response"]["messages"][0]["data"], "Nat : Type");
    for result in &results {
        assert!(result.get("error").is_some() != result.get("response").is_some(), "one of the two: {result}");
    }
}

#[test]
fn records_are_judged_as_verify_judges_them() {
    let served = Served::start(&[]);
    let records = [
        json!({"id": "a", "code": "theorem t (a b : Nat) : a + b = b + a := by omega", "target": "theorem t (x y : Nat) : x + y = y + x := sorry"}),
        json!({"id": "b", "code": "theorem t : 1 = 2 := rfl"}),
        json!({"id": "c"}),
    ];
    let body = format!("{}not JSON\n", common::lines(&records));
    let (status, head, text) = served.send("POST", "/v1/check?mode=proof", &[], &body).unwrap();
    assert_eq!(status, 200, "{text}");
    assert!(head.contains("content-type: application/x-ndjson"), "{head}");
    let got = results(&text);
    let verdicts: Vec<String> = got.iter().map(verdict).collect();
    assert_eq!(
        verdicts,
        ["accepted target", "rejected proof/type_mismatch", "undecided bad_record", "undecided bad_record"]
    );
    let alone = common::judge(&records[..2], &["--mode", "proof", "--no-warnings"]);
    for (served, alone) in got.iter().zip(&alone) {
        assert_eq!(common::without_time(served), common::without_time(alone));
    }
    for (query, word) in
        [("mode=wrong", "unknown mode"), ("require=x", "rung"), ("nonsense=1", "nonsense"), ("heartbeats=x", "")]
    {
        let (status, _, text) = served.send("POST", &format!("/v1/check?{query}"), &[], &body).unwrap();
        assert!(status == 422 && text.contains(word), "{query}: {status} {text}");
    }
    assert_eq!(served.send("POST", "/v1/check", &[], " \n").unwrap().0, 422);
    assert_eq!(served.send("POST", "/v1/check", &[], "{\"id\": 1, \"code\": \"x\"}\u{0}").unwrap().0, 200);
}

#[test]
fn keys_sizes_and_shapes_are_checked() {
    let home = directory();
    let keys = write(home.path(), "keys", "sesame\n\nother key\n");
    let served =
        Served::start(&["--key-file", keys.to_str().unwrap(), "--body", "10KB", "--batch", "3", "--queue", "5"]);
    let body = json!({"codes": [{"custom_id": 1, "code": "#check Nat"}]}).to_string();
    let with = |key: &str| served.send("POST", "/verify", &[&format!("Authorization: {key}")], &body).unwrap();
    assert_eq!(served.send("POST", "/verify", &[], &body).unwrap().2, r#"{"detail":"Missing API key"}"#);
    assert_eq!((with("Bearer wrong").0, with("Bearer sesam").0, with("Bearer ").0), (401, 401, 401));
    assert_eq!((with("Bearer sesame").0, with("Bearer other key").0), (200, 200));
    assert_eq!(served.send("GET", "/health", &[], "").unwrap().0, 200, "without a key");
    assert_eq!(served.send("GET", "/metrics", &[], "").unwrap().0, 401);
    let key = "Authorization: Bearer sesame";
    let post = |path: &str, body: &str| served.send("POST", path, &[key], body).unwrap();
    for (path, body) in [
        ("/verify", "{"),
        ("/verify", "{}"),
        ("/verify", "[]"),
        ("/verify", r#"{"codes": [{"proof": "x"}]}"#),
        ("/verify", r#"{"codes": [{"custom_id": 1.5}]}"#),
        ("/verify", r#"{"codes": [], "timeout": -1}"#),
        ("/api/check", r#"{"snippets": []}"#),
        ("/api/check", r#"{"snippets": [{"id": "a", "code": ""}, {"id": "a", "code": ""}]}"#),
        ("/api/check", r#"{"snippets": [{"id": 1, "code": ""}]}"#),
    ] {
        let (status, _, text) = post(path, body);
        assert!(status == 422 && text.starts_with("{\"detail\":["), "{path} {body}: {status} {text}");
    }
    let codes = |count: usize| json!({"codes": vec![json!({"custom_id": 1, "code": ""}); count]}).to_string();
    assert_eq!(post("/verify", &codes(4)).0, 413, "a batch of four");
    assert_eq!(post("/verify", &"x".repeat(20_000)).0, 413);
    assert_eq!(served.send("GET", "/verify", &[key], "").unwrap().0, 405);
    assert_eq!(served.send("GET", "/nothing", &[], "").unwrap().0, 404);
    // The description knows every route.
    let (_, _, text) = served.send("GET", "/openapi.json", &[], "").unwrap();
    let openapi: Value = serde_json::from_str(&text).expect("JSON");
    let described: BTreeSet<&str> = openapi["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let routes = include_str!("../src/serve/lean/frame.rs")
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let routes: BTreeSet<&str> = routes.filter(|route| *route != "/api/check/").collect();
    assert_eq!(described, routes);
    assert!(served.send("GET", "/docs", &[], "").unwrap().2.contains("openapi.json"));
}

#[test]
fn an_address_that_others_reach_needs_a_key() {
    let ended = common::end(afcheck().args(["serve", "--listen", "0.0.0.0:0", "--for", "1s"]), b"");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("--key-file"), "{}", ended.stderr);
}

#[test]
fn who_finds_no_room_is_asked_to_come_back() {
    let served = Served::start(&["--jobs", "1", "--queue", "4", "--batch", "4"]);
    let slow = "set_option maxRecDepth 1000000 in\ntheorem t : ∀ a b c d e f g h i j k l m n : Bool, (a ^^ b ^^ c ^^ d ^^ e ^^ f ^^ g ^^ h ^^ i \
                ^^ j ^^ k ^^ l ^^ m ^^ n) = (n ^^ m ^^ l ^^ k ^^ j ^^ i ^^ h ^^ g ^^ f ^^ e ^^ d ^^ c ^^ b ^^ a) := by decide";
    let body = json!({"codes": vec![json!({"custom_id": 1, "code": slow}); 4]}).to_string();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (address, body) = (served.address.clone(), body.clone());
            thread::spawn(move || send(&address, "POST", "/verify", &[], &body).expect("an answer"))
        })
        .collect();
    let answers: Vec<Answer> = threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
    let (let_in, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.0 == 200);
    assert!(!let_in.is_empty() && !refused.is_empty(), "{answers:?}");
    for answer in let_in {
        assert_eq!(answer.2.matches("custom_id").count(), 4, "who was let in is answered");
    }
    for answer in refused {
        assert_eq!((answer.0, answer.2.as_str()), (429, r#"{"detail":"No available REPLs"}"#));
        assert!(answer.1.contains("retry-after: "), "{}", answer.1);
    }
}

#[test]
fn under_load_with_hostile_snippets_nothing_is_lost() {
    let mut served = Served::start(&["--jobs", "2"]);
    let (clients, each) = (20, 10);
    let hostile = "theorem t : (List.range 100000).foldl (· + ·) 0 = 0 := by decide";
    let threads: Vec<_> = (0..clients)
        .map(|client| {
            let address = served.address.clone();
            thread::spawn(move || {
                let code = |n: usize| match (client * each + n) % 20 {
                    7 => hostile.to_owned(),
                    _ => format!("theorem t{client}_{n} (a b : Nat) : a + b = b + a := by omega\n#check t{client}_{n}"),
                };
                let codes: Vec<Value> = (0..each).map(|n| json!({"custom_id": n, "code": code(n)})).collect();
                let body = json!({"codes": codes}).to_string();
                let (status, _, text) = send(&address, "POST", "/verify", &[], &body).expect("an answer");
                assert_eq!(status, 200, "{text}");
                let answer: Value = serde_json::from_str(&text).expect("JSON");
                let results = answer["results"].as_array().unwrap().clone();
                assert_eq!(results.len(), each);
                for (n, result) in results.iter().enumerate().filter(|(n, _)| (client * each + n) % 20 != 7) {
                    let said = result["response"]["messages"][0]["data"].as_str().unwrap_or_default();
                    assert!(said.starts_with(&format!("t{client}_{n} ")), "each gets its own answer: {result}");
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("a client is content"));
    let (_, _, metrics) = served.send("GET", "/metrics", &[], "").unwrap();
    assert!(metrics.contains("afcheck_requests_total{route=\"/verify\",status=\"200\"} 20"), "{metrics}");
    assert!(metrics.contains("afcheck_queue_length 0"), "{metrics}");
    served.terminate();
    assert!(served.ended().success());
    let log = served.log.lock().unwrap();
    let line: Value = serde_json::from_str(log.iter().find(|l| l.contains("/verify")).expect("a line")).expect("JSON");
    assert!(line["request"].is_string() && line["status"] == 200, "{line}");
}

#[test]
fn a_server_that_is_told_to_end_answers_what_it_took() {
    let mut served = Served::start(&["--jobs", "2"]);
    let threads: Vec<_> = (0..30)
        .map(|client| {
            let address = served.address.clone();
            thread::spawn(move || {
                let code = format!("theorem t{client} (a b : Nat) : a + b = b + a := by omega");
                let body = json!({"codes": vec![json!({"custom_id": 1, "code": code}); 20]}).to_string();
                send(&address, "POST", "/verify", &[], &body).map(|(status, _, text)| {
                    let whole = text.matches("custom_id").count();
                    (status, whole, text.contains("is ending"))
                })
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(300));
    served.terminate();
    let (mut answered, mut turned_away) = (0, 0);
    for thread in threads {
        match thread.join().expect("no panic") {
            Ok((200, whole, is_cut)) => {
                assert!(whole == 20 && !is_cut, "an answer is whole");
                answered += 1;
            }
            Ok((503, ..)) | Err(_) => turned_away += 1,
            Ok(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(answered + turned_away, 30);
    assert!(answered > 0, "some were under way");
    assert!(served.ended().success());
    assert!(!served.log.lock().unwrap().iter().any(|line| line.contains("had no answer")));
}

#[test]
fn connections_that_say_nothing_or_nonsense_hold_up_nobody() {
    let served = Served::start(&[]);
    let idle: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(&served.address).unwrap()).collect();
    for text in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\u{0}\u{1}\u{2}",
        "POST /verify HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        let _ = stream.write_all(text.as_bytes());
    }
    // A client that hangs up: its snippet is not begun, or its answer goes nowhere.
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        let body = json!({"codes": [{"custom_id": 1, "code": "#check Nat"}]}).to_string();
        let _ = stream.write_all(
            format!("POST /verify HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes(),
        );
    }
    assert_eq!(served.verify(&["#check Nat"])[0]["response"]["messages"][0]["data"], "Nat : Type");
    drop(idle);
    let (_, head, _) = served.send("GET", "/health", &["X-Request-Id: my-own"], "").unwrap();
    assert!(head.contains("x-request-id: my-own"), "{head}");
}
