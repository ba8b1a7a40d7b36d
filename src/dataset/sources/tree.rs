//! The files of a tree, always in the same order. Owns which are looked at; must not read meaning into them.

use super::SourceError;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The file at `root`, whatever its name, or all files below it whose names end so, sorted by path. Hidden ones are left
/// out; symbolic links below the root are not followed.
pub(super) fn files(root: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, SourceError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SourceError::Io { path, source }
    };
    if !fs::metadata(root).map_err(failed(root))?.is_dir() {
        return Ok(vec![root.to_owned()]);
    }
    let is_named = |path: &Path| path.extension().and_then(OsStr::to_str).is_some_and(|e| extensions.contains(&e));
    let (mut files, mut pending) = (Vec::new(), vec![root.to_owned()]);
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(&directory).map_err(failed(&directory))? {
            let entry = entry.map_err(failed(&directory))?;
            let (path, sort) = (entry.path(), entry.file_type().map_err(failed(&directory))?);
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if sort.is_dir() {
                pending.push(path);
            } else if sort.is_file() && is_named(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a file, with `\n` at the end of lines and no byte order mark; or where it is not UTF-8.
pub(super) fn text(path: &Path) -> Result<Result<String, String>, SourceError> {
    let bytes = fs::read(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
            Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
        }
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(format!("{}:{line}: invalid UTF-8", path.display()))
        }
    })
}
