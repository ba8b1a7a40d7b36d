//! The generator of random numbers of `synth`: SplitMix64. Owns nothing else; not for statistics (`metrics`) and not for
//! secrets. It is kept here and small so that a released data set can be made again byte for byte, whatever other parts
//! of the program come to use.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub(super) struct Prng(u64);

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Prng {
    /// The stream of item `index` of `seed`: items do not depend on how much randomness earlier ones used.
    pub(super) fn of(seed: u64, index: u64) -> Prng {
        let mut outer = Prng(seed);
        let start = outer.next() ^ Prng(index).next().rotate_left(32);
        Prng(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not zero. (The bias of a remainder of 64 bits is far below what anyone could see.)
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True in `part` of `of` cases.
    pub(super) fn chance(&mut self, part: usize, of: usize) -> bool {
        self.below(of) < part
    }

    /// One of the items, which are not none.
    pub(super) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::Prng;

    #[test]
    fn the_published_numbers() {
        // The first outputs of the reference implementation (Vigna, splitmix64.c) for seed 1234567.
        let mut prng = Prng(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([prng.next(), prng.next(), prng.next()], expected);
    }

    #[test]
    fn items_have_streams_of_their_own() {
        assert_ne!(Prng::of(1, 0).next(), Prng::of(1, 1).next());
        assert_ne!(Prng::of(1, 0).next(), Prng::of(2, 0).next());
        assert_eq!(Prng::of(7, 3).below(1000), Prng::of(7, 3).below(1000));
    }
}
