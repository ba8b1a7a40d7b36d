//! The cache stays within its limit and keeps what is used.

use super::*;
use crate::store::{DATABASE, Maintenance};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::fs;

/// A report that does not compress: some 50 bytes a digest.
fn large(seed: usize, digests: usize) -> CheckReport {
    let digests = (0..digests).map(|i| format!("{:?}", Sha256::digest(format!("{seed} {i}"))));
    CheckReport { axioms: digests.collect(), ..accepted() }
}

#[test]
fn the_least_recently_used_go_first() {
    const LIMIT: u64 = 2 << 20;
    let directory = tempfile::tempdir().unwrap();
    let fill = |range: std::ops::Range<usize>| {
        let store = ResultStore::open(directory.path(), LIMIT, judge()).unwrap();
        for i in range {
            put(&store, &i.to_string(), &large(i, 20));
        }
        assert_eq!(store.close(), Vec::<String>::new());
    };
    fill(0..500);
    // As if that had been long ago, but for one that was used since.
    let database = Connection::open(directory.path().join(DATABASE)).unwrap();
    database.execute("UPDATE entries SET used = used - 100000", []).unwrap();
    drop(database);
    let store = open(directory.path());
    assert!(get(&store, "7").is_some());
    store.close();
    fill(500..1100);
    let store = open(directory.path());
    let there: Vec<usize> = (0..1100).filter(|i| get(&store, &i.to_string()).is_some()).collect();
    assert!(there.contains(&7), "what was used is still there");
    assert!((500..1100).all(|i| there.contains(&i)), "and all that is new");
    assert!(there.len() < 1100, "some of the old ones went: {} are left", there.len());
    store.close();
    let kept = Maintenance::open(directory.path()).unwrap().unwrap().stats().unwrap();
    assert!(kept.bytes > LIMIT / 2 && kept.bytes < LIMIT, "{kept:?}");
    let size = fs::metadata(directory.path().join(DATABASE)).unwrap().len();
    assert!(size < LIMIT * 3 / 2, "{size} bytes on disk");
}

#[test]
fn a_lowered_limit_shrinks_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    (0..600).for_each(|i| put(&store, &i.to_string(), &large(i, 100)));
    store.close();
    let before = fs::metadata(directory.path().join(DATABASE)).unwrap().len();
    let store = ResultStore::open(directory.path(), 1 << 20, judge()).unwrap();
    put(&store, "one more", &accepted());
    store.close();
    let after = fs::metadata(directory.path().join(DATABASE)).unwrap().len();
    assert!(before > 3 << 20 && after <= 1 << 20, "{before} bytes, then {after}");
}
