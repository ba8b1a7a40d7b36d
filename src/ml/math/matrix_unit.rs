//! Products in the matrix unit of a processor (AMX of Intel's), as precise as those of 32-bit numbers. Owns the way in and out of
//! its tiles, and the only instructions in this crate that no compiler knows; which products may go this way is the callers'
//! business.
//!
//! The unit multiplies numbers of 16 bits (bfloat16) and adds in 32. A 32-bit number is the sum of three of them, each rounded from
//! what the ones before leave (8 of 24 bits each), and a product is the sum of the six products of parts that are not below its
//! last bit: `a0 b0 + a0 b1 + a1 b0 + a0 b2 + a1 b1 + a2 b0` (Henry, Tang and Heinecke 2019, arXiv 1904.06376). Sixteen times as
//! many products a cycle as the vector unit then make more than twice as many exact ones. The order of a sum is the unit's own:
//! not that of `products`, but the same for a vector whatever else is multiplied with it.

#![cfg_attr(
    all(target_arch = "x86_64", target_os = "linux"),
    expect(unsafe_code, reason = "instructions of the matrix unit, and leave of the system to use it")
)]

use super::lanes::Lanes;
use super::matrix::{Aligned, HEIGHT, Line};
use super::tile::{Results, Vectors, get, put};
use pulp::{Arch, NullaryFnOnce, Simd};
use rayon::prelude::*;
use std::cell::Cell;

/// Columns of a tile.
pub(super) const DEPTH: usize = 2 * HEIGHT;

/// Numbers of 16 bits that a number is the sum of.
const PARTS: usize = 3;

/// Panels that lie in a core's cache while all vectors pass by.
const PANELS: usize = 16;

/// Sixteen lines of 32 numbers of 16 bits: of lines of a matrix, or of vectors. In both, column `c` stands beside column `c + 16`,
/// two to a place of 32 bits.
type Tile = [Line; HEIGHT];

/// The parts of the numbers of sixteen lines and 32 columns.
type Split = [Tile; PARTS];

/// Sums of sixteen vectors with a panel.
type Sums = [Line; HEIGHT];

/// Empty ones that begin where a line of the cache does.
fn empty(count: usize) -> Aligned {
    Aligned::zeros(count * PARTS * HEIGHT * HEIGHT)
}

fn splits(numbers: &[f32]) -> &[Split] {
    numbers.as_chunks::<HEIGHT>().0.as_chunks::<HEIGHT>().0.as_chunks::<PARTS>().0
}

fn splits_mut(numbers: &mut [f32]) -> &mut [Split] {
    numbers.as_chunks_mut::<HEIGHT>().0.as_chunks_mut::<HEIGHT>().0.as_chunks_mut::<PARTS>().0
}

/// Vectors, ready for the unit.
pub(super) struct Tiled {
    /// For sixteen vectors at a time, an even number of times, the parts of 32 columns at a time.
    tiles: Aligned,
    vectors: usize,
    /// Tiles of columns.
    depth: usize,
}

impl Tiled {
    /// `length` numbers of every vector.
    pub fn new(vectors: Vectors<'_>, length: usize) -> Tiled {
        let mut tiled = Tiled::empty(vectors, length);
        let depth = tiled.depth.max(1);
        splits_mut(&mut tiled.tiles).par_chunks_mut(depth).enumerate().for_each(|(group, tiles)| {
            Arch::new().dispatch(Filling { vectors, first: group * HEIGHT, length, tiles });
        });
        tiled
    }

    /// The same on this thread alone.
    pub fn of_task(vectors: Vectors<'_>, length: usize) -> Tiled {
        let mut tiled = Tiled::empty(vectors, length);
        let depth = tiled.depth.max(1);
        for (group, tiles) in splits_mut(&mut tiled.tiles).chunks_mut(depth).enumerate() {
            Arch::new().dispatch(Filling { vectors, first: group * HEIGHT, length, tiles });
        }
        tiled
    }

    fn empty(vectors: Vectors<'_>, length: usize) -> Tiled {
        let depth = length.div_ceil(DEPTH);
        let groups = vectors.count.div_ceil(2 * HEIGHT) * 2;
        Tiled { tiles: empty(groups * depth), vectors: vectors.count, depth }
    }

    /// `length` numbers of every vector from number `from` on, which begins a tile ([`DEPTH`]).
    pub fn part(&self, from: usize, length: usize) -> Tiles<'_> {
        assert!(from.is_multiple_of(DEPTH), "a part begins with a tile");
        let (first, depth) = (from / DEPTH, length.div_ceil(DEPTH));
        assert!(first + depth <= self.depth, "as many tiles as there are");
        Tiles { tiles: splits(&self.tiles), vectors: self.vectors, stride: self.depth, first, depth }
    }
}

/// Some numbers of vectors that are ready for the unit.
#[derive(Clone, Copy)]
pub(super) struct Tiles<'a> {
    tiles: &'a [Split],
    vectors: usize,
    /// Tiles from one group of vectors to the next.
    stride: usize,
    /// Where in a group the tiles begin, and how many they are.
    first: usize,
    depth: usize,
}

struct Filling<'a> {
    vectors: Vectors<'a>,
    first: usize,
    length: usize,
    tiles: &'a mut [Split],
}

impl NullaryFnOnce for Filling<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Filling { vectors, first, length, tiles } = self;
        for (i, vector) in (first..vectors.count.min(first + HEIGHT)).enumerate() {
            let vector = &vectors.data[vector * vectors.stride + vectors.first..][..length];
            for (tile, columns) in tiles.iter_mut().zip(vector.chunks(DEPTH)) {
                match columns.as_chunks::<HEIGHT>() {
                    ([low, high], _) => split(low, high, i, tile),
                    _ => {
                        let mut filled = [0.0; DEPTH];
                        filled[..columns.len()].copy_from_slice(columns);
                        let [low, high] = filled.as_chunks::<HEIGHT>().0 else { continue };
                        split(low, high, i, tile);
                    }
                }
            }
        }
    }
}

/// Writes the parts of two lines into line `at` of the tiles.
#[inline(always)]
fn split(low: &Line, high: &Line, at: usize, tiles: &mut Split) {
    let (mut low, mut high) = (*low, *high);
    for tile in tiles {
        let line = &mut tile[at];
        for i in 0..HEIGHT {
            let (one, other) = (rounded(low[i]), rounded(high[i]));
            line[i] = f32::from_bits((one >> 16) | other);
            low[i] -= f32::from_bits(one);
            high[i] -= f32::from_bits(other);
        }
    }
}

/// The bits of the nearest number whose lower half is empty.
#[inline(always)]
fn rounded(x: f32) -> u32 {
    x.to_bits().wrapping_add(0x8000) & 0xffff_0000
}

/// Sums of all vectors with panels that follow each other, as [`super::tile::many`] without the order of its sums.
#[inline(always)]
pub(super) fn many<S: Simd, const R: usize, const ADDS: bool>(
    simd: S,
    panels: &[Line],
    length: usize,
    vectors: Tiles<'_>,
    out: &mut impl Results,
) {
    let Tiles { tiles, vectors, stride, first, depth } = vectors;
    assert_eq!(length.div_ceil(DEPTH), depth, "panels are as long as the vectors");
    let mut scratch = SCRATCH.take();
    if scratch.len() < PANELS * depth * size_of::<Split>() / size_of::<f32>() {
        scratch = empty(PANELS * depth);
    }
    let own = splits_mut(&mut scratch);
    let mut sums = [[[0.0; HEIGHT]; HEIGHT]; 4];
    let unit = Unit::new();
    for (chunk, panels) in panels.chunks(PANELS * length).enumerate() {
        for (lines, own) in panels.chunks(length).zip(own.chunks_mut(depth)) {
            for (lines, tiles) in lines.chunks(DEPTH).zip(own) {
                for i in 0..HEIGHT {
                    let line = |at: usize| lines.get(at).unwrap_or(&[0.0; HEIGHT]);
                    split(line(i), line(HEIGHT + i), i, tiles);
                }
            }
        }
        let count = panels.len() / length;
        for (pair, x) in tiles.chunks_exact(2 * stride).enumerate() {
            let x = (&x[first..][..depth], &x[stride + first..][..depth]);
            for panel in (0..count).step_by(2) {
                // A single panel is multiplied twice.
                let w = |panel: usize| &own[panel.min(count - 1) * depth..][..depth];
                unit.multiply([x.0, x.1], [w(panel), w(panel + 1)], &mut sums);
                for (i, sums) in sums.iter().enumerate() {
                    let (first, panel) = ((2 * pair + i / 2) * HEIGHT, panel + i % 2);
                    if panel < count {
                        for (v, sums) in (first..vectors).zip(sums) {
                            let mut sum = Lanes::<S, R>::load(simd, sums);
                            let out = out.at(v, chunk * PANELS + panel);
                            if ADDS {
                                sum = sum.plus(simd, &get(simd, out));
                            }
                            put(out, &sum);
                        }
                    }
                }
            }
        }
    }
    SCRATCH.set(scratch);
}

thread_local! {
    /// Room for the panels of [`many`].
    static SCRATCH: Cell<Aligned> = Cell::new(Aligned::default());
}

use unit::Unit;
pub(super) use unit::is_there;

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod unit {
    use super::{Split, Sums};
    use std::arch::asm;
    use std::arch::x86_64::{__cpuid, __cpuid_count};
    use std::sync::OnceLock;

    /// True if the processor has the unit and the system lets this process use it.
    pub fn is_there() -> bool {
        static IS_THERE: OnceLock<bool> = OnceLock::new();
        *IS_THERE.get_or_init(|| has_unit() && is_permitted())
    }

    fn has_unit() -> bool {
        const BF16: u32 = 1 << 22;
        const TILES: u32 = 1 << 24;
        let features = if __cpuid(0).eax < 7 { 0 } else { __cpuid_count(7, 0).edx };
        features & (BF16 | TILES) == BF16 | TILES
    }

    /// Asks Linux for the state of the tiles (`arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)`): threads have no room for it
    /// before somebody asks.
    fn is_permitted() -> bool {
        const ARCH_PRCTL: i64 = 158;
        const REQUEST: i64 = 0x1023;
        const TILE_DATA: i64 = 18;
        let mut answer = ARCH_PRCTL;
        // SAFETY: a system call that reads and writes no memory of ours; it clobbers what is named.
        unsafe {
            asm!("syscall", inout("rax") answer, in("rdi") REQUEST, in("rsi") TILE_DATA, out("rcx") _, out("r11") _,
                options(nostack));
        }
        answer == 0
    }

    /// How the eight tiles are cut: sixteen lines of 64 bytes each.
    #[repr(C, align(64))]
    struct Shape {
        palette: u8,
        start: u8,
        reserved: [u8; 14],
        line_bytes: [u16; 16],
        lines: [u8; 16],
    }

    /// The unit of this thread, in use.
    pub struct Unit(());

    impl Unit {
        pub fn new() -> Unit {
            assert!(is_there(), "asked before");
            let mut shape = Shape { palette: 1, start: 0, reserved: [0; 14], line_bytes: [0; 16], lines: [0; 16] };
            shape.line_bytes[..8].fill(64);
            shape.lines[..8].fill(16);
            // SAFETY: the processor has the unit and the system permits its use; 64 bytes are read of `shape`.
            unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const shape, options(nostack)) };
            Unit(())
        }

        /// The sums of two groups of vectors `x` with two panels `w`, group by group.
        #[inline(always)]
        pub fn multiply(&self, x: [&[Split]; 2], w: [&[Split]; 2], sums: &mut [Sums; 4]) {
            let depth = x[0].len();
            assert!(x[1].len() == depth && w[0].len() == depth && w[1].len() == depth, "as long as each other");
            let at = sums.as_mut_ptr();
            // SAFETY: as in `new`, whose shape is in force until `drop`. Each load and store moves the 1,024 bytes of a tile that
            // `Split` or `Sums` has there, in lines 64 bytes apart. Nobody but this file uses tiles.
            unsafe {
                asm!("tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    options(nostack, nomem, preserves_flags));
                for i in 0..depth {
                    // Parts in an order in which one of the two stays: x0 w2, x0 w1, x0 w0, x2 w0, x1 w0, x1 w1.
                    asm!(
                        "tileloadd tmm4, [{x0} + {line}*1]",
                        "tileloadd tmm5, [{x1} + {line}*1]",
                        "tileloadd tmm6, [{w0} + {line}*1 + 2048]",
                        "tileloadd tmm7, [{w1} + {line}*1 + 2048]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        "tileloadd tmm6, [{w0} + {line}*1 + 1024]",
                        "tileloadd tmm7, [{w1} + {line}*1 + 1024]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        "tileloadd tmm6, [{w0} + {line}*1]",
                        "tileloadd tmm7, [{w1} + {line}*1]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        "tileloadd tmm4, [{x0} + {line}*1 + 2048]",
                        "tileloadd tmm5, [{x1} + {line}*1 + 2048]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        "tileloadd tmm4, [{x0} + {line}*1 + 1024]",
                        "tileloadd tmm5, [{x1} + {line}*1 + 1024]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        "tileloadd tmm6, [{w0} + {line}*1 + 1024]",
                        "tileloadd tmm7, [{w1} + {line}*1 + 1024]",
                        "tdpbf16ps tmm0, tmm4, tmm6", "tdpbf16ps tmm1, tmm4, tmm7",
                        "tdpbf16ps tmm2, tmm5, tmm6", "tdpbf16ps tmm3, tmm5, tmm7",
                        x0 = in(reg) x[0].as_ptr().add(i), x1 = in(reg) x[1].as_ptr().add(i),
                        w0 = in(reg) w[0].as_ptr().add(i), w1 = in(reg) w[1].as_ptr().add(i),
                        line = in(reg) 64_usize,
                        out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                        options(nostack, readonly, preserves_flags)
                    );
                }
                asm!(
                    "tilestored [{at} + {line}*1], tmm0",
                    "tilestored [{at} + {line}*1 + 1024], tmm1",
                    "tilestored [{at} + {line}*1 + 2048], tmm2",
                    "tilestored [{at} + {line}*1 + 3072], tmm3",
                    at = in(reg) at, line = in(reg) 64_usize,
                    options(nostack, preserves_flags)
                );
            }
        }
    }

    impl Drop for Unit {
        fn drop(&mut self) {
            // SAFETY: as in `new`. The thread's state becomes small again.
            unsafe { asm!("tilerelease", options(nostack, nomem, preserves_flags)) };
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
mod unit {
    use super::{Split, Sums};

    /// There is none.
    pub fn is_there() -> bool {
        false
    }

    /// Never made.
    pub struct Unit(());

    impl Unit {
        pub fn new() -> Unit {
            panic!("there is no matrix unit")
        }

        pub fn multiply(&self, _: [&[Split]; 2], _: [&[Split]; 2], _: &mut [Sums; 4]) {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::Matrix;
    use super::super::products::{Order, times};

    /// Numbers with all their digits, of different sizes.
    fn number(i: usize) -> f32 {
        let z = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((z >> 40) as f32 / (1u64 << 23) as f32 - 1.0) * (1 << (i % 7)) as f32
    }

    #[test]
    fn products_are_as_precise_as_sums_in_order_and_the_same_in_any_company() {
        for (rows, columns, vectors) in [(64, 32, 16), (70, 33, 17), (300, 640, 130), (129, 70, 33)] {
            let w: Vec<f32> = (0..rows * columns).map(number).collect();
            let x: Vec<f32> = (0..vectors * columns).map(|i| number(i + 7777)).collect();
            let matrix = Matrix::dense(&w, rows, columns);
            let product = |x: &[f32], order| {
                let mut out = vec![0.0; x.len() / columns * rows];
                times(x, vec![(&matrix, &mut out[..])], order);
                out
            };
            let (free, ordered) = (product(&x, Order::Free), product(&x, Order::Columns));
            let mut squares = [0.0; 2];
            for (v, x) in x.chunks(columns).enumerate() {
                for (r, w) in w.chunks(columns).enumerate() {
                    let terms = || x.iter().zip(w).map(|(x, w)| f64::from(*x) * f64::from(*w));
                    let (sum, size) = (terms().sum::<f64>(), terms().map(|t| t * t).sum::<f64>().sqrt());
                    for (square, found) in squares.iter_mut().zip([&free, &ordered]) {
                        *square += ((f64::from(found[v * rows + r]) - sum) / size).powi(2);
                    }
                }
            }
            let [free_error, ordered_error] = squares.map(|s| (s / (rows * vectors) as f64).sqrt());
            assert!(free_error <= ordered_error && ordered_error < 1e-5, "{free_error:e} and {ordered_error:e}");
            // A vector's results do not depend on the others (where there is no unit, this says nothing new).
            if vectors >= 32 {
                let part = product(&x[16 * columns..], Order::Free);
                assert_eq!(part, free[16 * rows..], "{rows}x{columns}, {vectors}");
            }
        }
    }
}
