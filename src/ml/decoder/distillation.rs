//! A student's pass beside its teacher's: from what two decoders say behind the same tokens to the gradients of one of them. Owns
//! the order of the two passes; the loss is `math::divergence`'s, the way back that of `backward`.

use super::Decoder;
use super::backward::target_rows;
use super::parameters::Gradients;
use crate::ml::loss::Example;
use crate::ml::math::divergence::{Distillation, Lesson, Scored, Taught, with_gradient};

impl Decoder {
    /// What every target token of a batch costs the student that this decoder is, example after example, where `teacher` reads the
    /// same tokens. Adds the gradient of the sum of `weights[i] loss[i]` to the gradients of what is trained; the teacher stays as
    /// it is. Examples are sequences of their own: none sees another.
    ///
    /// # Panics
    /// As [`Decoder::loss_and_gradients`], of both decoders but for quantised matrices, which the teacher may have; or if their
    /// vocabularies are not of the same size.
    pub fn taught_by(
        &self,
        teacher: &Decoder,
        batch: &[&Example],
        weights: &[f32],
        distillation: Distillation,
        gradients: &mut Gradients,
    ) -> Vec<Taught> {
        let texts: Vec<Vec<u32>> = batch.iter().map(|example| example.inputs()).collect();
        let targets: Vec<u32> = batch.iter().flat_map(|example| &example.target).copied().collect();
        let rows = &target_rows(batch);
        // On a thread of the pool: handing it work from outside costs two switches of threads every time.
        rayon::scope(|_| {
            // In front of the student's pass, all of whose steps lie in memory until it has gone back through them.
            let pass = teacher.pass_forward(&texts, &mut Gradients::default());
            let teachers_states = teacher.states_at(&pass.hidden, rows);
            drop(pass);
            let teacher = Scored { states: &teachers_states, w: teacher.head(), bias: &teacher.head_bias };
            let pass = self.pass_forward(&texts, gradients);
            let states = self.states_at(&pass.hidden, rows);
            let student = Scored { states: &states, w: self.head(), bias: &self.head_bias };
            let lesson = Lesson { targets: &targets, weights, distillation };
            let mut dstates = vec![0.0; states.len()];
            let (dw, dbias) = gradients.head(self.head_part());
            let taught = with_gradient(student, teacher, lesson, &mut dstates, dw, dbias);
            self.pass_backward(&pass, &texts, &self.back_at(&dstates, rows, pass.hidden.len()), gradients);
            taught
        })
    }
}
