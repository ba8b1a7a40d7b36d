//! Beyond compilation: takes what a candidate declared out of its instance, has the kernel check it again in a clean one,
//! and compares it with the target. Owns the order of these steps.
//!
//! Nothing of the elaborator that the candidate could influence takes part: from its instance come terms, read by the
//! host; everything else happens in an instance that never saw the text.

use super::audit::{Entry, Walk};
use super::elaborate::EXAMPLE_NAME;
use super::export::{Export, Unreadable};
use super::instance::{Failure, Instance};
use super::kernel::LeanKernel;
use super::print::print;
use super::snapshot::Snapshot;
use super::target::TargetFacts;
use crate::domain::{Cause, Mismatch, ReplayReport, TargetReport};
use crate::lean::kernel::{
    Constant, Constants, Foundations, Kind, Name, NameId, Refused, Same, Terms, compare_target, foundations,
    repeats_the_question, replay, show_name,
};
use indexmap::IndexSet;
use std::collections::HashSet;

/// What a candidate declared.
#[derive(Default)]
pub struct Taken {
    pub terms: Terms,
    /// Everything its environment has beyond the imports.
    pub constants: Constants,
    /// What must hold: everything but what only the header declares. In the order of their names.
    pub roots: Vec<NameId>,
    /// For each example what its environment has beside or instead of `constants`, and the definition that stands for
    /// the example.
    pub examples: Vec<(Constants, NameId)>,
    /// A constant that cannot be read, and why.
    pub malformed: Option<(String, String)>,
    pub too_large: bool,
}

impl Taken {
    /// What everything that must hold rests on.
    pub fn foundations(&self) -> Foundations {
        // What is unsafe has no meaning in the logic, and nothing else can use it.
        let is_safe = |name: &NameId| !self.constants.get(name).is_some_and(Constant::is_unsafe);
        let roots: Vec<NameId> = self.all_roots().into_iter().filter(is_safe).collect();
        let mut all = foundations(&self.terms, &self.constants, &roots);
        for (own, example) in &self.examples {
            let found = match own_is_new(own, &self.constants) {
                // The rest is below the roots.
                true => Foundations { library: vec![], ..foundations(&self.terms, own, &[*example]) },
                false => foundations(&self.terms, &overlaid(&self.constants, own), &[*example]),
            };
            all.axioms.extend(found.axioms);
            all.library.extend(found.library);
        }
        all
    }

    /// The roots, and what the examples rest on outside their own constants: of the header's, and of the library's.
    fn all_roots(&self) -> Vec<NameId> {
        let mut roots: IndexSet<NameId> = self.roots.iter().copied().collect();
        for (own, example) in &self.examples {
            if own_is_new(own, &self.constants) {
                roots.extend(foundations(&self.terms, own, &[*example]).library);
            }
        }
        roots.into_iter().collect()
    }

    /// True if a theorem was declared that is not one of the elaborator's own (those have a component that begins with
    /// `_`, or are equations).
    pub fn has_theorem(&self) -> bool {
        let is_theorem = |name: &NameId| matches!(self.constants[name].kind, Kind::Theorem { .. });
        self.roots.iter().filter(|name| is_theorem(name)).any(|name| {
            let text = show_name(&self.terms, *name);
            // What stands behind this component are macro scopes, not parts of the name.
            let text = text.split(".«_@»").next().unwrap_or_default();
            let last = text.rsplit('.').next().unwrap_or_default();
            !(text.split('.').any(|part| part.starts_with('_')) || last.starts_with("eq_") || last.ends_with("_spec"))
        })
    }

    /// True if what a text calls `name` (components between zero bytes) is among the constants, public or private.
    pub fn declares(&mut self, name: &str) -> bool {
        let constants = std::mem::take(&mut self.constants);
        let declared = self.declared(&constants, name).is_some();
        self.constants = constants;
        declared
    }

    /// What a text calls `name` (components between zero bytes) among `constants`, public or private.
    pub fn declared(&mut self, constants: &Constants, name: &str) -> Option<NameId> {
        let public = self.terms.name_of(name.split('\u{0}'));
        let module = self.terms.name_of(["_private", "_stdin"]);
        let mut private = self.terms.name(Name::Num(module, 0));
        for component in name.split('\u{0}') {
            private = self.terms.name(Name::Str(private, component.into()));
        }
        [public, private].into_iter().find(|name| constants.contains_key(name))
    }

    /// Set if something was declared that is not among the constants, because it cannot be read.
    pub fn unread(&self) -> Option<(Cause, String)> {
        if self.too_large {
            return Some((Cause::Memory, "the declarations are too large to be read".into()));
        }
        let (name, why) = self.malformed.as_ref()?;
        Some((Cause::Unsupported, format!("`{name}` cannot be read: {why}")))
    }

    /// Reads the constants of `environment`, and those of `examples`. `base` are names of what the imports and the header
    /// declare.
    pub fn read(
        terms: Terms,
        lean: &mut Instance,
        environment: u32,
        examples: &[u32],
        snapshot: &Snapshot,
        base: &HashSet<u32>,
    ) -> Result<Taken, Failure> {
        let mut taken = Taken { terms, ..Taken::default() };
        let (mut export, mut walk) = (Export::default(), Walk::default());
        let entries = walk.added(lean, environment)?;
        walk.know(&entries);
        let (roots, constants) = taken.constants_of(lean, entries, snapshot, &mut export)?;
        taken.constants = constants;
        let mut roots: Vec<(String, NameId)> = roots
            .into_iter()
            .filter(|(object, _)| !base.contains(object))
            .map(|(_, name)| (show_name(&taken.terms, name), name))
            .collect();
        roots.sort();
        taken.roots = roots.into_iter().map(|(_, name)| name).collect();
        let example = taken.terms.name_of([EXAMPLE_NAME]);
        for environment in examples {
            let entries = walk.added(lean, *environment)?;
            let (_, mut own) = taken.constants_of(lean, entries, snapshot, &mut export)?;
            own.retain(|name, constant| taken.constants.get(name) != Some(constant));
            taken.examples.push((own, example));
        }
        Ok(taken)
    }

    /// The constants of these entries by name, and the names with their objects.
    fn constants_of(
        &mut self,
        lean: &mut Instance,
        entries: Vec<Entry>,
        snapshot: &Snapshot,
        export: &mut Export,
    ) -> Result<(Vec<(u32, NameId)>, Constants), Failure> {
        let (mut names, mut constants) = (Vec::new(), Constants::new());
        for (object, info) in entries {
            if snapshot.base_constants.contains(&object) {
                continue;
            }
            let read = export
                .name(lean, &mut self.terms, object)
                .and_then(|name| Ok((name, export.constant(lean, &mut self.terms, info)?)));
            match read {
                Ok((name, constant)) if constant.signature.name == name => {
                    names.push((object, name));
                    constants.insert(name, constant);
                }
                Ok(_) => self.malformed = Some((lean.read_name(object)?, "it stands under another name".into())),
                Err(Unreadable::Malformed(why)) => self.malformed = Some((lean.read_name(object)?, why.into())),
                Err(Unreadable::TooLarge) => self.too_large = true,
                Err(Unreadable::Broken(failure)) => return Err(failure),
            }
        }
        Ok((names, constants))
    }
}

/// What was found out in the clean instance.
#[derive(Default)]
pub struct Found {
    pub replay: ReplayReport,
    pub target: Option<TargetReport>,
    /// Holes whose answer repeats the question.
    pub trivial_holes: Vec<String>,
    /// Set if a limit kept something from being found out.
    pub limit: Option<(Cause, String)>,
}

/// Checks what was taken again, and compares it with the target.
pub fn examine(
    lean: &mut Instance,
    snapshot: &Snapshot,
    taken: &mut Taken,
    target: Option<&TargetFacts>,
    found: &mut Found,
) -> Result<(), Failure> {
    if taken.too_large {
        found.limit = Some((Cause::Memory, "the declarations are too large to be checked again".into()));
        return Ok(());
    }
    if let Some(refused) = &taken.malformed {
        found.replay.refused = Some(refused.clone());
        return Ok(());
    }
    let mut kernel = LeanKernel::new(lean, snapshot.environment)?;
    let imports = kernel.environment;
    let roots = taken.all_roots();
    if !again(&mut kernel, &mut taken.terms, &taken.constants, &roots, found)? {
        return Ok(());
    }
    let declared = kernel.environment;
    for (own, example) in &taken.examples {
        // What an example rests on was checked above, unless a later command declared something else of that name.
        let whole;
        let constants = if own_is_new(own, &taken.constants) {
            kernel.environment = declared;
            own
        } else {
            kernel.environment = imports;
            whole = overlaid(&taken.constants, own);
            &whole
        };
        if !again(&mut kernel, &mut taken.terms, constants, &[*example], found)? {
            return Ok(());
        }
    }
    kernel.environment = declared;
    if let Some(target) = target {
        found.target = Some(compare(&mut kernel, taken, target, found)?);
    }
    Ok(())
}

/// `main` with what `own` has beside or instead of it.
pub fn overlaid(main: &Constants, own: &Constants) -> Constants {
    main.iter().chain(own).map(|(name, constant)| (*name, constant.clone())).collect()
}

/// True if nothing of `main` has another meaning in `own`.
fn own_is_new(own: &Constants, main: &Constants) -> bool {
    own.keys().all(|name| !main.contains_key(name))
}

/// One replay; `false` if it did not get through.
fn again(
    kernel: &mut LeanKernel<'_>,
    terms: &mut Terms,
    constants: &Constants,
    roots: &[NameId],
    found: &mut Found,
) -> Result<bool, Failure> {
    let replayed = replay(kernel, terms, constants, roots)?;
    let (sum, new) = (&mut found.replay, replayed.report);
    sum.theorems += new.theorems;
    sum.definitions += new.definitions;
    sum.opaques += new.opaques;
    sum.inductives += new.inductives;
    sum.axioms += new.axioms;
    sum.skipped += new.skipped;
    sum.refused = new.refused;
    found.limit = replayed.limit;
    if sum.refused.is_some() || found.limit.is_some() {
        return Ok(false);
    }
    Ok(true)
}

fn compare(
    kernel: &mut LeanKernel<'_>,
    taken: &mut Taken,
    target: &TargetFacts,
    found: &mut Found,
) -> Result<TargetReport, Failure> {
    let mut report = TargetReport { name: show_name(&taken.terms, target.theorem), ..TargetReport::default() };
    let Taken { terms, constants: ours, .. } = taken;
    let is_theorem = |c: &Constant| matches!(c.kind, Kind::Theorem { .. });
    if !ours.get(&target.theorem).is_some_and(is_theorem) {
        let statement = target.constants[&target.theorem].signature.ty;
        let same = |ty| Same::new(terms).first_difference(statement, ty).is_none();
        let others = ours.values().filter(|c| is_theorem(c) && same(c.signature.ty));
        report.other_name = others.map(|c| show_name(terms, c.signature.name)).min();
        return Ok(report);
    }
    match compare_target(kernel, terms, &target.constants, ours, target.theorem, &target.holes)? {
        Ok(Ok(equality)) => report.equality = Some(equality),
        Ok(Err(difference)) => {
            let mut printed = [String::new(), String::new()];
            if let Some((expected, found)) = difference.terms {
                for (text, term) in printed.iter_mut().zip([expected, found]) {
                    let environment = kernel.elaborator_environment()?;
                    let term = kernel.expr(terms, term)?;
                    *text = print(kernel.lean, environment, term)?;
                }
            }
            let [expected, found] = printed;
            let constant = show_name(terms, difference.constant);
            report.mismatch = Some(Mismatch { constant, difference: difference.words, expected, found });
        }
        Err(Refused::Limit(cause, words)) => found.limit = Some((cause, format!("comparing with the target: {words}"))),
        Err(Refused::Wrong(words)) => {
            found.limit = Some((Cause::BadTarget, format!("the kernel cannot compare with the target: {words}")));
        }
    }
    let mut holes: Vec<NameId> = target.holes.iter().copied().collect();
    holes.sort_by_key(|hole| show_name(terms, *hole));
    for hole in holes {
        if let Some(value) = ours.get(&hole).and_then(|c| c.value()) {
            let statement = target.constants[&target.theorem].signature.ty;
            if repeats_the_question(terms, statement, hole, value) {
                found.trivial_holes.push(show_name(terms, hole));
            }
            let environment = kernel.elaborator_environment()?;
            let value = kernel.expr(terms, value)?;
            report.holes.push((show_name(terms, hole), print(kernel.lean, environment, value)?));
        }
    }
    Ok(report)
}
