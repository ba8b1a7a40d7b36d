//! `afcheck model add hf:..` through the real binary, against a small server with the routes of the Hugging Face hub:
//! whole, broken off and continued, and what must not happen.

#![cfg(feature = "ml")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

#[path = "common/chain_model.rs"]
mod chain_model;
mod common;

use common::{Ended, bare, directory, end};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use tempfile::TempDir;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const WEIGHTS: &str = "model.safetensors";

/// A hub with one repository, `me/tiny`.
struct Hub {
    url: String,
    files: BTreeMap<String, Vec<u8>>,
    /// How often the weights break off in the middle before they come whole.
    breaks: AtomicUsize,
    /// Paths and ranges that were asked for.
    asked: Mutex<Vec<(String, String)>>,
    /// What the hub claims of the weights.
    sum: String,
}

impl Hub {
    fn start(breaks: usize, sum: Option<&str>) -> Arc<Hub> {
        let home = directory();
        chain_model::write(home.path(), &[("a", &["b"])]);
        let read = |entry: io::Result<fs::DirEntry>| {
            let path = entry.expect("an entry").path();
            (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("a file"))
        };
        let mut files: BTreeMap<String, Vec<u8>> = fs::read_dir(home.path()).expect("a directory").map(read).collect();
        files.insert("README.md".into(), b"not a part of the model".to_vec());
        let own: String = Sha256::digest(&files[WEIGHTS]).iter().map(|byte| format!("{byte:02x}")).collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let hub = Arc::new(Hub {
            url: format!("http://{}", listener.local_addr().expect("an address")),
            files,
            breaks: AtomicUsize::new(breaks),
            asked: Mutex::new(vec![]),
            sum: sum.map_or(own, str::to_owned),
        });
        let serving = hub.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let serving = serving.clone();
                thread::spawn(move || serving.answer(stream?));
            }
        });
        hub
    }

    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let line = lines.next().expect("a request")?;
        let path = line.split(' ').nth(1).expect("a path").to_owned();
        let headers: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let range = headers.iter().find_map(|h| h.to_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
        let range = range.unwrap_or_default();
        self.asked.lock().expect("the list").push((path.clone(), range.clone()));
        if path == "/api/models/me/tiny/revision/v1?blobs=true" {
            let sibling = |(name, bytes): (&String, &Vec<u8>)| match name == WEIGHTS {
                true => json!({"rfilename": name, "size": bytes.len(), "lfs": {"sha256": self.sum}}),
                false => json!({"rfilename": name, "size": bytes.len()}),
            };
            let siblings: Vec<Value> = self.files.iter().map(sibling).collect();
            let info = json!({"sha": COMMIT, "siblings": siblings, "cardData": {"license": "apache-2.0"}}).to_string();
            return write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{info}",
                info.len()
            );
        }
        let name = path.strip_prefix(&format!("/me/tiny/resolve/{COMMIT}/")).unwrap_or_default();
        let Some(bytes) = self.files.get(name) else {
            return write!(stream, "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        };
        let (from, to) = range.split_once('-').expect("hf-hub asks for ranges");
        let (from, last) = (from.parse().expect("a number"), to.parse().unwrap_or(bytes.len() - 1));
        let part: &[u8] = &bytes[from..=last];
        write!(
            stream,
            "HTTP/1.1 206 Partial Content\r\nconnection: close\r\netag: \"e-{name}\"\r\nx-repo-commit: {COMMIT}\r\n\
             content-length: {}\r\ncontent-range: bytes {from}-{last}/{}\r\n\r\n",
            part.len(),
            bytes.len()
        )?;
        let breaks = name == WEIGHTS && to.is_empty() && {
            let left = self.breaks.load(Ordering::SeqCst);
            self.breaks.store(left.saturating_sub(1), Ordering::SeqCst);
            left > 0
        };
        // Broken off: half of the first time, nothing more later.
        stream.write_all(if !breaks {
            part
        } else if from == 0 {
            &part[..part.len() / 2]
        } else {
            &[]
        })
    }

    fn add(&self, cache: &TempDir, what: &str) -> Ended {
        self.run(cache, &["model", "add", what])
    }

    fn run(&self, cache: &TempDir, args: &[&str]) -> Ended {
        let mut command = bare();
        command.env("HF_ENDPOINT", &self.url).env("HF_HOME", cache.path().join("hf")).env_remove("HF_TOKEN");
        end(command.env("AFCHECK_CACHE", cache.path()).args(args), b"")
    }

    /// The ranges of the weights that were asked for, but for questions of their size.
    fn ranges(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("the list");
        let own = asked.iter().filter(|(path, range)| path.ends_with(WEIGHTS) && range != "0-0");
        own.map(|(_, range)| range.clone()).collect()
    }
}

#[test]
fn a_model_of_the_hub_is_fetched_whole_and_pinned() {
    let (hub, cache) = (Hub::start(2, None), directory());
    let ended = hub.add(&cache, "hf:me/tiny@v1");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("tiny\t") && ended.stdout.contains(&format!("hf:me/tiny@{COMMIT}")), "{ended:?}");
    assert!(ended.stderr.contains("licence: apache-2.0"), "{ended:?}");
    let half = hub.files[WEIGHTS].len() / 2;
    assert_eq!(hub.ranges(), ["0-".to_owned(), format!("{half}-"), format!("{half}-")], "continued, not begun again");
    let home = cache.path().join("models/tiny");
    for (name, bytes) in &hub.files {
        let there = fs::read(home.join(name)).ok();
        assert_eq!(there.as_ref(), Some(bytes).filter(|_| name != "README.md"), "{name}");
    }
    assert!(!cache.path().join("models/.hub/models--me--tiny").exists(), "nothing is kept twice");
    let shown = hub.run(&cache, &["model", "show", "tiny"]);
    assert!(shown.code == Some(0) && shown.stdout.contains(COMMIT), "{shown:?}");
}

#[test]
fn a_download_that_fails_leaves_nothing_on_the_shelf_and_is_continued() {
    let (hub, cache) = (Hub::start(1000, None), directory());
    let ended = hub.add(&cache, "hf:me/tiny@v1");
    assert!(ended.code == Some(2) && ended.stderr.contains("the same command continues"), "{ended:?}");
    assert_eq!(hub.run(&cache, &["model", "list"]).stdout, "");
    let before = hub.ranges().len();
    assert!((3..20).contains(&before), "{before}");
    hub.breaks.store(0, Ordering::SeqCst);
    let ended = hub.add(&cache, "hf:me/tiny@v1");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let half = hub.files[WEIGHTS].len() / 2;
    assert_eq!(hub.ranges()[before..], [format!("{half}-")], "from where it broke off");
    assert_eq!(fs::read(cache.path().join("models/tiny").join(WEIGHTS)).ok().as_ref(), hub.files.get(WEIGHTS));
}

#[test]
fn what_is_not_there_or_not_what_it_should_be_is_told() {
    let (hub, cache) = (Hub::start(0, Some("00")), directory());
    let ended = hub.add(&cache, "hf:me/tiny@v1");
    assert!(ended.code == Some(2) && ended.stderr.contains("another size or sum"), "{ended:?}");
    for (what, says) in [
        ("hf:me/tiny", "this repository or revision is missing"),
        ("hf:me/tiny@v1:q4.gguf", "it has no .gguf files"),
        ("hf:me tiny", "hf:OWNER/REPO@REVISION"),
    ] {
        let ended = hub.add(&cache, what);
        assert!(ended.code == Some(2) && ended.stderr.contains(says), "{what}: {ended:?}");
    }
    assert_eq!(hub.run(&cache, &["model", "list"]).stdout, "");
}
