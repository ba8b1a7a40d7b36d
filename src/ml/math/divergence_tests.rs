//! The loss of a student against the formulas as they are written, in 64 bits, and its gradient against their slopes.

use super::cross_entropy::{self, Targets, Wanted};
use super::differences::{assert_same_for_all_threads, assert_slopes, numbers};
use super::divergence::{Distillation, Divergence, Lesson, STATES, Scored, Taught, with_gradient};
use super::matrix::Matrix;

const BOTH: [Divergence; 2] = [Divergence::Forward, Divergence::Reverse];

fn logarithms(scores: &[f64], temperature: f64) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scores.iter().map(|x| ((x - most) / temperature).exp()).sum();
    scores.iter().map(|x| (x - most) / temperature - sum.ln()).collect()
}

/// The loss of one state as its formula is written, in 64 bits.
fn slow(student: &[f64], teacher: &[f64], target: usize, distillation: Distillation) -> Taught {
    let Distillation { temperature, divergence, hard_weight } = distillation;
    let (q, p) = (logarithms(student, temperature), logarithms(teacher, temperature));
    let (over, under) = if divergence == Divergence::Forward { (&p, &q) } else { (&q, &p) };
    let divergence: f64 = over.iter().zip(under).map(|(a, b)| a.exp() * (a - b)).sum();
    let hard = -logarithms(student, 1.0)[target];
    let loss = hard_weight * hard + (1.0 - hard_weight) * temperature * temperature * divergence;
    Taught { loss, divergence }
}

/// Its slopes along each of the student's scores.
fn slow_gradient(student: &[f64], teacher: &[f64], target: usize, distillation: Distillation) -> Vec<f64> {
    const STEP: f64 = 1e-4;
    let along = |at: usize, by: f64| {
        let mut student = student.to_vec();
        student[at] += by;
        slow(&student, teacher, target, distillation).loss
    };
    (0..student.len()).map(|at| (along(at, STEP) - along(at, -STEP)) / (2.0 * STEP)).collect()
}

/// Of scores themselves, `rows` for each state: the head is the identity.
fn by_scores(student: &[f32], teacher: &[f32], targets: &[u32], distillation: Distillation) -> (Vec<Taught>, Vec<f32>) {
    let rows = student.len() / targets.len();
    let identity: Vec<f32> = (0..rows * rows).map(|i| f32::from(u8::from(i / rows == i % rows))).collect();
    let w = &Matrix::dense(&identity, rows, rows);
    let [student, teacher] = [student, teacher].map(|states| Scored { states, w, bias: &[] });
    let lesson = Lesson { targets, weights: &vec![1.0; targets.len()], distillation };
    let mut gradient = vec![0.0; student.states.len()];
    let taught = with_gradient(student, teacher, lesson, &mut gradient, None, None);
    (taught, gradient)
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|x| f64::from(*x)).collect()
}

/// More states than lie in memory together, heads of two widths.
struct Sample {
    states: Vec<f32>,
    w: Vec<f32>,
    bias: Vec<f32>,
    teachers_states: Vec<f32>,
    teachers_head: Matrix,
    targets: Vec<u32>,
    weights: Vec<f32>,
}

const COUNT: usize = STATES + 3;
const ROWS: usize = 150;
const COLUMNS: usize = 20;

impl Sample {
    fn new() -> Sample {
        let times = |factor: f32, x: Vec<f32>| x.into_iter().map(|x| factor * x).collect::<Vec<f32>>();
        Sample {
            states: numbers(COUNT * COLUMNS, 1),
            w: numbers(ROWS * COLUMNS, 2),
            bias: numbers(ROWS, 3),
            teachers_states: times(2.0, numbers(COUNT * 12, 4)),
            teachers_head: Matrix::dense(&numbers(ROWS * 12, 5), ROWS, 12),
            targets: (0..COUNT).map(|at| (at * 331 % ROWS) as u32).collect(),
            weights: numbers(COUNT, 6).into_iter().map(|x| (x + 1.5) / COUNT as f32).collect(),
        }
    }

    fn run(&self, distillation: Distillation) -> (Vec<Taught>, [Vec<f32>; 3]) {
        let w = Matrix::dense(&self.w, ROWS, COLUMNS);
        let student = Scored { states: &self.states, w: &w, bias: &self.bias };
        let teacher = Scored { states: &self.teachers_states, w: &self.teachers_head, bias: &[] };
        let lesson = Lesson { targets: &self.targets, weights: &self.weights, distillation };
        let (mut dstates, mut dw) = (vec![0.0; self.states.len()], Matrix::zeros(ROWS, COLUMNS));
        let mut dbias = vec![0.0; ROWS];
        let taught = with_gradient(student, teacher, lesson, &mut dstates, Some(&mut dw), Some(&mut dbias));
        (taught, [dstates, dw.values(), dbias])
    }

    /// The weighted loss of other numbers of the student.
    fn loss(&self, [states, w, bias]: [&[f32]; 3], distillation: Distillation) -> f64 {
        let teachers_head = self.teachers_head.values();
        let scores = |states: &[f32], w: &[f32], bias: &[f32]| -> Vec<f64> {
            let dot = |row: &[f32]| row.iter().zip(states).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
            let rows = w.chunks(states.len()).enumerate();
            rows.map(|(at, row)| dot(row) + bias.get(at).map_or(0.0, |x| f64::from(*x))).collect()
        };
        let each = states.chunks(COLUMNS).zip(self.teachers_states.chunks(12)).zip(&self.targets);
        let each = each.map(|((states, teachers), target)| {
            let (own, teacher) = (scores(states, w, bias), scores(teachers, &teachers_head, &[]));
            slow(&own, &teacher, *target as usize, distillation).loss
        });
        each.zip(&self.weights).map(|(loss, weight)| loss * f64::from(*weight)).sum()
    }
}

#[test]
fn gradients_are_slopes_of_the_loss() {
    let sample = Sample::new();
    for divergence in BOTH {
        for (temperature, hard_weight) in [(1.0, 0.0), (2.5, 0.0), (0.7, 0.3), (2.0, 1.0)] {
            let distillation = Distillation { temperature, divergence, hard_weight };
            let (taught, [dstates, dw, dbias]) = sample.run(distillation);
            let inputs = [&sample.states[..], &sample.w, &sample.bias];
            let wanted = sample.loss(inputs, distillation);
            let found: f64 = taught.iter().zip(&sample.weights).map(|(t, w)| t.loss * f64::from(*w)).sum();
            assert!((found - wanted).abs() < 1e-5 * wanted, "{distillation:?}: {found} for {wanted}");
            assert_slopes(&format!("{distillation:?}"), &inputs, &[&dstates, &dw, &dbias], |moved| {
                sample.loss([&moved[0], &moved[1], &moved[2]], distillation)
            });
        }
    }
}

#[test]
fn gradients_do_not_depend_on_threads() {
    let sample = Sample::new();
    for divergence in BOTH {
        let distillation = Distillation { temperature: 1.5, divergence, hard_weight: 0.25 };
        assert_same_for_all_threads(|| {
            let (taught, gradients) = sample.run(distillation);
            let losses = taught.iter().flat_map(|taught| [taught.loss as f32, taught.divergence as f32]);
            losses.chain(gradients.into_iter().flatten()).collect()
        });
    }
}

#[test]
fn a_sure_teacher_is_a_given_word() {
    let (rows, count) = (70, 20);
    let student: Vec<f32> = numbers(rows * count, 7).into_iter().map(|x| 3.0 * x).collect();
    let targets: Vec<u32> = (0..count).map(|at| (at * 11 % rows) as u32).collect();
    let sure = |at: usize| if at % rows == targets[at / rows] as usize { 90.0 } else { 0.0 };
    let teacher: Vec<f32> = (0..rows * count).map(sure).collect();
    let distillation = Distillation { temperature: 1.0, divergence: Divergence::Forward, hard_weight: 0.0 };
    let (taught, gradient) = by_scores(&student, &teacher, &targets, distillation);
    let identity: Vec<f32> = (0..rows * rows).map(|i| f32::from(u8::from(i / rows == i % rows))).collect();
    let (mut wanted, weights) = (vec![0.0; student.len()], vec![1.0; count]);
    let given = Wanted { targets: Targets::Given(&targets), weights: &weights };
    let w = Matrix::dense(&identity, rows, rows);
    let losses = cross_entropy::with_gradient(&student, &w, &[], given, &mut wanted, None, None);
    for (taught, loss) in taught.iter().zip(losses) {
        assert!((taught.loss - f64::from(loss)).abs() < 1e-5, "{taught:?} for {loss}");
    }
    assert!(gradient.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn who_is_the_teacher_has_nothing_to_learn() {
    let scores: Vec<f32> = numbers(60 * 5, 8).into_iter().map(|x| 20.0 * x).collect();
    for divergence in BOTH {
        for temperature in [1.0, 0.3, 4.0] {
            let distillation = Distillation { temperature, divergence, hard_weight: 0.0 };
            let (taught, gradient) = by_scores(&scores, &scores, &[3; 5], distillation);
            assert_eq!(taught, vec![Taught::default(); 5], "{distillation:?}");
            assert!(gradient.iter().all(|x| *x == 0.0), "{distillation:?}");
        }
    }
}

/// Scores that leave most probabilities below the least that there is: logarithms are to be scores' all the same.
#[test]
fn far_scores_have_the_gradients_of_64_bits() {
    let rows = 40;
    for (size, temperature) in [(80.0, 1.0), (80.0, 0.5), (80.0, 5.0), (250.0, 1.0)] {
        for divergence in BOTH {
            for hard_weight in [0.0, 0.4] {
                let distillation = Distillation { temperature, divergence, hard_weight };
                for seed in 0..6 {
                    let of = |seed: u64| -> Vec<f32> {
                        // The ends themselves are among them.
                        let mut scores: Vec<f32> = numbers(rows, seed).into_iter().map(|x| size * x).collect();
                        (scores[seed as usize], scores[20]) = (size, -size);
                        scores
                    };
                    let (student, teacher) = (of(seed), of(seed + 7));
                    let (taught, gradient) = by_scores(&student, &teacher, &[5], distillation);
                    let (student, teacher) = (wide(&student), wide(&teacher));
                    let wanted = slow(&student, &teacher, 5, distillation);
                    for (found, wanted) in [(taught[0].loss, wanted.loss), (taught[0].divergence, wanted.divergence)] {
                        let is_near = (found - wanted).abs() < 2e-6 * wanted.abs() + 1e-5;
                        assert!(is_near, "{distillation:?}, up to {size}: {found} for {wanted}");
                    }
                    let slopes = slow_gradient(&student, &teacher, 5, distillation);
                    let most = slopes.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
                    for (at, (found, wanted)) in gradient.iter().zip(&slopes).enumerate() {
                        let off = (f64::from(*found) - wanted).abs() / most;
                        assert!(off < 2e-5, "{distillation:?}, up to {size}, {at}: {found} for {wanted}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_student_leaves_what_its_teacher_holds_impossible() {
    // Both words are as probable to the student; to the teacher one of them has a probability of e^-400, zero in 32 bits.
    let (student, teacher) = ([0.0, 0.0], [0.0, -400.0]);
    let distillation = Distillation { temperature: 1.0, divergence: Divergence::Reverse, hard_weight: 0.0 };
    let (taught, gradient) = by_scores(&student, &teacher, &[0], distillation);
    assert!((taught[0].divergence - (200.0 - std::f64::consts::LN_2)).abs() < 1e-4, "{taught:?}");
    // q (apart - mean) = 1/2 (0 - 200) and 1/2 (400 - 200).
    assert!((gradient[0] + 100.0).abs() < 1e-3 && (gradient[1] - 100.0).abs() < 1e-3, "{gradient:?}");
}
