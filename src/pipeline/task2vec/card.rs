//! Embeddings in a directory: numbers as safetensors, and a card that says what they are. Owns the two files' form.

use super::embed::Embedded;
use super::source::Sampling;
use crate::ml::error::ModelError;
use crate::ml::files::Kind;
use crate::ml::files::safetensors::header;
use crate::ml::files::whole::{Whole, create_directory, write as write_whole};
use crate::ml::probe::Settings;
use serde_json::json;
use std::path::Path;

/// Writes `embeddings.safetensors`, with the tensor `embeddings: [batches, numbers]`, and `card.json`; tells the card.
pub fn write(
    directory: &Path,
    embedded: &Embedded,
    probe: &str,
    probe_sha256: &str,
    settings: Settings,
    sampling: Sampling,
) -> Result<serde_json::Value, ModelError> {
    let length = embedded.embeddings.first().map_or(0, Vec::len);
    let card = json!({
        "schema": "afcheck.embedding/1",
        "afcheck": env!("CARGO_PKG_VERSION"),
        "data": embedded.sample.source,
        "data_sha256": embedded.sample.sha256,
        "documents": embedded.sample.documents,
        "tokens": embedded.sample.tokens(),
        "probe": probe,
        "probe_sha256": probe_sha256,
        "settings": settings,
        "sampling": sampling,
        "batches": embedded.embeddings.len(),
        "numbers": length,
        "source": "Fisher diagonals, averaged over rows of weights (Task2Vec, arXiv 1902.03545; arXiv 2306.13840)",
    });
    create_directory(directory)?;
    let name = "embeddings";
    let shape = [embedded.embeddings.len(), length];
    let mut file = Whole::create(&directory.join("embeddings.safetensors"))?;
    file.write(&header(std::iter::once((name, Kind::F32, &shape[..]))))?;
    file.numbers(name, Kind::F32, &embedded.embeddings.concat())?;
    write_whole(&directory.join("card.json"), format!("{card:#}\n").as_bytes())?;
    file.finish()?;
    Ok(card)
}
