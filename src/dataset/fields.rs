//! Which field of a record plays which role. Owns the recognised names, their order and the overrides of
//! `--field ROLE=NAME`; taking the values out of a record is `extract.rs`'s business.

use std::fmt;
use thiserror::Error;

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Id,
    Code,
    Header,
    Informal,
    Target,
    TargetHeader,
    TargetName,
    Engine,
}

impl Role {
    pub const ALL: [Role; 8] = [
        Role::Id,
        Role::Code,
        Role::Header,
        Role::Informal,
        Role::Target,
        Role::TargetHeader,
        Role::TargetName,
        Role::Engine,
    ];

    /// The name used in `--field` and in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Id => "id",
            Role::Code => "code",
            Role::Header => "header",
            Role::Informal => "informal",
            Role::Target => "target",
            Role::TargetHeader => "target_header",
            Role::TargetName => "target_name",
            Role::Engine => "engine",
        }
    }

    /// The recognised field names, best first. The first one a record has with a value other than `null` is taken.
    pub fn candidates(self) -> Vec<&'static str> {
        match self {
            Role::Id => vec!["id", "name", "custom_id", "problem_id", "theorem_name", "index"],
            Role::Code => CODE_FIELDS.iter().map(|f| f.name).collect(),
            Role::Header => vec!["header"],
            Role::Informal => vec![
                "informal_statement",
                "nl_statement",
                "informal_stmt",
                "informal_prefix",
                "nl",
                "informal",
                "problem",
            ],
            Role::Target => vec!["target"],
            Role::TargetHeader => vec!["target_header"],
            Role::TargetName => vec!["target_name"],
            // Results have a field of that name: only who asks for it means this one.
            Role::Engine => vec![],
        }
    }
}

/// What a recognised code field says about its contents.
pub(super) struct CodeField {
    pub name: &'static str,
    /// See [`Record::is_proof`](crate::domain::Record::is_proof).
    pub is_proof: Option<bool>,
    /// May hold only what follows a statement, which then comes from one of [`STATEMENT_FIELDS`].
    pub continues: bool,
    /// Data sets keep reference proofs here and often have none: an empty value or one line of prose is passed over
    /// if the record has a statement.
    pub reference: bool,
}

const fn field(name: &'static str, is_proof: Option<bool>) -> CodeField {
    CodeField { name, is_proof, continues: false, reference: false }
}

/// The recognised code fields. A model's whole answer comes first, then a proof, then a statement; a reference proof
/// stands after a generated statement, because it does not prove that one.
pub(super) const CODE_FIELDS: [CodeField; 14] = [
    field("code", None),
    field("lean_code", None),
    field("full_proof", Some(true)),
    field("prediction", None),
    CodeField { continues: true, ..field("completion", None) },
    field("output", None),
    field("response", None),
    CodeField { continues: true, ..field("proof", Some(true)) },
    field("generated_formal_statement", Some(false)),
    CodeField { continues: true, reference: true, ..field("formal_proof", Some(true)) },
    field("formal_statement", Some(false)),
    field("formal_stmt", Some(false)),
    field("statement", Some(false)),
    field("text", None),
];

/// Fields whose statement a proof field may continue, best first. `statement` is not among them: it is as often the
/// informal one.
pub(super) const STATEMENT_FIELDS: [&str; 3] = ["generated_formal_statement", "formal_statement", "formal_stmt"];

/// Definitions a data set's statements rest on (ProofNet-Verified): trusted, put after the header where the code is
/// the data set's own statement.
pub(super) const HELPER_FIELD: &str = "helper";

/// The field of each role: the one named by the user, or `None` to recognise it record by record.
///
/// A name may be a path: `response.choices.0.message.content`. A field named exactly so wins over the path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    pub id: Option<String>,
    pub code: Option<String>,
    pub header: Option<String>,
    pub informal: Option<String>,
    pub target: Option<String>,
    pub target_header: Option<String>,
    pub target_name: Option<String>,
    pub engine: Option<String>,
}

/// How the field of a role is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// Named by the user; a record without it is bad (code) or has none (the other roles).
    Override(&'a str),
    /// The first of these that the record has.
    Recognised(Vec<&'static str>),
}

/// A `--field` argument that says nothing usable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FieldError {
    #[error("`{0}` is not of the form ROLE=NAME, as in `code=model_output` or `code=response.text`")]
    Form(String),
    #[error("unknown role `{0}`; one of id, code, header, informal, target, target_header, target_name, engine")]
    Role(String),
    #[error("unknown role `{role}`; one of {known}")]
    Unknown { role: String, known: String },
}

impl FieldMap {
    /// The map with these `ROLE=NAME` overrides; of two for one role the later counts.
    pub fn with_overrides<'a>(assignments: impl IntoIterator<Item = &'a str>) -> Result<FieldMap, FieldError> {
        let mut map = FieldMap::default();
        for assignment in assignments {
            map.set(assignment)?;
        }
        Ok(map)
    }

    /// Applies one `ROLE=NAME`.
    pub fn set(&mut self, assignment: &str) -> Result<(), FieldError> {
        let parts = assignment.split_once('=').map(|(role, name)| (role.trim(), name.trim()));
        let Some((role, name)) = parts.filter(|(_, name)| !name.is_empty()) else {
            return Err(FieldError::Form(assignment.to_string()));
        };
        let slot = match role {
            "id" => &mut self.id,
            "code" => &mut self.code,
            "header" => &mut self.header,
            "informal" => &mut self.informal,
            "target" => &mut self.target,
            "target_header" => &mut self.target_header,
            "target_name" => &mut self.target_name,
            "engine" => &mut self.engine,
            _ => return Err(FieldError::Role(role.to_string())),
        };
        *slot = Some(name.to_string());
        Ok(())
    }

    /// The name the user gave for a role.
    pub fn overridden(&self, role: Role) -> Option<&str> {
        match role {
            Role::Id => self.id.as_deref(),
            Role::Code => self.code.as_deref(),
            Role::Header => self.header.as_deref(),
            Role::Informal => self.informal.as_deref(),
            Role::Target => self.target.as_deref(),
            Role::TargetHeader => self.target_header.as_deref(),
            Role::TargetName => self.target_name.as_deref(),
            Role::Engine => self.engine.as_deref(),
        }
    }

    /// Every role with how its field is found, for `--show-settings`.
    pub fn entries(&self) -> impl Iterator<Item = (Role, Choice<'_>)> {
        Role::ALL.into_iter().map(|role| match self.overridden(role) {
            Some(name) => (role, Choice::Override(name)),
            None => (role, Choice::Recognised(role.candidates())),
        })
    }
}

/// One line per role: `code = first of code, lean_code, ...` or `code = answer`.
impl fmt::Display for FieldMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (role, choice) in self.entries() {
            match choice {
                Choice::Override(name) => writeln!(f, "{} = {name}", role.as_str())?,
                Choice::Recognised(names) if names.is_empty() => writeln!(f, "{} = none", role.as_str())?,
                Choice::Recognised(names) => writeln!(f, "{} = first of {}", role.as_str(), names.join(", "))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_shown_and_mistakes_explained() {
        let map = FieldMap::with_overrides(["code=a.b", "id = key", "code=answer"]).unwrap();
        assert_eq!(
            map.to_string(),
            "id = key\n\
             code = answer\n\
             header = first of header\n\
             informal = first of informal_statement, nl_statement, informal_stmt, informal_prefix, nl, informal, problem\n\
             target = first of target\n\
             target_header = first of target_header\n\
             target_name = first of target_name\n\
             engine = none\n"
        );
        assert!(FieldMap::default().to_string().contains("code = first of code, lean_code, full_proof, prediction,"));
        let error = |text| FieldMap::with_overrides([text]).unwrap_err();
        assert_eq!(error("code"), FieldError::Form("code".into()));
        assert_eq!(error("code="), FieldError::Form("code=".into()));
        assert_eq!(error("proof=x"), FieldError::Role("proof".into()));
    }
}
