//! Files of language models: `Weights` reads a decoder's parts from GGUF and safetensors in the one convention of
//! `spec`. Owns what formats do differently: names, fused and transposed matrices, the order of rotated coordinates,
//! norms stored without their one. Computes nothing with the weights.

pub(in crate::ml) mod config;
mod gguf;
pub(in crate::ml) mod layout;
pub(in crate::ml) mod names;
pub(in crate::ml) mod quantised;
pub mod safetensors;
mod stored;
pub(in crate::ml) mod tensors;
#[cfg(test)]
mod tests;
pub mod whole;
#[cfg(test)]
pub mod writer;

pub use gguf::Gguf;
pub use quantised::{Blocks, Kind};

use crate::ml::error::ModelError;
use crate::ml::spec::LayerPart as L;
use crate::ml::spec::{Family, Norm, Part, Position, Residual, Spec};
use names::{Format, Layout, Names};
use std::fs;
use std::path::{Path, PathBuf};
use tensors::Tensors;

/// What a model's path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelFiles {
    Gguf(PathBuf),
    /// A `config.json`, and a file of tensors or the index of several.
    HuggingFace {
        config: PathBuf,
        tensors: PathBuf,
    },
}

/// Where the numbers of a decoder's parts come from: files, a decoder in memory, either with an adapter merged in.
pub trait Parts: Sync {
    /// What the decoder is made of.
    fn spec(&self) -> &Spec;

    /// Whether there is such a part. A tied head is not a part of its own.
    fn has(&self, part: Part) -> bool;

    /// The numbers of a part, row-major, of the shape `Spec::shape` says.
    fn read(&self, part: Part) -> Result<Vec<f32>, ModelError>;
}

/// The weights of a model, in its files: parts are read when they are asked for.
#[derive(Debug)]
pub struct Weights {
    spec: Spec,
    format: Format,
    tensors: Tensors,
    names: Names,
}

/// Whether a decoder has a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    Never,
}

/// Where a part lies.
struct Source {
    tensor: String,
    layout: Layout,
    /// Which rows, or of a transposed matrix columns, and in which order; `None` for all.
    rows: Option<Vec<usize>>,
}

impl ModelFiles {
    /// What is at `path`: a `.gguf` file, a `.safetensors` file with `config.json` beside it, or a directory of either.
    pub fn find(path: &Path) -> Result<ModelFiles, ModelError> {
        let failed = |source| ModelError::Io { path: path.to_owned(), source };
        let extension = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            return match extension(path).as_deref() {
                Some("gguf") => Ok(ModelFiles::Gguf(path.to_owned())),
                Some("safetensors") => {
                    Ok(ModelFiles::HuggingFace { config: path.with_file_name("config.json"), tensors: path.to_owned() })
                }
                _ => Err(ModelError::Unsupported {
                    what: format!("{}: this kind of file", path.display()),
                    hint: ".gguf and .safetensors files are, and directories with them".to_owned(),
                }),
            };
        }
        let config = path.join("config.json");
        let tensors = ["model.safetensors.index.json", "model.safetensors"].map(|name| path.join(name));
        if let Some(tensors) = tensors.into_iter().find(|file| file.exists() && config.exists()) {
            return Ok(ModelFiles::HuggingFace { config, tensors });
        }
        let files = fs::read_dir(path).map_err(failed)?.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>();
        let mut files = files.map_err(failed)?;
        files.retain(|file| extension(file).as_deref() == Some("gguf"));
        match files.as_slice() {
            [file] => Ok(ModelFiles::Gguf(file.clone())),
            several => Err(ModelError::Missing {
                path: path.to_owned(),
                what: "`config.json` beside `model.safetensors`, or one .gguf file,".to_owned(),
                hint: match several.len() {
                    0 => String::new(),
                    n => format!("there are {n} .gguf files: name one of them"),
                },
            }),
        }
    }
}

impl Weights {
    /// Opens the model at `path` (see [`ModelFiles::find`]) and checks that every part its configuration asks for is
    /// there, in the right shape and in a type that can be read.
    pub fn open(path: &Path) -> Result<(Spec, Weights), ModelError> {
        let (spec, format, tensors) = match ModelFiles::find(path)? {
            ModelFiles::Gguf(file) => {
                let gguf = Gguf::open(&file)?;
                let spec = config::gguf::spec(&gguf)?;
                (spec, Format::Gguf, Tensors { files: vec![(gguf.path, gguf.file)], by_name: gguf.tensors })
            }
            ModelFiles::HuggingFace { config, tensors } => {
                let text =
                    fs::read_to_string(&config).map_err(|source| ModelError::Io { path: config.clone(), source })?;
                let spec = config::hugging_face::spec(&config, &text)?;
                let open = if tensors.extension().is_some_and(|e| e == "json") {
                    safetensors::open_sharded
                } else {
                    safetensors::open
                };
                (spec, Format::Safetensors, open(&tensors)?)
            }
        };
        let names = Names::of(spec.family, format, |name| tensors.get(name).is_some());
        let weights = Weights { spec: spec.clone(), format, tensors, names };
        for part in parts(spec.layers) {
            if need(&spec, part) == Need::Required || weights.has(part) {
                weights.source(part)?;
            }
        }
        Ok((spec, weights))
    }

    /// Whether the model has this part. A tied head is not a part of its own.
    pub fn has(&self, part: Part) -> bool {
        let present = || self.names.candidates(part).any(|(name, _)| self.tensors.get(&name).is_some());
        need(&self.spec, part) != Need::Never && present()
    }

    /// The numbers of a part, row-major, of the shape `Spec::shape` says.
    pub fn read(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        let Source { tensor, layout, rows } = self.source(part)?;
        let mut values = match layout.is_transposed() {
            true => {
                let all = self.tensors.values(&tensor, None)?;
                let shape = self.spec.shape(part);
                let columns = rows.unwrap_or_else(|| (0..shape[0]).collect());
                let width = all.len() / shape[1];
                columns.iter().flat_map(|c| all[*c..].iter().step_by(width).copied()).collect()
            }
            false => self.tensors.values(&tensor, rows.as_deref())?,
        };
        let left_out = layout::left_out(&self.spec, self.format, part);
        if left_out != 0.0 {
            values.iter_mut().for_each(|v| *v += left_out);
        }
        Ok(values)
    }

    /// A quantised matrix as it is stored, without loss; `None` if its numbers are dense and [`Weights::read`] is the
    /// way to them.
    pub fn read_blocks(&self, part: Part) -> Result<Option<Blocks>, ModelError> {
        let source = self.source(part)?;
        match source.layout.is_transposed() {
            true => Ok(None),
            false => self.tensors.blocks(&source.tensor, source.rows.as_deref()),
        }
    }

    /// Finds a part and checks its shape and type.
    fn source(&self, part: Part) -> Result<Source, ModelError> {
        let mut candidates = self.names.candidates(part).peekable();
        let first = candidates.peek().map_or_else(|| format!("{part:?}"), |(name, _)| name.clone());
        let present = candidates.find(|(name, _)| self.tensors.get(name).is_some());
        let (name, layout) = present.filter(|_| need(&self.spec, part) != Need::Never).ok_or_else(|| {
            let path = self.tensors.files.first().map(|(path, _)| path.clone()).unwrap_or_default();
            ModelError::Missing { path, what: format!("tensor `{first}`"), hint: format!("{part:?}") }
        })?;
        let (tensor, kind) = self.tensors.known(&name)?;
        let wanted = layout::tensor_shape(&self.spec, part, layout);
        let shape = || ModelError::Shape {
            path: self.tensors.path(tensor),
            tensor: name.clone(),
            found: tensor.shape.clone(),
            wanted: wanted.clone(),
        };
        // Rows of a quantised vector are not single numbers, so that it cannot be taken apart; no converter writes one.
        if tensor.shape != wanted || (tensor.shape.len() == 1 && !kind.is_dense()) {
            return Err(shape());
        }
        let rows = layout::rows(&self.spec, self.format, part, layout);
        Ok(Source { rows, tensor: name, layout })
    }
}

impl Parts for Weights {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn has(&self, part: Part) -> bool {
        Weights::has(self, part)
    }

    fn read(&self, part: Part) -> Result<Vec<f32>, ModelError> {
        Weights::read(self, part)
    }
}

/// All parts that a decoder of so many layers could have.
pub(in crate::ml) fn parts(layers: usize) -> impl Iterator<Item = Part> {
    use Part::{Embedding, FinalNorm, FinalNormBias, Head, HeadBias, Positions};
    const LAYER: [L; 21] = [
        L::AttentionNorm,
        L::AttentionNormBias,
        L::AttentionPostNorm,
        L::Query,
        L::QueryBias,
        L::Key,
        L::KeyBias,
        L::Value,
        L::ValueBias,
        L::QueryNorm,
        L::KeyNorm,
        L::Output,
        L::OutputBias,
        L::MlpNorm,
        L::MlpNormBias,
        L::MlpPostNorm,
        L::Gate,
        L::Up,
        L::UpBias,
        L::Down,
        L::DownBias,
    ];
    let model = [Embedding, Positions, FinalNorm, FinalNormBias, Head, HeadBias];
    model.into_iter().chain((0..layers).flat_map(|layer| LAYER.map(|part| Part::Layer(layer, part))))
}

/// Whether a model of this configuration has the part.
fn need(spec: &Spec, part: Part) -> Need {
    use Need::{Never, Optional, Required};
    let only_if = |condition: bool| if condition { Required } else { Never };
    let centred = matches!(spec.norm, Norm::Layer { .. });
    let sandwich = spec.residual == Residual::Sandwich;
    let second_norm = spec.residual != Residual::Parallel { norms: 1 };
    // Families whose linear maps always have biases: a file without them is damaged.
    let biased = matches!(spec.family, Family::Gpt2 | Family::Phi);
    match part {
        Part::Embedding | Part::FinalNorm => Required,
        Part::Positions => only_if(matches!(spec.position, Position::Learned { .. })),
        Part::FinalNormBias => only_if(centred),
        Part::Head => only_if(!spec.tied),
        Part::HeadBias if spec.tied => Never,
        Part::HeadBias => Optional,
        Part::Layer(_, part) => match part {
            L::AttentionNorm | L::Query | L::Key | L::Value | L::Output | L::Up | L::Down => Required,
            L::AttentionNormBias => only_if(centred),
            L::AttentionPostNorm | L::MlpPostNorm => only_if(sandwich),
            L::MlpNorm => only_if(second_norm),
            L::MlpNormBias => only_if(second_norm && centred),
            L::QueryNorm | L::KeyNorm => only_if(spec.normalised_queries),
            L::Gate => only_if(spec.mlp.gated),
            L::QueryBias | L::KeyBias | L::ValueBias if biased || spec.family == Family::Qwen2 => Required,
            L::OutputBias | L::UpBias | L::DownBias if biased => Required,
            L::QueryBias | L::KeyBias | L::ValueBias | L::OutputBias | L::UpBias | L::DownBias => Optional,
        },
    }
}
