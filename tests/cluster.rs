//! Workers behind a real NATS server, through the real binary: exactly one result per record while workers and the server are killed,
//! results that are shared, shards and their merge. Without a `nats-server` on this machine only the shards are tested, and it says so.

#![cfg(feature = "cluster")]
#![expect(clippy::disallowed_methods, reason = "tests start the binary")]

mod common;

use common::{afcheck, directory, end, lines, results, verdict, write};
use serde_json::{Value, json};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A NATS server that ends with the test.
struct Nats {
    child: Child,
    port: u16,
    store: tempfile::TempDir,
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nats {
    /// `None` if there is none to be had.
    fn start() -> Option<Nats> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let store = directory();
        match Nats::spawn(port, store.path()) {
            Ok(child) => Some(Nats { child, port, store }),
            Err(_) => {
                eprintln!("skipped: there is no `nats-server` on this machine");
                None
            }
        }
    }

    fn spawn(port: u16, store: &Path) -> std::io::Result<Child> {
        let child = Command::new("nats-server")
            .args(["-a", "127.0.0.1", "-p", &port.to_string(), "--jetstream", "-sd"])
            .arg(store)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "the NATS server does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(child)
    }

    /// `kill -9`, and another one on the same store.
    fn kill_and_restart(&mut self) {
        self.child.kill().expect("it is there");
        self.child.wait().expect("it ends");
        thread::sleep(Duration::from_millis(300));
        self.child = Nats::spawn(self.port, self.store.path()).expect("it starts again");
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    fn worker(&self) -> Child {
        let mut command = afcheck();
        command.args(["worker", "--nats", &self.url(), "--jobs", "1", "--quiet", "--idle", "120s"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a worker")
    }
}

fn records(count: usize) -> Vec<Value> {
    let code = |n: usize| match n % 3 {
        0 => format!("theorem t{n} (a b : Nat) : a + b = b + a := by omega"),
        1 => format!("theorem t{n} : {n} = {n} + 1 := rfl"),
        // Every third is one of few.
        _ => format!("theorem s : {} + 1 = {} := rfl", n % 7, n % 7 + 1),
    };
    (0..count).map(|n| json!({"id": format!("r{n}"), "code": code(n)})).collect()
}

fn check(got: &[Value], count: usize) {
    assert_eq!(got.len(), count, "exactly one result per record");
    for (n, result) in got.iter().enumerate() {
        assert_eq!(result["index"], n, "no doubles");
        let expected = if n % 3 == 1 { "rejected proof/type_mismatch" } else { "accepted replay" };
        assert_eq!(verdict(result), expected, "{result}");
        assert_eq!(result["engine"]["kind"], "embedded");
    }
}

#[test]
fn workers_and_the_server_may_die_and_nothing_is_lost_or_doubled() {
    let Some(mut nats) = Nats::start() else { return };
    let (home, count) = (directory(), 600);
    let input = write(home.path(), "in.jsonl", lines(&records(count)));
    let out = home.path().join("out.jsonl");
    let mut run = afcheck();
    run.args([
        "verify",
        input.to_str().unwrap(),
        "--nats",
        &nats.url(),
        "--out",
        out.to_str().unwrap(),
        "--jobs",
        "64",
    ]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a run");
    let mut workers: Vec<Child> = (0..2).map(|_| nats.worker()).collect();
    let written = || fs::read_to_string(&out).map_or(0, |text| text.lines().count());
    let until = Instant::now() + Duration::from_secs(240);
    let wait_for = |count: usize, run: &mut Child| {
        while written() < count && run.try_wait().expect("a status").is_none() {
            assert!(Instant::now() < until, "only {} results", written());
            thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for(50, &mut run);
    workers[0].kill().expect("it works");
    workers.push(nats.worker());
    wait_for(150, &mut run);
    nats.kill_and_restart();
    wait_for(300, &mut run);
    workers[1].kill().expect("it works");
    wait_for(count, &mut run);
    let ended = run.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{said}");
    check(&results(&fs::read_to_string(&out).expect("results")), count);
    // The same again: what was judged is shared, whoever works now.
    workers.iter_mut().for_each(|worker| drop(worker.kill()));
    let mut worker = nats.worker();
    let input = input.to_str().unwrap();
    let again = end(afcheck().args(["verify", input, "--nats", &nats.url(), "--format", "jsonl"]), b"");
    check(&again.results(), count);
    let line = again.stderr.lines().find(|line| line.starts_with("workers")).expect("a summary");
    let kept: u64 = line.split(", ").nth(1).and_then(|part| part.split(' ').next()).unwrap().parse().unwrap();
    assert!(kept >= 300, "{line}");
    let _ = worker.kill();
    workers.push(worker);
    workers.iter_mut().for_each(|worker| drop(worker.wait()));
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let ended = end(afcheck().args(["verify", "-", "--nats", "nats://me:secret@127.0.0.1:1"]), b"");
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(ended.stderr.contains("127.0.0.1:1") && !ended.stderr.contains("secret"), "{}", ended.stderr);
    let ended = end(afcheck().args(["worker"]), b"");
    assert_eq!(ended.code, Some(2));
    let ended = end(afcheck().args(["worker", "--nats", "nats://127.0.0.1:1", "--nats-queue", "a.b"]), b"");
    assert!(ended.stderr.contains("a.b"), "{}", ended.stderr);
}

#[test]
fn shards_are_merged_into_what_one_run_would_have_written() {
    let (home, count) = (directory(), 20);
    let input = write(home.path(), "in.jsonl", lines(&records(count)) + "not JSON\n");
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    for part in 0..3 {
        let (shard, out) = (format!("{part}/3"), path(&format!("shard-{part}")));
        let ended =
            end(afcheck().args(["verify", input.to_str().unwrap(), "--shard", &shard, "--out", &out, "--quiet"]), b"");
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 7);
    }
    let merge = |args: &[&str]| end(afcheck().arg("merge").args(args), b"");
    let (one, two, three, all) = (path("shard-0"), path("shard-1"), path("shard-2"), path("all"));
    let ended = merge(&[&one, &two, &three, "--out", &all]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let merged = fs::read_to_string(&all).unwrap();
    check(&results(&merged)[..count], count);
    let indices: Vec<u64> =
        merged.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["index"].as_u64().unwrap()).collect();
    assert_eq!(indices, (0..=count as u64).collect::<Vec<_>>(), "in the order of the input");
    let ended = merge(&[&one, &three, "--out", &path("part"), "--records", "21"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("missing         7") && ended.stderr.contains("index 1"), "{}", ended.stderr);
    assert_eq!(merge(&[input.to_str().unwrap(), "--out", &path("x")]).code, Some(2));
    for wrong in ["3/3", "1", "a/b", "-1/2", "0/0"] {
        let ended = end(afcheck().args(["verify", "-", &format!("--shard={wrong}")]), b"");
        assert_eq!(ended.code, Some(2), "{wrong}");
    }
}
