//! Benchmarks: informal statements with reference formalizations. Owns the recognised field names of ProofNet,
//! ProofNet-Verified, miniF2F, debug1_af and AfCore, and the data sets the binary carries; files and formats are
//! `objects.rs`'s business.

use super::extract::{self, Object};
use super::fields::HELPER_FIELD;
use super::objects::{Item, Objects};
use super::{Fault, FieldError, InputError, RecordError};
use crate::domain::{Groups, Problem};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Longest problem, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// Roles of a problem's fields with the recognised names, best first.
const ROLES: [(&str, &[&str]); 10] = [
    ("id", &["id", "name", "full_name", "problem_id", "theorem_name", "index"]),
    (
        "informal",
        &[
            "informal",
            "informal_statement",
            "nl_statement",
            "informal_stmt",
            "informal_prefix",
            "generated informal statement",
            "nl",
            "problem",
        ],
    ),
    ("header", &["header"]),
    ("formal", &["formal", "formal_statement", "formal_stmt", "formal statement", "statement", "lean_code"]),
    ("proof", &["proof", "formal_proof"]),
    ("statement", &["statement"]),
    ("concept", &["concept", "topic", "subject", "category"]),
    ("source", &["source", "textbook", "book"]),
    ("difficulty", &["difficulty", "level"]),
    ("split", &["split"]),
];

/// Fields named by the user, by role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemFields(BTreeMap<&'static str, String>);

impl ProblemFields {
    /// From `ROLE=NAME` arguments; of two for one role the later counts.
    pub fn with_overrides<'a>(assignments: impl IntoIterator<Item = &'a str>) -> Result<Self, FieldError> {
        let mut fields = ProblemFields::default();
        for assignment in assignments {
            let parts = assignment.split_once('=').map(|(role, name)| (role.trim(), name.trim()));
            let Some((role, name)) = parts.filter(|(_, name)| !name.is_empty()) else {
                return Err(FieldError::Form(assignment.to_string()));
            };
            let Some((role, _)) = ROLES.iter().find(|(known, _)| *known == role) else {
                let known: Vec<_> = ROLES.iter().map(|(role, _)| *role).collect();
                return Err(FieldError::Unknown { role: role.to_string(), known: known.join(", ") });
            };
            fields.0.insert(role, name.to_string());
        }
        Ok(fields)
    }

    /// The text of a role, `None` if the record has none.
    fn text(&self, role: &str, object: &Object) -> Option<String> {
        let text = |name: &str| extract::lookup(object, name).and_then(extract::scalar_text);
        let text = match self.0.get(role) {
            Some(name) => text(name),
            None => {
                let (_, names) = ROLES.iter().find(|(known, _)| *known == role)?;
                names.iter().find_map(|name| text(name))
            }
        };
        text.filter(|text| !text.trim().is_empty())
    }

    fn problem(&self, index: u64, object: &Object) -> Result<Problem, (Fault, Option<String>)> {
        let text = |role| self.text(role, object);
        let Some(formal) = text("formal") else {
            let hint = format!(
                "{}; name the one with the formal statement by --data-field formal=NAME",
                extract::fields_of(object)
            );
            return Err((Fault::NoFormal, Some(hint)));
        };
        let mut header = match extract::lookup(object, self.0.get("header").map_or("header", String::as_str)) {
            Some(value) => extract::header_text("header", value)?,
            None => None,
        };
        if let Some(helper) = object.get(HELPER_FIELD).and_then(|h| h.as_str()).filter(|h| !h.trim().is_empty()) {
            header = Some(header.map_or(helper.to_string(), |h| format!("{}\n\n{helper}\n", h.trim_end())));
        }
        let proof = text("proof").filter(|proof| !super::join::is_placeholder(proof));
        let groups = Groups {
            concept: text("concept"),
            source: text("source"),
            difficulty: text("difficulty"),
            split: text("split"),
        };
        let id = text("id").unwrap_or_else(|| index.to_string());
        let informal = text("informal").map(|text| without_comment(&text).to_string());
        Ok(Problem { index, id, informal, header, formal, proof, statement: text("statement"), groups })
    }
}

/// miniF2F keeps its informal statements as documentation comments.
fn without_comment(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("/--").and_then(|rest| rest.strip_suffix("-/"));
    inner.map_or(text, str::trim)
}

const AFCORE_TEST: &[u8] = include_bytes!("../../data/afcore/test.jsonl");

/// The data sets the binary carries, as files: plain, or compressed by `build.rs`.
const BUILT_IN: [(&str, &[u8]); 4] = [
    ("afcore", AFCORE_TEST),
    ("afcore:test", AFCORE_TEST),
    ("afcore:dev", include_bytes!("../../data/afcore/dev.jsonl")),
    ("afcore:train", include_bytes!(concat!(env!("OUT_DIR"), "/train.jsonl.gz"))),
];

/// Data sets people know by name and must bring as a file, with where they are published.
const KNOWN: [(&str, &str); 4] = [
    ("proofnet", "rahul3613/ProofNet-lean4"),
    ("proofnet-verified", "marcusm117/ProofNet-Verified"),
    ("minif2f", "deepseek-ai/DeepSeek-Prover-V1.5, datasets/minif2f.jsonl"),
    ("debug1_af", "brando/debug1_af"),
];

/// Why a benchmark cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ProblemError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error("{0}")]
    Record(Box<RecordError>),
    #[error("`{name}` is not carried by afcheck: download it ({published}) and give the file")]
    NotCarried { name: String, published: &'static str },
    #[error("there is no file `{0}`, and no data set of that name; built in: afcore, afcore:dev, afcore:train")]
    Unknown(String),
    #[error(
        "two problems have the id `{0}`: predictions could not be told apart; name another field with --data-field id=NAME"
    )]
    Repeated(String),
    #[error("{name} has no problem{split}")]
    Empty { name: String, split: String },
}

/// The problems of a data set: a built-in name (`afcore`, `afcore:dev`, `afcore:train`) or a file. With `split`, only that part of it.
/// The whole set is held in memory: benchmarks have hundreds to thousands of problems.
pub fn problems(set: &str, fields: &ProblemFields, split: Option<&str>) -> Result<Vec<Problem>, ProblemError> {
    let built_in = BUILT_IN.iter().find(|(name, _)| *name == set);
    let objects = match built_in {
        Some((name, file)) => Objects::from_reader(&format!("{name}.jsonl"), Cursor::new(*file), MOST_BYTES)?,
        None if set != "-" && !std::path::Path::new(set).exists() => {
            let known = KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(set));
            return Err(match known {
                Some((_, published)) => ProblemError::NotCarried { name: set.to_string(), published },
                None => ProblemError::Unknown(set.to_string()),
            });
        }
        None => Objects::open(set, MOST_BYTES)?,
    };
    let mut problems: Vec<Problem> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut objects = objects;
    while let Some(item) = objects.next() {
        let Item { index, place, object } = item?.map_err(ProblemError::Record)?;
        let bad = |(fault, hint)| ProblemError::Record(objects.bad(index, place, None, fault, hint));
        let problem = fields.problem(index, &object).map_err(bad)?;
        if split.is_some_and(|split| problem.groups.split.as_deref() != Some(split)) {
            continue;
        }
        if !seen.insert(problem.id.clone()) {
            return Err(ProblemError::Repeated(problem.id));
        }
        problems.push(problem);
    }
    if problems.is_empty() {
        let split = split.map_or(String::new(), |split| format!(" of split `{split}`"));
        return Err(ProblemError::Empty { name: set.to_string(), split });
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: serde_json::Value) -> Problem {
        let object = value.as_object().expect("an object").clone();
        ProblemFields::default().problem(7, &object).expect("a problem")
    }

    #[test]
    fn well_known_data_sets_are_recognised() {
        let proofnet = read(json!({"name": "Rudin|exercise_1_1a", "source": "Rudin", "header": "import Mathlib",
            "formal_statement": "theorem t : True :=", "informal_stmt": "If $r$ ..", "informal_proof": "trivial"}));
        assert_eq!((proofnet.id.as_str(), proofnet.groups.source.as_deref()), ("Rudin|exercise_1_1a", Some("Rudin")));
        assert_eq!(proofnet.informal.as_deref(), Some("If $r$ .."));
        let verified = read(json!({"index": 1, "name": "A", "textbook": "Artin", "header": "import Mathlib",
            "helper": "def f := 1", "formal_stmt": "theorem A : f = 1 := by\n  sorry", "informal_stmt": "x",
            "formal_proof": "to avoid data contamination, the formal proof is in proofs.zip"}));
        assert_eq!(verified.header.as_deref(), Some("import Mathlib\n\ndef f := 1\n"));
        assert_eq!((verified.proof, verified.groups.source.as_deref()), (None, Some("Artin")));
        let minif2f = read(json!({"name": "mathd_1", "split": "valid", "informal_prefix": "/-- What is 1+1? -/\n",
            "formal_statement": "theorem mathd_1 : 1 + 1 = 2 := by\n", "goal": "", "header": "import Mathlib"}));
        assert_eq!(minif2f.informal.as_deref(), Some("What is 1+1?"));
        assert_eq!(minif2f.groups.split.as_deref(), Some("valid"));
        let debug1 =
            read(json!({"generated informal statement": "One is one.", "formal statement": "theorem a : 1 = 1"}));
        assert_eq!((debug1.id.as_str(), debug1.formal.as_str()), ("7", "theorem a : 1 = 1"));
    }

    #[test]
    fn what_is_built_in_can_be_read() {
        for (name, _) in BUILT_IN {
            let read = problems(name, &ProblemFields::default(), None).expect(name);
            assert!(read.iter().all(|p| p.informal.is_some() && p.groups.concept.is_some()), "{name}");
        }
    }

    #[test]
    fn no_text_of_the_test_split_is_in_the_training_split() {
        let read = |name| problems(name, &ProblemFields::default(), None).expect(name);
        let statement = |p: &Problem| p.formal.replacen(&p.id, "", 1);
        let (test, train) = (read("afcore:test"), read("afcore:train"));
        let known: std::collections::HashSet<String> =
            test.iter().flat_map(|p| [p.id.clone(), statement(p), p.informal.clone().unwrap_or_default()]).collect();
        assert_eq!((test.len(), train.len()), (272, 7000));
        for p in &train {
            let texts = [p.id.clone(), statement(p), p.informal.clone().unwrap_or_default()];
            assert!(texts.iter().all(|text| !known.contains(text)), "{}", p.id);
        }
        // Several texts have one statement.
        let keys: std::collections::HashSet<_> = train.iter().map(|p| p.statement.clone().expect("a key")).collect();
        assert_eq!(keys.len(), 3513);
    }

    #[test]
    fn names_that_lead_nowhere_are_explained() {
        let error = |set| problems(set, &ProblemFields::default(), None).expect_err(set).to_string();
        assert!(error("ProofNet").contains("rahul3613/ProofNet-lean4"));
        assert!(error("nowhere.jsonl").contains("built in: afcore"));
        let empty = problems("afcore", &ProblemFields::default(), Some("valid")).expect_err("no such split");
        assert_eq!(empty.to_string(), "afcore has no problem of split `valid`");
    }
}
