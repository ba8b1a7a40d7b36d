//! Questions to a generator whose answers are kept as they come. Owns the file and how an interrupted run goes on.

use crate::cli::commands::models::usage;
use crate::cli::commands::tasks::Wrong;
use crate::generator::{Ask, Event, Generator, Prompt, Settings};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is asked about an answer to a problem.
pub struct Question {
    pub id: String,
    pub sample: usize,
    pub prompt: Prompt,
    pub seed: u64,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub id: String,
    pub sample: usize,
    pub text: String,
    pub tokens: u64,
    pub prompt_tokens: u64,
}

/// Asks what has no answer in the file yet. All answers, in the order of the questions.
pub fn ask_all(
    generator: &dyn Generator,
    settings: &Settings,
    questions: &[Question],
    path: &Path,
    stop: &AtomicBool,
) -> Result<Vec<Answered>, Wrong> {
    let mut there: HashMap<(String, usize), Answered> = HashMap::new();
    // A line that was being written when its run ended is none.
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole: Vec<Answered> = text.lines().map_while(|line| serde_json::from_str(line).ok()).collect();
    let kept: String =
        whole.iter().filter_map(|line| serde_json::to_string(line).ok()).map(|line| line + "\n").collect();
    fs::write(path, kept)?;
    whole.into_iter().for_each(|line| drop(there.insert((line.id.clone(), line.sample), line)));
    let left: Vec<&Question> = questions.iter().filter(|q| !there.contains_key(&(q.id.clone(), q.sample))).collect();
    let asks: Vec<Ask> =
        left.iter().map(|question| Ask { prompt: question.prompt.clone(), seeds: vec![question.seed] }).collect();
    let mut file = OpenOptions::new().append(true).open(path)?;
    let (mut failure, mut failed) = (None, None);
    let mut on = |event: Event<'_>| {
        match event {
            Event::Answered(answer) => {
                let question = left[answer.ask];
                let line = Answered {
                    id: question.id.clone(),
                    sample: question.sample,
                    text: answer.text,
                    tokens: answer.tokens.unwrap_or(0),
                    prompt_tokens: answer.prompt_tokens.unwrap_or(0),
                };
                let written = serde_json::to_string(&line).map_err(std::io::Error::from);
                failure = written.and_then(|line| writeln!(file, "{line}")).err();
                there.insert((line.id.clone(), line.sample), line);
            }
            Event::Failed { ask, why, .. } => failed = Some(format!("{}: {why}", left[ask].id)),
            Event::Text { .. } => {}
        }
        failure.is_none()
    };
    generator.generate(&asks, settings, stop, &mut on).map_err(usage)?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    if stop.load(Ordering::Relaxed) {
        return Err(Wrong::Stopped);
    }
    if let Some(why) = failed {
        return Err(usage(format!("{why}; the next run asks again for what has no answer")).into());
    }
    let of = |question: &Question| there.get(&(question.id.clone(), question.sample)).cloned();
    let all: Option<Vec<Answered>> = questions.iter().map(of).collect();
    all.ok_or_else(|| usage("the generator left questions without an answer").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::{Answer, Finish, GeneratorError, Sampling, Spent};
    use std::sync::atomic::AtomicUsize;

    /// Says each prompt's seed, and counts what it is asked.
    struct Echo(AtomicUsize);

    impl Generator for Echo {
        fn name(&self) -> &str {
            "echo"
        }

        fn context(&self) -> Option<usize> {
            None
        }

        fn count(&self, _: &Prompt) -> Result<Option<usize>, GeneratorError> {
            Ok(None)
        }

        fn generate(
            &self,
            asks: &[Ask],
            _: &Settings,
            _: &AtomicBool,
            on: &mut dyn FnMut(Event<'_>) -> bool,
        ) -> Result<(), GeneratorError> {
            for (ask, of) in asks.iter().enumerate().rev() {
                self.0.fetch_add(1, Ordering::Relaxed);
                let text = of.seeds[0].to_string();
                let (finish, tokens) = (Finish::Stop, Some(1));
                on(Event::Answered(Answer { ask, sample: 0, text, finish, prompt_tokens: None, tokens }));
            }
            Ok(())
        }

        fn spent(&self) -> Spent {
            Spent::default()
        }
    }

    #[test]
    fn what_was_answered_is_not_asked_again() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("answers.jsonl");
        let question = |at: usize| Question {
            id: at.to_string(),
            sample: 0,
            prompt: Prompt::Text("p".into()),
            seed: 10 + at as u64,
        };
        let questions: Vec<Question> = (0..4).map(question).collect();
        let sampling = Sampling { temperature: 0.0, top_k: None, top_p: 1.0, min_p: 0.0, repetition_penalty: 1.0 };
        let settings = Settings { sampling, max_tokens: 9, ends: Default::default() };
        let ask = |echo: &Echo, count: usize| match ask_all(
            echo,
            &settings,
            &questions[..count],
            &path,
            &AtomicBool::new(false),
        ) {
            Ok(all) => all.into_iter().map(|answer| answer.text).collect::<Vec<_>>(),
            Err(_) => panic!("answers"),
        };
        let echo = Echo(AtomicUsize::new(0));
        assert_eq!(ask(&echo, 2), ["10", "11"], "in the order of the questions");
        let mut file = OpenOptions::new().append(true).open(&path).expect("a file");
        file.write_all(b"{\"id\": \"2\", \"sam").expect("written");
        assert_eq!(ask(&echo, 4), ["10", "11", "12", "13"]);
        assert_eq!((ask(&echo, 4).len(), echo.0.into_inner()), (4, 4));
    }
}
