//! A client of the Language Server Protocol for tests: the real binary over pipes or TCP. Owns frames, ids and what a client has to
//! answer; keeps the last diagnostics of every document.

#![allow(dead_code, reason = "every test file uses a part of this module")]

use super::common::afcheck;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long an answer may take: a bound for a broken server, not a figure.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client and, if it started it, its server.
pub struct Client {
    pub child: Option<Child>,
    to: Box<dyn Write>,
    from: Receiver<Value>,
    next: i64,
    /// By URI: version and diagnostics.
    pub diagnostics: BTreeMap<String, (Value, Vec<Value>)>,
    /// Other notifications, and requests of the server, in order.
    pub heard: Vec<Value>,
    /// Answers to requests nobody waited for yet.
    answers: HashMap<i64, Value>,
    /// What `initialize` was answered.
    pub server: Value,
}

impl Client {
    /// Starts a server on pipes. `options` are those of `initialize`, `encodings` what the client offers.
    pub fn start(args: &[&str], encodings: &[&str], options: Value) -> Client {
        let mut command = afcheck();
        command.arg("lsp").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let (to, from) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let mut client = Client::over(Box::new(to), from);
        client.child = Some(child);
        client.initialize(encodings, options);
        client
    }

    /// Over TCP, to a server that is there.
    pub fn connect(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("a server");
        let mut client = Client::over(Box::new(stream.try_clone().expect("a stream")), stream);
        client.initialize(&["utf-16"], json!({}));
        client
    }

    fn over(to: Box<dyn Write>, from: impl Read + Send + 'static) -> Client {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Some(message) = read(&mut from) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            child: None,
            to,
            from: receiver,
            next: 0,
            diagnostics: BTreeMap::new(),
            heard: vec![],
            answers: HashMap::new(),
            server: Value::Null,
        }
    }

    fn initialize(&mut self, encodings: &[&str], options: Value) {
        let capabilities = json!({
            "general": {"positionEncodings": encodings},
            "window": {"workDoneProgress": true, "showDocument": {"support": true}},
            "workspace": {"applyEdit": true, "inlayHint": {"refreshSupport": true}, "codeLens": {"refreshSupport": true},
                          "didChangeWatchedFiles": {"dynamicRegistration": true}},
        });
        let params =
            json!({"processId": null, "rootUri": null, "capabilities": capabilities, "initializationOptions": options});
        self.server = self.request("initialize", params).expect("initialized");
        self.notify("initialized", json!({}));
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).and_then(|()| self.to.flush()).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request; its id is for [`Client::answer`].
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": self.next, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        self.next
    }

    /// The result of a request, or its error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        self.wait(|client| client.answers.contains_key(&id));
        let answer = self.answers.remove(&id).expect("an answer");
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Takes in messages until something holds.
    pub fn wait(&mut self, holds: impl Fn(&Client) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds(self) {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.from.recv_timeout(left).unwrap_or_else(|e| {
                panic!("{e} while waiting; diagnostics {:?}, heard {:?}", self.diagnostics, self.heard)
            });
            self.take(message);
        }
    }

    /// Takes in what comes within a while.
    pub fn listen(&mut self, while_: Duration) {
        let until = Instant::now() + while_;
        while let Ok(message) = self.from.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.take(message);
        }
    }

    fn take(&mut self, message: Value) {
        let method = message["method"].as_str().map(str::to_owned);
        match (method.as_deref(), message.get("id")) {
            (None, Some(id)) => {
                if let Some(id) = id.as_i64() {
                    self.answers.insert(id, message);
                } else {
                    self.heard.push(message);
                }
            }
            (Some("textDocument/publishDiagnostics"), _) => {
                let params = &message["params"];
                let found = params["diagnostics"].as_array().expect("a list").clone();
                let uri = params["uri"].as_str().expect("a URI").to_owned();
                self.diagnostics.insert(uri, (params["version"].clone(), found));
            }
            (Some(method), Some(id)) => {
                let result = if method == "workspace/applyEdit" { json!({"applied": true}) } else { Value::Null };
                self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
                self.heard.push(message);
            }
            _ => self.heard.push(message),
        }
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    /// Judges all of a document and gives its verdicts in numbers.
    pub fn judge_all(&mut self, uri: &str) -> Value {
        self.command("afcheck.verifyFile", json!([uri]))
    }

    pub fn command(&mut self, command: &str, arguments: Value) -> Value {
        let params = json!({"command": command, "arguments": arguments});
        self.request("workspace/executeCommand", params).expect("the command runs")
    }

    /// A request about a place of a document.
    pub fn at(&mut self, method: &str, uri: &str, line: u32, character: u32) -> Value {
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        self.request(method, params).expect("an answer")
    }

    /// A request about a document.
    pub fn of(&mut self, method: &str, uri: &str) -> Value {
        self.request(method, json!({"textDocument": {"uri": uri}})).expect("an answer")
    }

    /// The text of a document as the server has it.
    pub fn text(&mut self, uri: &str) -> String {
        self.of("afcheck/text", uri)["text"].as_str().expect("a text").to_owned()
    }

    /// The diagnostics of a document now.
    pub fn of_document(&self, uri: &str) -> &[Value] {
        self.diagnostics.get(uri).map_or(&[], |(_, found)| found)
    }

    /// Ends client and server as the protocol has it, and gives the exit code.
    pub fn end(mut self) -> Option<i32> {
        let _ = self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        let mut child = self.child.take()?;
        drop(self);
        child.wait().expect("it ends").code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => {
                if let Some(number) = line.strip_prefix("Content-Length: ") {
                    length = number.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// Columns as a client counts them.
#[derive(Clone, Copy, Debug)]
pub enum Counted {
    Bytes,
    Units,
    Points,
}

impl Counted {
    pub const ALL: [(&'static str, Counted); 3] =
        [("utf-8", Counted::Bytes), ("utf-16", Counted::Units), ("utf-32", Counted::Points)];

    /// The column behind some text.
    pub fn column(self, before: &str) -> u32 {
        (match self {
            Counted::Bytes => before.len(),
            Counted::Units => before.encode_utf16().count(),
            Counted::Points => before.chars().count(),
        }) as u32
    }

    /// The byte of a column.
    pub fn byte(self, line: &str, column: u32) -> usize {
        let found = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        found
            .into_iter()
            .find(|at| self.column(&line[..*at]) == column)
            .unwrap_or_else(|| panic!("column {column} is inside a character of {line:?}, or behind it"))
    }

    /// What a range of the protocol covers in a text of `\n` lines.
    pub fn covered<'t>(self, text: &'t str, range: &Value) -> &'t str {
        let place = |end: &Value| {
            let number = end["line"].as_u64().expect("a line") as usize;
            let start: usize = text.split_inclusive('\n').take(number).map(str::len).sum();
            let line = text[start..].split('\n').next().unwrap_or("").trim_end_matches('\r');
            start + self.byte(line, end["character"].as_u64().expect("a column") as u32)
        };
        &text[place(&range["start"])..place(&range["end"])]
    }
}
