//! The backward pass: from the loss of a batch to the gradients of what is trained. Owns the order of a block's steps,
//! backwards; computes nothing that nobody asks for.

use super::block::{Block, Place, Steps, heads};
use super::linear::Linear;
use super::parameters::{Gradients, Parameter, bias_of};
use super::{Cache, Decoder, Scale, Sequence};
use crate::ml::loss::Example;
use crate::ml::math::attention_backward::{TurnBackward, attend_backward};
use crate::ml::math::cross_entropy::{Targets, Wanted, with_gradient};
use crate::ml::math::elementwise::add;
use crate::ml::math::elementwise_backward::{activated_backward, gated_backward};
use crate::ml::math::gradients::{of_matrix, of_vectors};
use crate::ml::math::norm_backward::{layer_backward, rms_backward};
use crate::ml::math::products::Order;
use crate::ml::math::rotary::Table;
use crate::ml::math::streaming::of_draws;
use crate::ml::spec::{LayerPart as L, Norm, Part, Residual, Spec};
use std::collections::BTreeMap;

impl Decoder {
    /// Cross entropy in nats of every target token of a batch, example after example. Adds the gradient of the sum of
    /// `weights[i] loss[i]` to the gradients of what is trained. Examples are sequences of their own: none sees another.
    ///
    /// # Panics
    /// If a prompt is empty, a token is not in the vocabulary, there is not one weight for every target token, or a matrix is
    /// quantised.
    pub fn loss_and_gradients(&self, batch: &[&Example], weights: &[f32], gradients: &mut Gradients) -> Vec<f32> {
        let texts: Vec<Vec<u32>> = batch.iter().map(|example| example.inputs()).collect();
        let targets: Vec<u32> = batch.iter().flat_map(|example| &example.target).copied().collect();
        let wanted = Wanted { targets: Targets::Given(&targets), weights };
        self.gradients_of(&texts, &target_rows(batch), wanted, gradients)
    }

    /// The same of whatever is `wanted` behind some tokens of texts: `rows` counts the tokens of all texts, which are sequences
    /// of their own.
    ///
    /// # Panics
    /// If a text is empty, a token is not in the vocabulary, a row is no token, there is not one target and weight for every row,
    /// or a matrix is quantised.
    pub fn gradients_of(
        &self,
        texts: &[Vec<u32>],
        rows: &[usize],
        wanted: Wanted<'_>,
        gradients: &mut Gradients,
    ) -> Vec<f32> {
        // On a thread of the pool: handing it work from outside costs two switches of threads every time.
        rayon::scope(|_| {
            let pass = self.pass_forward(texts, gradients);
            let (losses, dhidden) = self.head_backward(&pass.hidden, rows, wanted, gradients);
            self.pass_backward(&pass, texts, &dhidden, gradients);
            losses
        })
    }

    /// The gradients for several draws of a word behind every token of texts, each with a number from 0 to below 1 for every token
    /// ([`Targets::Drawn`]). Everything up to the head is computed once. `each` has the gradients behind every draw, to which the
    /// next one adds.
    ///
    /// # Panics
    /// As [`Decoder::gradients_of`]; or if the head has a gradient.
    pub fn gradients_of_draws(
        &self,
        texts: &[Vec<u32>],
        draws: &[Vec<f64>],
        weights: &[f32],
        gradients: &mut Gradients,
        each: &mut (dyn FnMut(&mut Gradients) + Send),
    ) {
        assert!(gradients.head(self.head_part()).0.is_none(), "a head that has no gradient");
        rayon::scope(|_| {
            let pass = self.pass_forward(texts, gradients);
            for dhidden in of_draws(&pass.hidden, self.head(), &self.head_bias, draws, weights) {
                self.pass_backward(&pass, texts, &dhidden, gradients);
                each(gradients);
            }
        });
    }

    pub(super) fn pass_forward(&self, texts: &[Vec<u32>], gradients: &mut Gradients) -> Pass {
        let spec = &self.spec;
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        gradients.begin(&lengths);
        let positions: Vec<usize> = lengths.iter().flat_map(|length| 0..*length).collect();
        let mut caches: Vec<Cache> = texts.iter().map(|_| Cache::new(spec.layers, spec.kv_width())).collect();
        let each = texts.iter().zip(&mut caches);
        let mut sequences: Vec<Sequence<'_>> = each.map(|(tokens, cache)| Sequence { tokens, cache }).collect();
        let tables = [false, true].map(|windowed| Table::new(&spec.position, windowed, &positions));
        // What lies below the lowest layer that is trained keeps no steps.
        let lowest = gradients.lowest_layer().unwrap_or(spec.layers);
        let mut pass = Pass { lengths, positions, tables, lowest, steps: vec![], x: vec![], hidden: vec![] };
        pass.x = self.embedded(&sequences, &pass.positions);
        for (at, block) in self.blocks.iter().enumerate() {
            let (out, steps) = block.forward(std::mem::take(&mut pass.x), &pass.place(spec, at), &mut sequences);
            pass.x = out;
            if at >= lowest {
                pass.steps.push(steps);
            }
        }
        pass.hidden = self.final_norm.apply(spec.norm, &pass.x);
        pass
    }

    /// From the gradient of hidden states to those of what is trained below them.
    pub(super) fn pass_backward(&self, pass: &Pass, texts: &[Vec<u32>], dhidden: &[f32], gradients: &mut Gradients) {
        let spec = &self.spec;
        let Pass { lengths, positions, lowest, x, .. } = pass;
        let is_wanted = *lowest < spec.layers;
        let final_norm = [Part::FinalNorm, Part::FinalNormBias];
        let mut dx = match is_wanted || final_norm.iter().any(|part| gradients.has(Parameter::Part(*part))) {
            true => norm_backward(&self.final_norm, spec.norm, final_norm, x, dhidden, gradients),
            false => return,
        };
        for (at, steps) in (*lowest..spec.layers).zip(&pass.steps).rev() {
            let wants_more = at > *lowest || gradients.has_embedding();
            dx = self.blocks[at].backward(dx, steps, &pass.place(spec, at), lengths, wants_more, gradients);
        }
        self.embedding_backward(&dx, texts, positions, gradients);
    }

    /// Losses of the targets, and the gradient of all hidden states.
    fn head_backward(
        &self,
        hidden: &[f32],
        rows: &[usize],
        wanted: Wanted<'_>,
        gradients: &mut Gradients,
    ) -> (Vec<f32>, Vec<f32>) {
        let states = self.states_at(hidden, rows);
        let mut dstates = vec![0.0; states.len()];
        let (own, bias) = gradients.head(self.head_part());
        let losses = with_gradient(&states, self.head(), &self.head_bias, wanted, &mut dstates, own, bias);
        (losses, self.back_at(&dstates, rows, hidden.len()))
    }

    /// The part that is the head.
    pub(super) fn head_part(&self) -> Part {
        if self.head.is_some() { Part::Head } else { Part::Embedding }
    }

    /// The hidden states of some tokens.
    pub(super) fn states_at(&self, hidden: &[f32], rows: &[usize]) -> Vec<f32> {
        let width = self.spec.width;
        rows.iter().flat_map(|row| &hidden[row * width..(row + 1) * width]).copied().collect()
    }

    /// The gradient of all hidden states, so many numbers, from that of some tokens'.
    pub(super) fn back_at(&self, dstates: &[f32], rows: &[usize], numbers: usize) -> Vec<f32> {
        let width = self.spec.width;
        let mut dhidden = vec![0.0; numbers];
        for (row, dstate) in rows.iter().zip(dstates.chunks(width)) {
            dhidden[row * width..(row + 1) * width].copy_from_slice(dstate);
        }
        dhidden
    }

    /// Adds what the first block hands back to the vectors of tokens and positions.
    fn embedding_backward(&self, dx: &[f32], texts: &[Vec<u32>], positions: &[usize], gradients: &mut Gradients) {
        let (width, scale) = (self.spec.width, self.spec.embedding_scale);
        if let Some(own) = gradients.get_mut(Parameter::Part(Part::Embedding)) {
            for (token, dx) in texts.iter().flatten().zip(dx.chunks(width)) {
                own.add_to_row(*token as usize, scale, dx);
            }
        }
        if let Some(words) = gradients.words_mut() {
            for (token, dx) in texts.iter().flatten().zip(dx.chunks(width)) {
                let own = words.entry(*token).or_insert_with(|| vec![0.0; width]);
                own.iter_mut().zip(dx).for_each(|(own, dx)| *own += scale * dx);
            }
        }
        let embedding = Parameter::Part(Part::Embedding);
        if let Some(squares) = gradients.squares_of(embedding) {
            for (text, at) in texts.iter().zip(squares.texts(width)) {
                let mut words: BTreeMap<u32, Vec<f32>> = BTreeMap::new();
                for (token, dx) in text.iter().zip(dx[at].chunks(width)) {
                    let own = words.entry(*token).or_insert_with(|| vec![0.0; width]);
                    own.iter_mut().zip(dx).for_each(|(own, dx)| *own += scale * dx);
                }
                words.into_iter().for_each(|(word, own)| squares.add_row(embedding, word as usize, &own));
            }
        }
        let own = Parameter::Part(Part::Positions);
        if let Some(squares) = gradients.squares_of(own) {
            for (position, dx) in positions.iter().zip(dx.chunks(width)) {
                squares.add_row(own, *position, dx);
            }
        }
        if let Some(own) = gradients.vector(Part::Positions) {
            for (position, dx) in positions.iter().zip(dx.chunks(width)) {
                add(&mut own[position * width..(position + 1) * width], dx);
            }
        }
    }
}

/// A forward pass that a backward pass can follow.
pub(super) struct Pass {
    /// Tokens of every text.
    lengths: Vec<usize>,
    /// Of every token.
    positions: Vec<usize>,
    tables: [Option<Table>; 2],
    /// The lowest layer that has steps.
    lowest: usize,
    steps: Vec<Steps>,
    /// In front of the last norm, and behind it.
    x: Vec<f32>,
    pub(super) hidden: Vec<f32>,
}

impl Pass {
    fn place<'a>(&'a self, spec: &'a Spec, at: usize) -> Place<'a> {
        let table = self.tables[usize::from(spec.windows[at].is_some())].as_ref();
        Place { spec, at, positions: &self.positions, table, order: Order::Free }
    }
}

/// Of every target token, the row of hidden states that predicts it: the one in front of it.
pub(super) fn target_rows(batch: &[&Example]) -> Vec<usize> {
    let mut from = 0;
    let mut rows = Vec::new();
    for example in batch {
        let first = from + example.prompt.len() - 1;
        rows.extend(first..first + example.target.len());
        from += example.prompt.len() + example.target.len() - 1;
    }
    rows
}

impl Block {
    /// From the gradient behind the block to the one in front of it, which is empty unless `wants_more`.
    fn backward(
        &self,
        dout: Vec<f32>,
        steps: &Steps,
        place: &Place<'_>,
        lengths: &[usize],
        wants_more: bool,
        gradients: &mut Gradients,
    ) -> Vec<f32> {
        let (spec, norm) = (place.spec, place.spec.norm);
        let layer = |part| Part::Layer(place.at, part);
        let mlp_norm = [layer(L::MlpNorm), layer(L::MlpNormBias)];
        let attention_norm = [layer(L::AttentionNorm), layer(L::AttentionNormBias)];
        let post = |at: usize, part: L, x: &[f32], dout: &[f32], gradients: &mut Gradients| match &self.post {
            Some(post) => norm_backward(&post[at], norm, [layer(part), layer(part)], x, dout, gradients),
            None => dout.to_vec(),
        };
        if let Residual::Parallel { norms } = spec.residual {
            let dmlp = self.mlp_backward(&dout, steps, place, gradients);
            let mut dnormed = self.attention_backward(&dout, steps, place, lengths, gradients);
            let mut dx = dout;
            if norms == 2 {
                add(&mut dx, &norm_backward(&self.mlp_norm, norm, mlp_norm, &steps.x, &dmlp, gradients));
            } else {
                add(&mut dnormed, &dmlp);
            }
            add(&mut dx, &norm_backward(&self.attention_norm, norm, attention_norm, &steps.x, &dnormed, gradients));
            return dx;
        }
        let dmlp = post(1, L::MlpPostNorm, &steps.mlp_out, &dout, gradients);
        let dnormed = self.mlp_backward(&dmlp, steps, place, gradients);
        let mut dmiddle = dout;
        add(&mut dmiddle, &norm_backward(&self.mlp_norm, norm, mlp_norm, &steps.middle, &dnormed, gradients));
        let dattention = post(0, L::AttentionPostNorm, &steps.attention_out, &dmiddle, gradients);
        let dnormed = self.attention_backward(&dattention, steps, place, lengths, gradients);
        if !wants_more && !gradients.has(Parameter::Part(attention_norm[0])) {
            return vec![];
        }
        let mut dx = dmiddle;
        add(&mut dx, &norm_backward(&self.attention_norm, norm, attention_norm, &steps.x, &dnormed, gradients));
        dx
    }

    /// From behind the feed-forward part to its normalised input.
    fn mlp_backward(&self, dout: &[f32], steps: &Steps, place: &Place<'_>, gradients: &mut Gradients) -> Vec<f32> {
        let x = if steps.mlp_in.is_empty() { &steps.attention_in } else { &steps.mlp_in };
        let activation = place.spec.mlp.activation;
        let mut dinner = vec![0.0; steps.inner.len()];
        self.down.backward(place.at, L::Down, &steps.inner, dout, &mut dinner, gradients);
        let mut dx = vec![0.0; x.len()];
        let mut dup = vec![0.0; dinner.len()];
        match &self.gate {
            Some(gate) => {
                let mut dgate = vec![0.0; dinner.len()];
                gated_backward(activation, &steps.gate, &steps.up, &dinner, &mut dgate, &mut dup);
                gate.backward(place.at, L::Gate, x, &dgate, &mut dx, gradients);
            }
            None => activated_backward(activation, &steps.up, &dinner, &mut dup),
        }
        self.up.backward(place.at, L::Up, x, &dup, &mut dx, gradients);
        dx
    }

    /// From behind attention to its normalised input.
    fn attention_backward(
        &self,
        dout: &[f32],
        steps: &Steps,
        place: &Place<'_>,
        lengths: &[usize],
        gradients: &mut Gradients,
    ) -> Vec<f32> {
        let spec = place.spec;
        let mut dattended = vec![0.0; steps.attended.len()];
        self.output.backward(place.at, L::Output, &steps.attended, dout, &mut dattended, gradients);
        let [mut dquery, mut dkey, mut dvalue] = [&steps.query, &steps.key, &steps.value].map(|x| vec![0.0; x.len()]);
        let (width, kv_width) = (spec.query_width(), spec.kv_width());
        let mut turns = Vec::with_capacity(lengths.len());
        let (mut queries, mut keys, mut values) = (&mut dquery[..], &mut dkey[..], &mut dvalue[..]);
        let mut from = 0;
        for length in lengths {
            let (dqueries, rest) = std::mem::take(&mut queries).split_at_mut(length * width);
            queries = rest;
            let (dkeys, rest) = std::mem::take(&mut keys).split_at_mut(length * kv_width);
            keys = rest;
            let (dvalues, rest) = std::mem::take(&mut values).split_at_mut(length * kv_width);
            values = rest;
            let (wide, narrow) = (from * width..(from + length) * width, from * kv_width..(from + length) * kv_width);
            turns.push(TurnBackward {
                queries: &steps.query[wide.clone()],
                keys: &steps.key[narrow.clone()],
                values: &steps.value[narrow],
                dout: &dattended[wide],
                dqueries,
                dkeys,
                dvalues,
            });
            from += length;
        }
        attend_backward(turns, heads(place));
        let dquery =
            turned_back(dquery, &steps.raw_query, &self.query_norm, L::QueryNorm, spec.heads, place, gradients);
        let dkey = turned_back(dkey, &steps.raw_key, &self.key_norm, L::KeyNorm, spec.kv_heads, place, gradients);
        let x = &steps.attention_in;
        let mut dx = vec![0.0; x.len()];
        self.query.backward(place.at, L::Query, x, &dquery, &mut dx, gradients);
        self.key.backward(place.at, L::Key, x, &dkey, &mut dx, gradients);
        self.value.backward(place.at, L::Value, x, &dvalue, &mut dx, gradients);
        dx
    }
}

/// The gradient in front of rotation and norm of queries or keys.
fn turned_back(
    mut dx: Vec<f32>,
    raw: &[f32],
    weight: &[f32],
    part: L,
    heads: usize,
    place: &Place<'_>,
    gradients: &mut Gradients,
) -> Vec<f32> {
    let (Norm::Rms { epsilon } | Norm::Layer { epsilon }) = place.spec.norm;
    if let Some(table) = place.table {
        table.rotate_back(&mut dx, heads, place.spec.head, place.positions);
    }
    if weight.is_empty() {
        return dx;
    }
    let mut out = vec![0.0; dx.len()];
    let own = Parameter::Part(Part::Layer(place.at, part));
    match gradients.squares_of(own) {
        Some(squares) => {
            for text in squares.texts(heads * weight.len()) {
                let mut dweight = vec![0.0; weight.len()];
                let (raw, dx, out) = (&raw[text.clone()], &dx[text.clone()], &mut out[text]);
                rms_backward(raw, weight, epsilon, dx, out, Some(&mut dweight));
                squares.add_vector(own, &dweight);
            }
        }
        None => rms_backward(raw, weight, epsilon, &dx, &mut out, gradients.vector(Part::Layer(place.at, part))),
    }
    out
}

/// The gradient in front of a norm, whose weight and bias are these parts.
fn norm_backward(
    scale: &Scale,
    norm: Norm,
    [weight, bias]: [Part; 2],
    x: &[f32],
    dout: &[f32],
    gradients: &mut Gradients,
) -> Vec<f32> {
    let mut dx = vec![0.0; x.len()];
    let own = Parameter::Part(weight);
    if let Some(squares) = gradients.squares_of(own) {
        let width = scale.weight.len();
        for text in squares.texts(width) {
            let mut dweight = vec![0.0; width];
            let (x, dout, dx) = (&x[text.clone()], &dout[text.clone()], &mut dx[text]);
            match norm {
                Norm::Rms { epsilon } => rms_backward(x, &scale.weight, epsilon, dout, dx, Some(&mut dweight)),
                Norm::Layer { epsilon } => {
                    layer_backward(x, &scale.weight, epsilon, dout, dx, Some(&mut dweight), None);
                }
            }
            squares.add_vector(own, &dweight);
        }
        return dx;
    }
    match norm {
        Norm::Rms { epsilon } => rms_backward(x, &scale.weight, epsilon, dout, &mut dx, gradients.vector(weight)),
        Norm::Layer { epsilon } => {
            let (dweight, dbias) = gradients.vectors(weight, bias);
            layer_backward(x, &scale.weight, epsilon, dout, &mut dx, dweight, dbias);
        }
    }
    dx
}

impl Linear {
    /// Adds the gradient of `x` to `dx`, and those of matrix, bias and adapter, where they are trained, to `gradients`.
    fn backward(&self, at: usize, part: L, x: &[f32], dy: &[f32], dx: &mut [f32], gradients: &mut Gradients) {
        of_vectors(dy, &self.matrix, dx, true);
        let own = Parameter::Part(Part::Layer(at, part));
        if let Some(squares) = gradients.squares_of(own) {
            squares.add_linear(own, x, dy);
        }
        if let Some(own) = gradients.get_mut(own) {
            of_matrix(dy, x, own);
        }
        if let Some(own) = bias_of(part).and_then(|bias| gradients.vector(Part::Layer(at, bias))) {
            dy.chunks(own.len()).for_each(|dy| add(own, dy));
        }
        let Some(low_rank) = &self.low_rank else { return };
        let x = &low_rank.seen(x);
        let inner = low_rank.inner(x, Order::Free);
        if let Some(squares) = gradients.squares_of(Parameter::B(at, part)) {
            squares.add_linear(Parameter::B(at, part), &inner, dy);
        }
        if let Some(own) = gradients.get_mut(Parameter::B(at, part)) {
            of_matrix(dy, &inner, own);
        }
        let mut dinner = vec![0.0; inner.len()];
        of_vectors(dy, &low_rank.b, &mut dinner, false);
        dinner.iter_mut().for_each(|x| *x *= low_rank.scaling);
        if let Some(own) = gradients.get_mut(Parameter::A(at, part)) {
            of_matrix(&dinner, x, own);
        }
        let mut seen = vec![0.0; x.len()];
        of_vectors(&dinner, &low_rank.a, &mut seen, false);
        add(dx, &low_rank.seen(&seen));
    }
}
