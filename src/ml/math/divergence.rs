//! What a student loses against a teacher: cross entropy of given words, mixed with the divergence of two distributions over the
//! vocabulary (Hinton et al. 2015, arXiv 1503.02531), and its gradient. Owns the formulas of a state and how many states have their
//! scores in memory; who teacher and student are is the caller's business.

use super::elementwise::{add, add_bias, exp, highest, sum};
use super::gradients::{of_matrix, of_vectors};
use super::matrix::Matrix;
use super::products::{Order, times};
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// States whose scores lie in memory at a time, the teacher's beside the student's: of 262,144 words 268 MB together.
pub(super) const STATES: usize = 128;

/// Words whose sums are made in 32 bits, to be added up in 64.
const PART: usize = 1024;

/// Which way round two distributions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Divergence {
    /// `KL(teacher || student)`: the student is to hold possible all that the teacher does (Hinton et al. 2015).
    Forward,
    /// `KL(student || teacher)`: the student is to say nothing that the teacher would not (MiniLLM, Gu et al. 2024, arXiv
    /// 2306.08543; here word by word behind given text, not behind the student's own).
    Reverse,
}

/// What a student's loss is made of: `hard_weight` times the cross entropy of the given word, and of the rest `temperature^2` times
/// the divergence of the distributions whose scores are divided by the temperature. The square keeps gradients as large as they
/// are at temperature 1 (Hinton et al. 2015, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    pub temperature: f64,
    pub divergence: Divergence,
    /// From 0 to 1.
    pub hard_weight: f64,
}

/// States, and the head that has scores for them: `states w^T + bias`. No bias if it is empty.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    pub states: &'a [f32],
    pub w: &'a Matrix,
    pub bias: &'a [f32],
}

/// What every state is to learn, beside what its teacher says, and how much its loss counts.
#[derive(Clone, Copy, Debug)]
pub struct Lesson<'a> {
    pub targets: &'a [u32],
    pub weights: &'a [f32],
    pub distillation: Distillation,
}

/// A state that was taught, in nats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taught {
    pub loss: f64,
    /// Of the softened distributions, as it is: not times the temperature's square.
    pub divergence: f64,
}

/// The losses of a student's states, each beside a state of its teacher. Writes the gradient of `sum_i weights[i] loss[i]` by the
/// student's states to `dstates`, and adds those of its head and bias to `dw` and `dbias`, where they are given. The teacher has none.
///
/// # Panics
/// If the shapes do not fit together, the heads do not have the same number of words, a target is none of them, or the student's head
/// is quantised.
pub fn with_gradient(
    student: Scored<'_>,
    teacher: Scored<'_>,
    Lesson { targets, weights, distillation }: Lesson<'_>,
    dstates: &mut [f32],
    mut dw: Option<&mut Matrix>,
    mut dbias: Option<&mut [f32]>,
) -> Vec<Taught> {
    let ((rows, columns), (teachers_rows, teachers_columns)) = (student.w.shape(), teacher.w.shape());
    assert_eq!(rows, teachers_rows, "student and teacher have the same words");
    assert_eq!(student.states.len(), targets.len() * columns, "one target for every state");
    assert_eq!(teacher.states.len(), targets.len() * teachers_columns, "one state of the teacher for every target");
    assert_eq!(targets.len(), weights.len(), "one weight for every state");
    assert!(targets.iter().all(|target| (*target as usize) < rows), "a target is in the vocabulary");
    let mut taught = vec![Taught::default(); targets.len()];
    let [mut scores, mut teachers] = [(); 2].map(|()| vec![0.0; STATES.min(targets.len()) * rows]);
    let parts = student.states.chunks(STATES * columns).zip(dstates.chunks_mut(STATES * columns));
    let parts = parts.zip(teacher.states.chunks(STATES * teachers_columns));
    let about = targets.chunks(STATES).zip(weights.chunks(STATES)).zip(taught.chunks_mut(STATES));
    for (((states, dstates), teachers_states), ((targets, weights), taught)) in parts.zip(about) {
        let [scores, teachers] = [&mut scores, &mut teachers].map(|all| &mut all[..targets.len() * rows]);
        for (own, states, Scored { w, bias, .. }) in
            [(&mut *scores, states, student), (&mut *teachers, teachers_states, teacher)]
        {
            times(states, vec![(w, &mut *own)], Order::Free);
            add_bias(own, bias);
        }
        let each = scores.par_chunks_mut(rows).zip(teachers.par_chunks_mut(rows));
        each.zip(targets.par_iter().zip(weights)).zip(taught).for_each(
            |(((own, teacher), (target, weight)), taught)| {
                let target = *target as usize;
                *taught = Arch::new().dispatch(Teaching { own, teacher, target, weight: *weight, distillation });
            },
        );
        of_vectors(scores, student.w, dstates, false);
        if let Some(dw) = &mut dw {
            of_matrix(scores, states, dw);
        }
        if let Some(dbias) = &mut dbias {
            scores.chunks(rows).for_each(|scores| add(dbias, scores));
        }
    }
    taught
}

/// Makes a student's scores the gradient of `weight * loss`; tells the loss. Uses up the teacher's scores.
///
/// Probabilities never are logarithms' arguments: what is far below the highest score has a probability of zero, and still a
/// logarithm, its score. With `apart = ln q - ln p`, up to what is the same for all words, for the student's `q` and the teacher's `p`,
/// the derivative by the student's softened scores is `q - p` forward, and reverse `q (apart - sum(q apart))`.
struct Teaching<'a> {
    own: &'a mut [f32],
    teacher: &'a mut [f32],
    target: usize,
    weight: f32,
    distillation: Distillation,
}

impl NullaryFnOnce for Teaching<'_> {
    type Output = Taught;

    #[inline(always)]
    fn call(self) -> Taught {
        let Teaching { own, teacher, target, weight, distillation } = self;
        let Distillation { temperature, divergence, hard_weight } = distillation;
        let is_forward = divergence == Divergence::Forward;
        let (most, teachers_most) = (highest(own), highest(teacher));
        let sharpness = (1.0 / temperature) as f32;
        let target_score = own[target];
        // Where the student is nearly sure, `apart` of its word and the mean are nearly the same: counted from there, their difference
        // keeps its digits.
        let pivot = match own.iter().position(|score| *score == most) {
            Some(at) if !is_forward => (teachers_most - teacher[at]) * sharpness,
            _ => 0.0,
        };
        // Sums of the student's exponentials, softened and as they are, of the teacher's, and of `apart` times those it is a mean
        // under.
        let (mut sums, mut parts) = ([0f64; 4], [[0f32; PART]; 4]);
        for (own, teacher) in own.chunks(PART).zip(teacher.chunks_mut(PART)) {
            let [soft, hard, taught, moments] = &mut parts;
            let into = soft.iter_mut().zip(hard).zip(taught.iter_mut().zip(moments));
            for ((score, teacher), ((soft, hard), (taught, moment))) in own.iter().zip(&mut *teacher).zip(into) {
                let (x, y) = ((score - most) * sharpness, (*teacher - teachers_most) * sharpness);
                (*soft, *hard, *taught) = (exp(x), exp(score - most), exp(y));
                let apart = x - y - pivot;
                *moment = apart * if is_forward { *taught } else { *soft };
                // What the gradient needs of the teacher.
                *teacher = if is_forward { *taught } else { apart };
            }
            let count = own.len();
            sums.iter_mut().zip(&parts).for_each(|(total, part)| *total += f64::from(sum(&part[..count])));
        }
        let [soft, hard, taught, moments] = sums;
        let between = soft.ln() - taught.ln();
        let (mean, divergence) = match is_forward {
            true => (0.0, between - moments / taught),
            false => (moments / soft, moments / soft + f64::from(pivot) - between),
        };
        let surprise = f64::from(most) + hard.ln() - f64::from(target_score);
        let soft_weight = f64::from(weight) * (1.0 - hard_weight) * temperature;
        let hard_weight_of = f64::from(weight) * hard_weight;
        let (of_soft, of_taught) = ((soft_weight / soft) as f32, (soft_weight / taught) as f32);
        let (of_hard, mean) = ((hard_weight_of / hard) as f32, mean as f32);
        for (score, teacher) in own.iter_mut().zip(&*teacher) {
            let (soft, hard) = (exp((*score - most) * sharpness), exp(*score - most));
            let gradient =
                if is_forward { of_soft * soft - of_taught * teacher } else { of_soft * soft * (teacher - mean) };
            *score = gradient + of_hard * hard;
        }
        own[target] -= hard_weight_of as f32;
        let loss = hard_weight * surprise + (1.0 - hard_weight) * temperature * temperature * divergence;
        Taught { loss, divergence }
    }
}
