//! What many candidates begin with (definitions, a target's lemmas) is elaborated once: the instance's pages as they were
//! behind it are kept, and put back in front of the next candidate that begins the same. Owns the question whether two
//! texts begin the same, and the pages; the evidence that comes with them is `check`'s.
//!
//! Texts are always elaborated in the same parts (`lean::split_points`), shared or not, and what an instance is behind a
//! part depends on the parts before alone. So an instance that continues from here is, byte for byte, what it would have
//! become: verdicts, messages and heartbeats do not depend on what else a worker has seen.

use super::instance::{Failure, Instance, Registers};
use super::memory;
use super::snapshot::Snapshot;

/// Heartbeats (small allocations) a prefix must have cost to be worth its pages.
const WORTH: u64 = 40_000;

/// Bytes of pages that are kept.
const MOST: usize = 96 << 20;

/// A part of a check's text: the text up to the part's end, and whether it is the header's.
pub type Part = (String, bool);

/// The parts of a check, with the heartbeats spent in front of each.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub parts: Vec<Part>,
    pub spent: Vec<u64>,
}

impl Outline {
    /// The parts in front of part `at`.
    pub fn before(&self, at: usize) -> Outline {
        Outline { parts: self.parts[..at].to_vec(), spent: self.spent[..at].to_vec() }
    }
}

/// An instance behind a prefix, with what is needed to go on.
pub struct Checkpoint<T> {
    /// The parts before it, with the heartbeats spent in front of each.
    pub before: Outline,
    /// Heartbeats they cost together.
    pub spent: u64,
    pages: Vec<(usize, Box<[u8]>)>,
    registers: Registers,
    left_out: Vec<String>,
    output: Vec<u8>,
    /// What the check knew here.
    pub known: T,
}

/// What a worker keeps for one import set.
pub struct Prefix<T> {
    /// The check before this one.
    pub last: Outline,
    pub checkpoint: Option<Checkpoint<T>>,
}

impl<T> Default for Prefix<T> {
    fn default() -> Self {
        Prefix { last: Outline::default(), checkpoint: None }
    }
}

/// Number of leading parts two lists have in common.
fn common(parts: &[(&str, bool)], others: &[Part]) -> usize {
    let same =
        |((text, header), (other, other_header)): &(&(&str, bool), &Part)| text == other && header == other_header;
    parts.iter().zip(others).take_while(same).count()
}

impl<T> Prefix<T> {
    /// The checkpoint, if a text begins with its parts and `allowed` heartbeats reach beyond it.
    pub fn usable(&self, parts: &[(&str, bool)], allowed: u64) -> Option<&Checkpoint<T>> {
        let checkpoint = self.checkpoint.as_ref()?;
        let begins = checkpoint.before.parts.len();
        let fits =
            checkpoint.spent <= allowed && begins < parts.len() && common(parts, &checkpoint.before.parts) == begins;
        fits.then_some(checkpoint)
    }

    /// In front of which part a checkpoint pays: behind everything the check before this one had as well, if that costs
    /// enough more than the `shared` heartbeats that a checkpoint saves already.
    pub fn worthwhile(&self, parts: &[(&str, bool)], shared: u64) -> Option<usize> {
        let most = common(parts, &self.last.parts).min(parts.len() - 1);
        (1..=most).rev().find(|at| self.last.spent.get(*at).is_some_and(|spent| *spent >= shared + WORTH))
    }
}

impl<T> Checkpoint<T> {
    /// Keeps what `lean` has become since its reset; `None` where that cannot be told or is too much.
    pub fn take(lean: &mut Instance, snapshot: &Snapshot, before: Outline, spent: u64, known: T) -> Option<Self> {
        if !lean.is_of_initial_size() {
            return None;
        }
        let memory = lean.store.data().memory();
        let written = memory::changed_pages(memory, &mut lean.store, snapshot.original.bytes()).ok()?;
        let page = rustix::param::page_size();
        if written.len() * page > MOST || snapshot.size() == 0 {
            return None;
        }
        let data = lean.data();
        let pages = written.into_iter().filter_map(|at| Some((at, data.get(at..at + page)?.into()))).collect();
        let state = lean.store.data();
        let (left_out, output) = (state.left_out.clone(), state.output.clone());
        Some(Checkpoint { before, spent, pages, registers: lean.registers(), left_out, output, known })
    }

    /// Puts the pages back into an instance that was reset to the same snapshot.
    pub fn restore(&self, lean: &mut Instance) -> Result<(), Failure> {
        for (at, page) in &self.pages {
            lean.write_bytes(*at as u32, page)?;
        }
        lean.set_registers(&self.registers);
        let state = lean.store.data_mut();
        state.left_out.clone_from(&self.left_out);
        state.output.clone_from(&self.output);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: (&str, bool) = ("open Nat\n", true);

    fn after(parts: &[(&str, bool)], spent: &[u64]) -> Prefix<()> {
        let parts = parts.iter().map(|(text, header)| ((*text).to_owned(), *header)).collect();
        Prefix { last: Outline { parts, spent: spent.to_vec() }, checkpoint: None }
    }

    #[test]
    fn texts_share_the_parts_before_the_first_difference() {
        let prefix = after(&[HEADER, ("d", false), ("d t", false), ("d t u", false)], &[0, 10, WORTH + 10, 3 * WORTH]);
        assert_eq!(prefix.worthwhile(&[HEADER, ("d", false), ("d t", false), ("d t v", false)], 0), Some(3));
        assert_eq!(prefix.worthwhile(&[HEADER, ("d", false), ("d v", false)], 0), Some(2));
        assert_eq!(prefix.worthwhile(&[HEADER, ("d", false), ("d v", false)], 20), None, "it saves too little");
        assert_eq!(prefix.worthwhile(&[HEADER, ("e", false)], 0), None, "the header costs nothing");
        assert_eq!(prefix.worthwhile(&[("open Nat\n", false), ("d", false)], 0), None, "a header is no code");
        let same = [HEADER, ("d", false), ("d t", false), ("d t u", false)];
        assert_eq!(prefix.worthwhile(&same, 0), Some(3), "the last part is always elaborated");
    }
}
