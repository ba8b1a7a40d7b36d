//! Forged declarations: constants planted into a working instance's environment behind its kernel's back, and what the
//! replay in a clean instance says of them. Owns the tests that must fail if the replay ever believes an instance.
//!
//! Each forgery starts from honest text, changes what came of it, and plants the result without any check. Nothing is
//! asserted of the kernel beyond a word of its reason: which declaration, and that it is refused.

mod axioms;
pub mod bench;
mod broken;
mod controls;
mod definitions;
mod inductives;
mod library;
mod plant;
mod recursors;
mod theorems;

use crate::lean::kernel::words::Words;
use bench::{Fate, on_a_bench};

/// One forgery.
struct Forgery {
    /// What it tries.
    what: &'static str,
    /// Honest text it starts from.
    text: &'static str,
    /// What it makes of the constants.
    forge: fn(&mut Words),
    /// The constant that is refused.
    refused: &'static str,
    /// Part of the reason.
    says: &'static str,
}

/// Shorthand for a row of a table.
fn forgery(
    what: &'static str,
    text: &'static str,
    forge: fn(&mut Words),
    refused: &'static str,
    says: &'static str,
) -> Forgery {
    Forgery { what, text, forge, refused, says }
}

/// Plants every forgery of a table; all must be refused for their own reason. There are at least `least` of them.
fn all_refused(table: &[Forgery], least: usize) {
    assert!(table.len() >= least, "{} forgeries are fewer than {least}", table.len());
    let mut wrong = Vec::new();
    on_a_bench(|bench| {
        for Forgery { what, text, forge, refused, says } in table {
            let fate = bench.judge(text, forge);
            match &fate {
                Fate::Refused(name, why) if name == refused && why.contains(says) && !says.is_empty() => {}
                _ => wrong.push(format!("{what}: {fate:?}, not {refused}: ..{says}..")),
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {} forgeries:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}
