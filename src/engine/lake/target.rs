//! Targets on this engine: trusted statements, elaborated by the process that never sees a candidate, and candidates compared with
//! them as Lean prints both. Owns what is printed of a target, and keeps it.

use super::audit::{Obstacle, Room, ask_lines, read};
use super::check::header_text;
use super::repl::Repl;
use crate::domain::{Cause, Equality, Mismatch, Severity, Target, TargetReport};
use crate::lean::{self, Printed};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Targets that are kept.
const KEPT: usize = 256;

/// Definitions below a statement that are compared at most.
const DEFINITIONS: usize = 500;

/// What is known of a target.
#[derive(Debug)]
pub struct TargetFacts {
    pub theorem: String,
    /// The statement as printed, and read.
    statement: (String, Printed),
    /// What the target's text defines below it.
    definitions: Vec<Definition>,
}

#[derive(Debug)]
struct Definition {
    name: String,
    printed: (String, Printed),
    /// Only its type is compared.
    by_type: bool,
    /// A hole: its value is left open.
    is_hole: bool,
}

type Key = (String, String, Option<String>);

/// Targets looked at before.
#[derive(Default)]
pub struct Targets {
    known: Mutex<HashMap<Key, Arc<TargetFacts>>>,
}

impl Targets {
    /// The facts of a target whose candidate has this header.
    pub fn get(
        &self,
        examiner: &mut Repl,
        target: &Target,
        header: Option<&str>,
        time: Duration,
    ) -> Result<Arc<TargetFacts>, Obstacle> {
        let header = target.header.as_deref().or(header);
        let (header, text) = header_text(header, &target.text);
        let key = (header, text, target.name.clone());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(facts) = known().get(&key) {
            return Ok(facts.clone());
        }
        let facts = Arc::new(TargetFacts::find(examiner, &key, time)?);
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, facts.clone());
        Ok(facts)
    }
}

fn bad(words: impl Into<String>) -> Obstacle {
    Obstacle::Undecided(Cause::BadTarget, words.into())
}

impl TargetFacts {
    fn find(examiner: &mut Repl, (header, text, name): &Key, time: Duration) -> Result<TargetFacts, Obstacle> {
        let base = examiner.header(header)?;
        let is_error = |severity: &str| severity == Severity::Error.as_str();
        if let Some(error) = base.messages.iter().find(|m| is_error(&m.severity)) {
            return Err(bad(format!("the target's header, line {}: {}", error.pos.line, first_line(&error.data))));
        }
        let deadline = Instant::now() + time;
        let strict = examiner.command("set_option autoImplicit false", Some(base.env), deadline)?.env;
        let answer = examiner.command(text, Some(strict), deadline)?;
        if let Some(error) = answer.messages.iter().find(|m| is_error(&m.severity)) {
            let hint = match error.data.contains("nknown identifier") {
                true => " (in targets, `autoImplicit` is off: say `set_option autoImplicit true` if you rely on it)",
                false => "",
            };
            return Err(bad(format!("the target, line {}: {}{hint}", error.pos.line, first_line(&error.data))));
        }
        let declared: Vec<_> = lean::read_commands(text, vec![]).into_iter().flat_map(|c| c.declarations).collect();
        let theorems = || declared.iter().filter(|d| d.kind == lean::DeclarationKind::Theorem);
        let theorem = match (name, theorems().next_back()) {
            (Some(name), _) => name.clone(),
            (None, Some(last)) => last.name.clone(),
            (None, None) if declared.is_empty() => return Err(bad("the target declares no theorem")),
            (None, None) => {
                return Err(bad(
                    "the target declares no theorem; an `example` has no name that a candidate could prove",
                ));
            }
        };
        if !theorems().any(|d| d.name == theorem) {
            return Err(bad(match declared.iter().any(|d| d.name == theorem) {
                true => format!("`{theorem}` of the target is not a theorem"),
                false => format!("the target declares no theorem `{theorem}`"),
            }));
        }

        let mut room = Room::bring_back(examiner, answer.env, time)?;
        let printed = room.types(std::slice::from_ref(&theorem))?.pop().flatten();
        let printed = printed.ok_or_else(|| bad(format!("the target declares no theorem `{theorem}`")))?;
        let statement = read(&theorem, &printed)?;
        if statement.has_sorry {
            return Err(bad(format!(
                "the statement of `{theorem}` contains `sorry`: put it into a definition of its own"
            )));
        }
        let mut facts = TargetFacts { theorem, statement: (printed, statement), definitions: vec![] };
        facts.follow(room, base.env, time)?;
        Ok(facts)
    }

    /// Prints what the statement rests on and the header does not have.
    fn follow(&mut self, room: Room<'_>, base: usize, time: Duration) -> Result<(), Obstacle> {
        let mut room = room;
        let mut seen: HashSet<String> = HashSet::from([self.theorem.clone()]);
        let mut next: BTreeSet<String> = self.statement.1.free.clone();
        while !next.is_empty() {
            let names: Vec<String> = std::mem::take(&mut next).into_iter().filter(|n| seen.insert(n.clone())).collect();
            let own = room.unknown_to(base, names, time)?;
            if self.definitions.len() + own.len() > DEFINITIONS {
                return Err(bad(format!("the statement rests on more than {DEFINITIONS} definitions of the target")));
            }
            let (printed, types) = (room.declarations(&own)?, room.types(&own)?);
            for ((name, printed), ty) in own.into_iter().zip(printed).zip(types) {
                // A word that is no constant: of the language, or of Lean's way to print.
                let (Some(printed), Some(ty)) = (printed, ty) else { continue };
                let whole = read(&name, &printed)?;
                let is_hole = whole.has_sorry;
                // One proof is as good as another.
                let by_type = is_hole || name.contains("._proof_");
                let printed = if by_type { (ty.clone(), read(&name, &ty)?) } else { (printed, whole) };
                next.extend(printed.1.free.iter().cloned());
                self.definitions.push(Definition { name, printed, by_type, is_hole });
            }
        }
        Ok(())
    }

    /// Compares a candidate with the target. `theorems` are names of what it declares as such.
    pub fn compare(&self, room: &mut Room<'_>, theorems: &[String]) -> Result<TargetReport, Obstacle> {
        let mut report = TargetReport { name: self.theorem.clone(), ..TargetReport::default() };
        let same_name = |name: &String| lean::name_components(name) == lean::name_components(&self.theorem);
        if !theorems.iter().any(same_name) && !room.is_theorem(&self.theorem)? {
            for (name, ty) in theorems.iter().zip(room.types(theorems)?) {
                let same =
                    ty.and_then(|ty| Printed::read(&ty).ok()).is_some_and(|p| p.says_the_same(&self.renamed(name)));
                if same && report.other_name.as_ref().is_none_or(|other| name < other) {
                    report.other_name = Some(name.clone());
                }
            }
            return Ok(report);
        }
        let mut compared = Compared::default();
        let own = room.types(std::slice::from_ref(&self.theorem))?.pop().flatten();
        // What is private has another name, whatever it is asked for by.
        if own.as_deref().is_some_and(|text| text.trim_start_matches('@').starts_with("_private.")) {
            return Ok(report);
        }
        let mut equality = Equality::Syntactic;
        if let Some(mismatch) = compared.differs(&self.theorem, &self.statement, own)? {
            if !room.converts(&self.theorem, &self.statement)? {
                report.mismatch = Some(mismatch);
                return Ok(report);
            }
            equality = Equality::Definitional;
        }
        // Those with a name of their own first: they tell which of the others belong together.
        let (made, own): (Vec<_>, Vec<_>) = self.definitions.iter().partition(|d| lean::is_made_by_lean(&d.name));
        let mut left = own;
        let mut done = HashSet::new();
        while !left.is_empty() {
            for definition in std::mem::take(&mut left) {
                let name = compared.pairs.get(&definition.name).unwrap_or(&definition.name).clone();
                if !done.insert(definition.name.clone()) {
                    continue;
                }
                let names = std::slice::from_ref(&name);
                let found = if definition.by_type { room.types(names)? } else { room.declarations(names)? };
                if let Some(mismatch) =
                    compared.differs(&definition.name, &definition.printed, found.into_iter().next().flatten())?
                {
                    report.mismatch = Some(mismatch);
                    return Ok(report);
                }
                if definition.is_hole {
                    let value = room.declarations(names)?.pop().flatten().unwrap_or_default();
                    let value = value.split_once(":=").map_or(value.clone(), |(_, value)| value.trim().to_owned());
                    report.holes.push((definition.name.clone(), value));
                }
            }
            left = made
                .iter()
                .copied()
                .filter(|d| compared.pairs.contains_key(&d.name) && !done.contains(&d.name))
                .collect();
        }
        // Of the library there is one of each.
        let known = |name: &String| self.definitions.iter().any(|d| d.name == *name);
        if let Some((name, other)) = compared.pairs.iter().find(|(name, other)| name != other && !known(name)) {
            let difference = format!("`{other}` where the target has `{name}`");
            report.mismatch = Some(Mismatch { constant: self.theorem.clone(), difference, ..Mismatch::default() });
            return Ok(report);
        }
        // A name that is a variable here and a constant there is printed the same.
        if let Some(both) = room.constants_among(&compared.bound)?.first() {
            let words = format!("`{both}` is a variable in the statement and a constant as well: rename the variable");
            return Err(Obstacle::Undecided(Cause::Unsupported, words));
        }
        report.equality = Some(equality);
        Ok(report)
    }

    /// The statement as it would be printed under another name.
    fn renamed(&self, name: &str) -> Printed {
        let text = self.statement.0.strip_prefix('@').unwrap_or(&self.statement.0);
        let text = text.strip_prefix(self.theorem.as_str()).map(|rest| format!("{name}{rest}"));
        text.and_then(|text| Printed::read(&text).ok()).unwrap_or_default()
    }
}

/// What the comparison has seen of the candidate.
#[derive(Default)]
struct Compared {
    /// Names that its statements bind.
    bound: BTreeSet<String>,
    /// Constants that Lean made for itself: the target's, and the candidate's in its place.
    pairs: BTreeMap<String, String>,
}

impl Compared {
    /// How a declaration of the candidate departs from that of the target.
    fn differs(
        &mut self,
        name: &str,
        (expected, wanted): &(String, Printed),
        own: Option<String>,
    ) -> Result<Option<Mismatch>, Obstacle> {
        let mismatch = |difference: String, found: String| Mismatch {
            constant: name.to_owned(),
            difference,
            expected: expected.clone(),
            found,
        };
        let Some(found) = own else {
            return Ok(Some(mismatch(format!("`{name}` is missing"), String::new())));
        };
        let printed = read(name, &found)?;
        self.bound.extend(printed.bound.iter().cloned());
        let same = wanted.says_the_same_but_for(&printed, &mut self.pairs);
        Ok((!same).then(|| mismatch(wanted.difference(&printed), found)))
    }
}

impl Room<'_> {
    /// True if Lean reads back the target's statement as it printed it, and takes the candidate's theorem for a proof of it.
    fn converts(&mut self, theorem: &str, (printed, statement): &(String, Printed)) -> Result<bool, Obstacle> {
        let Some((head, ty)) = printed.split_once(" : ").filter(|_| !printed.contains('"')) else { return Ok(false) };
        let levels = head.split_once(".{").and_then(|(_, rest)| rest.split_once('}')).map(|(levels, _)| levels);
        let ty = ty.split_whitespace().collect::<Vec<_>>().join(" ");
        let universes = levels.map_or_else(String::new, |levels| format!("universe {}", levels.replace(',', " ")));
        let explicit = levels.map_or_else(String::new, |levels| format!(".{{{levels}}}"));
        let proof = format!("example : {ty} := @_root_.{theorem}{explicit}");
        let lines = [universes, format!("#check ({ty})"), proof];
        let said = self.ask(&lines)?;
        let read_back = said[1].as_ref().filter(|message| message.severity == "info").and_then(|message| {
            let ty = message.data.trim_end().strip_suffix(" : Prop")?;
            Printed::read(&format!("{head} : {ty}")).ok()
        });
        let is_proof = said[2].as_ref().is_none_or(|message| message.severity != Severity::Error.as_str());
        Ok(is_proof && read_back.is_some_and(|read_back| read_back.says_the_same(statement)))
    }

    /// Those of the names that an environment of the same process does not have.
    fn unknown_to(&mut self, base: usize, names: Vec<String>, time: Duration) -> Result<Vec<String>, Obstacle> {
        let lines: Vec<String> = names.iter().map(|name| format!("#check @_root_.{name}")).collect();
        let said = ask_lines(self.repl(), base, "", &lines, time)?;
        let unknown = |(name, said): (String, Option<super::repl::Message>)| {
            said.is_none_or(|message| message.severity == Severity::Error.as_str()).then_some(name)
        };
        Ok(names.into_iter().zip(said).filter_map(unknown).collect())
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
