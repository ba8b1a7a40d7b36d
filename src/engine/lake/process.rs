//! A child process that answers JSON with JSON, blank lines between. Owns its life: limits of time, memory and length, and the end
//! of everything it started. Knows nothing of Lean.

use super::project;
use super::sandbox::{self, Sandbox};
use super::{LakeOptions, Project};
use crate::domain::Cause;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes of an answer at most.
const LONGEST: usize = 64 << 20;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Bytes of a process's last words that are kept.
const LAST_WORDS: usize = 4 << 10;

/// Processes of one child at most, threads not counted.
const DESCENDANTS: usize = 256;

/// What a process met instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It did not answer in time.
    WallClock(String),
    /// It, or what it started, took more memory than it may.
    Memory(String),
    /// It ended, or answered nonsense.
    Crash(String),
    /// It never answered anything.
    Start(String),
}

impl Fault {
    /// As records have it.
    pub fn into_parts(self) -> (Cause, String) {
        match self {
            Fault::WallClock(detail) => (Cause::WallClock, detail),
            Fault::Memory(detail) => (Cause::Memory, detail),
            Fault::Crash(detail) | Fault::Start(detail) => (Cause::EngineCrash, detail),
        }
    }
}

/// How processes of an engine are started.
#[derive(Clone, Debug)]
pub struct Launch {
    words: Vec<String>,
    directory: PathBuf,
    environment: BTreeMap<String, String>,
    sandbox: Option<sandbox::Policy>,
    missing: Option<String>,
}

impl Launch {
    /// Finds out what to start, and how it can be confined.
    pub fn new(options: &LakeOptions, project: &Project) -> Result<Launch, String> {
        let (words, environment) = match &options.command {
            Some(words) if words.is_empty() => return Err("the command of the REPL is empty".into()),
            Some(words) => (words.clone(), BTreeMap::new()),
            None => (project.repl_command()?, project.lake_environment()),
        };
        let mut policy = sandbox::Policy::new(&options.directory, &words[0]);
        policy.read.extend(options.read.iter().cloned());
        policy.write.extend(options.write.iter().cloned());
        let missing = sandbox::missing();
        let sandbox = match (options.sandbox, &missing) {
            (Sandbox::Off, _) => None,
            (Sandbox::Require, Some(missing)) => {
                return Err(format!(
                    "--sandbox require: {missing}; --sandbox auto confines as far as the system allows"
                ));
            }
            (_, _) => Some(policy),
        };
        let missing = match options.sandbox {
            Sandbox::Off => Some("processes are not confined (--sandbox off)".to_owned()),
            _ => missing,
        };
        Ok(Launch { words, directory: options.directory.clone(), environment, sandbox, missing })
    }

    /// What keeps the processes less confined than they could be.
    pub fn missing_confinement(&self) -> Option<String> {
        self.missing.clone()
    }

    /// The command as people would write it.
    pub fn spelled(&self) -> String {
        self.words.join(" ")
    }

    /// Size and time of the program, where the command says its path: another build of it may answer otherwise.
    pub fn program(&self) -> String {
        let path = self.directory.join(&self.words[0]);
        project::stamp(&path).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the engine's door to processes")]
    fn command(&self, scratch: &Path) -> Result<Command, String> {
        let mut command = match &self.sandbox {
            None => {
                let mut command = Command::new(&self.words[0]);
                command.args(&self.words[1..]);
                command
            }
            Some(policy) => {
                let own = std::env::current_exe().map_err(|e| format!("this program cannot be found: {e}"))?;
                let mut command = Command::new(own);
                command.args(policy.arguments(scratch)).arg("--").args(&self.words);
                // Keys and passwords of others are none of a candidate's business.
                command.env_clear().envs(std::env::vars_os().filter(|(name, _)| is_passed_on(name)));
                command
            }
        };
        command.current_dir(&self.directory).envs(&self.environment).env("TMPDIR", scratch);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(command)
    }
}

/// Variables that confined processes get: where programs, Lean and caches are, and the language.
fn is_passed_on(name: &OsStr) -> bool {
    const NAMES: [&str; 8] =
        ["PATH", "HOME", "USER", "LANG", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "AFCHECK_CACHE", "RUST_BACKTRACE"];
    let name = name.to_string_lossy();
    NAMES.contains(&&*name) || ["LC_", "LEAN", "LAKE", "ELAN"].iter().any(|beginning| name.starts_with(beginning))
}

/// What comes out of a process.
enum Said {
    Message(Vec<u8>),
    TooLong,
}

/// A running child. Dropping it kills it with everything it started.
pub struct Process {
    child: Child,
    to: Sender<Vec<u8>>,
    said: Receiver<Said>,
    last_words: Arc<Mutex<Vec<u8>>>,
    memory: u64,
    /// Answers so far.
    answered: usize,
    /// Where it may write; gone with it.
    scratch: tempfile::TempDir,
}

impl Process {
    /// Starts a child that may take `memory` bytes.
    pub fn start(launch: &Launch, memory: u64) -> Result<Process, Fault> {
        let failed = |what: String| Fault::Start(format!("`{}` does not start: {what}", launch.spelled()));
        let scratch = tempfile::Builder::new().prefix("afcheck-repl-").tempdir().map_err(|e| failed(e.to_string()))?;
        let mut command = launch.command(scratch.path()).map_err(failed)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed("it has no pipes".into()));
        };
        let (to, messages) = unbounded::<Vec<u8>>();
        // Neither a child that does not read nor one that does not stop talking may hold up a check.
        thread::spawn(move || {
            let mut input = input;
            for message in messages {
                if input.write_all(&message).and_then(|()| input.flush()).is_err() {
                    return;
                }
            }
        });
        let (say, said) = bounded(4);
        thread::spawn(move || listen(output, &say));
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let kept = last_words.clone();
        thread::spawn(move || keep_last(errors, &kept));
        Ok(Process { child, to, said, last_words, memory, answered: 0, scratch })
    }

    /// A directory that the child may write to.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Sends a message and waits for its answer until `deadline`. After a fault the process is of no more use.
    pub fn ask(&mut self, message: &Value, deadline: Instant) -> Result<Value, Fault> {
        if let Ok(said) = self.said.try_recv() {
            return Err(self.out_of_turn(&said));
        }
        let asked = Instant::now();
        if self.to.send(format!("{message}\n\n").into_bytes()).is_err() {
            return Err(self.ended());
        }
        let mut looked = Instant::now();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::WallClock(format!("no answer within {:.1} s", asked.elapsed().as_secs_f64())));
            }
            match self.said.recv_timeout(left.min(LOOK)) {
                Ok(Said::Message(bytes)) => {
                    let answer = read(&bytes).ok_or_else(|| self.nonsense(&bytes))?;
                    self.answered += 1;
                    return Ok(answer);
                }
                Ok(Said::TooLong) => {
                    return Err(Fault::Crash(format!("an answer of more than {} MiB", LONGEST >> 20)));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.look()?;
            }
        }
    }

    /// What it said of itself last.
    pub fn last_words(&self) -> String {
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words);
        let lines: Vec<&str> = words.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(3)..].join(" | ").chars().take(500).collect()
    }

    /// Memory and number of processes.
    fn look(&self) -> Result<(), Fault> {
        let Some(group) = group_of(self.child.id()) else { return Ok(()) };
        if group.bytes > self.memory {
            let (taken, allowed) = (group.bytes >> 20, self.memory >> 20);
            return Err(Fault::Memory(format!("the REPL took {taken} MiB, of {allowed} MiB that it may")));
        }
        if group.processes > DESCENDANTS {
            return Err(Fault::Memory(format!("the REPL started {} processes", group.processes)));
        }
        Ok(())
    }

    fn ended(&mut self) -> Fault {
        // The pipe closes a moment before the process is gone.
        let until = Instant::now() + Duration::from_secs(1);
        let mut status = self.child.try_wait();
        while matches!(status, Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
            status = self.child.try_wait();
        }
        let how = match status {
            Ok(Some(status)) => format!("the REPL ended ({status})"),
            _ => "the REPL closed its output".to_owned(),
        };
        let words = self.last_words();
        let words = if words.is_empty() { how } else { format!("{how}: {words}") };
        if self.answered == 0 { Fault::Start(words) } else { Fault::Crash(words) }
    }

    fn nonsense(&self, bytes: &[u8]) -> Fault {
        let start: String = String::from_utf8_lossy(bytes).chars().take(120).collect();
        let words = format!("the REPL answered something that is no JSON: {start:?}");
        if self.answered == 0 { Fault::Start(words) } else { Fault::Crash(words) }
    }

    fn out_of_turn(&self, said: &Said) -> Fault {
        let what = match said {
            Said::Message(bytes) => String::from_utf8_lossy(bytes).chars().take(120).collect(),
            Said::TooLong => "a lot".to_owned(),
        };
        Fault::Crash(format!("the REPL said something without being asked: {what:?}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end_group(self.child.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What was started while the first were being killed.
        end_group(self.child.id());
    }
}

/// An object in what was said; lines in front of it that are none are passed over.
fn read(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    let whole = || serde_json::from_str::<Value>(&text).ok();
    let behind = || {
        let starts = text.match_indices("\n{").map(|(at, _)| at + 1);
        starts.take(8).find_map(|at| serde_json::from_str::<Value>(&text[at..]).ok())
    };
    whole().or_else(behind).filter(Value::is_object)
}

/// Tells every block of lines that ends with a blank one.
fn listen(output: impl Read, say: &Sender<Said>) {
    let mut output = BufReader::new(output);
    let (mut message, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        // A line is read in pieces: it may have no end.
        let is_over = match output.by_ref().take((LONGEST + 1) as u64).read_until(b'\n', &mut line) {
            Ok(read) => read == 0,
            Err(_) => true,
        };
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        if !is_blank {
            message.extend_from_slice(&line);
        }
        if message.len() > LONGEST {
            let _ = say.send(Said::TooLong);
            return;
        }
        if (is_blank || is_over)
            && !message.is_empty()
            && say.send(Said::Message(std::mem::take(&mut message))).is_err()
        {
            return;
        }
        if is_over {
            return;
        }
    }
}

fn keep_last(mut errors: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(read) = errors.read(&mut buffer) {
        if read == 0 {
            return;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..read]);
        let surplus = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..surplus);
    }
}

/// What a process group takes.
struct Group {
    /// Resident bytes that are no file's.
    bytes: u64,
    processes: usize,
}

/// Sums up the processes of a group, where the system tells (Linux).
fn group_of(leader: u32) -> Option<Group> {
    let mut group = Group { bytes: 0, processes: 0 };
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        if !name.as_encoded_bytes().iter().all(u8::is_ascii_digit) {
            continue;
        }
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // Behind the name, which may contain anything: state, parent, group.
        let Some((_, behind)) = stat.rsplit_once(')') else { continue };
        if behind.split_whitespace().nth(2).and_then(|group| group.parse().ok()) != Some(leader) {
            continue;
        }
        group.processes += 1;
        let Ok(status) = fs::read_to_string(entry.path().join("status")) else { continue };
        let kibibytes = |key: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        group.bytes += 1024 * (kibibytes("RssAnon:") + kibibytes("RssShmem:"));
    }
    Some(group)
}

#[cfg(unix)]
fn end_group(leader: u32) {
    if let Some(leader) = i32::try_from(leader).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_: u32) {}
