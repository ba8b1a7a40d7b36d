//! The output file survives crashes, refuses what is not its own, and says why.

use crate::dataset::{ContentHash, OpenMode, OutputError, ResultWriter, Resume};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn line(index: u64, code: &str) -> String {
    format!("{{\"id\":\"r{index}\",\"index\":{index},\"sha256\":\"{}\"}}\n", ContentHash::of(None, code))
}

fn file(directory: &tempfile::TempDir, text: impl AsRef<[u8]>) -> PathBuf {
    let path = directory.path().join("out.jsonl");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_run_is_resumed_where_it_was_torn() {
    let directory = tempfile::tempdir().unwrap();
    let whole = line(2, "c") + &line(0, "a") + &line(2, "other");
    let next = line(1, "b");
    for cut in 1..next.len() {
        let path = file(&directory, format!("{whole}{}", &next[..cut]));
        let (mut writer, resume) = ResultWriter::open::<Resume>(&path, OpenMode::Resume).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), whole, "torn after {cut} bytes");
        assert_eq!((resume.torn(), resume.doubled(), resume.finished()), (Some(cut as u64), 1, 2));
        writer.write_all(next.as_bytes()).unwrap();
        writer.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{whole}{next}"));
        let resume = Resume::scan(&path).unwrap();
        assert_eq!((resume.torn(), resume.finished(), resume.highest_index()), (None, 3, Some(2)));
    }
}

#[test]
fn blocks_that_were_never_written_are_cut_off() {
    let directory = tempfile::tempdir().unwrap();
    for tail in ["\0\0\0\0", "{\"id\":\"r1\"\0\0\0"] {
        let path = file(&directory, line(0, "a") + tail);
        let (_, resume) = ResultWriter::open::<Resume>(&path, OpenMode::Resume).unwrap();
        assert_eq!((resume.finished(), fs::read_to_string(&path).unwrap()), (1, line(0, "a")));
    }
}

#[test]
fn a_result_counts_for_its_own_text_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, line(0, "a") + &line(2, "c") + &line(2, "later"));
    let resume = Resume::scan(&path).unwrap();
    let check = |index, code: &str| resume.is_finished(index, &ContentHash::of(None, code));
    assert!(check(0, "a").unwrap() && check(2, "c").unwrap());
    assert!(!check(1, "b").unwrap());
    let error = check(2, "later").unwrap_err();
    assert!(matches!(error, OutputError::OtherInput { index: 2, .. }));
    assert!(error.to_string().contains("belongs to another input"));
}

#[test]
fn foreign_files_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    for (text, line_number) in [
        ("notes".to_string(), 1),
        ("notes\n".to_string(), 1),
        (line(0, "a") + "notes", 2),
        (line(0, "a") + "{\"id\":\"x\"}\n" + &line(1, "b"), 2),
        ("{\"id\":\"x\",\"index\":0,\"sha256\":\"beef\"}\n".to_string() + &line(1, "b"), 1),
        ("\n\n".to_string(), 1),
    ] {
        let path = file(&directory, &text);
        let error = ResultWriter::open::<Resume>(&path, OpenMode::Resume).unwrap_err();
        assert!(matches!(error, OutputError::NotResults { line, .. } if line == line_number), "{text:?}: {error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn results_are_not_overwritten_unless_asked() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, line(0, "a"));
    assert!(matches!(ResultWriter::open::<Resume>(&path, OpenMode::New).unwrap_err(), OutputError::Exists(_)));
    assert_eq!(fs::read_to_string(&path).unwrap(), line(0, "a"));
    ResultWriter::open::<Resume>(&path, OpenMode::Replace).unwrap().0.finish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
    let (_, resume) = ResultWriter::open::<Resume>(&path, OpenMode::New).unwrap();
    assert_eq!(resume.finished(), 0);
    let missing = directory.path().join("none.jsonl");
    assert_eq!(Resume::scan(&missing).unwrap().finished(), 0);
    assert!(!missing.exists());
    assert!(matches!(
        ResultWriter::open::<Resume>(directory.path(), OpenMode::New).unwrap_err(),
        OutputError::Open { .. }
    ));
}

#[test]
fn two_runs_cannot_share_an_output() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.jsonl");
    let first = ResultWriter::open::<Resume>(&path, OpenMode::New).unwrap();
    for mode in [OpenMode::New, OpenMode::Replace, OpenMode::Resume] {
        assert!(matches!(ResultWriter::open::<Resume>(&path, mode).unwrap_err(), OutputError::Locked(_)));
    }
    drop(first);
    ResultWriter::open::<Resume>(&path, OpenMode::Resume).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_closed_pipe_are_typed() {
    let path = Path::new("/dev/full");
    let (mut writer, _) = ResultWriter::open::<Resume>(path, OpenMode::New).unwrap();
    let error = OutputError::of_write(path, writer.write_all(b"x\n").unwrap_err());
    assert!(matches!(error, OutputError::Full(_)), "{error}");
    assert!(error.to_string().starts_with("no room left for /dev/full"));

    let (reader, mut pipe) = std::io::pipe().unwrap();
    drop(reader);
    let error = OutputError::of_write(Path::new("<stdout>"), pipe.write_all(b"x\n").unwrap_err());
    assert_eq!(error.to_string(), "the reader of <stdout> went away");
}
