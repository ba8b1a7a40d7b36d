//! Sources that the binary carries. Owns their names and what they are made of; the texts themselves lie in `data/prose`
//! and in the Lean project.

use crate::lean;
use std::borrow::Cow;

/// A source that needs no file, named where a path is expected.
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    /// How its files would end.
    pub(super) extension: &'static str,
    /// Names and texts of files.
    pub(super) files: Vec<(Cow<'static, str>, &'static str)>,
}

/// The built-in source of this name.
pub(super) fn named(name: &str) -> Option<BuiltIn> {
    let prose = |name, file, text| BuiltIn { name, extension: "md", files: vec![(Cow::Borrowed(file), text)] };
    match name {
        "afcore:library" => {
            let file = |module: &str| Cow::Owned(module.replace('.', "/") + ".lean");
            let files = lean::BUILT_IN.iter().map(|(module, text)| (file(module), *text)).collect();
            Some(BuiltIn { name: "afcore:library", extension: "lean", files })
        }
        "afcore:textbook" => {
            Some(prose("afcore:textbook", "textbook.md", include_str!("../../../data/prose/textbook.md")))
        }
        "afcore:almanac" => Some(prose("afcore:almanac", "almanac.md", include_str!("../../../data/prose/almanac.md"))),
        _ => None,
    }
}
