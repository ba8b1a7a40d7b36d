//! Reports and requests as data. Owns a mirror of the domain's types with names that serde can read and write (the
//! domain has no serialisation on purpose). A field the domain gains does not compile until it is listed here; the
//! sources of the domain are part of every key, so what was kept without it is never found again.

use crate::domain::{
    AxiomPolicy, Budget, Cause, CheckReport, CheckRequest, Direction, EngineId, Equality, EquivalenceReport,
    EquivalenceRequest, EquivalenceVerdict, LadderKind, Message, Mismatch, Mode, Parts, Reason, ReplayReport, Rung,
    Severity, Side, Target, TargetReport, Verdict, Warning, WarningKind,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// A type with a form on disk.
pub trait Mirror: Sized {
    type Form: Serialize + DeserializeOwned;
    fn form(&self) -> Self::Form;
    fn of(form: Self::Form) -> Result<Self, String>;
}

/// Types that are their own form.
macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Mirror for $type {
            type Form = $type;
            fn form(&self) -> $type { self.clone() }
            fn of(form: $type) -> Result<Self, String> { Ok(form) }
        }
    )*};
}

/// Enumerations, by the stable names they have anyway.
macro_rules! named {
    ($($type:ty: $all:expr;)*) => {$(
        impl Mirror for $type {
            type Form = String;
            fn form(&self) -> String { self.as_str().to_owned() }
            fn of(form: String) -> Result<Self, String> {
                let found = $all.iter().find(|value| value.as_str() == form);
                found.copied().ok_or_else(|| format!("unknown {} `{form}`", stringify!($type)))
            }
        }
    )*};
}

/// Structures, field by field.
macro_rules! fields {
    ($($type:ident as $form:ident { $($field:ident: $of:ty),* $(,)? })*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $form { $($field: <$of as Mirror>::Form),* }
        impl Mirror for $type {
            type Form = $form;
            fn form(&self) -> $form {
                let $type { $($field),* } = self;
                $form { $($field: $field.form()),* }
            }
            fn of(form: $form) -> Result<Self, String> {
                let $form { $($field),* } = form;
                Ok($type { $($field: Mirror::of($field)?),* })
            }
        }
    )*};
}

plain!(String, bool, u32, u64, BTreeSet<String>, Duration, [String; 2]);

named! {
    Mode: [Mode::Statement, Mode::Proof, Mode::Auto];
    Rung: Rung::ALL;
    Reason: Reason::ALL;
    Cause: Cause::ALL;
    WarningKind: WarningKind::ALL;
    Severity: [Severity::Info, Severity::Warning, Severity::Error];
    Equality: [Equality::Syntactic, Equality::Definitional];
    Side: [Side::A, Side::B];
    LadderKind: [LadderKind::BeqCore, LadderKind::BeqPlus];
}

fields! {
    CheckReport as ReportForm {
        verdict: Verdict,
        mode: Mode,
        required: Rung,
        messages: Vec<Message>,
        axioms: Vec<String>,
        declarations: Vec<String>,
        replay: Option<ReplayReport>,
        target: Option<TargetReport>,
        warnings: Vec<Warning>,
        heartbeats: u64,
        wall: Duration,
        parts: Parts,
        memory: u64,
        engine: EngineId,
        caveats: Vec<String>,
    }
    Message as MessageForm {
        severity: Severity,
        line: u32,
        column: u32,
        offset: usize,
        end: Option<(u32, u32, usize)>,
        text: String,
        in_header: bool,
    }
    Parts as PartsForm { elaboration: Duration, target: Duration, replay: Duration, warnings: Duration }
    TargetReport as TargetReportForm {
        name: String,
        equality: Option<Equality>,
        mismatch: Option<Mismatch>,
        other_name: Option<String>,
        holes: Vec<(String, String)>,
    }
    Mismatch as MismatchForm { constant: String, difference: String, expected: String, found: String }
    ReplayReport as ReplayForm {
        theorems: u32,
        definitions: u32,
        opaques: u32,
        inductives: u32,
        axioms: u32,
        skipped: u32,
        heartbeats: u64,
        refused: Option<(String, String)>,
    }
    Warning as WarningForm { kind: WarningKind, declaration: String, detail: String }
    CheckRequest as RequestForm {
        header: Option<String>,
        code: String,
        target: Option<Target>,
        mode: Mode,
        is_proof: Option<bool>,
        require: Option<Rung>,
        budget: Budget,
        axioms: AxiomPolicy,
        warnings: bool,
        engine: Option<String>,
    }
    Target as TargetForm { text: String, header: Option<String>, name: Option<String> }
    Budget as BudgetForm { heartbeats: u64, wall_clock: Duration, memory: u64 }
    AxiomPolicy as AxiomForm { permitted: BTreeSet<String> }
    EquivalenceReport as EquivalenceReportForm {
        verdict: EquivalenceVerdict,
        ladder: LadderKind,
        a_to_b: Direction,
        b_to_a: Direction,
        limited: bool,
        names: [String; 2],
        heartbeats: u64,
        wall: Duration,
        engine: EngineId,
    }
    EquivalenceRequest as EquivalenceRequestForm { header: Option<String>, a: String, b: String, budget: Budget }
}

impl Mirror for usize {
    type Form = u64;
    fn form(&self) -> u64 {
        *self as u64
    }
    fn of(form: u64) -> Result<Self, String> {
        form.try_into().map_err(|_| format!("{form} is too large for this machine"))
    }
}

impl<T: Mirror> Mirror for Option<T> {
    type Form = Option<T::Form>;
    fn form(&self) -> Self::Form {
        self.as_ref().map(T::form)
    }
    fn of(form: Self::Form) -> Result<Self, String> {
        form.map(T::of).transpose()
    }
}

impl<T: Mirror> Mirror for Vec<T> {
    type Form = Vec<T::Form>;
    fn form(&self) -> Self::Form {
        self.iter().map(T::form).collect()
    }
    fn of(form: Self::Form) -> Result<Self, String> {
        form.into_iter().map(T::of).collect()
    }
}

impl<A: Mirror, B: Mirror> Mirror for (A, B) {
    type Form = (A::Form, B::Form);
    fn form(&self) -> Self::Form {
        (self.0.form(), self.1.form())
    }
    fn of((a, b): Self::Form) -> Result<Self, String> {
        Ok((A::of(a)?, B::of(b)?))
    }
}

impl<A: Mirror, B: Mirror, C: Mirror> Mirror for (A, B, C) {
    type Form = (A::Form, B::Form, C::Form);
    fn form(&self) -> Self::Form {
        (self.0.form(), self.1.form(), self.2.form())
    }
    fn of((a, b, c): Self::Form) -> Result<Self, String> {
        Ok((A::of(a)?, B::of(b)?, C::of(c)?))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case", deny_unknown_fields)]
pub enum VerdictForm {
    Accepted { level: String },
    Rejected { stage: String, reason: String },
    Undecided { cause: String, detail: String },
}

impl Mirror for Verdict {
    type Form = VerdictForm;
    fn form(&self) -> VerdictForm {
        match self {
            Verdict::Accepted { level } => VerdictForm::Accepted { level: level.form() },
            Verdict::Rejected { stage, reason } => VerdictForm::Rejected { stage: stage.form(), reason: reason.form() },
            Verdict::Undecided { cause, detail } => {
                VerdictForm::Undecided { cause: cause.form(), detail: detail.clone() }
            }
        }
    }
    fn of(form: VerdictForm) -> Result<Self, String> {
        Ok(match form {
            VerdictForm::Accepted { level } => Verdict::Accepted { level: Rung::of(level)? },
            VerdictForm::Rejected { stage, reason } => {
                Verdict::Rejected { stage: Rung::of(stage)?, reason: Reason::of(reason)? }
            }
            VerdictForm::Undecided { cause, detail } => Verdict::Undecided { cause: Cause::of(cause)?, detail },
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum DirectionForm {
    Shown { rung: String },
    GoalAlone { rung: String },
    BaseAbsurd { rung: String },
    NotShown,
    NotTried,
}

impl Mirror for Direction {
    type Form = DirectionForm;
    fn form(&self) -> DirectionForm {
        match self.clone() {
            Direction::Shown { rung } => DirectionForm::Shown { rung },
            Direction::GoalAlone { rung } => DirectionForm::GoalAlone { rung },
            Direction::BaseAbsurd { rung } => DirectionForm::BaseAbsurd { rung },
            Direction::NotShown => DirectionForm::NotShown,
            Direction::NotTried => DirectionForm::NotTried,
        }
    }
    fn of(form: DirectionForm) -> Result<Self, String> {
        Ok(match form {
            DirectionForm::Shown { rung } => Direction::Shown { rung },
            DirectionForm::GoalAlone { rung } => Direction::GoalAlone { rung },
            DirectionForm::BaseAbsurd { rung } => Direction::BaseAbsurd { rung },
            DirectionForm::NotShown => Direction::NotShown,
            DirectionForm::NotTried => Direction::NotTried,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case", deny_unknown_fields)]
pub enum EquivalenceForm {
    Equivalent,
    AImpliesBOnly,
    BImpliesAOnly,
    BothProvable,
    BothRefutable,
    NotShown,
    IllTyped { side: String, detail: String },
    Undecided { cause: String, detail: String },
}

impl Mirror for EquivalenceVerdict {
    type Form = EquivalenceForm;
    fn form(&self) -> EquivalenceForm {
        use EquivalenceVerdict as V;
        match self {
            V::Equivalent => EquivalenceForm::Equivalent,
            V::AImpliesBOnly => EquivalenceForm::AImpliesBOnly,
            V::BImpliesAOnly => EquivalenceForm::BImpliesAOnly,
            V::BothProvable => EquivalenceForm::BothProvable,
            V::BothRefutable => EquivalenceForm::BothRefutable,
            V::NotShown => EquivalenceForm::NotShown,
            V::IllTyped { side, detail } => EquivalenceForm::IllTyped { side: side.form(), detail: detail.clone() },
            V::Undecided { cause, detail } => {
                EquivalenceForm::Undecided { cause: cause.form(), detail: detail.clone() }
            }
        }
    }
    fn of(form: EquivalenceForm) -> Result<Self, String> {
        use EquivalenceVerdict as V;
        Ok(match form {
            EquivalenceForm::Equivalent => V::Equivalent,
            EquivalenceForm::AImpliesBOnly => V::AImpliesBOnly,
            EquivalenceForm::BImpliesAOnly => V::BImpliesAOnly,
            EquivalenceForm::BothProvable => V::BothProvable,
            EquivalenceForm::BothRefutable => V::BothRefutable,
            EquivalenceForm::NotShown => V::NotShown,
            EquivalenceForm::IllTyped { side, detail } => V::IllTyped { side: Side::of(side)?, detail },
            EquivalenceForm::Undecided { cause, detail } => V::Undecided { cause: Cause::of(cause)?, detail },
        })
    }
}

/// Kinds of engines: the domain keeps them as names of the program itself.
const KINDS: [&str; 4] = ["embedded", "lake", "nats", "scripted"];

impl Mirror for EngineId {
    type Form = (String, String, String);
    fn form(&self) -> Self::Form {
        let EngineId { lean, commit, kind } = self;
        (lean.clone(), commit.clone(), (*kind).to_owned())
    }
    fn of((lean, commit, kind): Self::Form) -> Result<Self, String> {
        let known = KINDS.iter().find(|known| **known == kind);
        Ok(EngineId { lean, commit, kind: known.ok_or_else(|| format!("unknown kind of engine `{kind}`"))? })
    }
}
