//! Environments and proof states. Owns what they are here: *texts*. An environment is the texts that led to it, a proof state a text with
//! a place in it and the tactics that were tried there; both are elaborated again, in a fresh fork, whenever something goes on from
//! them. So none can change another, none is lost with an instance, and pickles are small. What is brought back from a pickle is
//! what the original brings back: constants, which the kernel checks again, and scopes.

use super::wire::{self, Asked, Options};
use crate::domain::{Budget, Elaboration, ElaborationRequest, Message, Severity, Step};
use crate::engine::Elaborator;
use crate::lean::{REFUSED_BY_KERNEL, undecided};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;

/// What an environment has behind what another has.
#[derive(Debug)]
struct Link {
    before: Option<Arc<Link>>,
    what: What,
}

#[derive(Debug)]
enum What {
    Text(String),
    /// Everything before was pickled and brought back: of it there are constants, and scopes.
    BroughtBack,
}

type Chain = Option<Arc<Link>>;

/// The texts in stages, as an [`ElaborationRequest`] has them.
fn stages(chain: &Chain) -> Vec<Vec<String>> {
    let (mut stages, mut stage) = (Vec::new(), Vec::new());
    let mut link = chain;
    while let Some(own) = link {
        match &own.what {
            What::Text(text) => stage.push(text.clone()),
            What::BroughtBack => stages.push(std::mem::take(&mut stage)),
        }
        link = &own.before;
    }
    stages.push(stage);
    stages.iter_mut().for_each(|stage| stage.reverse());
    stages.reverse();
    stages
}

fn chain(stages: Vec<Vec<String>>) -> Chain {
    let link = |before, what| Some(Arc::new(Link { before, what }));
    let mut chain = None;
    for (number, stage) in stages.into_iter().enumerate() {
        if number > 0 {
            chain = link(chain, What::BroughtBack);
        }
        chain = stage.into_iter().fold(chain, |before, text| link(before, What::Text(text)));
    }
    chain
}

/// A place of a proof, and what was done there.
#[derive(Clone, Debug)]
struct State {
    before: Chain,
    text: String,
    /// Bytes of the text that tactics are put in place of.
    hole: (usize, usize),
    is_tactic: bool,
    tactics: Vec<String>,
    goals: Vec<String>,
}

/// What a pickle holds.
#[derive(Serialize, Deserialize)]
#[serde(tag = "afcheck_pickle", rename_all = "snake_case")]
enum Pickle {
    Environment {
        stages: Vec<Vec<String>>,
    },
    ProofState {
        before: Vec<Vec<String>>,
        text: String,
        hole: (usize, usize),
        is_tactic: bool,
        tactics: Vec<String>,
        goals: Vec<String>,
    },
}

/// One client's environments and proof states.
pub struct Session<'a> {
    lean: &'a dyn Elaborator,
    budget: Budget,
    environments: Vec<Chain>,
    states: Vec<State>,
}

/// Indentation of tactics that are put into a text: inside of brackets any will do.
const INDENT: &str = "  ";

impl State {
    /// The text with the tactics in place, and the bytes of the last of them and of the question for what is left.
    fn filled(&self, tactics: &[String]) -> (String, (usize, usize), usize) {
        let mut inside = String::from(if self.is_tactic { "(" } else { "(by (" });
        let mut last = (0, 0);
        for tactic in tactics {
            inside.push('\n');
            let from = inside.len();
            for (number, line) in tactic.trim_end().lines().enumerate() {
                inside.push_str(if number > 0 { "\n" } else { "" });
                inside += &format!("{INDENT}{line}");
            }
            last = (from, inside.len());
        }
        inside += &format!("\n{INDENT}");
        let question = inside.len();
        inside += &format!("skip\n{INDENT}all_goals sorry{}", if self.is_tactic { ")" } else { "))" });
        let (from, to) = self.hole;
        let text = format!("{}{inside}{}", &self.text[..from], &self.text[to..]);
        (text, (from + last.0, from + last.1), from + question)
    }
}

impl<'a> Session<'a> {
    pub fn new(lean: &'a dyn Elaborator, budget: Budget) -> Session<'a> {
        Session { lean, budget, environments: vec![], states: vec![] }
    }

    /// Answers a message.
    pub fn answer(&mut self, message: &str) -> Value {
        wire::asked(message).and_then(|asked| self.done(asked)).unwrap_or_else(wire::error)
    }

    fn done(&mut self, asked: Asked) -> Result<Value, String> {
        match asked {
            Asked::Command { text, environment, options } => self.command(text, environment, options),
            Asked::File { path, environment, options } => {
                let text = fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
                self.command(text, environment, options)
            }
            Asked::Tactic { tactic, state } => self.tactic(tactic, state),
            Asked::PickleEnvironment { environment, to } => {
                write(&to, &Pickle::Environment { stages: stages(self.environment(environment)?) })?;
                Ok(json!({"env": environment}))
            }
            Asked::UnpickleEnvironment { from } => match read(&from)? {
                Pickle::Environment { stages } => {
                    let chain = Some(Arc::new(Link { before: chain(stages), what: What::BroughtBack }));
                    // The kernel checks it now, not when somebody goes on from it.
                    self.elaborate(&chain, "", false)?;
                    Ok(json!({"env": self.keep(chain)}))
                }
                Pickle::ProofState { .. } => Err(format!("{from}: this is a proof state")),
            },
            Asked::PickleState { state, to } => {
                let State { before, text, hole, is_tactic, tactics, goals } = self.state(state)?.clone();
                let before = stages(&before);
                write(&to, &Pickle::ProofState { before, text, hole, is_tactic, tactics, goals })?;
                Ok(json!({"proofState": state}))
            }
            Asked::UnpickleState { from } => match read(&from)? {
                Pickle::ProofState { before, text, hole, is_tactic, tactics, goals } => {
                    if text.get(hole.0..hole.1).is_none() {
                        return Err(format!("{from}: its place is not in its text"));
                    }
                    let goals_told = json!(goals);
                    let state = State { before: chain(before), text, hole, is_tactic, tactics, goals };
                    Ok(json!({"proofState": self.remember(state), "goals": goals_told}))
                }
                Pickle::Environment { .. } => Err(format!("{from}: this is an environment")),
            },
        }
    }

    fn environment(&self, number: usize) -> Result<&Chain, String> {
        self.environments.get(number).ok_or_else(|| "Unknown environment.".into())
    }

    fn state(&self, number: usize) -> Result<&State, String> {
        self.states.get(number).ok_or_else(|| "Unknown proof state.".into())
    }

    fn keep(&mut self, chain: Chain) -> usize {
        self.environments.push(chain);
        self.environments.len() - 1
    }

    fn remember(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }

    fn elaborate(&self, before: &Chain, text: &str, tactics: bool) -> Result<Elaboration, String> {
        let request =
            ElaborationRequest { stages: stages(before), text: text.to_owned(), tactics, budget: self.budget };
        self.lean.elaborate(&request).map_err(|why| match why.detail.starts_with(REFUSED_BY_KERNEL) {
            true => why.detail,
            false => undecided(why.cause, &why.detail),
        })
    }

    fn command(&mut self, text: String, environment: Option<usize>, options: Options) -> Result<Value, String> {
        let before = match environment {
            Some(number) => self.environment(number)?.clone(),
            None => None,
        };
        if before.is_some() && crate::lean::plain_header(&text).is_some_and(|header| !header.imports.is_empty()) {
            return Err("an `import` stands at the beginning of the first text only".into());
        }
        // Places are those of a text whose line ends are one byte each.
        let text = text.replace("\r\n", "\n");
        let found = self.elaborate(&before, &text, options.all_tactics)?;
        let hole = |step: &Step| State {
            before: before.clone(),
            text: text.clone(),
            hole: step.bytes,
            is_tactic: step.is_tactic,
            tactics: vec![],
            goals: step.goals.clone(),
        };
        let sorries: Vec<Value> =
            found.sorries.iter().map(|step| wire::sorry(step, self.remember(hole(step)))).collect();
        let tactics: Vec<Value> = found
            .tactics
            .iter()
            .map(|step| wire::tactic(step, &text[step.bytes.0..step.bytes.1], self.remember(hole(step))))
            .collect();
        let messages: Vec<Value> = found.messages.iter().map(wire::message).collect();
        let number = self.keep(Some(Arc::new(Link { before, what: What::Text(text) })));
        Ok(wire::answer(vec![
            ("tactics", json!(tactics)),
            ("sorries", json!(sorries)),
            ("messages", json!(messages)),
            ("env", json!(number)),
        ]))
    }

    fn tactic(&mut self, tactic: String, number: usize) -> Result<Value, String> {
        let before = self.state(number)?.clone();
        if before.goals.is_empty() {
            return Err("Lean error:\nno goals to be proved".into());
        }
        let tactics = [&before.tactics[..], &[tactic]].concat();
        let (text, own, question) = before.filled(&tactics);
        let found = self.elaborate(&before.before, &text, true)?;
        let is_inside = |message: &&Message| (own.0..=own.1).contains(&message.offset);
        let inside: Vec<&Message> = found.messages.iter().filter(is_inside).collect();
        let errors: Vec<&str> =
            inside.iter().filter(|m| m.severity == Severity::Error).map(|m| m.text.as_str()).collect();
        let asked = found.tactics.iter().find(|step| step.bytes.0 == question);
        let (Some(asked), true) = (asked, errors.is_empty()) else {
            // A tactic that Lean's parser could not read leaves nothing to be asked behind it.
            let all = || found.messages.iter().filter(|m| m.severity == Severity::Error).map(|m| m.text.as_str());
            let said: Vec<&str> = if errors.is_empty() { all().take(1).collect() } else { errors };
            return Err(format!("Lean error:\n{}", said.join("\n")));
        };
        let goals = asked.goals.clone();
        let holes: Vec<&Step> = found.sorries.iter().filter(|step| (own.0..own.1).contains(&step.bytes.0)).collect();
        let sorries: Vec<Value> = holes
            .into_iter()
            .map(|step| {
                let state = State {
                    before: before.before.clone(),
                    text: text.clone(),
                    hole: step.bytes,
                    is_tactic: step.is_tactic,
                    tactics: vec![],
                    goals: step.goals.clone(),
                };
                wire::sorry(step, self.remember(state))
            })
            .collect();
        let status = match (goals.is_empty(), sorries.is_empty()) {
            (false, _) => "Incomplete: open goals remain",
            (true, false) => "Incomplete: contains sorry",
            (true, true) => "Completed",
        };
        let messages: Vec<Value> = inside.into_iter().map(wire::message).collect();
        let told = json!(goals);
        let number = self.remember(State { tactics, goals, ..before });
        let mut answer = wire::answer(vec![
            ("sorries", json!(sorries)),
            ("messages", json!(messages)),
            ("proofStatus", json!(status)),
            ("proofState", json!(number)),
        ]);
        answer["goals"] = told;
        Ok(answer)
    }
}

fn write(path: &str, pickle: &Pickle) -> Result<(), String> {
    let text = serde_json::to_string(pickle).map_err(|e| e.to_string())?;
    fs::write(path, text).map_err(|e| format!("{path}: {e}"))
}

fn read(path: &str) -> Result<Pickle, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    serde_json::from_str(&text).map_err(|e| format!("{path}: no pickle of afcheck: {e}"))
}
