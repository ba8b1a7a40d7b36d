//! Where a constant comes from: a library's source, or, for those of the core library, whose sources are not here, a page that
//! shows what Lean knows of it. Owns these pages and the search through sources.

use super::checks::Lean;
use crate::domain::{CheckRequest, Mode, Severity};
use crate::lean::{LineIndex, declared_at};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of a library that are looked through, and bytes of each.
const FILES: usize = 5_000;
const BYTES: u64 = 4 << 20;

/// A file and in it 1-based line and 0-based column in code points.
pub type Found = (PathBuf, (u32, u32));

/// Looks for a constant in the sources of libraries.
pub fn in_libraries(libraries: &[PathBuf], constant: &str) -> Option<Found> {
    let mut pending: Vec<PathBuf> = libraries.to_vec();
    let mut looked = 0;
    while let Some(directory) = pending.pop() {
        let mut entries: Vec<_> = fs::read_dir(&directory).into_iter().flatten().flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
                pending.push(path);
                continue;
            }
            if path.extension().is_none_or(|end| end != "lean") || about.len() > BYTES {
                continue;
            }
            looked += 1;
            if looked > FILES {
                return None;
            }
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if let Some(range) = declared_at(&text, constant) {
                return Some((path, LineIndex::new(&text).line_column(range.start)));
            }
        }
    }
    None
}

/// Writes what Lean prints of a constant into `directory`. `header` is in front of the text it was met in.
pub fn page(lean: &dyn Lean, directory: &Path, header: Option<&str>, constant: &str) -> Option<Found> {
    let code = format!("#print {constant}\n#check @{constant}\n");
    let request = CheckRequest { header: header.map(str::to_owned), mode: Mode::Proof, ..CheckRequest::new(code) };
    let report = lean.check(&request);
    let said = |line| {
        let own = |m: &&crate::domain::Message| m.line == line && m.severity == Severity::Info && !m.in_header;
        report.messages.iter().find(own).map(|message| message.text.trim())
    };
    let (printed, checked) = (said(1)?, said(2).unwrap_or_default());
    let engine = &report.engine;
    let mut text = format!("-- `{constant}` of Lean {} ({} engine), as it prints it.\n", engine.lean, engine.kind);
    text += &format!("-- Written by afcheck: the sources of the core library are not installed.\n\n{printed}\n\n");
    text += &checked.lines().map(|line| format!("-- {line}\n")).collect::<String>();
    fs::create_dir_all(directory).ok()?;
    let safe = |c: char| if c.is_alphanumeric() || c == '.' || c == '_' { c } else { '-' };
    let name: String = constant.chars().take(100).map(safe).collect();
    let path = directory.join(format!("{name}.lean"));
    fs::write(&path, text).ok()?;
    Some((path, (4, 0)))
}
