//! BEq-core on the embedded engine: two texts in, what each says of the other out. Owns the order of the climb; the
//! scripts are `lean::equivalence`'s, the verdict is `domain`'s.
//!
//! Each text is elaborated where the other does not exist. What they state is taken as terms, and everything else
//! happens in the clean instance, in propositions the host declares: names, notations and macros of the texts are not
//! there. What counts as shown was accepted by Lean's kernel.

use super::check::{self, Outcome};
use super::elaborate::{self, Printed, Strictness};
use super::instance::{Failure, Instance};
use super::kernel::LeanKernel;
use super::snapshot::Snapshot;
use super::stated::{NoStatement, StatementText};
use super::warn::is_zero;
use super::worker::{Place, Worker};
use crate::domain::{
    Budget, Cause, Direction, EquivalenceReport, EquivalenceRequest, EquivalenceVerdict, LadderKind, Severity, Side,
};
use crate::lean::equivalence::{
    Attempt, Core, CoreDirection, EquivalenceLadder, Joined, Question, Statement, join, parts, questions, universes,
};
use crate::lean::kernel::{
    Declaration, Expr, ExprId, Hints, Kernel, Kind, Level, Name, NameId, Same, Telescope, Terms, replay, show_name,
};
use std::time::{Duration, Instant};

/// The rung of statements that are written the same.
const IDENTICAL: &str = "identical";

/// The rung of statements whose hypotheses say the same and whose conclusions say the same.
const PARTS: &str = "parts";

/// Attempts that are cheap enough to be made in both directions whatever comes of the first.
const CHEAP: usize = 1;

/// Compares two texts.
pub(super) fn compare(worker: &mut Worker, request: &EquivalenceRequest) -> EquivalenceReport {
    let mut comparison = Comparison {
        request,
        start: Instant::now(),
        report: EquivalenceReport::new(EquivalenceVerdict::NotShown, LadderKind::BeqCore, check::engine_id()),
    };
    let verdict = comparison.run(worker);
    let Comparison { mut report, start, .. } = comparison;
    report.verdict = verdict.unwrap_or_else(|verdict| verdict);
    report.wall = start.elapsed();
    report
}

/// One comparison in progress.
struct Comparison<'a> {
    request: &'a EquivalenceRequest,
    start: Instant,
    report: EquivalenceReport,
}

impl Comparison<'_> {
    fn run(&mut self, worker: &mut Worker) -> Result<EquivalenceVerdict, EquivalenceVerdict> {
        let header = self.request.header.as_deref().map(|h| h.replace("\r\n", "\n"));
        let header = header.as_deref().filter(|h| !h.trim().is_empty());
        let budget = self.remaining();
        let open = |worker: &mut Worker, side, text| {
            StatementText::open(worker, header, text, &budget).map_err(|why| none(side, why))
        };
        let texts = [open(worker, Side::A, &self.request.a)?, open(worker, Side::B, &self.request.b)?];
        let mut terms = Terms::default();
        let mut stated = Vec::new();
        for (side, text) in [Side::A, Side::B].into_iter().zip(&texts) {
            let (budget, spent) = (self.remaining(), &mut self.report.heartbeats);
            let of_text = text.stated(worker, &text.imports, std::mem::take(&mut terms), &budget, spent);
            let (grown, one) = of_text.map_err(|why| none(side, why))?;
            terms = grown;
            stated.push(one);
        }
        let [a, b] = &stated[..] else { return Err(undecided(Cause::EngineCrash, "a statement was lost".into())) };
        self.report.names = [a.name.clone(), b.name.clone()];

        let joined = join(&mut terms, (&a.constants, a.ty), (&b.constants, b.ty))
            .map_err(|words| undecided(Cause::Unsupported, words))?;
        let b_ty = joined.renaming.apply(&mut terms, b.ty);
        let pair = [a.ty, b_ty].map(|ty| Named::new(&mut terms, ty));
        let imports = texts.iter().flat_map(|t| t.imports.iter().cloned()).collect();
        if Same::new(&terms).first_difference(pair[0].ty, pair[1].ty).is_none() {
            let rung = || Direction::Shown { rung: IDENTICAL.into() };
            (self.report.a_to_b, self.report.b_to_a) = (rung(), rung());
            return Ok(EquivalenceVerdict::Equivalent);
        }
        let budget = self.remaining();
        let report = &mut self.report;
        let outcome = worker.with_instance(&imports, Place::Clean, &budget, |lean, snapshot| {
            climb(lean, snapshot, &mut terms, &joined, &pair, report)
        });
        let Outcome { result, heartbeats, .. } = outcome.map_err(|why| {
            let (cause, words) = why.into_parts();
            undecided(cause, words)
        })?;
        self.report.heartbeats += heartbeats;
        let so_far = EquivalenceVerdict::of(&self.report.a_to_b, &self.report.b_to_a);
        match result {
            Ok(Ok(())) => Ok(so_far),
            Ok(Err((cause, words))) => Err(undecided(cause, words)),
            // What was shown before the limit was met stays shown.
            Err(_) if so_far == EquivalenceVerdict::Equivalent => Ok(so_far),
            Err((cause, words)) => Err(undecided(cause, words)),
        }
    }

    /// The budget with what is left of the wall clock.
    fn remaining(&self) -> Budget {
        let left = self.request.budget.wall_clock.saturating_sub(self.start.elapsed());
        Budget { wall_clock: left.max(Duration::from_secs(1)), ..self.request.budget }
    }
}

fn undecided(cause: Cause, detail: String) -> EquivalenceVerdict {
    EquivalenceVerdict::Undecided { cause, detail }
}

fn none(side: Side, why: NoStatement) -> EquivalenceVerdict {
    match why {
        NoStatement::IllTyped(detail) => EquivalenceVerdict::IllTyped { side, detail },
        NoStatement::Undecided(cause, words) => undecided(cause, format!("statement {}: {words}", side.as_str())),
    }
}

/// A statement whose universe parameters have names that depend on nothing but the statement.
struct Named {
    ty: ExprId,
    universes: Vec<NameId>,
}

impl Named {
    fn new(terms: &mut Terms, ty: ExprId) -> Self {
        let telescope = Telescope::new(terms, ty);
        let own = universes(terms, &telescope);
        let names: Vec<NameId> = (1..=own.len()).map(|i| terms.name_of([format!("u{i}").as_str()])).collect();
        let plain = Statement { ty, telescope, is_hypothesis: vec![] };
        Named { ty: plain.renamed(terms, &own, &names).ty, universes: names }
    }
}

/// Climbs in both directions.
fn climb(
    lean: &mut Instance,
    snapshot: &Snapshot,
    terms: &mut Terms,
    joined: &Joined,
    pair: &[Named; 2],
    report: &mut EquivalenceReport,
) -> Result<Result<(), (Cause, String)>, Failure> {
    let mut kernel = LeanKernel::for_elaboration(lean, snapshot.environment)?;
    let mut roots = terms.constants_below(pair.iter().map(|p| p.ty));
    roots.retain(|name| joined.constants.contains_key(name));
    let replayed = replay(&mut kernel, terms, &joined.constants, &roots)?;
    if let Some((name, why)) = replayed.report.refused {
        return Ok(Err((Cause::Unsupported, format!("the kernel refuses `{name}`: {why}"))));
    }
    if let Some(limit) = replayed.limit {
        return Ok(Err(limit));
    }
    let mut statements = Vec::new();
    for Named { ty, .. } in pair {
        let telescope = Telescope::new(terms, *ty);
        let mut is_hypothesis = Vec::new();
        for at in 0..telescope.binders.len() {
            let ty = telescope.type_of(terms, at);
            is_hypothesis.push(kernel.sort_of(terms, ty, at)?.is_some_and(|level| is_zero(terms, level)));
        }
        statements.push(Statement { ty: *ty, telescope, is_hypothesis });
    }
    let universes = pair.iter().map(|p| &p.universes).max_by_key(|u| u.len()).cloned().unwrap_or_default();
    let mentioned: Vec<String> =
        terms.constants_below(pair.iter().map(|p| p.ty)).iter().map(|name| show_name(terms, *name)).collect();
    let definitions = [vec![], vec![]];
    let mut ladder = Climb { kernel, terms, universes, mentioned, definitions, declared: 0, limited: false };
    ladder.definitions = ladder.worth_unfolding(joined, pair)?;
    let mut ways = [vec![], vec![]];
    for (way, base, goal) in [(0, 0, 1), (1, 1, 0)] {
        for question in questions(ladder.terms, &statements[base], &statements[goal]) {
            match ladder.declare(&question)? {
                Ok(direction) => ways[way].push(direction),
                Err(limit) => return Ok(Err(limit)),
            }
        }
    }
    let found = ladder.both(&ways, [&mut report.a_to_b, &mut report.b_to_a]);
    report.limited |= ladder.limited;
    found?;
    let verdict = EquivalenceVerdict::of(&report.a_to_b, &report.b_to_a);
    if matches!(verdict, EquivalenceVerdict::BothProvable | EquivalenceVerdict::BothRefutable)
        && ladder.in_parts([&statements[0], &statements[1]])?
    {
        let rung = || Direction::Shown { rung: PARTS.into() };
        (report.a_to_b, report.b_to_a) = (rung(), rung());
    }
    report.limited |= ladder.limited;
    Ok(Ok(()))
}

/// A climb in the clean instance.
struct Climb<'a, 'b> {
    kernel: LeanKernel<'a>,
    terms: &'b mut Terms,
    universes: Vec<NameId>,
    /// The constants in the statements.
    mentioned: Vec<String>,
    /// Worth unfolding: by tactics that go on from there, and by a simplification that does nothing else.
    definitions: [Vec<String>; 2],
    /// Propositions declared so far.
    declared: usize,
    /// True if an attempt met its limit.
    limited: bool,
}

impl Climb<'_, '_> {
    /// Declares the propositions of a question.
    fn declare(&mut self, question: &Question) -> Result<Result<CoreDirection, (Cause, String)>, Failure> {
        let mut names = Vec::new();
        for value in [question.proposition, question.absurdity] {
            let name = format!("_afcheck_{}", self.declared);
            self.declared += 1;
            let prop = self.terms.level(Level::Zero);
            let declaration = Declaration::Definition {
                name: self.terms.name_of([name.as_str()]),
                params: self.universes.clone(),
                ty: self.terms.expr(Expr::Sort(prop)),
                value,
                hints: Hints::Abbreviation,
            };
            if let Err(refused) = self.kernel.add(self.terms, &declaration)? {
                let words = format!("the kernel refuses the statements put together: {refused:?}");
                return Ok(Err((Cause::Unsupported, words)));
            }
            names.push(name);
        }
        let absurdity = names.pop().unwrap_or_default();
        Ok(Ok(CoreDirection {
            proposition: names.pop().unwrap_or_default(),
            absurdity,
            universes: self.universes.iter().map(|u| show_name(self.terms, *u)).collect(),
            data: question.data,
            mentioned: self.mentioned.clone(),
            definitions: self.definitions[0].clone(),
            unfolded: self.definitions[1].clone(),
        }))
    }

    /// Climbs in both directions, in every way there is to understand each. Dear rungs are climbed only as long as the
    /// statements may still turn out equivalent.
    fn both(&mut self, ways: &[Vec<CoreDirection>; 2], found: [&mut Direction; 2]) -> Result<(), Failure> {
        let environment = self.kernel.elaborator_environment()?;
        for rungs in [0..CHEAP, CHEAP..usize::MAX] {
            for (ways, direction) in ways.iter().zip(0..2) {
                if found[direction].holds()
                    || *found[1 - direction] == Direction::NotShown && rungs.start > 0 && direction == 1
                {
                    continue;
                }
                *found[direction] = Direction::NotShown;
                for way in ways {
                    *found[direction] = self.direction(environment, way, rungs.clone())?;
                    if found[direction].holds() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// The first rung of these that proves the goal from the base, and what that is worth.
    fn direction(
        &mut self,
        environment: u32,
        way: &CoreDirection,
        rungs: std::ops::Range<usize>,
    ) -> Result<Direction, Failure> {
        let mut trivial = None;
        for (i, attempt) in Core.attempts(way).iter().enumerate() {
            let is_due = if trivial.is_none() { rungs.contains(&i) && !attempt.rescues } else { attempt.rescues };
            if !is_due {
                continue;
            }
            let Some(rung) = self.rung(environment, attempt)? else { continue };
            let rung = rung.to_owned();
            if let Some(alone) = Core.alone(way, &rung)
                && self.rung(environment, &alone)?.is_some()
            {
                trivial.get_or_insert(Direction::GoalAlone { rung });
                continue;
            }
            if let Some(absurd) = Core.absurd(way, &rung)
                && self.rung(environment, &absurd)?.is_some()
            {
                trivial.get_or_insert(Direction::BaseAbsurd { rung });
                continue;
            }
            return Ok(Direction::Shown { rung });
        }
        Ok(trivial.unwrap_or(Direction::NotShown))
    }

    /// True if the hypotheses follow from each other without the conclusions, and the conclusions without the hypotheses:
    /// then the statements say the same even where both are true.
    fn in_parts(&mut self, [a, b]: [&Statement; 2]) -> Result<bool, Failure> {
        let mut ways = Vec::new();
        for (base, goal) in [(a, b), (b, a)] {
            let Some(questions) = parts(self.terms, base, goal) else { return Ok(false) };
            for question in &questions {
                let Ok(way) = self.declare(question)? else { return Ok(false) };
                ways.push(way);
            }
        }
        let environment = self.kernel.elaborator_environment()?;
        // The conclusions first: two true statements of the same hypotheses are the common case.
        for at in [1, 3, 0, 2] {
            if !matches!(self.direction(environment, &ways[at], 0..usize::MAX)?, Direction::Shown { .. }) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which rung of an attempt succeeds.
    fn rung(&mut self, environment: u32, attempt: &Attempt) -> Result<Option<&'static str>, Failure> {
        let lean = &mut *self.kernel.lean;
        let before = lean.heartbeats_left();
        let mut text = elaborate::open_text(lean, &attempt.text)?;
        text.printed = Printed::Nothing;
        let state = elaborate::start_state(lean, environment, Strictness::Trusted)?;
        let (mut clean, mut lines) = (true, Vec::new());
        elaborate::run(lean, &text, state, &mut |command| {
            clean &= command.escaped.is_none();
            for message in command.parse_messages.iter().chain(&command.messages) {
                match message.severity {
                    Severity::Info => lines.push(message.start.0),
                    Severity::Warning => {}
                    Severity::Error => clean = false,
                }
            }
        })?;
        let spent = before - lean.heartbeats_left();
        self.limited |= !clean && spent >= attempt.limit();
        let rung = attempt.rungs.iter().find(|(_, line)| lines.contains(line)).map(|(rung, _)| *rung);
        Ok(rung.filter(|_| clean))
    }

    /// Definitions worth unfolding: those of the texts and those of libraries that one statement mentions and the other
    /// does not, with the library definitions in their values; and what makes equations of library types elementwise.
    fn worth_unfolding(&mut self, joined: &Joined, pair: &[Named; 2]) -> Result<[Vec<String>; 2], Failure> {
        let [a, b] = [0, 1].map(|i| self.terms.constants_below([pair[i].ty]));
        let differ = a.iter().filter(|n| !b.contains(n)).chain(b.iter().filter(|n| !a.contains(n)));
        let mut pending: Vec<NameId> = differ.copied().filter(|n| !joined.constants.contains_key(n)).collect();
        let mut plain: Vec<NameId> = joined.definitions.clone();
        let first = pending.clone();
        let mut names: Vec<NameId> = joined.definitions.clone();
        let mut seen: Vec<NameId> = vec![];
        let mut methods = Vec::new();
        while let Some(name) = pending.pop() {
            if seen.contains(&name) || seen.len() > MOST_LOOKED_AT {
                continue;
            }
            seen.push(name);
            let shown = show_name(self.terms, name);
            if METHODS.contains(&shown.as_str()) {
                methods.push(name);
                continue;
            }
            if ELEMENTARY.contains(&shown.as_str()) {
                continue;
            }
            let is_of_library = self.kernel.is_of_library_source(self.terms, name)?;
            let Some(constant) = self.kernel.constant(self.terms, name)? else { continue };
            let Kind::Definition { value, .. } = constant.kind else { continue };
            if is_of_library || is_predicate(self.terms, constant.signature.ty) {
                names.push(name);
            }
            if is_of_library && first.contains(&name) {
                plain.push(name);
            }
            if is_of_library {
                pending.extend(self.terms.constants_below([value]));
            }
        }
        if names.is_empty() {
            return Ok([vec![], vec![]]);
        }
        names.extend(methods);
        for name in a.iter().chain(&b) {
            let elementwise = self.terms.name(Name::Str(*name, "ext_iff".into()));
            if !names.contains(&elementwise) && self.kernel.has(self.terms, elementwise)? {
                names.push(elementwise);
            }
        }
        Ok([plain, names].map(|names| names.into_iter().map(|name| show_name(self.terms, name)).collect()))
    }
}

/// True if values of this type are propositions, or functions to such.
fn is_predicate(terms: &Terms, ty: ExprId) -> bool {
    let Expr::Sort(level) = terms.get(Telescope::new(terms, ty).conclusion) else { return false };
    matches!(terms.get_level(*level), Level::Zero)
}

/// Constants that are looked at for what to unfold.
const MOST_LOOKED_AT: usize = 60;

/// Methods of core classes whose instances in libraries say what they mean.
const METHODS: [&str; 9] = [
    "Membership.mem",
    "Union.union",
    "Inter.inter",
    "HasSubset.Subset",
    "HasSSubset.SSubset",
    "SDiff.sdiff",
    "EmptyCollection.emptyCollection",
    "Insert.insert",
    "Singleton.singleton",
];

/// Definitions that every tactic knows.
const ELEMENTARY: [&str; 8] = ["Ne", "Not", "Iff", "GT.gt", "GE.ge", "And", "Or", "Exists"];
