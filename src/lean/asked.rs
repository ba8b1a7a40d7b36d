//! What a request asks for, before any Lean sees it. Owns the mode a text is judged in, the rung that counts and the text that is
//! elaborated: the same for every engine.

use super::{LeanText, TextKind, completed, default_rung, is_statement, lean_text};
use crate::domain::{CheckRequest, Mode, Rung};

/// A request as an engine takes it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// [`Mode::Statement`] or [`Mode::Proof`].
    pub mode: Mode,
    pub required: Rung,
    /// The trusted text in front, every line end one byte.
    pub header: Option<String>,
    /// The text for Lean, every line end one byte: lines and columns are those of the original. `None` if there is no Lean in it.
    pub code: Option<String>,
}

/// The text as Lean reads it: its own line ends are `\n`.
fn line_feeds(text: String) -> String {
    if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text }
}

/// Takes up a request.
pub fn asked(request: &CheckRequest) -> Asked {
    let LeanText { text, kind } = lean_text(&request.code);
    let has_target = request.target.is_some();
    let mode = match request.mode {
        // Whoever gives a target asks for its proof.
        Mode::Auto if !has_target && is_statement(&text, request.is_proof) => Mode::Statement,
        Mode::Auto => Mode::Proof,
        mode => mode,
    };
    let required = request.require.unwrap_or(default_rung(mode, has_target));
    let whole = if mode == Mode::Statement { completed(&text) } else { None };
    Asked {
        mode,
        required,
        header: request.header.clone().map(line_feeds),
        code: (kind != TextKind::None).then(|| line_feeds(whole.unwrap_or(text))),
    }
}
