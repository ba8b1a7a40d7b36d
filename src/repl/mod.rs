//! L4: the protocol of leanprover-community/repl, for tools that were written for it. Owns the loop: a message is JSON that ends with a
//! blank line, and so is its answer; no message ends the loop, and one that cannot be answered says why.
//!
//! `session` has the environments and proof states, `wire` the spelling. What is answered and what is not: docs/repl.md.

mod session;
pub mod wire;

pub use session::Session;

use std::io::{self, BufRead, Write};

/// Bytes of a message at most; a longer one is refused.
const LONGEST: usize = 64 << 20;

/// Answers messages until the input ends.
pub fn run(session: &mut Session<'_>, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let (mut message, mut line, mut is_too_long) = (String::new(), Vec::new(), false);
    loop {
        line.clear();
        let is_over = input.read_until(b'\n', &mut line)? == 0;
        let is_blank = is_over || line.iter().all(u8::is_ascii_whitespace);
        if !is_blank {
            is_too_long |= message.len() + line.len() > LONGEST;
            if !is_too_long {
                message.push_str(&String::from_utf8_lossy(&line));
            }
        }
        if is_blank && (is_too_long || !message.trim().is_empty()) {
            let answer = match is_too_long {
                true => wire::error(format!("a message of more than {LONGEST} bytes")),
                false => session.answer(&message),
            };
            output.write_all(format!("{answer}\n\n").as_bytes())?;
            output.flush()?;
            message = String::new();
            is_too_long = false;
        }
        if is_over {
            return Ok(());
        }
    }
}
