//! The file of a distillation, and how its sections become those of other commands. Owns its reading.

use crate::cli::args::Common;
use crate::cli::commands::finetune;
use crate::cli::commands::models::usage;
use crate::cli::commands::tasks::files::Wanted;
use crate::cli::commands::tasks::{Base, Words};
use crate::cli::exit::Failure;
use crate::config::distill::{Distill, parse};
use crate::pipeline::distill::Part;
use crate::pipeline::finetune::Plan;
use serde_json::json;
use std::path::Path;

/// A file of a distillation and its surroundings.
pub struct Place {
    pub distill: Distill,
    pub base: Base,
}

impl Place {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Place, Failure> {
        let text = Base::text(file, "`afcheck distill init > distill.toml`")?;
        let distill = parse(&text).map_err(|e| usage(format!("{}: {e}", file.display())))?;
        Ok(Place { base: Base::of(file, &distill.out), distill })
    }

    /// Words with the options of a section.
    pub fn section(&self, words: Words, section: &str) -> Result<Words, Failure> {
        match self.distill.section(section) {
            Some(table) => words.section(&self.base, section, table),
            None => Ok(words),
        }
    }

    /// Which problems a part is.
    pub fn wanted(&self, part: Part) -> Wanted<'_> {
        let set = match part {
            Part::Learnt => &self.distill.problems,
            Part::HeldOut => &self.distill.held_out,
        };
        Wanted {
            set: self.base.path_or_name(&set.set),
            split: set.split.as_deref(),
            fields: &set.fields,
            count: set.count,
            seed: set.seed,
        }
    }

    /// The student's adapter, if it has one.
    pub fn adapter(&self) -> Option<String> {
        self.distill.student.adapter.as_ref().map(|name| self.base.path_or_name(name))
    }

    /// How students are trained; what on is for the caller to fill in.
    pub fn plan(&self, common: &Common, section: &str) -> Result<Plan, Failure> {
        let words = self.section(Words::of("finetune").flag("show-settings"), section)?;
        let mut given = words.finetune(section)?;
        given["dev"] = json!("");
        given["seed"] = json!(self.distill.seed);
        given["model"] = json!(self.base.path_or_name(&self.distill.student.model));
        given["adapter"] = json!(self.adapter().unwrap_or_default());
        if section == "logits" {
            given["objective"] = json!("distillation");
            if let Some(data) = given["data"].as_str() {
                given["data"] = json!(self.base.condition(data)?.to_string());
            }
        }
        finetune::resolve(common, &given)
    }
}
