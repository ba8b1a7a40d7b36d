//! Diversity of a set whose problems are tagged: within a group (a concept, a textbook), between groups, and of what is left
//! without one. Owns the grouping; batches are of one group each.

use super::embed::Embedded;
use crate::metrics::{Coefficient, Distances};
use serde::Serialize;

/// The diversity of a set by groups.
#[derive(Clone, Debug, Serialize)]
pub struct Groups {
    /// Mean over groups of the diversity within, of those that have two batches.
    pub within: Option<f64>,
    /// Mean over pairs of groups of the cross diversity.
    pub between: Option<f64>,
    /// Of all batches of all groups.
    pub all: Option<Coefficient>,
    pub groups: Vec<GroupDiversity>,
}

/// What a group adds.
#[derive(Clone, Debug, Serialize)]
pub struct GroupDiversity {
    pub group: String,
    pub batches: usize,
    /// Between its own batches.
    pub within: Option<Coefficient>,
    /// Mean over other groups of the cross diversity with it.
    pub to_others: Option<f64>,
    /// Of all batches but its own.
    pub without: Option<f64>,
}

/// Compares groups, each embedded on its own.
pub fn by_group(groups: &[(String, Embedded)], resamples: usize, seed: u64) -> Groups {
    let cross = |a: &Embedded, b: &Embedded| average(Distances::between(&a.embeddings, &b.embeddings).pairs());
    let of_all = |left_out: Option<usize>| {
        let kept = groups.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
        let batches: Vec<&[f32]> = kept.flat_map(|(_, (_, of))| &of.embeddings).map(Vec::as_slice).collect();
        Distances::within(&batches)
    };
    let mut found = Vec::new();
    let mut between = Vec::new();
    for (at, (group, own)) in groups.iter().enumerate() {
        let others = groups.iter().enumerate().filter(|(other, _)| *other != at);
        let to_others: Vec<f64> = others.filter_map(|(_, (_, other))| cross(own, other)).collect();
        between.extend(average(to_others.iter().copied()));
        found.push(GroupDiversity {
            group: group.clone(),
            batches: own.embeddings.len(),
            within: Distances::within(&own.embeddings).coefficient(resamples, seed),
            to_others: average(to_others.into_iter()),
            without: average(of_all(Some(at)).pairs()),
        });
    }
    let within = average(found.iter().filter_map(|group| Some(group.within?.value)));
    Groups {
        within,
        between: average(between.into_iter()),
        all: of_all(None).coefficient(resamples, seed),
        groups: found,
    }
}

fn average(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
