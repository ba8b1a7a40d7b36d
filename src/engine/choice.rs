//! Several engines behind one: records name theirs. Owns which of them answers; judges nothing.

use super::{Elaborator, Engine};
use crate::domain::{
    Cause, CheckReport, CheckRequest, Elaboration, ElaborationRequest, EngineId, NotInspected, Verdict,
};
use std::collections::BTreeMap;

/// Engines by name, and one for requests that name none.
pub struct Choice {
    default: Box<dyn Elaborator>,
    named: BTreeMap<String, Box<dyn Elaborator>>,
}

impl Choice {
    pub fn new(default: Box<dyn Elaborator>, named: BTreeMap<String, Box<dyn Elaborator>>) -> Choice {
        Choice { default, named }
    }

    fn all(&self) -> impl Iterator<Item = (&str, &dyn Elaborator)> {
        let named = self.named.iter().map(|(name, engine)| (name.as_str(), &**engine));
        [("", &*self.default)].into_iter().chain(named)
    }
}

impl Engine for Choice {
    fn check(&self, request: &CheckRequest) -> CheckReport {
        match &request.engine {
            None => self.default.check(request),
            Some(name) => match self.named.get(name) {
                Some(engine) => engine.check(request),
                None => {
                    let known: Vec<&str> = self.named.keys().map(String::as_str).collect();
                    let known = if known.is_empty() { "none has a name".to_owned() } else { known.join(", ") };
                    let detail =
                        format!("the record names the engine `{name}`; there are: {known} (--engine NAME=...)");
                    let asked = crate::lean::asked(request);
                    let verdict = Verdict::Undecided { cause: Cause::BadRecord, detail };
                    CheckReport::new(verdict, asked.mode, asked.required, self.id())
                }
            },
        }
    }

    fn id(&self) -> EngineId {
        self.default.id()
    }

    fn fingerprint(&self) -> String {
        if self.named.is_empty() {
            return self.default.fingerprint();
        }
        self.all().map(|(name, engine)| format!("[{name}] {}", engine.fingerprint())).collect::<Vec<_>>().join(" ")
    }

    fn parallelism(&self) -> usize {
        self.all().map(|(_, engine)| engine.parallelism()).max().unwrap_or(1)
    }
}

impl Elaborator for Choice {
    fn elaborate(&self, request: &ElaborationRequest) -> Result<Elaboration, NotInspected> {
        self.default.elaborate(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Reason, Rung};
    use crate::engine::Scripted;

    #[test]
    fn a_record_is_judged_by_the_engine_it_names() {
        let no = Scripted::new(|_| Verdict::Rejected { stage: Rung::Parsed, reason: Reason::Syntax });
        let yes = Scripted::new(|_| Verdict::Accepted { level: Rung::Replay });
        let choice =
            Choice::new(Box::new(no), BTreeMap::from([("yes".to_owned(), Box::new(yes) as Box<dyn Elaborator>)]));
        let ask = |engine: Option<&str>| {
            let request = CheckRequest { engine: engine.map(str::to_owned), ..CheckRequest::new("x") };
            choice.check(&request).verdict.as_str()
        };
        assert_eq!((ask(None), ask(Some("yes")), ask(Some("other"))), ("rejected", "accepted", "undecided"));
    }
}
