//! Damage costs checks, never a verdict or a run.

use super::*;
use crate::store::{DATABASE, Maintenance, StoreError};
use rusqlite::Connection;
use std::fs;

fn filled(directory: &Path) {
    let store = open(directory);
    for i in 0..200 {
        put(&store, &format!("{i} {}", "text ".repeat(i)), &accepted());
    }
    assert_eq!(store.close(), Vec::<String>::new());
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    for contents in [&b"this is no database, and long enough to be sure of it"[..], &[0xff; 8192]] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(DATABASE), contents).unwrap();
        let store = open(directory.path());
        put(&store, "a", &accepted());
        let notes = store.close();
        assert!(notes.len() == 1 && notes[0].contains("renamed to"), "{notes:?}");
        assert_eq!(fs::read(directory.path().join("results.damaged.sqlite")).unwrap(), contents);
        assert!(get(&open(directory.path()), "a").is_some(), "a new one took its place");
    }
}

#[test]
fn a_database_of_another_version_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    Connection::open(directory.path().join(DATABASE)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let store = open(directory.path());
    assert!(store.close()[0].contains("another version (99)"));
    assert!(directory.path().join("results.damaged.sqlite").exists());
}

#[test]
fn a_damaged_database_in_use_is_left_to_its_user() {
    let directory = tempfile::tempdir().unwrap();
    let user = open(directory.path());
    Connection::open(directory.path().join(DATABASE)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let refused = ResultStore::open(directory.path(), 1 << 20, judge()).err().expect("no second user");
    assert!(matches!(refused, StoreError::DamagedInUse { .. }), "{refused}");
    assert_eq!(user.close(), Vec::<String>::new());
}

#[test]
fn pages_overwritten_at_random_never_change_a_verdict() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let path = directory.path().join(DATABASE);
    let sound = fs::read(&path).unwrap();
    let mut seed = 20_260_801_u64;
    let mut lost = 0;
    for _ in 0..60 {
        let mut bytes = sound.clone();
        for _ in 0..40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 20) as usize % bytes.len();
            bytes[at] ^= (seed >> 56) as u8 | 1;
        }
        fs::write(&path, bytes).unwrap();
        let store = open(directory.path());
        for i in 0..200 {
            match get(&store, &format!("{i} {}", "text ".repeat(i))) {
                Some(found) => assert_eq!(format!("{found:?}"), format!("{:?}", accepted())),
                None => lost += 1,
            }
        }
        put(&store, "new", &accepted());
        store.close();
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(directory.path().join(format!("{DATABASE}{suffix}")));
        }
    }
    assert!(lost > 0, "the damage was noticed at all");
}

#[test]
fn damaged_entries_are_removed_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let change = |sql: &str| {
        let changed = Connection::open(directory.path().join(DATABASE)).unwrap().execute(sql, []).unwrap();
        assert_eq!(changed, 1, "{sql}");
    };
    change("UPDATE blobs SET report = (SELECT report FROM blobs WHERE id = 9) WHERE id = 1");
    change("UPDATE blobs SET request = report WHERE id = 2");
    change("UPDATE blobs SET report = zeroblob(20) WHERE id = 3");
    change("DELETE FROM blobs WHERE id = 4");
    change("UPDATE entries SET key = randomblob(32) WHERE id = 5");
    let store = open(directory.path());
    assert!(get(&store, "0 ").is_none(), "the report of another text is not taken for its own");
    let notes = store.close();
    assert!(notes.len() == 1 && notes[0].contains("damaged") && notes[0].ends_with(": 1"), "{notes:?}");
    let found = Maintenance::open(directory.path()).unwrap().unwrap().examine().unwrap();
    assert_eq!((found.entries, found.damaged.len()), (199, 4), "{found:?}");
    let again = Maintenance::open(directory.path()).unwrap().unwrap().examine().unwrap();
    assert_eq!((again.entries, again.damaged.len()), (195, 0));
}

#[test]
fn a_directory_that_cannot_be_used_is_an_error_not_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(ResultStore::open(&file.join("cache"), 1 << 20, judge()), Err(StoreError::File { .. })));
}
