//! How numbers are stored in model files, and their values as 32-bit floats: dense types and GGML's blocks. Owns the
//! block layouts; the reference is `gguf-py`'s `quants.py`, and `tests/reference/ml/quantised.py` makes the tests'
//! numbers with it. Reads no files.

use half::{bf16, f16};

/// A type of stored numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "GGML's own names")]
pub enum Kind {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
}

/// A type's number in GGUF, the values and bytes of a block, the values that share a scale, and whether they share an
/// offset too. Dense types have blocks of one.
const KINDS: [(Kind, u32, usize, usize, usize, bool); 13] = [
    (Kind::F32, 0, 1, 4, 1, false),
    (Kind::F16, 1, 1, 2, 1, false),
    (Kind::BF16, 30, 1, 2, 1, false),
    (Kind::Q4_0, 2, 32, 18, 32, false),
    (Kind::Q4_1, 3, 32, 20, 32, true),
    (Kind::Q5_0, 6, 32, 22, 32, false),
    (Kind::Q5_1, 7, 32, 24, 32, true),
    (Kind::Q8_0, 8, 32, 34, 32, false),
    (Kind::Q2_K, 10, 256, 84, 16, true),
    (Kind::Q3_K, 11, 256, 110, 16, false),
    (Kind::Q4_K, 12, 256, 144, 32, true),
    (Kind::Q5_K, 13, 256, 176, 32, true),
    (Kind::Q6_K, 14, 256, 210, 16, false),
];

/// Most values a block has, and most scales.
const LARGEST: usize = 256;
const SCALES: usize = 16;

/// A quantised matrix, without loss: a value is `scale * code + offset`, computed in this order in `f32`.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    pub rows: usize,
    pub cols: usize,
    /// Values of a row that share a scale: 16 or 32.
    pub block: usize,
    /// Row-major, `cols / block` of each row.
    pub scales: Vec<f32>,
    /// As the scales; empty if all are zero.
    pub offsets: Vec<f32>,
    /// Row-major, one for each value.
    pub codes: Vec<i8>,
}

impl Kind {
    /// The type of a number in GGUF's table of tensors.
    pub fn of_ggml(number: u32) -> Option<Kind> {
        KINDS.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    /// Its number in GGUF's table of tensors.
    pub fn ggml(self) -> u32 {
        self.row().1
    }

    fn row(self) -> &'static (Kind, u32, usize, usize, usize, bool) {
        KINDS.iter().find(|row| row.0 == self).unwrap_or(&KINDS[0])
    }

    /// Values of a block; a row of a matrix is whole blocks.
    pub fn values(self) -> usize {
        self.row().2
    }

    /// Bytes of a block.
    pub fn bytes(self) -> usize {
        self.row().3
    }

    /// Whether values are stored one by one, with no scale.
    pub fn is_dense(self) -> bool {
        self.values() == 1
    }

    /// An empty matrix of this type; `None` for dense types, which have no codes.
    pub fn blocks(self, rows: usize, cols: usize) -> Option<Blocks> {
        let (.., block, offset) = *self.row();
        let scales = Vec::with_capacity(rows * cols / block);
        let offsets = Vec::with_capacity(if offset { rows * cols / block } else { 0 });
        let codes = Vec::with_capacity(rows * cols);
        (!self.is_dense()).then_some(Blocks { rows, cols, block, scales, offsets, codes })
    }

    /// Appends the values of whole blocks.
    pub fn append_values(self, bytes: &[u8], to: &mut Vec<f32>) {
        match self {
            Kind::F32 => to.extend(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b))),
            Kind::F16 => to.extend(bytes.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32())),
            Kind::BF16 => to.extend(bytes.as_chunks::<2>().0.iter().map(|b| bf16::from_le_bytes(*b).to_f32())),
            _ => self.each_block(bytes, |scales, offsets, codes| {
                let block = codes.len() / scales.len();
                for (i, (scale, codes)) in scales.iter().zip(codes.chunks_exact(block)).enumerate() {
                    match offsets.get(i) {
                        Some(offset) => to.extend(codes.iter().map(|c| scale * f32::from(*c) + offset)),
                        None => to.extend(codes.iter().map(|c| scale * f32::from(*c))),
                    }
                }
            }),
        }
    }

    /// Appends whole blocks to a matrix that [`Kind::blocks`] made.
    pub fn append_blocks(self, bytes: &[u8], to: &mut Blocks) {
        self.each_block(bytes, |scales, offsets, codes| {
            to.scales.extend_from_slice(scales);
            to.offsets.extend_from_slice(offsets);
            to.codes.extend_from_slice(codes);
        });
    }

    /// Calls `take` with each block's scales, offsets (none if the type has none) and codes.
    fn each_block(self, bytes: &[u8], mut take: impl FnMut(&[f32], &[f32], &[i8])) {
        let (_, _, values, size, block, offset) = *self.row();
        let (mut codes, mut scales, mut offsets) = ([0; LARGEST], [0.0; SCALES], [0.0; SCALES]);
        let count = values / block;
        for bytes in bytes.chunks_exact(size) {
            self.decode(bytes, &mut codes, &mut scales, &mut offsets);
            take(&scales[..count], if offset { &offsets[..count] } else { &[] }, &codes[..values]);
        }
    }

    /// One block. `b` has [`Kind::bytes`] bytes.
    fn decode(self, b: &[u8], codes: &mut [i8; LARGEST], scales: &mut [f32; SCALES], offsets: &mut [f32; SCALES]) {
        match self {
            Kind::F32 | Kind::F16 | Kind::BF16 => {}
            Kind::Q4_0 => {
                scales[0] = half_at(b, 0);
                nibbles(&b[2..18], 16, codes);
                codes[..32].iter_mut().for_each(|c| *c -= 8);
            }
            Kind::Q4_1 => {
                (scales[0], offsets[0]) = (half_at(b, 0), half_at(b, 2));
                nibbles(&b[4..20], 16, codes);
            }
            Kind::Q5_0 => {
                scales[0] = half_at(b, 0);
                nibbles(&b[6..22], 16, codes);
                fifth_bits(&b[2..6], codes);
                codes[..32].iter_mut().for_each(|c| *c -= 16);
            }
            Kind::Q5_1 => {
                (scales[0], offsets[0]) = (half_at(b, 0), half_at(b, 2));
                nibbles(&b[8..24], 16, codes);
                fifth_bits(&b[4..8], codes);
            }
            Kind::Q8_0 => {
                scales[0] = half_at(b, 0);
                codes.iter_mut().zip(&b[2..34]).for_each(|(c, b)| *c = b.cast_signed());
            }
            Kind::Q2_K => {
                let (d, least) = (half_at(b, 80), half_at(b, 82));
                for (i, s) in b[..16].iter().enumerate() {
                    (scales[i], offsets[i]) = (d * f32::from(s & 15), -(least * f32::from(s >> 4)));
                }
                pairs(&b[16..80], codes);
            }
            Kind::Q3_K => {
                let (packed, d) = (&b[96..108], half_at(b, 108));
                for (i, scale) in scales.iter_mut().enumerate() {
                    let low = if i < 8 { packed[i] & 15 } else { packed[i - 8] >> 4 };
                    let high = (packed[8 + i % 4] >> (2 * (i / 4))) & 3;
                    *scale = d * (f32::from(low | high << 4) - 32.0);
                }
                pairs(&b[32..96], codes);
                // The third bit is stored inverted: where it is not set, 4 is taken away.
                for (i, code) in codes.iter_mut().enumerate() {
                    *code -= if b[i % 32] >> (i / 32) & 1 == 1 { 0 } else { 4 };
                }
            }
            Kind::Q4_K => {
                six_bit_scales(b, scales, offsets);
                b[16..144].chunks_exact(32).zip(codes.chunks_exact_mut(64)).for_each(|(b, c)| nibbles(b, 32, c));
            }
            Kind::Q5_K => {
                six_bit_scales(b, scales, offsets);
                b[48..176].chunks_exact(32).zip(codes.chunks_exact_mut(64)).for_each(|(b, c)| nibbles(b, 32, c));
                for (i, codes) in codes.chunks_exact_mut(32).enumerate() {
                    codes.iter_mut().zip(&b[16..48]).for_each(|(c, b)| *c |= ((b >> i & 1) << 4).cast_signed());
                }
            }
            Kind::Q6_K => {
                let d = half_at(b, 208);
                for (scale, b) in scales.iter_mut().zip(&b[192..208]) {
                    *scale = d * f32::from(b.cast_signed());
                }
                for (part, codes) in codes.chunks_exact_mut(128).enumerate() {
                    nibbles(&b[64 * part..64 * part + 64], 64, codes);
                    let high = &b[128 + 32 * part..160 + 32 * part];
                    for (i, codes) in codes.chunks_exact_mut(32).enumerate() {
                        for (code, high) in codes.iter_mut().zip(high) {
                            *code = (*code | ((high >> (2 * i) & 3) << 4).cast_signed()) - 32;
                        }
                    }
                }
            }
        }
    }
}

fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

/// The low four bits of all bytes, then, from `second` on, the high ones.
fn nibbles(bytes: &[u8], second: usize, codes: &mut [i8]) {
    let (low, high) = codes.split_at_mut(second);
    for ((low, high), byte) in low.iter_mut().zip(high).zip(bytes) {
        (*low, *high) = ((byte & 15).cast_signed(), (byte >> 4).cast_signed());
    }
}

/// Bits 0 and 1 of 32 bytes, then their bits 2 and 3, and so on; then the same of the next 32.
fn pairs(bytes: &[u8], codes: &mut [i8; LARGEST]) {
    for (i, codes) in codes.chunks_exact_mut(32).enumerate() {
        let bytes = &bytes[32 * (i / 4)..][..32];
        codes.iter_mut().zip(bytes).for_each(|(c, b)| *c = (b >> (2 * (i % 4)) & 3).cast_signed());
    }
}

/// The fifth bits of 32 codes, in four bytes.
fn fifth_bits(bytes: &[u8], codes: &mut [i8; LARGEST]) {
    for (i, code) in codes[..32].iter_mut().enumerate() {
        *code |= ((bytes[i / 8] >> (i % 8) & 1) << 4).cast_signed();
    }
}

/// Eight scales and offsets of six bits each, in twelve bytes behind the two factors they share.
fn six_bit_scales(b: &[u8], scales: &mut [f32], offsets: &mut [f32]) {
    let (d, least, packed) = (half_at(b, 0), half_at(b, 2), &b[4..16]);
    for i in 0..4 {
        let (s, m, both) = (packed[i], packed[4 + i], packed[8 + i]);
        scales[i] = d * f32::from(s & 63);
        offsets[i] = -(least * f32::from(m & 63));
        scales[4 + i] = d * f32::from(both & 15 | s >> 2 & 0x30);
        offsets[4 + i] = -(least * f32::from(both >> 4 | m >> 2 & 0x30));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Blocks with the values that the `gguf` package gives them.
    const REFERENCE: &str = include_str!("../../../tests/reference/ml/quantised.json");

    fn unhex(text: &str) -> Vec<u8> {
        let digit = |b: u8| u8::try_from(char::from(b).to_digit(16).expect("a hex digit")).expect("below 16");
        text.as_bytes().chunks_exact(2).map(|b| digit(b[0]) << 4 | digit(b[1])).collect()
    }

    #[test]
    fn values_are_those_of_the_reference_bit_by_bit() {
        let reference: Value = serde_json::from_str(REFERENCE).expect("JSON");
        for (kind, number, values, size, ..) in KINDS {
            let case = &reference[format!("{kind:?}")];
            assert_eq!(case["type"], number, "{kind:?}");
            let bytes = unhex(case["bytes"].as_str().expect("hex"));
            let wanted: Vec<f32> = unhex(case["values"].as_str().expect("hex"))
                .as_chunks::<4>()
                .0
                .iter()
                .map(|b| f32::from_le_bytes(*b))
                .collect();
            assert!(wanted.len() >= 2 * values && bytes.len() == wanted.len() / values * size, "{kind:?}");
            let mut found = Vec::new();
            kind.append_values(&bytes, &mut found);
            let bits = |v: &[f32]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&found), bits(&wanted), "{kind:?}");
        }
    }

    #[test]
    fn codes_scales_and_offsets_give_the_values() {
        let reference: Value = serde_json::from_str(REFERENCE).expect("JSON");
        for (kind, _, values, ..) in KINDS {
            let bytes = unhex(reference[format!("{kind:?}")]["bytes"].as_str().expect("hex"));
            let rows = bytes.len() / kind.bytes();
            let Some(mut blocks) = kind.blocks(rows, values) else {
                assert!(kind.is_dense());
                continue;
            };
            kind.append_blocks(&bytes, &mut blocks);
            let mut wanted = Vec::new();
            kind.append_values(&bytes, &mut wanted);
            assert_eq!(blocks.codes.len(), rows * values, "{kind:?}");
            assert_eq!(blocks.scales.len(), rows * values / blocks.block, "{kind:?}");
            let value = |(i, code): (usize, &i8)| {
                let product = blocks.scales[i / blocks.block] * f32::from(*code);
                blocks.offsets.get(i / blocks.block).map_or(product, |o| product + o)
            };
            assert_eq!(blocks.codes.iter().enumerate().map(value).collect::<Vec<_>>(), wanted, "{kind:?}");
        }
    }
}
