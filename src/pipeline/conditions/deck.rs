//! Drawing without replacement. Owns the order in which the documents of a pool come.

use crate::metrics::Random;
use std::collections::VecDeque;

/// Indices of a pool's documents in random order, shuffled anew when no more of them can be drawn.
#[derive(Clone, Debug)]
pub struct Deck {
    /// What a new order is made of.
    kept: Vec<usize>,
    random: Random,
    /// How often the documents were shuffled.
    shuffles: u64,
    /// What is to come, each with the shuffle it is of; earlier shuffles first.
    order: VecDeque<(usize, u64)>,
}

impl Deck {
    /// A deck of so many documents, which are not none.
    pub fn new(count: usize, seed: u64) -> Deck {
        Deck { kept: (0..count).collect(), random: Random::new(seed), shuffles: 0, order: VecDeque::new() }
    }

    /// The next document that may come now. Those that may not are passed over and stay in front; if that are all that are
    /// left, the whole deck follows them in a new order. `None` if no document may come, or if one has been passed over for
    /// a whole order: it would never come.
    pub fn draw(&mut self, may: impl Fn(usize) -> bool) -> Option<usize> {
        let find = |order: &VecDeque<(usize, u64)>| order.iter().position(|(document, _)| may(*document));
        let place = find(&self.order).or_else(|| {
            if self.order.front().is_some_and(|(_, shuffle)| *shuffle < self.shuffles) {
                return None;
            }
            self.shuffles += 1;
            let mut fresh = self.kept.clone();
            self.random.shuffle(&mut fresh);
            self.order.extend(fresh.into_iter().map(|document| (document, self.shuffles)));
            find(&self.order)
        });
        self.order.remove(place?).map(|(document, _)| document)
    }

    /// Takes a document out for good. False if it was out.
    pub fn discard(&mut self, document: usize) -> bool {
        let place = self.kept.binary_search(&document);
        place.map(|place| self.kept.remove(place)).is_ok()
    }

    /// Whether no document is left.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_drawn_once_before_anything_is_drawn_again() {
        let mut deck = Deck::new(20, 7);
        let mut epoch = || (0..20).filter_map(|_| deck.draw(|_| true)).collect::<Vec<_>>();
        let (first, second) = (epoch(), epoch());
        assert_ne!(first, second);
        for mut drawn in [first, second] {
            drawn.sort_unstable();
            assert_eq!(drawn, (0..20).collect::<Vec<_>>());
        }
        let draw = |seed| Deck::new(20, seed).draw(|_| true);
        assert_eq!(draw(3), draw(3));
        assert!((0..20).any(|seed| draw(seed) != draw(3)));
    }

    #[test]
    fn what_may_not_come_waits_in_front_but_not_for_ever() {
        let mut deck = Deck::new(3, 1);
        let mut drawn = |count, may: fn(usize) -> bool| (0..count).map(|_| deck.draw(may)).collect::<Vec<_>>();
        assert!(drawn(4, |document| document != 1).iter().all(|d| matches!(d, Some(0 | 2))));
        // Of two orders all but the two that were passed over are drawn, and a third does not begin.
        assert_eq!(drawn(1, |document| document != 1), [None]);
        assert_eq!(drawn(2, |_| true), [Some(1), Some(1)]);
        assert_eq!(drawn(1, |_| false), [None]);
    }

    #[test]
    fn what_is_discarded_does_not_come_back() {
        let mut deck = Deck::new(3, 1);
        let first = deck.draw(|_| true).expect("a document");
        assert!(deck.discard(first) && !deck.discard(first) && !deck.is_empty());
        assert!((0..20).all(|_| deck.draw(|_| true) != Some(first)));
    }
}
