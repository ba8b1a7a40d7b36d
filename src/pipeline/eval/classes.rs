//! The samples of a problem in classes by proved equivalence. Owns which pairs of samples are compared and when; that only
//! `equivalent` joins two samples is said here, what it takes is the engine's.
//!
//! Samples that state the same in the same words are one without being compared. Of the others every pair is compared
//! unless earlier answers have put the two into one class: the proof may be found the long way round only. So the classes
//! do not depend on the order of the answers.

use super::lean::{Comparing, budget};
use super::scored::Scored;
use super::signal::Signal;
use crate::domain::{EquivalenceRequest, EquivalenceVerdict, Problem};
use crate::lean::{lean_text, stated};
use crate::metrics::classes;
use crate::runner::ask;
use crossbeam_channel::{RecvTimeoutError, unbounded};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Whether samples were put into classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classes {
    Formed {
        /// Comparisons it took.
        comparisons: usize,
        /// Those that a limit or trouble left undecided: they join nothing, and deny nothing.
        undecided: usize,
    },
    /// Why not.
    NotFormed(&'static str),
}

/// How often the feeder looks whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Pairs of samples, each once.
type Pair = (usize, usize);

/// The different texts of one problem, and what is known of them.
struct Group {
    problem: usize,
    /// Of each text the predictions that have it, by their index among all.
    texts: Vec<Vec<usize>>,
    /// By pair of texts: do they say the same?
    answers: HashMap<Pair, bool>,
    /// Answers that are on their way.
    awaited: usize,
    /// Pairs that nothing was known of when it was last looked.
    open: usize,
}

impl Group {
    /// What to ask next. Of the first text that is not settled: one pair for each class it is not yet known to belong to.
    /// More at once would ask what the answers make needless.
    fn next(&mut self) -> Vec<Pair> {
        let class = self.classes();
        let (answers, count) = (&self.answers, self.texts.len());
        let pairs = (0..count).flat_map(|j| (0..j).map(move |i| (i, j)));
        let open: Vec<Pair> =
            pairs.filter(|(i, j)| class[*i] != class[*j] && !answers.contains_key(&(*i, *j))).collect();
        self.open = open.len();
        let first = open.first().map(|(_, j)| *j);
        let mut wave: Vec<Pair> = Vec::new();
        for (i, j) in open.into_iter().filter(|(_, j)| Some(*j) == first) {
            if !wave.iter().any(|(other, _)| class[*other] == class[i]) {
                wave.push((i, j));
            }
        }
        self.awaited = wave.len();
        wave
    }

    /// For each text the first of its class, as far as is known.
    fn classes(&self) -> Vec<usize> {
        classes(self.texts.len(), |i, j| self.answers.get(&(i, j)) == Some(&true))
    }
}

/// The predictions that elaborate, by problem and text.
fn groups(problems: &[Problem], scored: &[Scored]) -> Vec<Group> {
    let mut texts: Vec<BTreeMap<String, Vec<usize>>> = vec![BTreeMap::new(); problems.len()];
    for (at, scored) in scored.iter().enumerate() {
        if scored.score(Signal::TypeCheck) == Some(1.0) {
            texts[scored.problem].entry(wording(&scored.prediction.code)).or_default().push(at);
        }
    }
    let groups = texts.into_iter().enumerate().filter(|(_, texts)| !texts.is_empty()).map(|(problem, texts)| {
        let mut texts: Vec<Vec<usize>> = texts.into_values().collect();
        texts.sort_unstable();
        let open = texts.len() * (texts.len() - 1) / 2;
        Group { problem, texts, answers: HashMap::new(), awaited: 0, open }
    });
    groups.collect()
}

/// A text up to its last theorem's proof. The name counts: a namespace in it is open in the statement.
fn wording(code: &str) -> String {
    let text = lean_text(code).text.replace("\r\n", "\n");
    match stated(&text) {
        Some(found) => format!("{}\0{}\0{}", found.before.trim(), found.name.unwrap_or_default(), found.signature),
        None => text,
    }
}

/// The most comparisons [`form_classes`] may need.
pub fn class_pairs(problems: &[Problem], scored: &[Scored]) -> usize {
    groups(problems, scored).iter().map(|group| group.open).sum()
}

/// Puts every prediction that elaborates into a class. Needs [`Signal::TypeCheck`].
pub fn form_classes(problems: &[Problem], scored: &mut [Scored], comparing: &Comparing<'_>) -> io::Result<Classes> {
    let mut groups = groups(problems, scored);
    let request = |problem: usize, a: usize, b: usize| EquivalenceRequest {
        header: problems[problem].header.clone(),
        a: scored[a].prediction.code.clone(),
        b: scored[b].prediction.code.clone(),
        budget: budget(),
    };
    // Questions of different problems are independent; within one, answers say what to ask next.
    let advance = |at: usize, group: &mut Group| -> Vec<_> {
        let before = group.open;
        let wave = group.next();
        (comparing.settled)(before - group.open);
        let asked = |(i, j): Pair| ((at, (i, j)), request(group.problem, group.texts[i][0], group.texts[j][0]));
        wave.into_iter().map(asked).collect()
    };
    let (more, questions) = unbounded();
    let mut busy = 0;
    for (at, group) in groups.iter_mut().enumerate() {
        let wave = advance(at, group);
        busy += usize::from(!wave.is_empty());
        wave.into_iter().for_each(|question| drop(more.send(question)));
    }
    // Dropped with the last group that asks, which ends the input.
    let mut more = Some(more).filter(|_| busy > 0);
    let stop = comparing.asking.stop;
    let input = std::iter::from_fn(|| {
        loop {
            match questions.recv_timeout(LOOK) {
                Ok(question) => return Some(question),
                // What was only queued is never answered then, so nobody would close the channel.
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return None,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    });
    let (mut comparisons, mut undecided) = (0, 0);
    ask(comparing.asking, input, &mut |(at, pair), report, _| {
        let group = &mut groups[at];
        comparisons += 1;
        undecided += usize::from(matches!(report.verdict, EquivalenceVerdict::Undecided { .. }));
        group.answers.insert(pair, report.verdict == EquivalenceVerdict::Equivalent);
        group.awaited -= 1;
        if group.awaited == 0 {
            let wave = advance(at, group);
            busy -= usize::from(wave.is_empty());
            if let Some(more) = &more {
                wave.into_iter().for_each(|question| drop(more.send(question)));
            }
            more = more.take().filter(|_| busy > 0);
        }
        Ok(())
    })?;
    for group in &groups {
        for (text, class) in group.classes().into_iter().enumerate() {
            let first = scored[group.texts[class][0]].sample;
            for at in &group.texts[text] {
                scored[*at].class = Some(first);
            }
        }
    }
    Ok(Classes::Formed { comparisons, undecided })
}

#[cfg(test)]
mod tests {
    use super::super::scored::join;
    use super::*;
    use crate::domain::{Cause, Record};
    use crate::engine::{Comparer, ScriptedComparer};
    use crate::runner::Asking;
    use std::cell::Cell;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    fn problems(count: usize) -> Vec<Problem> {
        (0..count)
            .map(|i| Problem { id: format!("p{i}"), formal: "theorem t : True".into(), ..Problem::default() })
            .collect()
    }

    /// Predictions of one problem after the other, all of which elaborate but `ill`.
    fn predictions(problems: &[Problem], texts: &[&str]) -> Vec<Scored> {
        let records = problems.iter().flat_map(|p| texts.iter().map(|text| (p.id.clone(), (*text).to_owned())));
        let records = records.map(|(id, code)| Record { id, code, ..Record::default() });
        let (mut scored, _) = join(problems, records.collect());
        for scored in &mut scored {
            let elaborates = !scored.prediction.code.contains("ill");
            scored.scores.insert(Signal::TypeCheck, Some(f64::from(u8::from(elaborates))));
        }
        scored
    }

    fn statement(of: &str) -> String {
        format!("theorem t : {of} := sorry")
    }

    /// Classes by `verdict` of the letters two statements end in, and the pairs that were compared.
    fn formed(
        texts: &[&str],
        count: usize,
        verdict: impl Fn(&str, &str) -> EquivalenceVerdict + Send + Sync,
    ) -> (Vec<Option<usize>>, Classes, Vec<String>) {
        let problems = problems(count);
        let texts: Vec<String> = texts.iter().map(|t| statement(t)).collect();
        let mut scored = predictions(&problems, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let asked = Mutex::new(Vec::new());
        let inner = |text: &str| text.replace("theorem t : ", "").replace(" := sorry", "");
        let comparer = ScriptedComparer::new(|request| {
            let (a, b) = (inner(&request.a), inner(&request.b));
            asked.lock().unwrap().push(format!("{a}{b}"));
            verdict(&a, &b)
        });
        let (stop, settled) = (AtomicBool::new(false), Cell::new(0));
        let asking = Asking { worker: &comparer as &dyn Comparer, reuse: None, jobs: 3, stop: &stop };
        let settle = |n| settled.set(settled.get() + n);
        let total = class_pairs(&problems, &scored);
        let classes = form_classes(&problems, &mut scored, &Comparing { asking, settled: &settle }).unwrap();
        assert_eq!(settled.get(), total, "the bar is full in the end");
        let mut asked = asked.into_inner().unwrap();
        asked.sort();
        (scored.iter().map(|s| s.class).collect(), classes, asked)
    }

    fn same_letter(a: &str, b: &str) -> EquivalenceVerdict {
        match a.to_lowercase() == b.to_lowercase() {
            true => EquivalenceVerdict::Equivalent,
            false => EquivalenceVerdict::BothProvable,
        }
    }

    #[test]
    fn equal_texts_are_not_compared_and_ill_typed_ones_have_no_class() {
        let (classes, formed, asked) = formed(&["x", "ill", "y", "x", "X", "ill", "Y"], 1, same_letter);
        assert_eq!(classes, [Some(0), None, Some(2), Some(0), Some(0), None, Some(2)]);
        // `XY` too: that neither x nor y was shown to say what the other class says does not answer it.
        assert_eq!(asked, ["XY", "xX", "xY", "xy", "yX", "yY"]);
        assert_eq!(formed, Classes::Formed { comparisons: asked.len(), undecided: 0 });
    }

    #[test]
    fn what_answers_have_joined_is_not_compared() {
        let (classes, _, asked) = formed(&["x", "X", "y", "Y"], 5, |_, _| EquivalenceVerdict::Equivalent);
        assert_eq!(classes, vec![Some(0); 20]);
        assert_eq!(asked, ["xX", "xY", "xy"].iter().flat_map(|pair| [*pair; 5]).collect::<Vec<_>>());
    }

    #[test]
    fn only_equivalent_joins_and_a_class_may_be_found_the_long_way_round() {
        // a and c are each shown equivalent to b only.
        let chain = |a: &str, b: &str| match (a, b) {
            ("a", "b") | ("b", "c") => EquivalenceVerdict::Equivalent,
            ("a", "c") => EquivalenceVerdict::AImpliesBOnly,
            _ => EquivalenceVerdict::Undecided { cause: Cause::EngineCrash, detail: String::new() },
        };
        for order in [["a", "b", "c", "d"], ["a", "c", "b", "d"], ["d", "c", "a", "b"]] {
            let chain = |a: &str, b: &str| chain(a.min(b), a.max(b));
            let (classes, formed, _) = formed(&order, 2, chain);
            let [a, b, c, d] = ["a", "b", "c", "d"].map(|t| classes[order.iter().position(|o| *o == t).unwrap()]);
            assert!(a == b && b == c && c != d, "{order:?}: {classes:?}");
            let Classes::Formed { comparisons, undecided } = formed else { panic!("{formed:?}") };
            // d against each of the others, in two problems, says nothing either way.
            assert_eq!(undecided, 6, "{order:?}: {comparisons} comparisons");
        }
    }

    #[test]
    fn a_stopped_run_ends_though_questions_are_left() {
        let problems = problems(30);
        let texts: Vec<String> = ["a", "b", "c", "d"].map(statement).into();
        let mut scored = predictions(&problems, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let stop = AtomicBool::new(false);
        let comparer = ScriptedComparer::new(|_| {
            stop.store(true, Ordering::Relaxed);
            EquivalenceVerdict::NotShown
        });
        let asking = Asking { worker: &comparer as &dyn Comparer, reuse: None, jobs: 2, stop: &stop };
        let formed = form_classes(&problems, &mut scored, &Comparing { asking, settled: &|_| {} }).unwrap();
        assert!(matches!(formed, Classes::Formed { comparisons: 1..=2, .. }), "{formed:?}");
    }
}
