//! Numbers as they are stored, from 32-bit floats: the other direction of `quantised`, for the types that models are
//! written in. The reference is `gguf-py`'s `quants.py`.

use super::quantised::Kind;
use half::{bf16, f16};

/// Values of a block of Q8_0.
const BLOCK: usize = 32;

impl Kind {
    /// Whether [`Kind::append_bytes`] writes this type.
    pub fn is_written(self) -> bool {
        matches!(self, Kind::F32 | Kind::F16 | Kind::BF16 | Kind::Q8_0)
    }

    /// Appends the bytes of whole blocks. An error is the first value that the type cannot hold.
    ///
    /// # Panics
    ///
    /// If the type is none that is written, or the values are not whole blocks.
    pub fn append_bytes(self, values: &[f32], to: &mut Vec<u8>) -> Result<(), f32> {
        if let Some(value) = values.iter().find(|v| !v.is_finite()) {
            return Err(*value);
        }
        match self {
            Kind::F32 => {
                let begin = to.len();
                to.resize(begin + 4 * values.len(), 0);
                to[begin..].as_chunks_mut().0.iter_mut().zip(values).for_each(|(to, v)| *to = v.to_le_bytes());
            }
            Kind::F16 => halves(values, to, |v| f16::from_f32(v).to_bits(), f16::INFINITY.to_bits())?,
            Kind::BF16 => halves(values, to, |v| bf16::from_f32(v).to_bits(), bf16::INFINITY.to_bits())?,
            Kind::Q8_0 => {
                assert!(values.len().is_multiple_of(BLOCK), "whole blocks");
                to.reserve(values.len() / BLOCK * (BLOCK + 2));
                values.as_chunks::<BLOCK>().0.iter().try_for_each(|block| q8_0(block, to))?;
            }
            other => panic!("{other:?} is not written"),
        }
        Ok(())
    }
}

/// Two bytes each; a value that rounds to infinity is an error.
fn halves(values: &[f32], to: &mut Vec<u8>, half: impl Fn(f32) -> u16, infinity: u16) -> Result<(), f32> {
    let begin = to.len();
    to.resize(begin + 2 * values.len(), 0);
    for (to, value) in to[begin..].as_chunks_mut().0.iter_mut().zip(values) {
        let bits = half(*value);
        if bits & 0x7fff == infinity {
            return Err(*value);
        }
        *to = bits.to_le_bytes();
    }
    Ok(())
}

/// One block: a scale such that the largest value becomes 127, then the nearest codes, halves away from zero.
fn q8_0(block: &[f32; BLOCK], to: &mut Vec<u8>) -> Result<(), f32> {
    let largest = block.iter().fold(0.0f32, |most, v| most.max(v.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { scale.recip() };
    let stored = f16::from_f32(scale);
    if stored.is_infinite() {
        return Err(largest);
    }
    // The scale of numbers that are all denormal has no inverse: they are zeros.
    let inverse = if inverse.is_finite() { inverse } else { 0.0 };
    to.extend(stored.to_le_bytes());
    to.extend(block.map(|v| nearest(v * inverse).cast_unsigned()));
    Ok(())
}

/// Of a number from -127 to 127, halves away from zero. Not `round`, which is a call where there is no SSE 4.1.
#[expect(clippy::cast_possible_truncation, reason = "within -127 to 127")]
fn nearest(value: f32) -> i8 {
    let cut = value as i8;
    // Exact: the numbers are this small.
    let rest = value - f32::from(cut);
    cut + i8::from(rest >= 0.5) - i8::from(rest <= -0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_types_round_to_the_nearest_and_refuse_what_they_cannot_hold() {
        let values = [0.0, -1.5, 0.1, 65504.0, 1e-7];
        for (kind, wanted) in [(Kind::F32, values), (Kind::F16, values.map(|v| f16::from_f32(v).to_f32()))] {
            let (mut bytes, mut back) = (Vec::new(), Vec::new());
            kind.append_bytes(&values, &mut bytes).expect("they fit");
            kind.append_values(&bytes, &mut back);
            assert_eq!(back, wanted);
        }
        assert_eq!(Kind::F16.append_bytes(&[1.0, 70000.0], &mut vec![]), Err(70000.0));
        assert_eq!(Kind::BF16.append_bytes(&[f32::MAX], &mut vec![]), Err(f32::MAX));
        assert_eq!(Kind::Q8_0.append_bytes(&[1e8; 32], &mut vec![]), Err(1e8));
        assert!(Kind::F32.append_bytes(&[f32::NAN], &mut vec![]).is_err_and(f32::is_nan));
    }

    #[test]
    fn blocks_are_those_of_the_reference() {
        let reference = include_str!("../../../tests/reference/ml/peft_adapters.json");
        let reference: serde_json::Value = serde_json::from_str(reference).expect("JSON");
        let numbers: Vec<f32> =
            crate::ml::families_tests::uniform("q8_0").take(32).map(|u| ((u - 0.5) * 0.4) as f32).collect();
        let numbers: Vec<f32> = [1.0, 1e-3, 0.0].iter().flat_map(|by| numbers.iter().map(move |v| v * by)).collect();
        let mut bytes = Vec::new();
        Kind::Q8_0.append_bytes(&numbers, &mut bytes).expect("they fit");
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(reference["q8_0"], hex);
    }

    #[test]
    fn codes_are_rounded_as_round_does() {
        for eighth in -127 * 8..=127 * 8 {
            let value = eighth as f32 / 8.0;
            assert_eq!(f32::from(nearest(value)), value.round());
            let below = f32::from_bits(value.to_bits().saturating_sub(1));
            assert_eq!(f32::from(nearest(below)), below.round(), "{below}");
        }
    }

    #[test]
    fn blocks_of_zeros_and_of_tiny_numbers_are_zeros() {
        for tiny in [0.0, 1e-45] {
            let (mut bytes, mut back) = (Vec::new(), Vec::new());
            Kind::Q8_0.append_bytes(&[tiny; 64], &mut bytes).expect("they fit");
            Kind::Q8_0.append_values(&bytes, &mut back);
            assert_eq!((bytes.len(), back), (68, vec![0.0; 64]));
        }
    }
}
