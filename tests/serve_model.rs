//! `afcheck serve-model` through the real binary, with models that the test writes: the client of this crate and raw
//! requests against it, with load, hang-ups and a server that is killed.

#![cfg(all(feature = "ml", feature = "serve"))]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use afcheck::generator::{
    Answer, Ask, Ends, Event, Finish, Generator, Http, HttpOptions, Local, Message, Prompt, Role, Sampling, Settings,
};
use afcheck::ml::chat::ChatTemplate;
use afcheck::ml::decoder::{Decoder, Kept};
use afcheck::ml::files::Weights;
use afcheck::ml::tokenizer::Tokenizer;
use common::{bare, directory, end};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use ureq::Agent;

/// Behind `a` and `b` the model says `a` or `b`, for ever, as its random numbers will; behind `!` and behind a line
/// end it counts and ends.
const CHAINS: [(&str, &[&str]); 6] = [
    ("a", &["a"]),
    ("a", &["b"]),
    ("b", &["a"]),
    ("b", &["b"]),
    ("!", &["one", "two", "three", chain_model::END]),
    ("\n", &["four", "five", "six", chain_model::END]),
];

fn model(home: &TempDir) -> PathBuf {
    let path = home.path().join("chain");
    chain_model::write(&path, &CHAINS);
    path
}

/// A server of the real binary, which ends with the test.
struct Served {
    child: Child,
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(model: &Path, args: &[&str]) -> Served {
        let mut command = bare();
        command.args(["serve-model", "--quiet", "--model"]).arg(model).args(args).env("SERVED_KEY", "sesame");
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let line = lines.next().expect("a line").expect("text");
        let url = line.split(" at ").nth(1).unwrap_or_else(|| panic!("no address in {line}")).to_owned();
        thread::spawn(move || lines.for_each(drop));
        Served { child, url }
    }

    fn port(&self) -> String {
        self.url.trim_end_matches("/v1").rsplit(':').next().expect("a port").to_owned()
    }

    fn client(&self, concurrency: usize) -> Http {
        client(&self.url, concurrency)
    }

    /// Status, headers as text and body of an answer; no body is GET.
    fn raw(&self, path: &str, body: Option<&str>) -> (u16, String, String) {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{path}", self.url);
        let response = match body {
            Some(body) => agent.post(url).send(body),
            None => agent.get(url).call(),
        };
        let mut response = response.expect("an answer");
        let headers = format!("{:?}", response.headers());
        let text = response.body_mut().read_to_string().expect("text");
        (response.status().as_u16(), headers, text)
    }

    fn json(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, _, text) = self.raw(path, body.map(|body| body.to_string()).as_deref());
        (status, serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
    }
}

fn client(url: &str, concurrency: usize) -> Http {
    let options = HttpOptions {
        base_url: Some(url.to_owned()),
        api_key_env: Some(String::new()),
        backoff: Duration::from_millis(200),
        concurrency,
        ..HttpOptions::new("chain")
    };
    Http::new(options).expect("a client")
}

/// The same model in this process.
fn local(model: &Path, batch: usize) -> Local {
    let (spec, weights) = Weights::open(model).expect("a model");
    let decoder = Decoder::load(spec, &weights, Kept::AsStored).expect("weights");
    let tokenizer = Tokenizer::open(model).expect("a tokenizer");
    let chat = ChatTemplate::open(model).expect("a template");
    Local::new("chain".into(), decoder, tokenizer, chat, batch)
}

fn settings(max_tokens: usize) -> Settings {
    Settings { sampling: Sampling::default(), max_tokens, ends: Ends { texts: vec!["bbbb".into()], is_lean: false } }
}

/// Prompts of different lengths, four seeds each.
fn asks(count: usize) -> Vec<Ask> {
    let prompt = |n: usize| match n % 3 {
        0 => Prompt::Chat(vec![Message { role: Role::User, content: format!("{n}a") }]),
        _ => Prompt::Text(format!("{}a", "x".repeat(n))),
    };
    (0..count)
        .map(|n| Ask { prompt: prompt(n), seeds: (0..4).map(|s| (1 << 30) + n as u64 * 1009 + s * 77).collect() })
        .collect()
}

type Answers = BTreeMap<(usize, usize), Answer>;

fn answers(of: &dyn Generator, asks: &[Ask], settings: &Settings, each: &mut dyn FnMut(&Answer)) -> Answers {
    let mut answers = Answers::new();
    let result = of.generate(asks, settings, &AtomicBool::new(false), &mut |event| {
        match event {
            Event::Answered(answer) => {
                each(&answer);
                answers.insert((answer.ask, answer.sample), answer);
            }
            Event::Failed { why, .. } => panic!("{why}"),
            Event::Text { .. } => {}
        }
        true
    });
    result.unwrap_or_else(|e| panic!("{e}"));
    answers
}

#[test]
fn answers_are_those_of_generate_at_any_load() {
    let home = directory();
    let model = model(&home);
    let (asks, settings) = (asks(9), settings(40));
    let wanted = answers(&local(&model, 3), &asks, &settings, &mut |_| {});
    assert_eq!(wanted.len(), 36);
    let finishes = |finish| wanted.values().filter(|answer| answer.finish == finish).count();
    let ends = [Finish::Stop, Finish::Length, Finish::EndOfText].map(finishes);
    assert!(ends.iter().all(|count| *count > 0), "all ends occur: {ends:?} {wanted:?}");
    let served = Served::start(&model, &["--port", "0", "--batch", "5"]);
    let one = served.client(1);
    assert_eq!(one.context(), Some(4096));
    // Its tokens were counted though answers were cut.
    assert_eq!(answers(&one, &asks, &settings, &mut |_| {}), wanted);
    let spent = one.spent();
    assert_eq!((spent.requests, spent.retries), (36, 0));
    assert_eq!(spent.tokens, wanted.values().filter_map(|answer| answer.tokens).sum::<u64>());
    let many = served.client(12);
    thread::scope(|scope| {
        scope.spawn(|| answers(&served.client(7), &self::asks(20), &self::settings(90), &mut |_| {}));
        assert_eq!(answers(&many, &asks, &settings, &mut |_| {}), wanted, "under load");
    });
}

#[test]
fn a_server_that_is_killed_and_started_again_loses_nothing() {
    let home = directory();
    let model = model(&home);
    let (asks, settings) = (asks(60), settings(60));
    let wanted = answers(&local(&model, 8), &asks, &settings, &mut |_| {});
    let mut first = Served::start(&model, &["--port", "0"]);
    let port = first.port();
    let http = first.client(6);
    let (mut second, mut count) = (None, 0);
    let found = answers(&http, &asks, &settings, &mut |_| {
        count += 1;
        if count == 20 {
            // SIGKILL, in the middle of six answers.
            first.child.kill().expect("killed");
            first.child.wait().expect("dead");
            thread::sleep(Duration::from_millis(300));
            second = Some(Served::start(&model, &["--port", &port]));
        }
    });
    assert_eq!(found, wanted);
    assert!(http.spent().retries > 0 && second.is_some());
}

/// The pieces of a stream, and whether it came to its end.
fn events(text: &str) -> Vec<Value> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let mut events: Vec<&str> = data.collect();
    assert_eq!(events.pop(), Some("[DONE]"), "{text}");
    events.iter().map(|data| serde_json::from_str(data).expect("JSON")).collect()
}

#[test]
fn routes_answer_as_clients_of_openai_expect() {
    let home = directory();
    let served = Served::start(&model(&home), &["--port", "0"]);
    let health: String =
        ureq::get(served.url.replace("/v1", "/health")).call().unwrap().body_mut().read_to_string().unwrap();
    assert_eq!(health, r#"{"status":"ok"}"#);
    let (status, models) = served.json("/models", None);
    assert_eq!(
        (status, &models["data"][0]["id"], &models["data"][0]["object"]),
        (200, &json!("chain"), &json!("model"))
    );

    let (status, whole) = served.json("/completions", Some(json!({"model": "chain", "prompt": "x!", "n": 2})));
    assert_eq!(status, 200);
    let choice =
        |n| json!({"index": n, "logprobs": null, "finish_reason": "stop", "text": "onetwothree", "stop_reason": null});
    assert_eq!((&whole["choices"], &whole["object"]), (&json!([choice(0), choice(1)]), &json!("text_completion")));
    assert_eq!(whole["usage"], json!({"prompt_tokens": 2, "completion_tokens": 6, "total_tokens": 8}));

    let user = json!([{"role": "user", "content": [{"type": "text", "text": "x"}]}]);
    let (_, chat) = served.json("/chat/completions", Some(json!({"messages": user, "temperature": 0})));
    assert_eq!(chat["choices"][0]["message"], json!({"role": "assistant", "content": "fourfivesix"}));
    assert_eq!((&chat["object"], &chat["model"]), (&json!("chat.completion"), &json!("chain")));

    let ask = json!({"messages": user, "stream": true, "stream_options": {"include_usage": true}, "n": 2});
    let (status, headers, text) = served.raw("/chat/completions", Some(&ask.to_string()));
    assert!(status == 200 && headers.contains("text/event-stream"), "{headers}");
    let events = events(&text);
    let said = |n: u64| {
        let own = events.iter().flat_map(|e| e["choices"].as_array().unwrap()).filter(move |c| c["index"] == n);
        own.filter_map(|c| c["delta"]["content"].as_str()).collect::<String>()
    };
    assert_eq!((said(0), said(1)), ("fourfivesix".into(), "fourfivesix".into()));
    assert_eq!(events[0]["choices"][0]["delta"]["role"], "assistant");
    let ends = events.iter().filter(|e| e["choices"][0]["finish_reason"] == "stop").count();
    assert_eq!((ends, events[2]["object"].as_str()), (2, Some("chat.completion.chunk")));
    let last = events.last().expect("pieces");
    assert_eq!((&last["choices"], &last["usage"]["completion_tokens"]), (&json!([]), &json!(6)));

    let stopped = json!({"prompt": "x!", "stop": ["wot", "wothree"], "stream": true});
    let pieces = self::events(&served.raw("/completions", Some(&stopped.to_string())).2);
    let text: String = pieces.iter().filter_map(|e| e["choices"][0]["text"].as_str()).collect();
    assert_eq!((text.as_str(), &pieces.last().unwrap()["choices"][0]["stop_reason"]), ("onet", &json!("wot")));
}

#[test]
fn what_cannot_be_answered_is_refused_in_the_form_of_openai() {
    let home = directory();
    let model = model(&home);
    let served = Served::start(&model, &["--port", "0", "--api-key-env", "SERVED_KEY"]);
    let (status, error) = served.json("/models", None);
    assert_eq!((status, &error["error"]["type"]), (401, &json!("authentication_error")));
    assert!(!error.to_string().contains("sesame"), "{error}");
    let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
    let refused = |path: &str, body: &str, status: u16, says: &str| {
        let request = agent.post(format!("{}{path}", served.url)).header("authorization", "Bearer sesame");
        let mut response = request.send(body).expect("an answer");
        let text = response.body_mut().read_to_string().expect("text");
        let error: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(response.status().as_u16(), status, "{text}");
        assert!(error["error"]["message"].as_str().is_some_and(|m| m.contains(says)), "{text} does not say {says}");
        assert!(error["error"]["type"].is_string(), "{text}");
    };
    refused("/completions", r#"{"prompt":"a","model":"gpt-4"}"#, 404, "no model `gpt-4` here; this server has `chain`");
    refused("/completions", r#"{"prompt":"a","logprobs":1}"#, 400, "`logprobs` is not supported");
    refused("/completions", r#"{"prompt":"a","echo":true}"#, 400, "`echo` is not supported");
    refused("/completions", r#"{"prompt":""}"#, 400, "the prompt is empty");
    refused("/completions", r#"{"prompt":"a""#, 400, "not JSON");
    let long = json!({"prompt": "a".repeat(5000), "max_tokens": 7}).to_string();
    refused("/completions", &long, 400, "context is 4096 tokens; the prompt has 5000, and 7 more");
    // Refused by its announced length, before it is sent.
    let mut stream = TcpStream::connect(("127.0.0.1", served.port().parse().expect("a number"))).expect("a connection");
    let head =
        "POST /v1/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer sesame\r\ncontent-length: 9000000\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("at most 8 MB"), "{answer}");
    refused("/embeddings", "{}", 404, "there is no POST /v1/embeddings");
    refused("/models", "{}", 405, "does not answer POST");
    let served = Served::start(&model, &["--port", "0"]);
    let wrong = HttpOptions { base_url: Some(served.url.clone()), ..HttpOptions::new("gpt-4") };
    let wrong = Http::new(HttpOptions { api_key_env: Some(String::new()), ..wrong }).expect("a client");
    let error =
        wrong.generate(&asks(3), &settings(5), &AtomicBool::new(false), &mut |_| true).expect_err("no such model");
    assert!(error.to_string().contains("it serves: chain"), "{error}");
}

#[test]
fn who_hangs_up_is_not_worked_for() {
    let home = directory();
    let served = Served::start(&model(&home), &["--port", "0", "--batch", "1"]);
    let long = json!({"prompt": "a", "max_tokens": 4000, "stream": true}).to_string();
    let begun = Instant::now();
    assert_eq!(served.raw("/completions", Some(&long)).0, 200);
    let once = begun.elapsed();
    let whole = json!({"prompt": "a", "max_tokens": 4000, "n": 20}).to_string();
    for body in [long.replace("4000,", "4000,\"n\":20,"), whole] {
        // Each would take twenty times as long, one after the other.
        for _ in 0..4 {
            let agent: Agent = Agent::config_builder().timeout_global(Some(once / 4)).build().into();
            let answer = agent.post(format!("{}/completions", served.url)).send(body.as_str());
            assert!(answer.is_err() || answer.is_ok_and(|mut a| a.body_mut().read_to_string().is_err()), "it hung up");
        }
        let begun = Instant::now();
        assert_eq!(served.json("/completions", Some(json!({"prompt": "x!"}))).0, 200);
        assert!(begun.elapsed() < once * 8, "{:?} behind {once:?}", begun.elapsed());
    }
}

#[test]
fn a_full_queue_asks_to_come_back_and_clients_do() {
    let home = directory();
    let served = Served::start(&model(&home), &["--port", "0", "--batch", "1", "--queue", "2"]);
    let refused = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let (status, headers, _) =
                    served.raw("/completions", Some(r#"{"prompt":"a","max_tokens":2500,"temperature":0}"#));
                assert!(status == 200 || (status == 429 && headers.contains("retry-after")), "{status} {headers}");
                refused.fetch_add(usize::from(status == 429), Ordering::Relaxed);
            });
        }
    });
    assert!((1..12).contains(&refused.load(Ordering::Relaxed)), "{refused:?} of 12");
    let http = served.client(8);
    assert_eq!(answers(&http, &asks(6), &settings(60), &mut |_| {}).len(), 24);
}

#[test]
fn a_server_that_is_asked_to_end_answers_what_it_has_begun() {
    let home = directory();
    let model = model(&home);
    let mut served = Served::start(&model, &["--port", "0"]);
    let mut response = ureq::post(format!("{}/completions", served.url))
        .send(r#"{"prompt":"a","max_tokens":3000,"stream":true}"#)
        .expect("an answer");
    let mut body = BufReader::new(response.body_mut().as_reader());
    body.read_line(&mut String::new()).expect("a piece");
    kill_process(Pid::from_child(&served.child), Signal::TERM).expect("asked");
    let mut rest = String::new();
    body.read_to_string(&mut rest).expect("the rest");
    assert!(rest.trim_end().ends_with("data: [DONE]"), "{}", &rest[rest.len().saturating_sub(200)..]);
    assert_eq!(served.child.wait().expect("ended").code(), Some(0));
    let begun = Instant::now();
    let mut brief = Served::start(&model, &["--port", "0", "--for", "1s"]);
    assert_eq!(brief.child.wait().expect("ended").code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_others_could_reach_needs_a_key() {
    let home = directory();
    let model = model(&home);
    let run = |args: &[&str]| end(bare().arg("serve-model").arg("--model").arg(&model).args(args), b"");
    for (args, says) in [
        (&["--host", "0.0.0.0", "--port", "0"][..], "--api-key-env VAR asks for a key"),
        (&["--api-key-env", "NO_SUCH_KEY"], "this environment variable is not set"),
        (&["--for", "a while"], "--for a while"),
        (&["--host", "no.such.host.invalid", "--insecure"], "--host no.such.host.invalid"),
    ] {
        let ended = run(args);
        assert!(ended.code == Some(2) && ended.stderr.contains(says), "{ended:?}");
    }
    let taken = Served::start(&model, &["--port", "0"]);
    let ended = run(&["--port", &taken.port()]);
    assert!(ended.code == Some(2) && ended.stderr.contains("--port 0 takes a free one"), "{ended:?}");
    let open = run(&["--host", "0.0.0.0", "--port", "0", "--insecure", "--for", "100ms"]);
    assert_eq!(open.code, Some(0), "{open:?}");
}
