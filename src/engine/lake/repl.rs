//! The protocol of leanprover-community/repl from the asking side. Owns the wire shapes, the environments of headers (imported once,
//! gone on from by number), and when a process is started, replaced and waited for.

use super::LakeOptions;
use super::process::{Fault, Launch, Process};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The longest wait between two attempts to start a process.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long a check waits for the next attempt; behind a longer wait it is told that no process starts.
const PATIENCE: Duration = Duration::from_secs(2);

/// A place as the protocol has it: lines from 1, columns from 0 in code points.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Pos {
    pub line: u32,
    pub column: u32,
}

/// A message of Lean's.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Message {
    pub severity: String,
    pub pos: Pos,
    #[serde(rename = "endPos", default)]
    pub end: Option<Pos>,
    pub data: String,
}

/// A `sorry` with its goals. Some versions leave its place out.
#[derive(Clone, Debug, Deserialize)]
pub struct Sorry {
    #[serde(default)]
    pub pos: Option<Pos>,
    #[serde(rename = "endPos", default)]
    pub end: Option<Pos>,
    pub goal: String,
}

/// What a command is answered with.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    pub env: usize,
    #[serde(default)]
    pub messages: Vec<Message>,
    #[serde(default)]
    pub sorries: Vec<Sorry>,
}

/// Why a command has no answer of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Fault(Fault),
    /// The REPL answered, with words of its own.
    Said(String),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal::Fault(fault)
    }
}

/// A header's environment.
#[derive(Clone, Debug)]
pub struct Header {
    pub env: usize,
    pub messages: Vec<Message>,
}

/// A process, or what is known of why there is none.
pub struct Repl {
    launch: Launch,
    memory: u64,
    import_time: Duration,
    recycle: usize,
    process: Option<Process>,
    headers: HashMap<String, Header>,
    /// Commands of candidates since the process was started.
    served: usize,
    /// Attempts in a row that failed to start one.
    failures: u32,
    not_before: Option<Instant>,
    why: String,
}

impl Repl {
    /// One that starts its process when it is first asked.
    pub fn new(launch: Launch, options: &LakeOptions) -> Repl {
        Repl {
            launch,
            memory: options.memory,
            import_time: options.import_time,
            recycle: options.recycle,
            process: None,
            headers: HashMap::new(),
            served: 0,
            failures: 0,
            not_before: None,
            why: String::new(),
        }
    }

    /// Lean's version and commit, as `#version` says them; `None` if this REPL says something else.
    pub fn version(&mut self) -> Result<Option<(String, String)>, Fault> {
        let deadline = Instant::now() + self.import_time;
        let answer = match self.command("#version", None, deadline) {
            Ok(answer) => answer,
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(Refusal::Said(words)) => return Err(Fault::Start(words)),
        };
        Ok(answer.messages.iter().find_map(|message| {
            let rest = message.data.strip_prefix("Lean ")?;
            let version = rest.split([',', '\n']).next()?.trim().trim_start_matches("(version ").to_owned();
            let commit =
                rest.split_once("commit ").and_then(|(_, rest)| rest.split(|c: char| !c.is_alphanumeric()).next());
            Some((version, commit.unwrap_or_default().to_owned()))
        }))
    }

    /// True if the process has served candidates before: a crash may be its fault, not the text's.
    pub fn is_used(&self) -> bool {
        self.served > 1
    }

    /// Where the process may write; it is started if need be.
    pub fn scratch(&mut self) -> Result<PathBuf, Fault> {
        Ok(self.process()?.scratch().to_owned())
    }

    /// The environment behind a trusted text, elaborated once for every process.
    pub fn header(&mut self, text: &str) -> Result<Header, Refusal> {
        self.renew_if_due();
        if let (Some(header), true) = (self.headers.get(text), self.process.is_some()) {
            return Ok(header.clone());
        }
        let deadline = Instant::now() + self.import_time;
        let answer = self.command(text, None, deadline)?;
        let header = Header { env: answer.env, messages: answer.messages };
        self.headers.insert(text.to_owned(), header.clone());
        Ok(header)
    }

    /// Ends a process that has served its time. Environments of it are of no use then.
    pub fn renew_if_due(&mut self) {
        if self.recycle > 0 && self.served >= self.recycle {
            self.end();
        }
    }

    /// Elaborates a candidate behind a header's environment.
    pub fn candidate(&mut self, text: &str, env: Option<usize>, deadline: Instant) -> Result<Answer, Refusal> {
        self.served += 1;
        self.command(text, env, deadline)
    }

    /// Elaborates a text.
    pub fn command(&mut self, text: &str, env: Option<usize>, deadline: Instant) -> Result<Answer, Refusal> {
        let mut message = json!({"cmd": text});
        if let Some(env) = env {
            message["env"] = json!(env);
        }
        self.answer(&message, deadline)
    }

    /// Writes an environment to a file.
    pub fn pickle(&mut self, env: usize, to: &str, deadline: Instant) -> Result<(), Refusal> {
        self.answer(&json!({"pickleTo": to, "env": env}), deadline).map(drop)
    }

    /// The environment of a file: its constants, which the kernel checks again, and its scopes.
    pub fn unpickle(&mut self, from: &str) -> Result<usize, Refusal> {
        let deadline = Instant::now() + self.import_time;
        self.served += 1;
        self.answer(&json!({"unpickleEnvFrom": from}), deadline).map(|answer| answer.env)
    }

    /// Ends the process; the next question starts another.
    pub fn end(&mut self) {
        self.process = None;
        self.headers.clear();
        self.served = 0;
    }

    fn answer(&mut self, message: &Value, deadline: Instant) -> Result<Answer, Refusal> {
        let answer = self.ask(message, deadline)?;
        if let Some(words) = answer.get("message").and_then(Value::as_str) {
            return Err(Refusal::Said(words.to_owned()));
        }
        serde_json::from_value(answer).map_err(|e| {
            self.end();
            Refusal::Fault(Fault::Crash(format!("the REPL's answer has another shape: {e}")))
        })
    }

    fn ask(&mut self, message: &Value, deadline: Instant) -> Result<Value, Fault> {
        let answer = self.process()?.ask(message, deadline);
        match &answer {
            Ok(_) => self.failures = 0,
            Err(fault) => {
                // Whatever it still has to say, nobody knows what it would be an answer to.
                self.end();
                if let Fault::Start(why) = fault {
                    self.failed(why.clone());
                }
            }
        }
        answer
    }

    fn failed(&mut self, why: String) {
        let wait = Duration::from_millis(250) * 2u32.saturating_pow(self.failures.min(10));
        self.not_before = Some(Instant::now() + wait.min(LONGEST_WAIT));
        self.failures += 1;
        self.why = why;
    }

    fn process(&mut self) -> Result<&mut Process, Fault> {
        if self.process.is_none() {
            let wait = self.not_before.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
            if wait > PATIENCE {
                let words = format!("no REPL starts, after {} attempts: {}", self.failures, self.why);
                return Err(Fault::Start(words));
            }
            std::thread::sleep(wait);
            self.headers.clear();
            self.served = 0;
            match Process::start(&self.launch, self.memory) {
                Ok(process) => self.process = Some(process),
                Err(fault) => {
                    if let Fault::Start(why) = &fault {
                        self.failed(why.clone());
                    }
                    return Err(fault);
                }
            }
        }
        self.process.as_mut().ok_or_else(|| Fault::Start("there is no process".into()))
    }
}
