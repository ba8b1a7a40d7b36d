//! Sixteen numbers at a time, in whatever registers the processor has. Owns the order of a sum: sixteen partial sums with
//! fused products, added in pairs, the same on every processor. Knows no matrices.
//!
//! What runs here is generic over [`pulp::Simd`] and `#[inline(always)]` down to the loops. That is not decoration: code
//! that is not inlined into the function that `pulp` compiles for an instruction set is compiled for the oldest one.

#![expect(
    clippy::manual_memcpy,
    reason = "a copy by name is a call, not a register: fine-tuning was six times slower with it"
)]

use pulp::{Simd, WithSimd};
#[cfg(target_arch = "x86_64")]
use pulp::{
    bytemuck::try_cast,
    cast, f32x8, f32x16,
    x86::{V3, V4},
};
#[cfg(target_arch = "x86_64")]
use std::any::Any;

/// Numbers, and partial sums.
pub const LANES: usize = 16;

/// Sixteen numbers in `R` registers (of [`InRegisters::run`]).
#[derive(Clone, Copy)]
pub struct Lanes<S: Simd, const R: usize>([S::f32s; R]);

/// Work on vectors that is generic over the registers that sixteen numbers take.
pub trait InRegisters {
    /// Does it. Implementations are `#[inline(always)]`.
    fn run<S: Simd, const R: usize>(self, simd: S);
}

/// Work with the registers of this processor.
pub struct InLanes<T>(pub T);

impl<T: InRegisters> WithSimd for InLanes<T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F32_LANES {
            16 => self.0.run::<S, 1>(simd),
            8 => self.0.run::<S, 2>(simd),
            4 => self.0.run::<S, 4>(simd),
            2 => self.0.run::<S, 8>(simd),
            _ => self.0.run::<S, 16>(simd),
        }
    }
}

impl<S: Simd, const R: usize> Lanes<S, R> {
    /// The same number sixteen times.
    #[inline(always)]
    pub fn splat(simd: S, x: f32) -> Self {
        Lanes([simd.splat_f32s(x); R])
    }

    /// Sixteen numbers from memory.
    #[inline(always)]
    pub fn load(simd: S, x: &[f32; LANES]) -> Self {
        let mut lanes = Lanes::splat(simd, 0.0);
        let (registers, _) = S::as_simd_f32s(x);
        for i in 0..R {
            lanes.0[i] = registers[i];
        }
        lanes
    }

    /// Sixteen codes as numbers. The compiler makes sixteen single moves of plain code for this, hence the instructions by
    /// name, with nothing in memory between them: what is stored in halves and loaded as a whole waits for the store.
    #[inline(always)]
    pub fn of_codes(simd: S, codes: &[i8; LANES]) -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let any: &dyn Any = &simd;
            let mut lanes = Lanes::splat(simd, 0.0);
            if let Some(simd) = any.downcast_ref::<V4>() {
                let numbers = simd.avx512f._mm512_cvtepi8_epi32(cast(*codes));
                let numbers: f32x16 = cast(simd.avx512f._mm512_cvtepi32_ps(numbers));
                if let Ok(own) = try_cast(numbers) {
                    lanes.0[0] = own;
                    return lanes;
                }
            } else if let Some(simd) = any.downcast_ref::<V3>() {
                let low = cast(*codes);
                let high = simd.sse2._mm_unpackhi_epi64(low, low);
                let low: f32x8 = cast(simd.avx._mm256_cvtepi32_ps(simd.avx2._mm256_cvtepi8_epi32(low)));
                let high: f32x8 = cast(simd.avx._mm256_cvtepi32_ps(simd.avx2._mm256_cvtepi8_epi32(high)));
                if let (Ok(low), Ok(high)) = (try_cast(low), try_cast(high)) {
                    lanes.0[0] = low;
                    lanes.0[R - 1] = high;
                    return lanes;
                }
            }
        }
        Lanes::load(simd, &codes.map(f32::from))
    }

    /// `self += a * b`, rounded once.
    #[inline(always)]
    pub fn add_product(&mut self, simd: S, a: &Self, b: &Self) {
        for i in 0..R {
            self.0[i] = simd.mul_add_f32s(a.0[i], b.0[i], self.0[i]);
        }
    }

    /// `self * a`.
    #[inline(always)]
    pub fn times(mut self, simd: S, a: &Self) -> Self {
        for i in 0..R {
            self.0[i] = simd.mul_f32s(self.0[i], a.0[i]);
        }
        self
    }

    /// `self + a`.
    #[inline(always)]
    pub fn plus(mut self, simd: S, a: &Self) -> Self {
        for i in 0..R {
            self.0[i] = simd.add_f32s(self.0[i], a.0[i]);
        }
        self
    }

    /// The numbers.
    #[inline(always)]
    pub fn store(&self) -> [f32; LANES] {
        let mut x = [0.0; LANES];
        self.store_to(&mut x);
        x
    }

    /// Writes the numbers.
    #[inline(always)]
    pub fn store_to(&self, x: &mut [f32; LANES]) {
        let (registers, _) = S::as_mut_simd_f32s(x);
        for i in 0..R {
            registers[i] = self.0[i];
        }
    }

    /// Their sum, in pairs.
    #[inline(always)]
    pub fn total(&self) -> f32 {
        let mut sums = self.store();
        let mut half = LANES / 2;
        while half > 0 {
            for lane in 0..half {
                sums[lane] += sums[lane + half];
            }
            half /= 2;
        }
        sums[0]
    }
}

/// Writes the columns of a square as lines. Plain loops take a cycle for every number, a quarter of what a product with the
/// square takes: hence the instructions by name.
#[inline(always)]
pub fn turn_square<S: Simd>(simd: S, from: &[[f32; LANES]; LANES], to: &mut [[f32; LANES]; LANES]) {
    #[cfg(target_arch = "x86_64")]
    {
        let any: &dyn Any = &simd;
        if let Some(simd) = any.downcast_ref::<V4>() {
            return turn_square_v4(*simd, from, to);
        }
        if let Some(simd) = any.downcast_ref::<V3>() {
            return turn_square_v3(*simd, from, to);
        }
    }
    for c in 0..LANES {
        for i in 0..LANES {
            to[c][i] = from[i][c];
        }
    }
}

/// In two steps: groups of four lines trade their numbers within quarters of a register, then whole quarters.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn turn_square_v4(simd: V4, from: &[[f32; LANES]; LANES], to: &mut [[f32; LANES]; LANES]) {
    let simd = simd.avx512f;
    let mut groups = [cast::<_, f32x16>([0.0f32; LANES]); LANES];
    for g in 0..4 {
        let (a, b) = (cast(from[4 * g]), cast(from[4 * g + 1]));
        let (c, d) = (cast(from[4 * g + 2]), cast(from[4 * g + 3]));
        let (low, high) = (cast(simd._mm512_unpacklo_ps(a, b)), cast(simd._mm512_unpackhi_ps(a, b)));
        let (lower, higher) = (cast(simd._mm512_unpacklo_ps(c, d)), cast(simd._mm512_unpackhi_ps(c, d)));
        groups[4 * g] = cast(simd._mm512_unpacklo_pd(low, lower));
        groups[4 * g + 1] = cast(simd._mm512_unpackhi_pd(low, lower));
        groups[4 * g + 2] = cast(simd._mm512_unpacklo_pd(high, higher));
        groups[4 * g + 3] = cast(simd._mm512_unpackhi_pd(high, higher));
    }
    // The even and the odd quarters of two registers.
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;
    for j in 0..4 {
        let (a, b) = (cast(groups[j]), cast(groups[4 + j]));
        let (c, d) = (cast(groups[8 + j]), cast(groups[12 + j]));
        let (ab, cd) = (simd._mm512_shuffle_f32x4::<EVEN>(a, b), simd._mm512_shuffle_f32x4::<EVEN>(c, d));
        to[j] = cast(simd._mm512_shuffle_f32x4::<EVEN>(ab, cd));
        to[8 + j] = cast(simd._mm512_shuffle_f32x4::<ODD>(ab, cd));
        let (ab, cd) = (simd._mm512_shuffle_f32x4::<ODD>(a, b), simd._mm512_shuffle_f32x4::<ODD>(c, d));
        to[4 + j] = cast(simd._mm512_shuffle_f32x4::<EVEN>(ab, cd));
        to[12 + j] = cast(simd._mm512_shuffle_f32x4::<ODD>(ab, cd));
    }
}

/// As [`turn_square_v4`], quarter by quarter of the square.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn turn_square_v3(simd: V3, from: &[[f32; LANES]; LANES], to: &mut [[f32; LANES]; LANES]) {
    let simd = simd.avx;
    let part = |line: &[f32; LANES], half: usize| -> f32x8 {
        let halves: [f32x8; 2] = cast(*line);
        halves[half]
    };
    for lines in 0..2 {
        for columns in 0..2 {
            let mut groups = [cast::<_, f32x8>([0.0f32; 8]); 8];
            for g in 0..2 {
                let first = 8 * lines + 4 * g;
                let (a, b) = (cast(part(&from[first], columns)), cast(part(&from[first + 1], columns)));
                let (c, d) = (cast(part(&from[first + 2], columns)), cast(part(&from[first + 3], columns)));
                let (low, high) = (cast(simd._mm256_unpacklo_ps(a, b)), cast(simd._mm256_unpackhi_ps(a, b)));
                let (lower, higher) = (cast(simd._mm256_unpacklo_ps(c, d)), cast(simd._mm256_unpackhi_ps(c, d)));
                groups[4 * g] = cast(simd._mm256_unpacklo_pd(low, lower));
                groups[4 * g + 1] = cast(simd._mm256_unpackhi_pd(low, lower));
                groups[4 * g + 2] = cast(simd._mm256_unpacklo_pd(high, higher));
                groups[4 * g + 3] = cast(simd._mm256_unpackhi_pd(high, higher));
            }
            for j in 0..4 {
                let (a, b) = (cast(groups[j]), cast(groups[4 + j]));
                let each: [[f32; 8]; 2] =
                    [cast(simd._mm256_permute2f128_ps::<0x20>(a, b)), cast(simd._mm256_permute2f128_ps::<0x31>(a, b))];
                for (k, numbers) in each.iter().enumerate() {
                    let (line, first) = (&mut to[8 * columns + 4 * k + j], 8 * lines);
                    for i in 0..8 {
                        line[first + i] = numbers[i];
                    }
                }
            }
        }
    }
}

/// Scalar products of a vector with several.
#[inline(always)]
pub fn dots<S: Simd, const R: usize, const V: usize>(simd: S, a: &[f32], b: [&[f32]; V]) -> [f32; V] {
    let (head, tail) = a.as_chunks::<LANES>();
    let mut sums = [Lanes::<S, R>::splat(simd, 0.0); V];
    let mut parts: [&[[f32; LANES]]; V] = [&[]; V];
    for v in 0..V {
        parts[v] = &b[v].as_chunks::<LANES>().0[..head.len()];
    }
    for (i, a) in head.iter().enumerate() {
        let a = Lanes::load(simd, a);
        for v in 0..V {
            sums[v].add_product(simd, &a, &Lanes::load(simd, &parts[v][i]));
        }
    }
    let mut out = [0.0; V];
    for v in 0..V {
        out[v] = sums[v].total();
        for (a, b) in tail.iter().zip(&b[v][head.len() * LANES..]) {
            out[v] += a * b;
        }
    }
    out
}

/// Scalar product.
#[inline(always)]
pub fn dot<S: Simd, const R: usize>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    dots::<S, R, 1>(simd, a, [b])[0]
}
