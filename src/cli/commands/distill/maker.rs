//! The makers of a distillation's artifacts. Owns what students and teachers are asked between two rounds, and which files count;
//! answers, verdicts, losses and training are the commands' of these names.

use super::Opened;
use super::asking::{Question, ask_all};
use super::found::trajectories_of;
use crate::cli::args::{Common, CourseLean};
use crate::cli::commands::generate::{self, Opened as Student, Source};
use crate::cli::commands::judged::Lean;
use crate::cli::commands::loss;
use crate::cli::commands::models::usage;
use crate::cli::commands::tasks::files::{self, lines_of, problems_of, write_answers, write_lines, write_verdicts};
use crate::cli::commands::tasks::{Making, Words, Wrong, ended, made};
use crate::cli::commands::training::{Training, train};
use crate::cli::exit::{Exit, Failure};
use crate::domain::{Feedback, Problem};
use crate::generator::{Ends, Message, Prompt, Role, Sampling, Settings};
use crate::pipeline::course::{Fault, Id, Made, Maker, Needs};
use crate::pipeline::distill::{Attempt, Learner, Revision, Task, Trajectory, accepted, to_revise};
use crate::pipeline::eval::{Scored, Signal};
use crate::pipeline::finetune::Plan;
use crate::pipeline::generate::seed_of;
use crate::prompts::{About, Refusal, advise};
use crate::store::artifacts::Artifact;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub const TRAJECTORIES: &str = "trajectories.jsonl";
pub const WORDS: &str = "words.jsonl";
pub const REVISIONS: &str = "revisions.jsonl";
pub const LEARNT: &str = "learnt.jsonl";
pub const TAUGHT: &str = "taught.json";

/// What the teacher said about an answer to a problem.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Said {
    id: String,
    sample: usize,
    text: String,
}

/// Trajectories, and the places of those that are revised, each with its problem.
struct Before {
    all: Vec<Trajectory>,
    revised: Vec<(usize, Problem)>,
}

/// What a student learnt from.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct TaughtBy {
    pub texts: usize,
    pub tokens: u64,
}

/// Everything that tasks are made with.
pub struct Tools<'a> {
    /// Of commands that say nothing by themselves.
    pub common: &'a Common,
    pub opened: &'a Opened,
    pub lean: &'a CourseLean,
    pub stop: Arc<AtomicBool>,
    /// Started when the first verdict is wanted.
    pub started: Mutex<Option<Lean<'a>>>,
}

impl Maker for Tools<'_> {
    fn make(&self, id: Id, directory: &Path, needs: Needs<'_>) -> Result<Made, Fault> {
        let problems_in = |id: Id| needs(id).file(files::PROBLEMS);
        let making = match *self.opened.graph.task(id) {
            Task::Problems { part } => self.opened.place.wanted(part).write(directory),
            Task::Attempts { problems } => self.answers(&problems_in(problems), None, directory),
            Task::Answers { problems, taught } => self.answers(&problems_in(problems), taught.map(needs), directory),
            Task::Begun { problems, attempts } => {
                self.begun(&problems_in(problems), &needs(attempts).file(files::ANSWERS), directory)
            }
            Task::Words { problems, before } => self.words(&problems_in(problems), needs(before), directory),
            Task::Revisions { feedback, round, problems, before, words } => {
                self.revisions((feedback, round), &problems_in(problems), (needs(before), words.map(needs)), directory)
            }
            Task::Judged { round, problems, before, revisions } => {
                self.judged(round, &problems_in(problems), (needs(before), needs(revisions)), directory)
            }
            Task::Taught { learner, problems, trajectories } => {
                self.taught(learner, &problems_in(problems), needs(trajectories), directory)
            }
            Task::Logits => self.logits(directory),
            Task::Verdicts { problems, answers } => {
                self.verdicts(&problems_in(problems), &needs(answers).file(files::ANSWERS), directory)
            }
            Task::Losses { problems, taught } => self.losses(&problems_in(problems), taught.map(needs), directory),
        };
        ended(making, self.stop.load(Ordering::Relaxed))
    }
}

impl<'a> Tools<'a> {
    /// Words that name the student, as it was or with what it learnt.
    fn student(&self, words: Words, taught: Option<&Artifact>, directory: &Path) -> Result<Words, Wrong> {
        let place = &self.opened.place;
        let name = place.base.path_or_name(&place.distill.student.model);
        // A student that found nothing to learn from is as it was.
        let words = match taught.filter(|taught| taught.file(files::MODEL).is_dir()) {
            Some(taught) => words.option("model", taught.file(files::MODEL).display()),
            None => {
                let learnt = taught.map(|taught| taught.file(files::ADAPTER)).filter(|path| path.is_dir());
                let adapter = learnt.map(|path| path.display().to_string()).or(place.adapter());
                adapter.iter().fold(words.option("model", name), |words, path| words.option("adapter", path))
            }
        };
        let path = directory.join("template.toml");
        fs::write(&path, toml::to_string(&self.opened.template).map_err(usage)?)?;
        Ok(words.option("template", path.display()))
    }

    fn generation(&self, problems: &Path, taught: Option<&Artifact>, directory: &Path) -> Result<Words, Wrong> {
        let distill = &self.opened.place.distill;
        let mut words = Words::of("generate").option("data", problems.display()).option("seed", distill.seed);
        if distill.student.chat {
            words = words.flag("chat");
        }
        Ok(self.opened.place.section(self.student(words, taught, directory)?, "generate")?)
    }

    fn answers(&self, problems: &Path, taught: Option<&Artifact>, directory: &Path) -> Making {
        let out = directory.join("samples.jsonl");
        let words = self.generation(problems, taught, directory)?.flag("resume").option("out", out.display());
        match generate::answer(self.common, &words.generate()?, &self.stop)? {
            Exit::Success => write_answers(problems, &out, directory, (0.0, 0.0)),
            Exit::Interrupted => Err(Wrong::Stopped),
            exit => Err(Failure::new(exit, "some answers could not be made; the next run asks for them again").into()),
        }
    }

    /// Answers with verdicts; one at a time, for each asks Lean from all cores.
    fn scored(&self, problems: &[Problem], answers: &Path) -> Result<Vec<Scored>, Wrong> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if started.is_none() {
            let lean = Lean::start(self.common, &files::SIGNALS, problems, &self.lean.args(), false)?;
            let why = "distill needs a Lean that has what the statements import: the embedded one has no Mathlib";
            *started = Some(lean.ok_or_else(|| usage(why))?.until(self.stop.clone()));
        }
        files::scored(problems, files::answers_of(answers)?, started.as_ref())
    }

    fn begun(&self, problems: &Path, answers: &Path, directory: &Path) -> Making {
        let problems = problems_of(problems)?;
        let all = self.scored(&problems, answers)?.into_iter().map(|scored| Trajectory {
            id: problems[scored.problem].id.clone(),
            sample: scored.sample,
            attempts: vec![attempt(&scored, 0, None)],
        });
        write_lines(&directory.join(TRAJECTORIES), all.map(|trajectory| json!(trajectory)))?;
        made(&[TRAJECTORIES], 0)
    }

    /// The trajectories of an artifact.
    fn before(&self, problems: &Path, before: &Artifact) -> Result<Before, Wrong> {
        let all: Vec<Trajectory> = lines_of(&before.file(TRAJECTORIES))?;
        let problems: HashMap<String, Problem> =
            problems_of(problems)?.into_iter().map(|problem| (problem.id.clone(), problem)).collect();
        let revised = to_revise(&all, self.opened.place.distill.revise);
        let revised = revised.into_iter().filter_map(|at| Some((at, problems.get(&all[at].id)?.clone()))).collect();
        Ok(Before { all, revised })
    }

    /// What the teacher says of the last attempts.
    fn words(&self, problems: &Path, before: &Artifact, directory: &Path) -> Making {
        let (place, texts) = (&self.opened.place, &self.opened.texts);
        let teacher = place.distill.teacher.as_ref().ok_or_else(|| usage("there is no [teacher]"))?;
        let Before { all, revised } = self.before(problems, before)?;
        if teacher.advice {
            let mut said = Vec::new();
            for (at, _) in &revised {
                let (Trajectory { id, sample, .. }, Some(last)) = (&all[*at], all[*at].last()) else { continue };
                let reason = last.reason.as_deref().unwrap_or_default();
                let refusal = Refusal { reason, attempt: &last.code, messages: &last.messages };
                let text = advise(&texts.advice, &refusal).map_err(usage)?;
                said.push(json!(Said { id: id.clone(), sample: *sample, text }));
            }
            write_lines(&directory.join(WORDS), said.into_iter())?;
            return made(&[WORDS], 0);
        }
        let mut questions = Vec::new();
        for (at, problem) in &revised {
            let (trajectory, round) = (&all[*at], all[*at].attempts.len());
            let Some(last) = trajectory.last() else { continue };
            let about = About { attempt: &last.code, messages: &last.messages, feedback: "" };
            let question = texts.question(problem, about).map_err(usage)?;
            let system = texts.system(problem).map_err(usage)?;
            let prompt = match teacher.chat {
                false => Prompt::Text(question),
                true => {
                    let system = Some(system).filter(|text| !text.is_empty());
                    let mut messages: Vec<Message> =
                        system.into_iter().map(|content| Message { role: Role::System, content }).collect();
                    messages.push(Message { role: Role::User, content: question });
                    Prompt::Chat(messages)
                }
            };
            let seed = seed_of(place.distill.seed, &trajectory.id, trajectory.sample, round);
            questions.push(Question { id: trajectory.id.clone(), sample: trajectory.sample, prompt, seed });
        }
        let mut words =
            Words::of("generate").option("data", "none").option("model", place.base.path_or_name(&teacher.model));
        if teacher.base_url.is_some() {
            words = Words::of("generate").option("data", "none").option("model", &teacher.model);
        }
        for (name, value) in [("base-url", &teacher.base_url), ("api-key-env", &teacher.api_key_env)] {
            words = value.iter().fold(words, |words, value| words.option(name, value));
        }
        let adapter = teacher.adapter.as_ref().map(|name| place.base.path_or_name(name));
        words = adapter.iter().fold(words, |words, path| words.option("adapter", path));
        if teacher.chat {
            words = words.flag("chat");
        }
        let sampling =
            Sampling { temperature: teacher.temperature, top_k: None, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0 };
        let ends = Ends { texts: texts.stop.clone(), is_lean: false };
        let settings = Settings { sampling, max_tokens: teacher.max_tokens, ends };
        let answers = match questions.is_empty() {
            true => vec![],
            false => {
                let source = Source::open(self.common, &words.generate()?)?;
                ask_all(source.generator(), &settings, &questions, &directory.join("answers.jsonl"), &self.stop)?
            }
        };
        let sum = |of: fn(&super::asking::Answered) -> u64| answers.iter().map(of).sum::<u64>();
        let (tokens, prompts) = (sum(|answer| answer.tokens), sum(|answer| answer.prompt_tokens));
        let said =
            answers.into_iter().map(|a| json!(Said { id: a.id, sample: a.sample, text: a.text.trim().to_owned() }));
        write_lines(&directory.join(WORDS), said)?;
        let money = (prompts as f64 * teacher.price_in + tokens as f64 * teacher.price_out) / 1e6;
        Ok(Made { files: vec![WORDS.into()], tokens, money })
    }

    /// The student's next attempts.
    fn revisions(
        &self,
        (feedback, round): (Feedback, usize),
        problems: &Path,
        (before, words): (&Artifact, Option<&Artifact>),
        directory: &Path,
    ) -> Making {
        let Before { all, revised } = self.before(problems, before)?;
        let said: Vec<Said> = words.map(|words| lines_of(&words.file(WORDS))).transpose()?.unwrap_or_default();
        let said: HashMap<(&str, usize), &str> =
            said.iter().map(|said| ((said.id.as_str(), said.sample), said.text.as_str())).collect();
        let mut answers = vec![];
        if !revised.is_empty() {
            let args = self.generation(problems, None, directory)?.generate()?;
            let Some(student) = Student::open(self.common, &args, &self.stop)? else { return Err(Wrong::Stopped) };
            let (asking, asked) = (student.asking(), student.asked()?);
            let first: HashMap<&str, &Prompt> =
                asked.iter().map(|asked| (asked.problem.id.as_str(), &asked.prompt)).collect();
            let mut questions = Vec::new();
            for (at, problem) in &revised {
                let trajectory = &all[*at];
                let heard = said.get(&(trajectory.id.as_str(), trajectory.sample)).copied().unwrap_or_default();
                let Some(first) = first.get(trajectory.id.as_str()) else { continue };
                let prompt = self.next_prompt(feedback, problem, trajectory, heard, first)?;
                if let (Some(room), Some(tokens)) =
                    (asking.prompting.room, student.source.generator().count(&prompt).map_err(usage)?)
                    && tokens > room
                {
                    // There is no room for another attempt: the last one stands.
                    continue;
                }
                let seed = seed_of(self.opened.place.distill.seed, &trajectory.id, trajectory.sample, round);
                questions.push(Question { id: trajectory.id.clone(), sample: trajectory.sample, prompt, seed });
            }
            let path = directory.join("answers.jsonl");
            answers = ask_all(student.source.generator(), &asking.settings, &questions, &path, &self.stop)?;
        }
        let tokens = answers.iter().map(|answer| answer.tokens).sum();
        let lines = answers.into_iter().map(|answer| {
            let heard = said.get(&(answer.id.as_str(), answer.sample)).map(|text| (*text).to_owned());
            json!(Revision { code: code(&answer.text), id: answer.id, sample: answer.sample, feedback: heard })
        });
        write_lines(&directory.join(REVISIONS), lines)?;
        made(&[REVISIONS], tokens)
    }

    /// The prompt of the first attempt with all attempts and what was heard of them.
    fn next_prompt(
        &self,
        feedback: Feedback,
        problem: &Problem,
        trajectory: &Trajectory,
        heard: &str,
        first: &Prompt,
    ) -> Result<Prompt, Failure> {
        let mut prompt = first.clone();
        for (at, attempt) in trajectory.attempts.iter().enumerate() {
            // What was said of an attempt stands with the one that came of it.
            let of_next = trajectory.attempts.get(at + 1).map(|next| next.feedback.as_deref().unwrap_or_default());
            let about =
                About { attempt: &attempt.code, messages: &attempt.messages, feedback: of_next.unwrap_or(heard) };
            let again = self.opened.texts.again(feedback, problem, about).map_err(usage)?;
            match &mut prompt {
                Prompt::Text(text) => *text += &(attempt.code.clone() + &again),
                Prompt::Chat(messages) => messages.extend([
                    Message { role: Role::Assistant, content: attempt.code.clone() },
                    Message { role: Role::User, content: again.trim().to_owned() },
                ]),
            }
        }
        Ok(prompt)
    }

    /// Trajectories with the attempts of a round.
    fn judged(
        &self,
        round: usize,
        problems: &Path,
        (before, revisions): (&Artifact, &Artifact),
        directory: &Path,
    ) -> Making {
        let problems = problems_of(problems)?;
        let mut all: Vec<Trajectory> = lines_of(&before.file(TRAJECTORIES))?;
        let revised: Vec<Revision> = lines_of(&revisions.file(REVISIONS))?;
        if !revised.is_empty() {
            let scored = self.scored(&problems, &revisions.file(REVISIONS))?;
            // In the order of the file: a trajectory has one revision a round, whatever its sample is called there.
            for (revision, scored) in revised.iter().zip(&scored) {
                let own = all.iter_mut().find(|t| (t.id.as_str(), t.sample) == (revision.id.as_str(), revision.sample));
                if let Some(own) = own {
                    own.attempts.push(attempt(scored, round, revision.feedback.clone()));
                }
            }
        }
        write_lines(&directory.join(TRAJECTORIES), all.into_iter().map(|trajectory| json!(trajectory)))?;
        made(&[TRAJECTORIES], 0)
    }

    /// Fine-tunes the student on what is good enough.
    fn taught(&self, learner: Learner, problems: &Path, trajectories: &Artifact, directory: &Path) -> Making {
        let distill = &self.opened.place.distill;
        let problems: HashMap<String, Problem> =
            problems_of(problems)?.into_iter().map(|problem| (problem.id.clone(), problem)).collect();
        let all = trajectories_of(trajectories, &self.opened.examples)?;
        let (from, to) = if learner == Learner::First { (0, 0) } else { (1, distill.rounds) };
        let good = accepted(&all, distill.learn.keep, from, to);
        let lines = good.iter().enumerate().filter_map(|(at, (id, text))| {
            let problem = problems.get(*id)?;
            let (informal, header) = (&problem.informal, &problem.header);
            Some(json!({ "id": format!("{id}.{at}"), "informal": informal, "formal": text, "header": header }))
        });
        let learnt = directory.join(LEARNT);
        write_lines(&learnt, lines)?;
        if good.is_empty() {
            fs::write(directory.join(TAUGHT), json!(TaughtBy::default()).to_string() + "\n")?;
            return made(&[LEARNT, TAUGHT], 0);
        }
        let plan =
            Plan { data: format!("aligned:{}", learnt.display()), ..self.opened.place.plan(self.common, "finetune")? };
        let mut made = self.train(&plan, good.len(), directory)?;
        made.files.push(LEARNT.to_owned());
        Ok(made)
    }

    /// Has the student learn the distributions of a local teacher.
    fn logits(&self, directory: &Path) -> Making {
        let plan = self.opened.place.plan(self.common, "logits")?;
        self.train(&plan, 0, directory)
    }

    fn train(&self, plan: &Plan, texts: usize, directory: &Path) -> Making {
        let resume = directory.join("journal.jsonl").exists();
        let template = &self.opened.template;
        let Some(card) = train(self.common, &Training { plan, template, out: directory, resume, stop: &self.stop })?
        else {
            return Err(Wrong::Stopped);
        };
        let of = |name: &str| card["data"][name].as_u64().unwrap_or(0);
        let tokens = of("tokens") * plan.epochs as u64;
        let texts = if texts > 0 { texts } else { of("examples") as usize };
        fs::write(directory.join(TAUGHT), json!(TaughtBy { texts, tokens }).to_string() + "\n")?;
        Ok(Made { files: files::trained(directory, TAUGHT)?, tokens, money: 0.0 })
    }

    fn verdicts(&self, problems: &Path, answers: &Path, directory: &Path) -> Making {
        let problems = problems_of(problems)?;
        write_verdicts(&problems, &self.scored(&problems, answers)?, directory)
    }

    fn losses(&self, problems: &Path, taught: Option<&Artifact>, directory: &Path) -> Making {
        let out = directory.join(files::LOSSES);
        let words = Words::of("loss").option("data", problems.display()).option("out", out.display());
        let args = self.student(words, taught, directory)?.loss()?;
        let Some(report) = loss::measured(self.common, &args, &self.stop)? else { return Err(Wrong::Stopped) };
        made(&[files::LOSSES], report["loss"]["tokens"].as_u64().unwrap_or(0))
    }
}

/// An attempt with what was found of it.
fn attempt(scored: &Scored, round: usize, feedback: Option<String>) -> Attempt {
    Attempt {
        round,
        feedback,
        code: scored.prediction.code.clone(),
        type_check: scored.score(Signal::TypeCheck),
        equivalence: scored.score(Signal::Equivalence),
        proof: scored.score(Signal::Proof),
        edit_similarity: scored.score(Signal::EditSimilarity),
        reason: scored.reason.clone(),
        messages: scored.messages.clone(),
        copy: false,
    }
}

/// An answer as Lean is to read it.
fn code(answer: &str) -> String {
    answer.trim().to_owned()
}
