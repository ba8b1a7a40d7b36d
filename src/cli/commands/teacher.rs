//! The teacher of a run of distillation. Owns what a teacher must have in common with the model that learns from it, and how runs
//! tell teachers apart.

use super::models::{Model, adapter_hash, load_model, usage};
use super::training::model_hash;
use crate::cli::args::Common;
use crate::cli::exit::Failure;
use crate::ml::adapter::Adapter;
use crate::ml::decoder::{Decoder, Kept};
use crate::ml::tokenizer::Tokenizer;
use crate::pipeline::finetune::{ObjectiveName, Plan, TeacherCard};
use std::path::Path;

/// A model to learn from.
pub struct Teacher {
    pub decoder: Decoder,
    pub card: TeacherCard,
}

/// Reads the teacher that a plan asks for, if it asks for one.
pub fn teacher(common: &Common, plan: &Plan, student: &Model) -> Result<Option<Teacher>, Failure> {
    if plan.objective != ObjectiveName::Distillation {
        return Ok(None);
    }
    let mut model = load_model(common, &plan.teacher, Kept::Dense)?;
    fits(&model, student)?;
    let model_sha256 = model_hash(&mut model.decoder);
    let mut adapter_sha256 = None;
    if !plan.teacher_adapter.is_empty() {
        let directory = Path::new(&plan.teacher_adapter);
        let adapter = Adapter::read(directory, &model.decoder.spec).map_err(usage)?;
        model.decoder.adapt(&adapter);
        adapter_sha256 = Some(adapter_hash(directory)?);
    }
    Ok(Some(Teacher { decoder: model.decoder, card: TeacherCard { model_sha256, adapter_sha256 } }))
}

/// An error unless both models have scores for the same tokens: the two distributions are compared token by token.
fn fits(teacher: &Model, student: &Model) -> Result<(), Failure> {
    let (own, others) = (student.decoder.spec.vocabulary, teacher.decoder.spec.vocabulary);
    let names = format!("the teacher {} cannot teach {}", teacher.name, student.name);
    let why = "distributions are compared token by token, so both need the same tokenizer";
    if own != others {
        return Err(usage(format!("{names}: it has scores for {others} tokens, its student for {own}; {why}")));
    }
    if let Some(id) = student.tokenizer.first_difference(&teacher.tokenizer, own) {
        let text = |tokenizer: &Tokenizer| match tokenizer.piece(id) {
            [] => "no text".to_owned(),
            piece => format!("`{}`", String::from_utf8_lossy(piece).escape_debug()),
        };
        let (others, own) = (text(&teacher.tokenizer), text(&student.tokenizer));
        return Err(usage(format!("{names}: token {id} is {others} to it and {own} to its student; {why}")));
    }
    Ok(())
}
