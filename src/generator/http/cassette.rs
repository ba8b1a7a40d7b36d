//! HTTP exchanges in a file, to be had again without a server: JSON lines of request, status and body. Keys are not in it.

use super::address::{Key, redacted};
use super::transport::{Lost, Request, Response, Transport};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Exchange {
    /// Below the base URL.
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<Value>,
    /// `None` if there was no connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    content_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<String>,
    /// As much of it as was read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    body: String,
    /// How it broke off, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
}

fn hopeless(path: &Path, what: impl ToString, hint: &str) -> Lost {
    Lost::Hopeless { place: path.display().to_string(), what: what.to_string(), hint: hint.to_owned() }
}

/// The file, and the first trouble with it.
struct Tape {
    path: PathBuf,
    file: Mutex<(File, Option<String>)>,
    key: Option<Key>,
}

impl Tape {
    fn write(&self, mut exchange: Exchange) {
        exchange.body = redacted(exchange.body, self.key.as_ref());
        let line = serde_json::to_string(&exchange).map(|line| line + "\n").map_err(io::Error::from);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = line.and_then(|line| file.0.write_all(line.as_bytes())) {
            file.1.get_or_insert(error.to_string());
        }
    }

    fn trouble(&self) -> Option<Lost> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.1.as_ref().map(|what| hopeless(&self.path, what, "the recording is not complete"))
    }
}

/// Writes down what another transport does.
pub struct Recording<T> {
    inner: T,
    tape: Arc<Tape>,
}

impl<T: Transport> Recording<T> {
    /// Appends to the file at `path`.
    pub fn new(inner: T, path: &Path, key: Option<Key>) -> Result<Self, Lost> {
        let open = || -> io::Result<File> {
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            if file.metadata()?.len() > 0 {
                // A recording that was killed may have left half a line.
                let mut last = [0];
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
                if last != *b"\n" {
                    file.write_all(b"\n")?;
                }
            }
            Ok(file)
        };
        let file = open().map_err(|e| hopeless(path, e, "--record needs a file that can be written"))?;
        let tape = Tape { path: path.to_owned(), file: Mutex::new((file, None)), key };
        Ok(Recording { inner, tape: Arc::new(tape) })
    }
}

impl<T: Transport> Transport for Recording<T> {
    fn send(&self, request: &Request) -> Result<Response, Lost> {
        if let Some(trouble) = self.trouble() {
            return Err(trouble);
        }
        let begun = Exchange { path: request.path.to_owned(), request: value(request), ..Exchange::default() };
        match self.inner.send(request) {
            Ok(response) => {
                let exchange = Exchange {
                    status: Some(response.status),
                    content_type: response.content_type.clone(),
                    retry_after: response.retry_after.clone(),
                    ..begun
                };
                let copy = Copying { inner: response.body, exchange, bytes: vec![], tape: self.tape.clone() };
                Ok(Response { body: Box::new(copy), ..response })
            }
            Err(lost) => {
                if let Lost::Unreachable(what) | Lost::Broken(what) = &lost {
                    self.tape.write(Exchange { broken: Some(what.clone()), ..begun });
                }
                Err(lost)
            }
        }
    }

    fn trouble(&self) -> Option<Lost> {
        self.tape.trouble()
    }
}

/// A body that is written down as far as it was read, when it is no longer needed.
struct Copying {
    inner: Box<dyn Read + Send>,
    exchange: Exchange,
    bytes: Vec<u8>,
    tape: Arc<Tape>,
}

impl Read for Copying {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        match &read {
            Ok(n) => self.bytes.extend(&buffer[..*n]),
            Err(e) => self.exchange.broken = Some(e.to_string()),
        }
        read
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        let body = String::from_utf8_lossy(&self.bytes).into_owned();
        self.tape.write(Exchange { body, ..std::mem::take(&mut self.exchange) });
    }
}

/// The body of a request.
fn value(request: &Request) -> Option<Value> {
    request.body.as_deref().map(|body| serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned())))
}

/// A request, whatever the order of its fields.
fn name(path: &str, request: Option<Value>) -> String {
    let mut request = request.unwrap_or_default();
    request.sort_all_objects();
    format!("{path} {request}")
}

/// Answers from a file.
pub struct Replaying {
    path: PathBuf,
    left: Mutex<HashMap<String, VecDeque<Exchange>>>,
}

impl Replaying {
    /// Reads the file at `path`.
    pub fn open(path: &Path) -> Result<Self, Lost> {
        let file = File::open(path).map_err(|e| hopeless(path, e, "--replay needs a file that --record wrote"))?;
        let mut left: HashMap<String, VecDeque<Exchange>> = HashMap::new();
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let hint = "a recording that was interrupted leaves half a line: delete it";
            let wrong = |what: &dyn std::fmt::Display| hopeless(path, format!("line {}: {what}", number + 1), hint);
            let line = line.map_err(|e| wrong(&e))?;
            if line.trim().is_empty() {
                continue;
            }
            let exchange: Exchange = serde_json::from_str(&line).map_err(|e| wrong(&e))?;
            left.entry(name(&exchange.path, exchange.request.clone())).or_default().push_back(exchange);
        }
        Ok(Replaying { path: path.to_owned(), left: Mutex::new(left) })
    }
}

impl Transport for Replaying {
    fn send(&self, request: &Request) -> Result<Response, Lost> {
        let name = name(request.path, value(request));
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(exchange) = left.get_mut(&name).and_then(VecDeque::pop_front) else {
            let shown: String = name.chars().take(400).collect();
            let hint = "record it with the same model, prompts, seeds and settings";
            return Err(hopeless(&self.path, format!("the recording has no (further) answer to {shown}"), hint));
        };
        let Exchange { status, content_type, retry_after, body, broken, .. } = exchange;
        let Some(status) = status else { return Err(Lost::Unreachable(broken.unwrap_or_default())) };
        let body = Played { body: io::Cursor::new(body.into_bytes()), broken };
        Ok(Response { status, content_type, retry_after, body: Box::new(body) })
    }
}

/// A body from a file, broken off where it was.
struct Played {
    body: io::Cursor<Vec<u8>>,
    broken: Option<String>,
}

impl Read for Played {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.body.read(buffer)? {
            0 if !buffer.is_empty() => self.broken.clone().map_or(Ok(0), |what| Err(io::Error::other(what))),
            n => Ok(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers with the number of the request; the body of the third breaks off.
    struct Counting(Mutex<u16>);

    impl Transport for Counting {
        fn send(&self, _: &Request) -> Result<Response, Lost> {
            let mut count = self.0.lock().expect("one thread");
            *count += 1;
            let body = Played {
                body: io::Cursor::new(format!("sk-secret {count}").into_bytes()),
                broken: (*count == 3).then(|| "gone".into()),
            };
            match *count {
                4 => Err(Lost::Unreachable("refused".into())),
                count => Ok(Response {
                    status: 200 + count,
                    content_type: "text/plain".into(),
                    retry_after: None,
                    body: Box::new(body),
                }),
            }
        }
    }

    fn exchanged(transport: &dyn Transport, body: Option<&str>) -> Result<(u16, String, bool), Lost> {
        let mut response = transport.send(&Request { path: "/x", body: body.map(str::to_owned) })?;
        let mut bytes = Vec::new();
        let is_whole = response.body.read_to_end(&mut bytes).is_ok();
        Ok((response.status, String::from_utf8(bytes).expect("text"), is_whole))
    }

    const BODIES: [Option<&str>; 4] = [Some(r#"{"a":1,"b":2}"#), Some(r#"{"a":1,"b":2}"#), None, Some("{}")];

    #[test]
    fn what_was_recorded_is_played_again_in_order() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("tape.jsonl");
        // Half a line of a recording that was killed.
        std::fs::write(&path, "{\"path\"").expect("written");
        let key = Key::from_env(Some("CARGO_PKG_NAME")).expect("cargo sets it");
        let recording = Recording::new(Counting(Mutex::new(0)), &path, key).expect("it can be written");
        let first: Vec<_> = BODIES.map(|body| exchanged(&recording, body)).into();
        assert_eq!(first[2], Ok((203, "sk-secret 3".into(), false)), "a body that broke off");
        let broken = Replaying::open(&path).map(|_| ()).expect_err("half a line");
        assert!(format!("{broken:?}").contains("line 1"), "{broken:?}");
        let text = std::fs::read_to_string(&path).expect("there").replacen("{\"path\"\n", "", 1);
        std::fs::write(&path, text).expect("written");
        let replaying = Replaying::open(&path).expect("whole");
        // The same fields in another order are the same request.
        let swapped = [Some(r#"{"b":2,"a":1}"#), BODIES[1], BODIES[2], BODIES[3]];
        assert_eq!(swapped.map(|body| exchanged(&replaying, body)).as_slice(), &first[..]);
        let missing = format!("{:?}", exchanged(&replaying, BODIES[0]).expect_err("twice only"));
        assert!(missing.contains("no (further) answer to /x {\\\"a\\\":1,"), "{missing}");
    }

    #[test]
    fn a_key_that_a_server_repeats_is_not_recorded() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("tape.jsonl");
        // Cargo sets this variable; its value stands for a key.
        let key = Key::from_env(Some("CARGO_PKG_NAME")).expect("cargo sets it");
        let tape = Tape { path: path.clone(), file: Mutex::new((File::create(&path).expect("created"), None)), key };
        tape.write(Exchange { body: "wrong key: afcheck".into(), ..Exchange::default() });
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "{\"path\":\"\",\"body\":\"wrong key: [key]\"}\n");
    }

    #[test]
    fn a_disk_that_is_full_is_told() {
        let recording = Recording::new(Counting(Mutex::new(0)), Path::new("/dev/full"), None).expect("it opens");
        assert!(exchanged(&recording, None).is_ok());
        assert!(matches!(recording.trouble(), Some(Lost::Hopeless { .. })));
        assert!(matches!(exchanged(&recording, None), Err(Lost::Hopeless { .. })));
    }
}
