//! Reports and requests survive being kept, whatever they say.

use super::*;
use crate::domain::{
    Direction, Equality, EquivalenceVerdict, Message, Mismatch, Parts, ReplayReport, Side, Target, TargetReport,
    Warning, WarningKind,
};
use crate::store::pack::{pack, unpack};
use std::time::Duration;

const HOSTILE: [&str; 6] = [
    "",
    "\u{0}\r\n\t\"\\",
    "\u{1b}[31m ∀ x, 𝔽 \u{202e}",
    "{\"verdict\":\"accepted\"}",
    "é\u{301}",
    "\u{fffd}\u{10ffff}",
];

/// A report in which no field is what it is by default.
fn full(text: &str, verdict: Verdict) -> CheckReport {
    let t = || text.to_owned();
    let message = |severity, end| Message {
        severity,
        line: 1,
        column: u32::MAX,
        offset: usize::MAX,
        end,
        text: t(),
        in_header: true,
    };
    CheckReport {
        verdict,
        mode: Mode::Statement,
        required: Rung::Target,
        messages: vec![message(Severity::Error, Some((2, 3, 4))), message(Severity::Info, None)],
        axioms: vec![t(), "b".into()],
        declarations: vec![t()],
        replay: Some(ReplayReport {
            theorems: 1,
            definitions: 2,
            opaques: 3,
            inductives: 4,
            axioms: 5,
            skipped: 6,
            heartbeats: u64::MAX,
            refused: Some((t(), t())),
        }),
        target: Some(TargetReport {
            name: t(),
            equality: Some(Equality::Definitional),
            mismatch: Some(Mismatch { constant: t(), difference: t(), expected: t(), found: t() }),
            other_name: Some(t()),
            holes: vec![(t(), t())],
        }),
        warnings: WarningKind::ALL.iter().map(|k| Warning { kind: *k, declaration: t(), detail: t() }).collect(),
        heartbeats: 7,
        wall: Duration::new(3, 999_999_999),
        parts: Parts {
            elaboration: Duration::from_nanos(1),
            target: Duration::from_nanos(2),
            replay: Duration::from_nanos(3),
            warnings: Duration::from_nanos(4),
        },
        memory: u64::MAX,
        caveats: vec!["c".into()],
        engine: EngineId { lean: t(), commit: t(), kind: "lake" },
    }
}

#[test]
fn every_field_of_a_report_survives() {
    let mut verdicts: Vec<Verdict> = Rung::ALL.iter().map(|level| Verdict::Accepted { level: *level }).collect();
    verdicts.extend(Reason::ALL.iter().map(|reason| Verdict::Rejected { stage: Rung::NoSorry, reason: *reason }));
    verdicts
        .extend(Cause::ALL.iter().map(|cause| Verdict::Undecided { cause: *cause, detail: HOSTILE.concat().clone() }));
    for verdict in verdicts {
        let report = full("x", verdict);
        assert_eq!(format!("{:?}", Packed::new(&report).answer::<CheckReport>().unwrap()), format!("{report:?}"));
    }
    for text in HOSTILE {
        let report = full(text, Verdict::Accepted { level: Rung::Parsed });
        assert_eq!(format!("{:?}", Packed::new(&report).answer::<CheckReport>().unwrap()), format!("{report:?}"));
    }
}

#[test]
fn every_field_of_a_request_survives() {
    for text in HOSTILE {
        let mut full = request(text);
        full.header = Some(text.into());
        full.target = Some(Target { text: text.into(), header: Some(text.into()), name: Some(text.into()) });
        full.mode = Mode::Statement;
        full.is_proof = Some(false);
        full.require = Some(Rung::Replay);
        full.budget = Budget { heartbeats: 1, wall_clock: Duration::new(2, 3), memory: 4 };
        full.axioms.permitted.insert(text.into());
        full.warnings = false;
        assert_eq!(format!("{:?}", unpack::<CheckRequest>(&pack(&full)).unwrap()), format!("{full:?}"));
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let good = pack(&request("a"));
    for bad in [&b""[..], b"abc", &good[..good.len() - 1], &[255; 40], &[good.clone(), vec![0]].concat()[4..]] {
        assert!(unpack::<CheckRequest>(bad).is_err());
    }
    assert!(unpack::<CheckReport>(&good).is_err(), "a request is no report");
}

#[test]
fn every_field_of_a_comparison_survives() {
    use EquivalenceVerdict::{
        AImpliesBOnly, BImpliesAOnly, BothProvable, BothRefutable, Equivalent, IllTyped, NotShown, Undecided,
    };
    for text in HOSTILE {
        let t = || text.to_owned();
        let mut verdicts = vec![Equivalent, AImpliesBOnly, BImpliesAOnly, BothProvable, BothRefutable, NotShown];
        verdicts.extend([Side::A, Side::B].map(|side| IllTyped { side, detail: t() }));
        verdicts.extend(Cause::ALL.iter().map(|cause| Undecided { cause: *cause, detail: t() }));
        let directions = [
            Direction::Shown { rung: t() },
            Direction::GoalAlone { rung: t() },
            Direction::BaseAbsurd { rung: t() },
            Direction::NotShown,
            Direction::NotTried,
        ];
        for (i, verdict) in verdicts.into_iter().enumerate() {
            let full = EquivalenceReport {
                verdict,
                ladder: if i % 2 == 0 { LadderKind::BeqPlus } else { LadderKind::BeqCore },
                a_to_b: directions[i % 5].clone(),
                b_to_a: directions[(i + 1) % 5].clone(),
                limited: true,
                names: [t(), "b".into()],
                heartbeats: u64::MAX,
                wall: Duration::new(3, 999_999_999),
                engine: EngineId { lean: t(), commit: t(), kind: "lake" },
            };
            assert_eq!(format!("{:?}", Packed::new(&full).answer::<EquivalenceReport>().unwrap()), format!("{full:?}"));
        }
        let budget = Budget { heartbeats: 1, wall_clock: Duration::new(2, 3), memory: 4 };
        let full = EquivalenceRequest { header: Some(t()), a: t(), b: "b".into(), budget };
        assert_eq!(format!("{:?}", unpack::<EquivalenceRequest>(&pack(&full)).unwrap()), format!("{full:?}"));
    }
}
