//! What a candidate declared, looked at where its text never was. Owns the way there: the environment is pickled by the process that
//! elaborated the candidate, the file is copied, and another process makes an environment of its constants, each checked by the
//! kernel on the way. No macro, notation, instance, attribute or parser of the candidate gets there; names are asked for from the
//! root, so that nothing it opened matters.

use super::process::Fault;
use super::repl::{Message, Refusal, Repl};
use crate::domain::Cause;
use crate::lean::{self, Printed};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes of a pickled environment at most.
const LARGEST: u64 = 1 << 30;

/// What Lean is to print in full: arguments, universes, types of bound variables, names; and nothing left out.
const IN_FULL: &str = "set_option pp.all true\nset_option pp.privateNames true\nset_option pp.deepTerms true\n\
    set_option pp.proofs true\nset_option pp.maxSteps 10000000";

/// Why something is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The kernel refused what the candidate declared; in its words.
    Refused(String),
    Undecided(Cause, String),
}

impl From<Refusal> for Obstacle {
    fn from(refusal: Refusal) -> Obstacle {
        let (cause, detail) = match refusal {
            Refusal::Fault(fault) => fault.into_parts(),
            Refusal::Said(words) => lean::read_undecided(&words).unwrap_or((Cause::Unsupported, words)),
        };
        Obstacle::Undecided(cause, detail)
    }
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Obstacle {
        Refusal::Fault(fault).into()
    }
}

/// An environment in which declarations are looked at.
pub struct Room<'a> {
    repl: &'a mut Repl,
    env: usize,
    time: Duration,
}

/// Pickles an environment of `from`, and gives the copy a place that `to` may read.
fn pickle(from: &mut Repl, env: usize, to: &Path, time: Duration) -> Result<(), Obstacle> {
    let path = from.scratch()?.join("candidate.olean");
    let deadline = Instant::now() + time;
    from.pickle(env, &path.to_string_lossy(), deadline).map_err(|refusal| match refusal {
        Refusal::Said(words) => {
            let words = format!("the REPL cannot write an environment down, which its examination needs: {words}");
            Obstacle::Undecided(Cause::Unsupported, words)
        }
        refusal => refusal.into(),
    })?;
    copy(&path, to).map_err(|e| Obstacle::Undecided(Cause::EngineCrash, format!("a pickled environment: {e}")))?;
    let _ = fs::remove_file(&path);
    Ok(())
}

/// Copies a file that a candidate's process wrote. It is no link to something that process could not have read.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits() as i32);
    }
    let mut file = options.open(from)?;
    let about = file.metadata()?;
    if !about.is_file() || about.len() > LARGEST {
        return Err(std::io::Error::other("it is no file, or larger than 1 GiB"));
    }
    std::io::copy(&mut std::io::Read::take(&mut file, LARGEST), &mut File::create(to)?).map(drop)
}

impl<'a> Room<'a> {
    /// Brings an environment of `from` over to `to`.
    pub fn bring(from: &mut Repl, env: usize, to: &'a mut Repl, time: Duration) -> Result<Room<'a>, Obstacle> {
        // Every environment that was brought here stays until its process ends.
        to.renew_if_due();
        let file = to.scratch()?.join("examined.olean");
        pickle(from, env, &file, time)?;
        Room::open(to, &file, time)
    }

    /// Brings an environment of `repl` back as what it would be elsewhere.
    pub fn bring_back(repl: &'a mut Repl, env: usize, time: Duration) -> Result<Room<'a>, Obstacle> {
        let file = repl.scratch()?.join("examined.olean");
        pickle(repl, env, &file, time)?;
        Room::open(repl, &file, time)
    }

    fn open(repl: &'a mut Repl, file: &Path, time: Duration) -> Result<Room<'a>, Obstacle> {
        let env = repl.unpickle(&file.to_string_lossy());
        let _ = fs::remove_file(file);
        let env = env.map_err(|refusal| {
            let words = match &refusal {
                Refusal::Said(words) => Some(words),
                // The original ends with an exception here. No candidate runs in this process: these are Lean's words.
                Refusal::Fault(Fault::Crash(words)) => Some(words),
                Refusal::Fault(_) => None,
            };
            match words.filter(|words| words.contains("(kernel)")) {
                Some(words) => Obstacle::Refused(words.clone()),
                None => refusal.into(),
            }
        })?;
        Ok(Room { repl, env, time })
    }

    /// The process it is in.
    pub fn repl(&mut self) -> &mut Repl {
        self.repl
    }

    /// What Lean says to each of these lines, each a command.
    pub fn ask(&mut self, lines: &[String]) -> Result<Vec<Option<Message>>, Obstacle> {
        ask_lines(self.repl, self.env, IN_FULL, lines, self.time)
    }

    /// The axioms that each of these constants rests on; `None` for one that is not there.
    pub fn axioms(&mut self, names: &[String]) -> Result<Vec<Option<Vec<String>>>, Obstacle> {
        let lines: Vec<String> = names.iter().map(|name| format!("#print axioms _root_.{name}")).collect();
        let answers = self.ask(&lines)?;
        Ok(answers.into_iter().map(|answer| axioms(&answer?)).collect())
    }

    /// The types of constants; `None` for one that is not there.
    pub fn types(&mut self, names: &[String]) -> Result<Vec<Option<String>>, Obstacle> {
        let lines: Vec<String> = names.iter().map(|name| format!("#check @_root_.{}", askable(name))).collect();
        Ok(self.ask(&lines)?.into_iter().map(|answer| info(answer?)).collect())
    }

    /// Declarations with their values; `None` for one that is not there.
    pub fn declarations(&mut self, names: &[String]) -> Result<Vec<Option<String>>, Obstacle> {
        let lines: Vec<String> = names.iter().map(|name| format!("#print _root_.{}", askable(name))).collect();
        Ok(self.ask(&lines)?.into_iter().map(|answer| info(answer?).map(without_attributes)).collect())
    }

    /// True if a constant is a theorem. Asked apart: Lean prints the proof, which its own limits keep short.
    pub fn is_theorem(&mut self, name: &str) -> Result<bool, Obstacle> {
        let said = ask_lines(self.repl, self.env, "", &[format!("#print _root_.{name}")], self.time)?.pop().flatten();
        Ok(said.and_then(info).map(without_attributes).is_some_and(|text| text.starts_with("theorem ")))
    }

    /// Which of these names, bound in a statement, are constants here.
    pub fn constants_among(&mut self, bound: &BTreeSet<String>) -> Result<Vec<String>, Obstacle> {
        let names: Vec<String> = bound.iter().filter(|name| !name.contains('✝')).cloned().collect();
        let types = self.types(&names)?;
        Ok(names.into_iter().zip(types).filter(|(_, ty)| ty.is_some()).map(|(name, _)| name).collect())
    }
}

/// What Lean says to each of these lines, each a command, behind `options`.
pub fn ask_lines(
    repl: &mut Repl,
    env: usize,
    options: &str,
    lines: &[String],
    time: Duration,
) -> Result<Vec<Option<Message>>, Obstacle> {
    if lines.is_empty() {
        return Ok(vec![]);
    }
    // A name with a line end in it cannot be asked for this way.
    let asked: Vec<&str> = lines.iter().map(|line| if line.contains('\n') { "" } else { line.as_str() }).collect();
    let text = format!("{options}\n{}", asked.join("\n"));
    let before = options.lines().count().max(1);
    let answer = repl.command(&text, Some(env), Instant::now() + time)?;
    let mut said = vec![None; lines.len()];
    for message in answer.messages {
        if let Some(place) = (message.pos.line as usize).checked_sub(1 + before).and_then(|at| said.get_mut(at))
            && place.is_none()
        {
            *place = Some(message);
        }
    }
    Ok(said)
}

/// A name as a text can say it: what is private is found without the prefix that makes it so.
fn askable(name: &str) -> &str {
    let Some(private) = name.strip_prefix("_private.") else { return name };
    private.split_once(".0.").map_or(name, |(_, own)| own)
}

fn info(message: Message) -> Option<String> {
    (message.severity == "info").then_some(message.data)
}

/// The axioms a message lists. What is not plain in the list is one name of its own, which no policy permits.
fn axioms(message: &Message) -> Option<Vec<String>> {
    if message.severity != "info" {
        return None;
    }
    if message.data.ends_with("does not depend on any axioms") {
        return Some(vec![]);
    }
    let (_, list) = message.data.rsplit_once("depends on axioms: [")?;
    let names = list.trim_end().strip_suffix(']')?.split(',').map(|name| name.trim().to_owned());
    Some(names.filter(|name| !name.is_empty()).collect())
}

/// Attributes and visibility live beside the constants: what is said of them differs by how an environment came about.
fn without_attributes(text: String) -> String {
    let mut rest = text.as_str();
    loop {
        rest = rest.trim_start();
        let behind =
            ["private ", "protected ", "noncomputable ", "public "].iter().find_map(|word| rest.strip_prefix(word));
        rest = match (rest.strip_prefix("@["), behind) {
            (Some(attribute), _) => match attribute.split_once(']') {
                Some((_, behind)) => behind,
                None => return text,
            },
            (None, Some(behind)) => behind,
            (None, None) => return rest.to_owned(),
        };
    }
}

/// Reads what Lean printed; what cannot be read decides nothing.
pub fn read(name: &str, text: &str) -> Result<Printed, Obstacle> {
    Printed::read(text)
        .map_err(|why| Obstacle::Undecided(Cause::Unsupported, format!("`{name}` cannot be compared: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lake::repl::Pos;

    fn said(data: &str) -> Option<Vec<String>> {
        axioms(&Message { severity: "info".into(), pos: Pos { line: 1, column: 0 }, end: None, data: data.into() })
    }

    #[test]
    fn lists_of_axioms_are_read() {
        assert_eq!(said("'t' does not depend on any axioms"), Some(vec![]));
        let list = "'t' depends on axioms: [propext,\n Classical.choice, «Quot.sound »]";
        assert_eq!(said(list), Some(vec!["propext".into(), "Classical.choice".into(), "«Quot.sound »".into()]));
        // A name that looks like a list is cut into names that are not all permitted.
        let hostile = "'t' depends on axioms: [propext, Quot.sound»]";
        assert_eq!(said(hostile), Some(vec!["propext".into(), "Quot.sound»".into()]));
        let nested = "'t' depends on axioms: [«a depends on axioms: [propext]»]";
        assert!(said(nested).is_none_or(|names| names != ["propext"]), "{:?}", said(nested));
        assert_eq!(said("something else"), None);
    }

    #[test]
    fn attributes_are_not_compared() {
        assert_eq!(without_attributes("@[reducible] protected def f : Nat :=\n1".into()), "def f : Nat :=\n1");
        assert_eq!(without_attributes("theorem t : True".into()), "theorem t : True");
    }
}
