//! Tests of sources as trees of files. Owns its samples only.

use super::*;
use std::fs;

/// A directory with these files.
fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("below the directory")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
    directory
}

fn kind(name: &str) -> Kind {
    Kind::named(name).expect("a kind")
}

fn read(name: &str, path: &Path) -> Result<Texts, SourceError> {
    texts(kind(name), path.to_str().expect("UTF-8"))
}

#[test]
fn a_tree_is_read_in_the_order_of_its_paths() {
    let directory = tree(&[
        ("b.py", b"x = 1\n\ndef b():\n    pass\n"),
        ("a/z.py", b"\xef\xbb\xbfdef z():\r\n    pass\r\n\r\n\r\nclass Z: pass\r\n"),
        ("a.py", b"def a(): pass"),
        (".git/c.py", b"def hidden(): pass"),
        ("a/.d.py", b"def hidden(): pass"),
        ("a/notes.txt", b"def no(): pass"),
        ("a/latin.py", b"# one\ndef latin(): '\xe9'"),
    ]);
    let root = directory.path();
    std::os::unix::fs::symlink(root.join("b.py"), root.join("link.py")).expect("a link");
    std::os::unix::fs::symlink(root, root.join("a/loop")).expect("a link");
    let read = read("python", root).expect("texts");
    let name = |text: &str| format!("{}/{text}", root.display());
    let found: Vec<(String, &str)> = read.texts.iter().map(|text| (text.id.clone(), text.text.as_str())).collect();
    let expected = [
        (name("a/z.py:1"), "def z():\n    pass"),
        (name("a/z.py:5"), "class Z: pass"),
        (name("a.py:1"), "def a(): pass"),
        (name("b.py:3"), "def b():\n    pass"),
    ];
    assert_eq!(found, expected);
    assert_eq!((read.files, read.left_out), (4, vec![format!("{}: invalid UTF-8", name("a/latin.py:2"))]));
}

#[test]
fn what_is_not_there_is_said() {
    let directory = tree(&[("a.txt", b"lemma"), ("b.v", b"Require Import Arith."), ("c.thy", b"\xff")]);
    let error = |name: &str, path: &Path| read(name, path).expect_err("an error").to_string();
    let root = directory.path();
    assert!(error("tptp", root).starts_with("there is no file named *.p or *.ax or *.tptp at or below"));
    assert!(error("coq", root).ends_with("has no declarations in 1 file"));
    let utf8 = error("isabelle", root);
    assert!(utf8.contains("1 left out, the first: ") && utf8.ends_with("c.thy:1: invalid UTF-8"), "{utf8}");
    assert!(error("lean", &root.join("nowhere")).contains("nowhere: No such file"));
    let built_in = [
        ("coq", "afcore:library", "*.lean: it can be read as lean or lean-docs, not as coq"),
        ("jsonl", "afcore:textbook", "*.md: it can be read as markdown, not as jsonl"),
    ];
    for (kind, name, said) in built_in {
        assert!(error(kind, Path::new(name)).contains(said), "{}", error(kind, Path::new(name)));
    }
    // A file that is named is read whatever its name.
    assert_eq!(read("markdown", &root.join("a.txt")).expect("texts").texts[0].text, "lemma");
}

#[test]
fn the_built_in_library_has_declarations_and_docstrings() {
    let library = |name: &str| texts(kind(name), "afcore:library").expect("texts").texts;
    let (all, documented) = (library("lean"), library("lean-docs"));
    assert!(all.len() > documented.len() && documented.len() > 100, "{} of {}", documented.len(), all.len());
    assert!(documented.iter().all(|text| text.text.starts_with("/--")), "{documented:?}");
    assert!(all.iter().all(|text| !text.text.starts_with("/-") && text.id.starts_with("AfCore")));
}

#[test]
fn the_built_in_prose_is_two_books_of_different_things() {
    let sections = |name: &str| texts(kind("markdown"), name).expect("texts").texts;
    let (textbook, almanac) = (sections("afcore:textbook"), sections("afcore:almanac"));
    let speaks_of_proofs = |texts: &[Text]| texts.iter().filter(|t| t.text.to_lowercase().contains("proof")).count();
    assert!(textbook.len() >= 60 && almanac.len() >= 60, "{} and {}", textbook.len(), almanac.len());
    assert!(speaks_of_proofs(&textbook) > 10 && speaks_of_proofs(&almanac) == 0);
    let titles: std::collections::BTreeSet<_> =
        [textbook, almanac].concat().iter().map(|t| t.text.lines().next().map(str::to_owned)).collect();
    assert!(titles.len() >= 120, "sections of one title: {}", titles.len());
}

#[test]
fn records_are_texts() {
    let directory = tree(&[
        ("a.jsonl", b"{\"text\": \"One.\\n\\nTwo.\"}\n\n{\"content\": \"def f\", \"text\": 1}\n{\"text\": \" \"}\n"),
        ("b.jsonl", b"{\"text\": \"a\"}\n{\"body\": \"b\"}\n"),
    ]);
    let path = |name: &str| directory.path().join(name);
    let read_texts = read("jsonl", &path("a.jsonl")).expect("texts").texts;
    let found: Vec<(&str, &str)> =
        read_texts.iter().map(|t| (t.id.rsplit(':').next().unwrap_or_default(), t.text.as_str())).collect();
    assert_eq!(found, [("1", "One.\n\nTwo."), ("3", "def f")]);
    let error = read("jsonl", &path("b.jsonl")).expect_err("a record without text").to_string();
    assert!(error.contains("b.jsonl:2:1: no field with a text (a text is looked for in"), "{error}");
}
