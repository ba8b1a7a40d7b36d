//! Which tensors a file gets, in which order, and the numbers of each: parts renamed, fused, transposed and permuted as
//! the format has them.

use crate::ml::error::ModelError;
use crate::ml::files::names::{Format, Layout, Names};
use crate::ml::files::{Kind, Parts, layout, parts};
use crate::ml::spec::{Part, Spec};

/// A tensor to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub name: String,
    pub kind: Kind,
    /// Row-major.
    pub shape: Vec<usize>,
    layout: Layout,
    parts: Vec<Part>,
}

/// All tensors of a model in `format`, layer by layer. An error names a part that the family has no tensor for there.
pub fn plan(model: &dyn Parts, format: Format, kind: Kind) -> Result<Vec<Planned>, ModelError> {
    let spec = model.spec();
    let names = Names::written(spec.family, format);
    let mut all: Vec<Planned> = Vec::new();
    for part in parts(spec.layers).filter(|part| model.has(*part)) {
        let (name, layout) = names.to_write(spec, format, part).ok_or_else(|| ModelError::Unsupported {
            what: format!("{part:?} of a model of the family {:?} in {format:?}", spec.family),
            hint: "transformers has no such weight in this family".to_owned(),
        })?;
        match all.iter_mut().find(|planned| layout.is_fused() && planned.name == name) {
            Some(planned) => planned.parts.push(part),
            None => {
                let shape = layout::tensor_shape(spec, part, layout);
                let kind = if format == Format::Gguf { stored_as(kind, part, &shape) } else { kind };
                all.push(Planned { name, kind, shape, layout, parts: vec![part] });
            }
        }
    }
    Ok(all)
}

/// As llama.cpp's converter: vectors and learned positions stay whole, and rows that are not whole blocks are halved.
fn stored_as(kind: Kind, part: Part, shape: &[usize]) -> Kind {
    let row = shape.last().copied().unwrap_or(1);
    match kind {
        _ if shape.len() == 1 || part == Part::Positions => Kind::F32,
        _ if !row.is_multiple_of(kind.values()) => Kind::F16,
        kind => kind,
    }
}

impl Planned {
    /// The numbers, in the order in which they are stored.
    pub fn values(&self, model: &dyn Parts, format: Format) -> Result<Vec<f32>, ModelError> {
        let spec = model.spec();
        if let [part] = self.parts[..]
            && self.layout == Layout::Plain
            && layout::rows(spec, format, part, self.layout).is_none()
        {
            let mut values = model.read(part)?;
            let left_out = layout::left_out(spec, format, part);
            if left_out != 0.0 {
                values.iter_mut().for_each(|v| *v -= left_out);
            }
            return Ok(values);
        }
        let mut all = vec![0.0; self.shape.iter().product()];
        for part in &self.parts {
            self.place(&model.read(*part)?, *part, spec, format, &mut all);
        }
        Ok(all)
    }

    /// Puts the rows of a part where they belong.
    fn place(&self, values: &[f32], part: Part, spec: &Spec, format: Format, all: &mut [f32]) {
        let shape = spec.shape(part);
        let inputs = shape.get(1).copied().unwrap_or(1);
        let rows = layout::rows(spec, format, part, self.layout).unwrap_or_else(|| (0..shape[0]).collect());
        let width = all.len() / inputs;
        for (values, row) in values.chunks_exact(inputs).zip(rows) {
            match self.layout.is_transposed() {
                true => all[row..].iter_mut().step_by(width).zip(values).for_each(|(to, v)| *to = *v),
                false => all[row * inputs..][..inputs].copy_from_slice(values),
            }
        }
    }
}
