//! Damaged files: truncated at many places, with impossible lengths, of wrong shapes. Each gives an error that says what
//! is wrong, and none a panic.

use super::families::{gemma_gguf, llama_config, llama_tensors};
use crate::ml::error::ModelError;
use crate::ml::files::writer::{GgufWriter, le, numbers, safetensors};
use crate::ml::files::{Gguf, Weights};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn scratch() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// What opening the bytes as a GGUF file says.
#[track_caller]
fn gguf_error(bytes: &[u8]) -> String {
    let directory = scratch();
    let path = directory.path().join("model.gguf");
    fs::write(&path, bytes).expect("written");
    Gguf::open(&path).expect_err("damaged").to_string()
}

#[test]
fn a_gguf_file_cut_anywhere_is_an_error() {
    let whole = gemma_gguf().bytes();
    let directory = scratch();
    let path = directory.path().join("model.gguf");
    fs::write(&path, &whole).expect("written");
    Weights::open(&path).expect("whole");
    for length in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
        fs::write(&path, &whole[..length]).expect("written");
        assert!(Weights::open(&path).is_err(), "{length} of {} bytes", whole.len());
    }
}

#[test]
fn a_gguf_file_with_any_byte_changed_does_not_panic() {
    let whole = gemma_gguf().bytes();
    let directory = scratch();
    let path = directory.path().join("model.gguf");
    for at in (0..whole.len().min(6000)).step_by(13) {
        for value in [0, 0x7f, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            fs::write(&path, &bytes).expect("written");
            if let Err(error) = Weights::open(&path) {
                assert!(error.to_string().len() > 20, "{error}");
            }
        }
    }
}

#[test]
fn a_safetensors_file_cut_anywhere_is_an_error() {
    let directory = scratch();
    let path = directory.path().join("model.safetensors");
    fs::write(directory.path().join("config.json"), llama_config().to_string()).expect("written");
    let whole = safetensors(&llama_tensors());
    fs::write(&path, &whole).expect("written");
    Weights::open(&path).expect("whole");
    for length in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
        fs::write(&path, &whole[..length]).expect("written");
        assert!(Weights::open(&path).is_err(), "{length} of {} bytes", whole.len());
    }
}

#[test]
fn impossible_lengths_are_errors_that_name_the_place() {
    let huge = u64::MAX.to_le_bytes();
    let header = |tensors: u64, keys: u64| {
        [b"GGUF", &3u32.to_le_bytes()[..], &tensors.to_le_bytes(), &keys.to_le_bytes()].concat()
    };
    assert!(gguf_error(&header(u64::MAX, 0)).contains("tensors are more than"));
    assert!(gguf_error(&header(0, 1 << 40)).contains("keys are more than"));
    assert!(gguf_error(b"GGML....").contains("no GGUF file"));
    assert!(gguf_error(&[b"GGUF", &1u32.to_le_bytes()[..]].concat()).contains("version 1"));
    assert!(gguf_error(&[b"GGUF", &3u32.to_be_bytes()[..]].concat()).contains("big-endian"));
    let text = GgufWriter::default().key("a.b", 8, &huge).bytes();
    assert!(gguf_error(&text).contains("key `a.b`: 18446744073709551615 bytes of text"));
    let list = GgufWriter::default().key("a.b", 9, &[&4u32.to_le_bytes()[..], &huge].concat()).bytes();
    assert!(gguf_error(&list).contains("key `a.b`: 18446744073709551615 values"));
    let nested = GgufWriter::default().key("a.b", 9, &[9u32.to_le_bytes().as_slice(), &huge].concat()).bytes();
    assert!(gguf_error(&nested).contains("key `a.b`: a list of lists"));
    assert!(
        gguf_error(&GgufWriter::default().u32("k", 1).u32("k", 1).bytes()).contains("key `k`: the key is there twice")
    );
    assert!(gguf_error(&GgufWriter::default().u32("general.alignment", 3).bytes()).contains("general.alignment"));
    let shapes: [(&[usize], &str); 4] = [
        (&[usize::MAX, 2], "too large"),
        (&[4, 0], "no numbers"),
        (&[1 << 40, 1 << 10], "truncated"),
        (&[1, 1, 1, 1, 1], "5 dimensions"),
    ];
    for (shape, saying) in shapes {
        let error = gguf_error(&GgufWriter::default().tensor("t.weight", 0, shape, &[0; 64]).bytes());
        assert!(error.contains("tensor `t.weight`") && error.contains(saying), "{error}");
    }
    let blocks = gguf_error(&GgufWriter::default().tensor("t.weight", 12, &[2, 255], &[0; 512]).bytes());
    assert!(blocks.contains("tensor `t.weight`: rows of 255 numbers are not whole blocks of Q4_K"), "{blocks}");
}

#[test]
fn a_wrong_shape_names_the_tensor() {
    let directory = scratch();
    let path = directory.path().join("model.safetensors");
    fs::write(directory.path().join("config.json"), llama_config().to_string()).expect("written");
    let mut tensors = llama_tensors();
    let norm = tensors.iter_mut().find(|t| t.0 == "model.norm.weight").expect("there");
    (norm.1, norm.2, norm.3) = ("F32", vec![4], le(&numbers(1, 4)));
    fs::write(&path, safetensors(&tensors)).expect("written");
    match Weights::open(&path) {
        Err(ModelError::Shape { tensor, found, wanted, .. }) => {
            assert_eq!((tensor.as_str(), found, wanted), ("model.norm.weight", vec![4], vec![8]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_or_unreadable_tensor_is_named() {
    let open = |tensors: &[_]| {
        let directory = scratch();
        fs::write(directory.path().join("config.json"), llama_config().to_string()).expect("written");
        fs::write(directory.path().join("model.safetensors"), safetensors(tensors)).expect("written");
        Weights::open(directory.path()).expect_err("damaged").to_string()
    };
    let mut tensors = llama_tensors();
    let name = "model.layers.1.mlp.gate_proj.weight";
    tensors.iter_mut().find(|t| t.0 == name).expect("there").1 = "F8_E4M3";
    assert!(open(&tensors).contains(&format!("tensor `{name}` in dtype F8_E4M3 is not supported")));
    tensors.retain(|t| t.0 != name);
    assert!(open(&tensors).contains(&format!("tensor `{name}` is missing")));
}

#[test]
fn an_index_cannot_lead_elsewhere_or_to_nothing() {
    let directory = scratch();
    let open = |file: &str, tensor: &str| {
        let index = serde_json::json!({"weight_map": {tensor: file}}).to_string();
        fs::write(directory.path().join("config.json"), llama_config().to_string()).expect("written");
        fs::write(directory.path().join("model.safetensors.index.json"), index).expect("written");
        fs::write(directory.path().join("a.safetensors"), safetensors(&llama_tensors())).expect("written");
        Weights::open(directory.path()).map(|_| ()).map_err(|e| e.to_string())
    };
    assert_eq!(open("a.safetensors", "model.norm.weight"), Ok(()));
    assert!(open("../a.safetensors", "x").expect_err("outside").contains("weight_map.x"));
    assert!(open("a.safetensors", "absent").expect_err("absent").contains("tensor `absent` is missing"));
    assert!(open("b.safetensors", "x").expect_err("absent").contains("b.safetensors"));
}

#[test]
fn a_path_that_is_no_model_says_what_is_missing() {
    let directory = scratch();
    let said = |path: &Path| Weights::open(path).expect_err("no model").to_string();
    assert!(said(directory.path()).contains("`config.json`"));
    fs::write(directory.path().join("model.bin"), "x").expect("written");
    assert!(said(&directory.path().join("model.bin")).contains(".gguf and .safetensors"));
    assert!(said(&directory.path().join("absent.gguf")).contains("absent.gguf"));
}
