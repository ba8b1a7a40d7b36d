//! Sources of texts that are no problems: files and trees of code, formal libraries and prose. Owns their kinds, and how
//! they are cut into units with names; what a unit is in a language is for its reader in `readers/` to say, which files
//! there are for `tree.rs`. Must not choose among units or count their tokens.

mod built_in;
mod jsonl;
mod readers;
mod tree;

use built_in::BuiltIn;
use readers::Unit;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// What a source is made of. Kinds of one name are equal.
#[derive(Clone, Copy)]
pub struct Kind {
    name: &'static str,
    /// What one unit is, in the plural.
    units: &'static str,
    /// How the names of its files end.
    extensions: &'static [&'static str],
    reading: Reading,
}

#[derive(Clone, Copy)]
enum Reading {
    /// Each file is cut into units.
    Files(fn(&str) -> Vec<Unit>),
    /// A file of records is a unit each.
    Records,
}

/// Every kind, in the order of the documentation.
const KINDS: [Kind; 13] = {
    use Reading::{Files, Records};
    use readers::*;
    [
        Kind::of("lean", "declarations", &["lean"], Files(lean::declarations)),
        Kind::of("lean-docs", "declarations with docstrings", &["lean"], Files(lean::documented)),
        Kind::of("python", "functions and classes", &["py"], Files(python::definitions)),
        Kind::of("coq", "declarations", &["v"], Files(coq::declarations)),
        Kind::of("isabelle", "declarations", &["thy"], Files(isabelle::declarations)),
        Kind::of("metamath", "assertions", &["mm"], Files(metamath::assertions)),
        Kind::of("mizar", "theorems and definitions", &["miz", "abs"], Files(mizar::items)),
        Kind::of("smtlib", "scripts", &["smt2"], Files(smtlib::scripts)),
        Kind::of("tptp", "formulas", &["p", "ax", "tptp"], Files(tptp::formulas)),
        Kind::of("markdown", "sections", &["md", "markdown"], Files(markdown::sections)),
        Kind::of("latex", "paragraphs", &["tex"], Files(latex::paragraphs)),
        Kind::of("text", "paragraphs", &["txt", "text"], Files(plain::paragraphs)),
        Kind::of("jsonl", "records with a text", &["jsonl"], Records),
    ]
};

impl Kind {
    const fn of(
        name: &'static str,
        units: &'static str,
        extensions: &'static [&'static str],
        reading: Reading,
    ) -> Kind {
        Kind { name, units, extensions, reading }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Kind> {
        KINDS.into_iter().find(|kind| kind.name == name)
    }

    /// The names of all kinds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|kind| kind.name)
    }

    /// The names of kinds whose files end so.
    fn of_files(extension: &str) -> impl Iterator<Item = &'static str> {
        KINDS.into_iter().filter(move |kind| kind.extensions.contains(&extension)).map(|kind| kind.name)
    }

    /// As specifications name it.
    pub fn name(self) -> &'static str {
        self.name
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A piece of a source that can stand alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// `path:line`, the line counted from 1.
    pub id: String,
    pub text: String,
}

/// The texts of a source, in the order of its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub texts: Vec<Text>,
    /// How many files were read.
    pub files: usize,
    /// Files that were left out, each with its place and the reason.
    pub left_out: Vec<String>,
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot read {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "there is no file named {} at or below {}: name a file itself if it is called otherwise",
        .extensions.iter().map(|e| format!("*.{e}")).collect::<Vec<_>>().join(" or "),
        path.display()
    )]
    NoFiles { path: PathBuf, extensions: &'static [&'static str] },
    #[error(
        "{} has no {units} in {files} {}{}",
        path.display(),
        if *files == 1 { "file" } else { "files" },
        left_out.first().map(|first| format!("; {} left out, the first: {first}", left_out.len())).unwrap_or_default()
    )]
    NoUnits { path: PathBuf, units: &'static str, files: usize, left_out: Vec<String> },
    #[error(
        "`{name}` is built in and made of *.{extension}: it can be read as {}, not as {kind}",
        Kind::of_files(extension).collect::<Vec<_>>().join(" or ")
    )]
    OfAnotherKind { name: &'static str, extension: &'static str, kind: &'static str },
    #[error(transparent)]
    Input(#[from] super::InputError),
    #[error("{0}")]
    Record(Box<super::RecordError>),
}

/// Reads a file, a tree of files, or what is built in: `afcore:library`, `afcore:textbook`, `afcore:almanac`.
pub fn texts(kind: Kind, path: &str) -> Result<Texts, SourceError> {
    let root = Path::new(path);
    let read = match (kind.reading, built_in::named(path)) {
        (Reading::Records, None) => jsonl::read(path)?,
        (Reading::Files(reader), Some(source)) if kind.extensions.contains(&source.extension) => {
            carried(source, reader)
        }
        (_, Some(BuiltIn { name, extension, .. })) => {
            return Err(SourceError::OfAnotherKind { name, extension, kind: kind.name });
        }
        (Reading::Files(reader), None) => {
            let files = tree::files(root, kind.extensions)?;
            if files.is_empty() {
                return Err(SourceError::NoFiles { path: root.to_owned(), extensions: kind.extensions });
            }
            let mut read = Texts::default();
            for file in files {
                match tree::text(&file)? {
                    Ok(text) => read.texts.extend(cut(reader, &file.display().to_string(), &text)),
                    Err(why) => read.left_out.push(why),
                }
                read.files += 1;
            }
            read
        }
    };
    if read.texts.is_empty() {
        let Texts { files, left_out, .. } = read;
        return Err(SourceError::NoUnits { path: root.to_owned(), units: kind.units, files, left_out });
    }
    Ok(read)
}

fn carried(source: BuiltIn, reader: fn(&str) -> Vec<Unit>) -> Texts {
    let texts = source.files.iter().flat_map(|(name, text)| cut(reader, name, text)).collect();
    Texts { texts, files: source.files.len(), left_out: vec![] }
}

/// The units of a file that is called `name`.
fn cut(reader: fn(&str) -> Vec<Unit>, name: &str, text: &str) -> Vec<Text> {
    let (mut line, mut counted) = (1, 0);
    let named = |Unit { start, text: unit }| {
        line += text[counted..start].matches('\n').count();
        counted = start;
        Text { id: format!("{name}:{line}"), text: unit }
    };
    reader(text).into_iter().map(named).collect()
}

#[cfg(test)]
mod tests;
