//! The way of one sample through its attempts: Lean's own messages go back to the model until it is accepted or the rounds
//! are over. Owns what the model is told; the verdict is Lean's.

use super::line::{Attempt, Judgement, Line, RunHash};
use super::prompt::{Asked, seed_of};
use super::{Asking, GenerateError};
use crate::domain::{CheckReport, CheckRequest, Problem, Record, Verdict};
use crate::engine::Engine;
use crate::generator::{Answer, Ask, Event, Generator, Message, Prompt, Role, Settings};
use crate::lean::told;
use crate::pipeline::verify::Judging;
use crate::prompts::Template;
use crate::runner;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who judges between the rounds, and how many there are.
pub struct Repairing<'a> {
    pub asking: runner::Asking<'a, dyn Engine>,
    pub judging: Judging,
    pub rounds: usize,
}

impl Repairing<'_> {
    /// What Lean is asked of the last attempt.
    pub(super) fn request(&self, trajectory: &Trajectory<'_>) -> CheckRequest {
        let code = trajectory.attempts.last().map(|attempt| attempt.code.clone()).unwrap_or_default();
        let header = trajectory.asked.problem.header.clone();
        self.judging.request(&Record { code, header, ..Record::default() })
    }

    /// Lean's answers, in order; `None` if the run was interrupted.
    pub(super) fn judge(&self, requests: Vec<CheckRequest>) -> io::Result<Option<Vec<CheckReport>>> {
        let mut reports: Vec<Option<CheckReport>> = requests.iter().map(|_| None).collect();
        runner::ask(self.asking, requests.into_iter().enumerate(), &mut |at, report, _| {
            reports[at] = Some(report);
            Ok(())
        })?;
        Ok(reports.into_iter().collect())
    }
}

/// A sample and its attempts so far.
#[derive(Clone, Debug)]
pub(super) struct Trajectory<'a> {
    asked: &'a Asked<'a>,
    pub sample: usize,
    seed: u64,
    /// The prompt of the attempt under way.
    prompt: Prompt,
    attempts: Vec<Attempt>,
    /// Of the first attempt.
    prompt_tokens: Option<u64>,
}

impl<'a> Trajectory<'a> {
    /// The samples of a problem, and what is asked for them.
    pub fn begin(asked: &'a Asked<'a>) -> (Ask, Vec<Trajectory<'a>>) {
        let of = |(sample, seed): (&usize, &u64)| Trajectory {
            asked,
            sample: *sample,
            seed: *seed,
            prompt: asked.prompt.clone(),
            attempts: vec![],
            prompt_tokens: None,
        };
        (asked.ask(), asked.samples.iter().zip(&asked.seeds).map(of).collect())
    }

    /// The problem's id.
    pub fn id(&self) -> &'a str {
        &self.asked.problem.id
    }

    /// The same with one more attempt.
    pub fn answered(&self, answer: Answer) -> Trajectory<'a> {
        let mut next = self.clone();
        next.prompt_tokens = next.prompt_tokens.or(answer.prompt_tokens);
        next.attempts.push(Attempt {
            code: code(&answer.text),
            seed: self.seed,
            prompt_tokens: answer.prompt_tokens,
            tokens: answer.tokens,
            finish_reason: answer.finish.as_str(),
            judgement: None,
        });
        next
    }

    /// Notes what Lean said of the last attempt.
    pub fn judged(&mut self, report: &CheckReport) {
        if let Some(attempt) = self.attempts.last_mut() {
            let (verdict, reason) = (report.verdict.as_str(), report.verdict.reason());
            attempt.judgement = Some(Judgement { verdict, reason, messages: told(report) });
        }
    }

    /// True if Lean refused the last attempt. What is undecided is not the model's to repair.
    pub fn is_refused(&self) -> bool {
        let judgement = self.attempts.last().and_then(|attempt| attempt.judgement.as_ref());
        judgement.is_some_and(|judgement| judgement.verdict == "rejected")
    }

    /// Asks for another attempt; `None` if the prompt has no room for it.
    pub fn ask_again(
        &mut self,
        generator: &dyn Generator,
        asking: &Asking<'_>,
        report: &CheckReport,
    ) -> Result<Option<Ask>, GenerateError> {
        let (text, user) = asking
            .prompting
            .template
            .repair(self.asked.problem, &told(report))
            .map_err(crate::pipeline::prompting::PromptError::from)?;
        let answer = self.attempts.last().map(|attempt| attempt.code.clone()).unwrap_or_default();
        match &mut self.prompt {
            Prompt::Text(prompt) => *prompt += &(answer + &text),
            Prompt::Chat(messages) => messages.extend([
                Message { role: Role::Assistant, content: answer },
                Message { role: Role::User, content: user },
            ]),
        }
        if let (Some(room), Some(tokens)) = (asking.prompting.room, generator.count(&self.prompt)?)
            && tokens > room
        {
            return Ok(None);
        }
        self.seed = seed_of(asking.prompting.shots.seed, self.id(), self.sample, self.attempts.len());
        Ok(Some(Ask { prompt: self.prompt.clone(), seeds: vec![self.seed] }))
    }

    /// The sample's line.
    pub fn line<'l>(&'l self, model: &'l str, run: &'l RunHash) -> Line<'l>
    where
        'a: 'l,
    {
        let last = self.attempts.last();
        let is_repaired = last.is_some_and(|attempt| attempt.judgement.is_some());
        let tokens = self.attempts.iter().map(|attempt| attempt.tokens).sum();
        Line {
            id: self.id(),
            code: last.map(|attempt| attempt.code.clone()).unwrap_or_default(),
            header: self.asked.problem.header.as_deref(),
            sample: self.sample,
            model,
            seed: self.attempts.first().map_or(self.seed, |attempt| attempt.seed),
            prompt_sha256: &self.asked.sha256,
            shots: &self.asked.shots,
            prompt_tokens: self.prompt_tokens,
            tokens,
            finish_reason: last.map_or("", |attempt| attempt.finish_reason),
            run: run.as_str(),
            attempts: if is_repaired { self.attempts.clone() } else { vec![] },
        }
    }
}

/// A text to be revised by a model that hears what Lean says of it.
pub struct Revision<'a> {
    pub template: &'a Template,
    pub problem: &'a Problem,
    pub settings: Settings,
    /// Attempts at most.
    pub rounds: usize,
    pub check: &'a dyn Fn(&str) -> CheckReport,
}

/// The first revision of `refused` that Lean accepts; `None` if none of the attempts is, or `stop` was set.
pub fn revise(
    generator: &dyn Generator,
    revision: &Revision<'_>,
    refused: &str,
    report: &CheckReport,
    stop: &AtomicBool,
) -> Result<Option<String>, GenerateError> {
    let Revision { template, problem, settings, rounds, check } = revision;
    let wrong = crate::pipeline::prompting::PromptError::from;
    let mut prompt = template.prompt(&[], problem).map_err(wrong)?;
    let (mut answer, mut report) = (refused.to_owned(), report.clone());
    for round in 0..*rounds {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let (text, _) = template.repair(problem, &told(&report)).map_err(wrong)?;
        prompt += &(answer + &text);
        let asks = [Ask { prompt: Prompt::Text(prompt.clone()), seeds: vec![seed_of(1, &problem.id, 0, round)] }];
        let mut made = None;
        generator.generate(&asks, settings, stop, &mut |event| {
            if let Event::Answered(answer) = event {
                made = Some(code(&answer.text));
            }
            true
        })?;
        let Some(made) = made else { return Ok(None) };
        report = check(&made);
        if matches!(report.verdict, Verdict::Accepted { .. }) {
            return Ok(Some(made));
        }
        answer = made;
    }
    Ok(None)
}

/// An answer as Lean is to read it: without the white space around it.
fn code(answer: &str) -> String {
    let lines_before = answer.len() - answer.trim_start().len();
    let start = answer[..lines_before].rfind('\n').map_or(0, |at| at + 1);
    answer[start..].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keeps_the_indentation_of_its_first_line() {
        assert_eq!(code("\n\n  simp\n  rfl\n\n"), "  simp\n  rfl");
        assert_eq!(code(" theorem a"), " theorem a");
        assert_eq!(code(" \n "), "");
    }
}
