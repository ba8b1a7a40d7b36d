//! Every field of a request is part of its key.

use super::*;
use crate::domain::Target;
use std::collections::BTreeMap;
use std::time::Duration;

fn key(change: impl FnOnce(&mut CheckRequest)) -> Key {
    let mut request = request("theorem t : True := trivial");
    request.target = Some(Target { text: "theorem t : True := sorry".into(), header: None, name: None });
    change(&mut request);
    Key::of(&judge(), &request)
}

#[test]
fn every_field_changes_the_key() {
    fn target(request: &mut CheckRequest) -> &mut Target {
        request.target.as_mut().unwrap()
    }
    let keys: Vec<(&str, Key)> = vec![
        ("as it is", key(|_| {})),
        ("empty header", key(|r| r.header = Some(String::new()))),
        ("header", key(|r| r.header = Some("open Nat".into()))),
        ("code", key(|r| r.code.push(' '))),
        ("code in header", key(|r| r.header = Some(std::mem::take(&mut r.code)))),
        ("no target", key(|r| r.target = None)),
        ("target", key(|r| target(r).text.push(' '))),
        ("target's header", key(|r| target(r).header = Some(String::new()))),
        ("target's name", key(|r| target(r).name = Some("t".into()))),
        ("target's name as header", key(|r| target(r).header = Some("t".into()))),
        ("mode", key(|r| r.mode = Mode::Proof)),
        ("mode, other", key(|r| r.mode = Mode::Statement)),
        ("is a proof", key(|r| r.is_proof = Some(true))),
        ("is no proof", key(|r| r.is_proof = Some(false))),
        ("required", key(|r| r.require = Some(Rung::Axioms))),
        ("required, other", key(|r| r.require = Some(Rung::Proof))),
        ("heartbeats", key(|r| r.budget.heartbeats += 1)),
        ("wall clock", key(|r| r.budget.wall_clock += Duration::from_nanos(1))),
        ("memory", key(|r| r.budget.memory += 1)),
        ("one axiom more", key(|r| r.axioms.permitted.extend(["mine".to_owned()]))),
        ("one axiom less", key(|r| r.axioms.permitted.retain(|a| a != "propext"))),
        ("no axioms", key(|r| r.axioms.permitted.clear())),
        ("warnings", key(|r| r.warnings = false)),
        ("judge", Key::of(&Judge::new("another"), &request("theorem t : True := trivial"))),
    ];
    let mut seen = BTreeMap::new();
    for (what, key) in keys {
        if let Some(other) = seen.insert(key, what) {
            panic!("`{what}` has the key of `{other}`");
        }
    }
    assert_eq!(key(|_| {}), key(|_| {}));
}

#[test]
fn line_ends_do_not_count_but_carriage_returns_elsewhere_do() {
    let of = |code: &str| Key::of(&judge(), &request(code));
    assert_eq!(of("a\r\nb\r\n"), of("a\nb\n"));
    assert_ne!(of("a\rb"), of("a\nb"));
    assert_ne!(of("a\r\r\nb"), of("a\nb"));
    let header = |text: &str| key(|r| r.header = Some(text.into()));
    assert_eq!(header("open Nat\r\n"), header("open Nat\n"));
}

#[test]
fn the_judge_names_version_and_engine() {
    let name = judge();
    assert!(name.name().contains(env!("CARGO_PKG_VERSION")) && name.name().contains("scripted"), "{name:?}");
}

#[test]
fn every_field_of_a_comparison_changes_its_key() {
    let of = |change: &dyn Fn(&mut EquivalenceRequest)| {
        let mut request = pair("theorem a : True", "theorem b : True");
        change(&mut request);
        Key::of(&judge(), &request)
    };
    let keys: Vec<(&str, Key)> = vec![
        ("as it is", of(&|_| {})),
        ("empty header", of(&|r| r.header = Some(String::new()))),
        ("header", of(&|r| r.header = Some("open Nat".into()))),
        ("first text", of(&|r| r.a.push(' '))),
        ("second text", of(&|r| r.b.push(' '))),
        ("exchanged", of(&|r| std::mem::swap(&mut r.a, &mut r.b))),
        ("all in one", of(&|r| r.a = std::mem::take(&mut r.a) + &std::mem::take(&mut r.b))),
        ("heartbeats", of(&|r| r.budget.heartbeats += 1)),
        ("wall clock", of(&|r| r.budget.wall_clock += Duration::from_nanos(1))),
        ("memory", of(&|r| r.budget.memory += 1)),
        ("judge", Key::of(&Judge::new("another"), &pair("theorem a : True", "theorem b : True"))),
        ("a check", Key::of(&judge(), &request("theorem a : True"))),
    ];
    let different: std::collections::BTreeSet<_> = keys.iter().map(|(_, key)| *key).collect();
    assert_eq!(different.len(), keys.len(), "{keys:?}");
    assert_eq!(of(&|r| r.a = "a\r\nb".into()), of(&|r| r.a = "a\nb".into()), "line ends do not count");
}
