//! The client against a small server that follows a script.

use super::super::{Ask, Ends, Event, Finish, Generator, Message, Prompt, Role, Sampling, Settings};
use super::{Http, HttpOptions, Prices};
use crate::generator::GeneratorError;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A request as it came.
#[derive(Clone, Debug)]
struct Came {
    line: String,
    headers: String,
    body: Value,
}

/// Answers each request as the script says, which may take its time; the connection is closed behind it.
struct Scripted {
    url: String,
    came: Arc<Mutex<Vec<Came>>>,
}

type Script = dyn Fn(usize, &Came, &mut TcpStream) -> std::io::Result<()> + Send + Sync;

fn scripted(script: impl Fn(usize, &Came, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let came = Arc::new(Mutex::new(Vec::new()));
    let (seen, script): (_, Arc<Script>) = (came.clone(), Arc::new(script));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (seen, script) = (seen.clone(), script.clone());
            thread::spawn(move || answer(stream?, &seen, &*script));
        }
    });
    Scripted { url, came }
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<Came>>, script: &Script) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut headers, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if let Some(value) = header.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if header.trim().is_empty() {
            break;
        }
        headers += &header;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let came = Came { line: line.trim().into(), headers, body: serde_json::from_slice(&body).unwrap_or_default() };
    let number = {
        let mut seen = seen.lock().expect("the list");
        seen.push(came.clone());
        seen.len() - 1
    };
    script(number, &came, &mut stream)
}

impl Scripted {
    fn options(&self) -> HttpOptions {
        HttpOptions {
            base_url: Some(self.url.clone()),
            api_key_env: Some(String::new()),
            backoff: Duration::from_millis(2),
            concurrency: 2,
            retries: 3,
            ..HttpOptions::new("m")
        }
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().expect("the list").clone()
    }
}

fn plain(stream: &mut TcpStream, status: u16, more: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\n{more}")?;
    write!(stream, "content-length: {length}\r\n\r\n{body}")
}

fn begin_stream(stream: &mut TcpStream) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
}

fn piece(stream: &mut TcpStream, value: &Value) -> std::io::Result<()> {
    write!(stream, "data: {value}\n\n")?;
    stream.flush()
}

fn text(text: &str) -> Value {
    json!({"choices": [{"index": 0, "text": text, "finish_reason": null}], "usage": null})
}

/// A whole stream.
fn streamed(stream: &mut TcpStream, texts: &[&str]) -> std::io::Result<()> {
    begin_stream(stream)?;
    for t in texts {
        piece(stream, &text(t))?;
    }
    piece(stream, &json!({"choices": [{"text": "", "finish_reason": "stop"}]}))?;
    piece(stream, &json!({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": texts.len()}}))?;
    write!(stream, "data: [DONE]\n\n")
}

fn asks(count: usize, samples: u64) -> Vec<Ask> {
    let ask = |n: usize| Ask { prompt: Prompt::Text(format!("p{n}")), seeds: (0..samples).collect() };
    (0..count).map(ask).collect()
}

fn settings(ends: Ends) -> Settings {
    Settings { sampling: Sampling::GREEDY, max_tokens: 64, ends }
}

/// What happened, told texts put together.
#[derive(Debug, Default, PartialEq)]
struct Happened {
    answers: Vec<(usize, usize, String, Finish, Option<u64>)>,
    failed: Vec<String>,
    told: String,
}

fn run(http: &Http, asks: &[Ask], ends: Ends) -> (Result<(), GeneratorError>, Happened) {
    let mut happened = Happened::default();
    let result = http.generate(asks, &settings(ends), &AtomicBool::new(false), &mut |event| {
        match event {
            Event::Text { text, .. } => happened.told += text,
            Event::Answered(a) => happened.answers.push((a.ask, a.sample, a.text, a.finish, a.tokens)),
            Event::Failed { why, .. } => happened.failed.push(why),
        }
        true
    });
    happened.answers.sort_by_key(|(ask, sample, ..)| (*ask, *sample));
    (result, happened)
}

#[test]
fn answers_come_piece_by_piece_and_are_counted() {
    let server = scripted(|_, _, stream| streamed(stream, &["the", "orem"]));
    let http = Http::new(server.options()).expect("a client");
    let (result, happened) = run(&http, &asks(3, 2), Ends::default());
    result.expect("all went well");
    let wanted = |ask, sample| (ask, sample, "theorem".to_owned(), Finish::EndOfText, Some(2));
    assert_eq!(happened.answers, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)].map(|(a, s)| wanted(a, s)));
    let spent = http.spent();
    assert_eq!((spent.requests, spent.retries, spent.prompt_tokens, spent.tokens), (6, 0, 42, 12));
    assert!((Prices { input: 1e6, output: 2e6 }.cost(&spent) - 66.0).abs() < 1e-9);
    let came = server.came();
    assert!(came.iter().all(|c| c.line == "POST /v1/completions HTTP/1.1"), "{came:?}");
    let mut asked: Vec<_> = came.iter().map(|c| (c.body["prompt"].clone(), c.body["seed"].clone())).collect();
    asked.sort_by_key(|a| format!("{a:?}"));
    asked.dedup();
    assert_eq!(asked.len(), 6, "one request for each sample");
}

#[test]
fn conversations_are_asked_for_by_their_own_route() {
    let server = scripted(|_, _, stream| {
        let choice = json!({"message": {"role": "assistant", "content": "hello"}, "finish_reason": "length"});
        plain(stream, 200, "", &json!({"choices": [choice]}).to_string())
    });
    let prompt = Prompt::Chat(vec![Message { role: Role::User, content: "hi".into() }]);
    let http = Http::new(server.options()).expect("a client");
    // A server that ignores `stream`.
    let (_, happened) = run(&http, &[Ask { prompt, seeds: vec![1] }], Ends::default());
    assert_eq!(happened.answers, [(0, 0, "hello".into(), Finish::Length, None)]);
    let came = &server.came()[0];
    assert!(came.line.starts_with("POST /v1/chat/completions"), "{came:?}");
    assert_eq!(came.body["messages"], json!([{"role": "user", "content": "hi"}]));
}

#[test]
fn an_answer_that_is_complete_ends_its_connection() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let server = scripted(move |_, _, stream| {
        begin_stream(stream)?;
        for line in ["theorem a : True := ", "trivial\n", "\nthe", "orem b"] {
            piece(stream, &text(line))?;
        }
        // Goes on until nobody listens any more.
        for _ in 0..1000 {
            piece(stream, &json!({"choices": [{"text": "x"}], "usage": {"completion_tokens": 9}}))?;
            counted.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    });
    let http = Http::new(server.options()).expect("a client");
    let (_, happened) = run(&http, &asks(1, 1), Ends { texts: vec![], is_lean: true });
    assert_eq!(happened.answers.len(), 1, "{happened:?}");
    assert_eq!(
        (happened.answers[0].2.trim_end(), happened.answers[0].3),
        ("theorem a : True := trivial", Finish::Stop)
    );
    thread::sleep(Duration::from_millis(300));
    let after = sent.load(Ordering::Relaxed);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(sent.load(Ordering::Relaxed), after, "the server noticed");
    assert!(after < 100, "{after}");
}

#[test]
fn passing_trouble_is_waited_out_and_told_text_is_told_once() {
    let server = scripted(|number, _, stream| match number {
        0 => plain(stream, 429, "retry-after: 1\r\n", r#"{"error":{"message":"slow down"}}"#),
        1 => plain(stream, 503, "", "busy"),
        2 => {
            begin_stream(stream)?;
            piece(stream, &text("ab"))?;
            piece(stream, &text("cd"))
        }
        3 => {
            begin_stream(stream)?;
            piece(stream, &text("abc"))?;
            piece(stream, &json!({"error": {"message": "out of memory", "code": 500}}))
        }
        _ => streamed(stream, &["a", "bcde", "f"]),
    });
    let options = HttpOptions { retries: 4, ..server.options() };
    let http = Http::new(options).expect("a client");
    let begun = Instant::now();
    let (result, happened) = run(&http, &asks(1, 1), Ends::default());
    result.expect("all went well");
    assert_eq!(happened.answers, [(0, 0, "abcdef".into(), Finish::EndOfText, Some(3))]);
    assert_eq!((happened.told.as_str(), http.spent().retries), ("abcdef", 4));
    assert!(begun.elapsed() >= Duration::from_secs(1), "Retry-After");
}

#[test]
fn a_request_that_is_wrong_is_not_sent_again() {
    let server = scripted(|_, came, stream| match came.body["prompt"] == "p1" {
        true => plain(stream, 400, "", r#"{"error":{"message":"the context is 8 tokens","type":"x"}}"#),
        false => streamed(stream, &["a"]),
    });
    let http = Http::new(server.options()).expect("a client");
    let (result, happened) = run(&http, &asks(3, 1), Ends::default());
    result.expect("the others are answered");
    assert_eq!((happened.answers.len(), happened.failed), (2, vec!["status 400: the context is 8 tokens".to_owned()]));
    assert_eq!(server.came().len(), 3);
}

#[test]
fn what_no_request_can_mend_ends_the_run() {
    let ended = |status: u16, hint: &str| {
        let server = scripted(move |_, came, stream| match came.line.starts_with("GET /v1/models ") {
            true => plain(stream, 200, "", r#"{"data":[{"id":"one","max_model_len":512},{"id":"two"}]}"#),
            false => plain(stream, status, "location: /elsewhere\r\n", r#"{"error":{"message":"no, afcheck"}}"#),
        });
        // The value of this variable, which cargo sets, stands for a key.
        let options = HttpOptions { api_key_env: Some("CARGO_PKG_NAME".into()), ..server.options() };
        let (result, happened) = run(&Http::new(options).expect("a client"), &asks(50, 1), Ends::default());
        let error = result.expect_err("no request can do").to_string();
        assert!(error.contains(hint) && happened.answers.is_empty(), "{error}");
        assert!(!error.contains("no, afcheck") && error.contains("no, [key]"), "the key is not shown: {error}");
        let came = server.came();
        assert!(came.len() < 10, "{}", came.len());
        assert!(came[0].headers.to_lowercase().contains("authorization: bearer afcheck"), "{came:?}");
    };
    ended(401, "CARGO_PKG_NAME");
    ended(404, "there is no model `m` (no, [key]) (it serves: one, two)");
    ended(307, "elsewhere");
}

#[test]
fn a_dead_server_ends_the_run_before_it_costs_all_records() {
    let server = scripted(|number, _, stream| match number {
        0..4 => streamed(stream, &["a"]),
        _ => Ok(()),
    });
    let http = Http::new(server.options()).expect("a client");
    let (result, happened) = run(&http, &asks(500, 1), Ends::default());
    let error = result.expect_err("the server is dead").to_string();
    assert!(error.contains("no longer answers") && error.contains("--resume"), "{error}");
    assert_eq!(happened.answers.len(), 4);
    assert!(happened.failed.len() <= 3 && server.came().len() <= 4 + 3 * 4 + 2, "{happened:?}");
    let nobody = HttpOptions { base_url: Some("http://127.0.0.1:1".into()), ..server.options() };
    let (result, happened) = run(&Http::new(nobody).expect("a client"), &asks(500, 1), Ends::default());
    assert!(result.expect_err("nobody").to_string().contains("cannot be reached"), "{happened:?}");
    assert_eq!(happened.failed.len(), 2);
}

#[test]
fn a_stop_is_obeyed_though_the_server_hangs() {
    let server = scripted(|_, _, stream| {
        begin_stream(stream)?;
        thread::sleep(Duration::from_secs(30));
        Ok(())
    });
    let http = Http::new(server.options()).expect("a client");
    let stop = Arc::new(AtomicBool::new(false));
    let (raised, begun) = (stop.clone(), Instant::now());
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        raised.store(true, Ordering::Relaxed);
    });
    http.generate(&asks(9, 1), &settings(Ends::default()), &stop, &mut |_| true).expect("stopped");
    assert!(begun.elapsed() < Duration::from_millis(1300), "{:?}", begun.elapsed());
    let slow = HttpOptions { timeout: Duration::from_millis(200), retries: 0, ..server.options() };
    let (result, _) = run(&Http::new(slow).expect("a client"), &asks(1, 1), Ends::default());
    assert!(result.expect_err("too slow").to_string().contains("--timeout"));
}

#[test]
fn servers_that_refuse_streams_are_asked_for_whole_answers() {
    let server = scripted(|_, came, stream| match came.body["stream"] == true {
        true => plain(stream, 400, "", r#"{"error":"Streaming is not supported"}"#),
        false => {
            let choice = json!({"text": "whole Statement: x", "finish_reason": "stop"});
            plain(stream, 200, "", &json!({"choices": [choice], "usage": {"completion_tokens": 5}}).to_string())
        }
    });
    let http = Http::new(HttpOptions { concurrency: 1, ..server.options() }).expect("a client");
    let ends = Ends { texts: vec!["Statement:".into()], is_lean: false };
    let (result, happened) = run(&http, &asks(3, 1), ends);
    result.expect("all went well");
    assert!(happened.answers.iter().all(|a| (a.2.as_str(), a.3, a.4) == ("whole ", Finish::Stop, Some(5))));
    assert_eq!((server.came().len(), http.spent().retries), (4, 0), "one request to find out");
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (under_way, highest) = (now.clone(), most.clone());
    let server = scripted(move |_, _, stream| {
        highest.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(20));
        under_way.fetch_sub(1, Ordering::SeqCst);
        streamed(stream, &["a"])
    });
    let http = Http::new(HttpOptions { concurrency: 3, ..server.options() }).expect("a client");
    let (result, _) = run(&http, &asks(5, 4), Ends::default());
    result.expect("all went well");
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[test]
fn a_recorded_run_is_had_again_without_the_server() {
    let server = scripted(|number, came, stream| match number {
        1 => plain(stream, 503, "retry-after: 1\r\n", "afcheck is busy"),
        2 => {
            begin_stream(stream)?;
            piece(stream, &text("half"))
        }
        _ => streamed(stream, &[came.body["prompt"].as_str().unwrap_or("?"), "ℝ", " Statement: rest"]),
    });
    let directory = tempfile::tempdir().expect("a directory");
    let tape = Some(directory.path().join("tape.jsonl"));
    let api_key_env = Some("CARGO_PKG_NAME".into());
    let recorded = HttpOptions { record: tape.clone(), api_key_env, ..server.options() };
    let ends = Ends { texts: vec!["Statement:".into()], is_lean: false };
    let first = Http::new(recorded).expect("a client");
    let (result, happened) = run(&first, &asks(4, 2), ends.clone());
    result.expect("all went well");
    // Those who were cut write their line when their worker lets go.
    thread::sleep(Duration::from_millis(100));
    let text = std::fs::read_to_string(tape.as_ref().expect("a path")).expect("recorded");
    assert!(!text.contains("afcheck") && text.contains("[key] is busy"), "{text}");
    let replayed = HttpOptions { replay: tape, base_url: None, ..HttpOptions::new("m") };
    let again = Http::new(replayed.clone()).expect("a recording");
    let begun = Instant::now();
    let (result, played) = run(&again, &asks(4, 2), ends.clone());
    result.expect("all is recorded");
    assert!(begun.elapsed() < Duration::from_secs(1), "nobody waits for a recording");
    assert_eq!((played.answers, again.spent()), (happened.answers, first.spent()));
    let (result, _) = run(&Http::new(replayed).expect("a recording"), &asks(5, 2), ends);
    let error = result.expect_err("one prompt more").to_string();
    assert!(error.contains("tape.jsonl: the recording has no") && error.contains("p4"), "{error}");
}

#[test]
fn the_context_is_what_the_server_tells() {
    let context = |models: &'static str| {
        let server = scripted(move |_, _, stream| plain(stream, 200, "", models));
        Http::new(server.options()).expect("a client").context()
    };
    assert_eq!(context(r#"{"data":[{"id":"l","max_model_len":1},{"id":"m","max_model_len":512}]}"#), Some(512));
    assert_eq!(context(r#"{"data":[{"id":"a.gguf","meta":{"n_ctx_train":2048}}]}"#), Some(2048));
    assert_eq!((context(r#"{"data":[{"id":"a"},{"id":"b"}]}"#), context("<html>")), (None, None));
}
