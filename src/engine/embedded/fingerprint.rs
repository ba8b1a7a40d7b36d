//! What an embedded engine judges with, in one line: the part of a result's identity that is not in the request. Owns
//! the hash of the library sources; the package and the rewriter have names of their own.

use super::install::{LEAN_COMMIT, LEAN_VERSION, PACKAGE_SHA512};
use super::rewrite::REWRITER_VERSION;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Directories below a library that are followed.
const DEPTH: usize = 32;

/// Device, inode, size, time of modification and of change: a file with the same stamp is taken to be the same.
type Stamp = (u64, u64, u64, (i64, i64), (i64, i64));

/// Library files by index of the library and path below it.
type Files = BTreeMap<(usize, PathBuf), Stamp>;

/// The fingerprint of an engine with these libraries.
pub struct Fingerprint {
    /// In the order of the search: the first that has a module wins.
    libraries: Vec<PathBuf>,
    /// The files as they were when last hashed, and the hash.
    last: Mutex<Option<(Files, String)>>,
}

impl Fingerprint {
    /// Reads nothing yet.
    pub fn new(libraries: Vec<PathBuf>) -> Self {
        Fingerprint { libraries, last: Mutex::default() }
    }

    /// The fingerprint as of now. Files are read again only if one of them looks touched.
    pub fn current(&self) -> String {
        let lean = format!(
            "embedded Lean {LEAN_VERSION} {LEAN_COMMIT}, package {}, rewriter {REWRITER_VERSION}",
            &PACKAGE_SHA512[..16]
        );
        if self.libraries.is_empty() {
            return lean;
        }
        // Before the contents: a file that changes while it is read has another stamp the next time.
        let files = self.files();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, hash)) if *known == files => format!("{lean}, library {hash}"),
            _ => {
                let hash = self.hash(&files);
                let text = format!("{lean}, library {hash}");
                *last = Some((files, hash));
                text
            }
        }
    }

    fn files(&self) -> Files {
        let mut files = Files::new();
        for (number, library) in self.libraries.iter().enumerate() {
            collect(number, library, Path::new(""), DEPTH, &mut files);
        }
        files
    }

    fn hash(&self, files: &Files) -> String {
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for (library, path) in files.keys() {
            part(&library.to_le_bytes());
            part(path.as_os_str().as_encoded_bytes());
            // One that cannot be read cannot be imported either.
            part(&fs::read(self.libraries[*library].join(path)).unwrap_or_default());
        }
        hasher.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

/// The `.lean` files below a directory of a library. Directories with a dot in their name (`.lake`, `.git`) are no part
/// of a module's name, so nothing in them can be imported.
fn collect(library: usize, root: &Path, below: &Path, depth: usize, files: &mut Files) {
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let path = below.join(&name);
        // Links are followed, as they are when a module is read.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if metadata.is_dir() {
            if depth > 0 && !name.as_encoded_bytes().contains(&b'.') {
                collect(library, root, &path, depth - 1, files);
            }
        } else if path.extension().is_some_and(|e| e == "lean") {
            files.insert((library, path), stamp(&metadata));
        }
    }
}

fn stamp(of: &Metadata) -> Stamp {
    (of.dev(), of.ino(), of.len(), (of.mtime(), of.mtime_nsec()), (of.ctime(), of.ctime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_contents_and_order_of_libraries_count() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let of = |libraries: &[&Path]| Fingerprint::new(libraries.iter().map(|l| l.to_path_buf()).collect()).current();
        fs::write(a.path().join("A.lean"), "def a := 1").unwrap();
        fs::write(b.path().join("A.lean"), "def a := 2").unwrap();
        let (one, two) = (of(&[a.path(), b.path()]), of(&[b.path(), a.path()]));
        assert_ne!(one, two, "the first match wins, so order counts");
        assert_ne!(of(&[]), of(&[a.path()]));

        let kept = Fingerprint::new(vec![a.path().to_owned()]);
        let before = kept.current();
        assert_eq!(before, of(&[a.path()]), "where a library is does not matter, nor when it was read");
        fs::create_dir(a.path().join(".lake")).unwrap();
        fs::write(a.path().join(".lake/B.lean"), "").unwrap();
        fs::write(a.path().join("notes.txt"), "").unwrap();
        assert_eq!(kept.current(), before, "what cannot be imported does not count");
        fs::create_dir(a.path().join("A")).unwrap();
        fs::write(a.path().join("A/B.lean"), "").unwrap();
        let more = kept.current();
        assert_ne!(more, before);
        fs::write(a.path().join("A.lean"), "def a := 3").unwrap();
        assert_ne!(kept.current(), more, "an edit is noticed by the same engine");
    }
}
