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
        let infinite = values.iter().find(|v| !v.is_finite());
        if let Some(value) = infinite {
            return Err(*value);
        }
        match self {
            Kind::F32 => to.extend(values.iter().flat_map(|v| v.to_le_bytes())),
            Kind::F16 => {
                for value in values {
                    let half = f16::from_f32(*value);
                    if half.is_infinite() {
                        return Err(*value);
                    }
                    to.extend(half.to_le_bytes());
                }
            }
            Kind::BF16 => {
                for value in values {
                    let half = bf16::from_f32(*value);
                    if half.is_infinite() {
                        return Err(*value);
                    }
                    to.extend(half.to_le_bytes());
                }
            }
            Kind::Q8_0 => {
                assert!(values.len().is_multiple_of(BLOCK), "whole blocks");
                values.chunks_exact(BLOCK).try_for_each(|block| q8_0(block, to))?;
            }
            other => panic!("{other:?} is not written"),
        }
        Ok(())
    }
}

/// One block: a scale such that the largest value becomes 127, then the nearest codes, halves away from zero.
fn q8_0(block: &[f32], to: &mut Vec<u8>) -> Result<(), f32> {
    let largest = block.iter().fold(0.0f32, |most, v| most.max(v.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { scale.recip() };
    let stored = f16::from_f32(scale);
    // The scale of numbers that are all denormal has no inverse.
    if stored.is_infinite() || inverse.is_infinite() {
        if stored.is_infinite() {
            return Err(largest);
        }
        to.extend([0; BLOCK + 2]);
        return Ok(());
    }
    to.extend(stored.to_le_bytes());
    #[expect(clippy::cast_possible_truncation, reason = "within -127 to 127")]
    to.extend(block.iter().map(|v| ((v * inverse).round() as i8).cast_unsigned()));
    Ok(())
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
    fn blocks_of_zeros_and_of_tiny_numbers_are_zeros() {
        for tiny in [0.0, 1e-45] {
            let (mut bytes, mut back) = (Vec::new(), Vec::new());
            Kind::Q8_0.append_bytes(&[tiny; 64], &mut bytes).expect("they fit");
            Kind::Q8_0.append_values(&bytes, &mut back);
            assert_eq!((bytes.len(), back), (68, vec![0.0; 64]));
        }
    }
}
