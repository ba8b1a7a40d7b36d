//! The table of `afcheck improve`. Owns its columns.

use crate::metrics::wilson_interval;
use crate::pipeline::improve::{Counts, Round};

/// A line a round. What is also proved stands apart where that is asked for and makes a difference. Intervals are Wilson's at 95 % and take samples for independent, which those of one problem are not.
pub fn table(rounds: &[Round]) -> String {
    let mut lines = vec![
        [
            "round",
            "samples",
            "type-check",
            "equivalent",
            "and proved",
            "solved",
            "kept",
            "pairs",
            "dev loss",
            "eval type-check",
            "eval equivalent",
            "eval and proved",
        ]
        .map(str::to_owned),
    ];
    for round in rounds {
        let of =
            |counts: &Option<Counts>, value: &dyn Fn(&Counts) -> String| counts.as_ref().map_or(String::new(), value);
        let share = |part: usize, all: usize| format!("{part} ({:.1} %)", 100.0 * part as f64 / (all.max(1)) as f64);
        let interval = |part: usize, all: usize| {
            let (low, high) = wilson_interval(part as u64, all as u64);
            let percent = |share: f64| 100.0 * share;
            format!("{:.1} % ({:.1} to {:.1})", percent(part as f64 / all.max(1) as f64), percent(low), percent(high))
        };
        let losses = match (round.dev_before, round.dev_loss) {
            (Some(before), Some(after)) => format!("{before:.4} to {after:.4}"),
            _ => String::new(),
        };
        lines.push([
            round.round.to_string(),
            of(&round.sampled, &|c| c.samples.to_string()),
            of(&round.sampled, &|c| share(c.type_checks, c.samples)),
            of(&round.sampled, &|c| share(c.equivalent, c.samples)),
            of(&round.sampled, &|c| if c.met == c.equivalent { String::new() } else { share(c.met, c.samples) }),
            of(&round.sampled, &|c| format!("{} of {}", c.solved, c.problems)),
            if round.round > 0 { round.kept.to_string() } else { String::new() },
            if round.round > 0 { round.pairs.to_string() } else { String::new() },
            losses,
            of(&round.measured, &|c| interval(c.type_checks, c.samples)),
            of(&round.measured, &|c| interval(c.equivalent, c.samples)),
            of(&round.measured, &|c| if c.met == c.equivalent { String::new() } else { interval(c.met, c.samples) }),
        ]);
    }
    // Columns that nothing stands in are left out.
    let shown: Vec<usize> =
        (0..lines[0].len()).filter(|at| lines[1..].iter().any(|line| !line[*at].is_empty())).collect();
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> = shown.iter().map(|at| format!("{:<1$}", line[*at], width(*at))).collect();
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::improve::Seconds;

    #[test]
    fn a_round_is_a_line_and_empty_columns_are_left_out() {
        let counts =
            Counts { problems: 10, samples: 40, type_checks: 20, equivalent: 8, met: 8, undecided: 0, solved: 5 };
        let round = Round {
            round: 1,
            asked: None,
            made: Some("a".into()),
            sampled: Some(counts),
            kept: 7,
            pairs: 3,
            trained_on: 7,
            tokens: 900,
            dev_before: Some(2.0),
            dev_loss: Some(1.5),
            measured: None,
            seconds: Seconds::default(),
        };
        let table = table(&[round]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("20 (50.0 %)") && lines[1].contains("5 of 10"), "{table}");
        assert!(lines[1].ends_with("2.0000 to 1.5000") && !lines[0].contains("eval"), "{table}");
    }
}
