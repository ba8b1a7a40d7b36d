//! The file of a study, and how its sections become those of other commands. Owns its reading.

use crate::cli::args::Common;
use crate::cli::commands::finetune;
use crate::cli::commands::models::usage;
use crate::cli::commands::tasks::files::Wanted;
use crate::cli::commands::tasks::{Base, Words};
use crate::cli::exit::Failure;
use crate::config::study::{Study, Way, parse};
use crate::pipeline::finetune::Plan;
use crate::pipeline::study::Part;
use serde_json::json;
use std::path::Path;

/// A file of a study and its surroundings.
pub struct Place {
    pub study: Study,
    pub base: Base,
}

impl Place {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Place, Failure> {
        let text = Base::text(file, "`afcheck study init > study.toml`")?;
        let study = parse(&text).map_err(|e| usage(format!("{}: {e}", file.display())))?;
        Ok(Place { base: Base::of(file, &study.out), study })
    }

    /// Words with the options of a section.
    pub fn section(&self, words: Words, section: &str) -> Result<Words, Failure> {
        let sections = self.study.sections();
        match sections.iter().find(|(name, _)| *name == section) {
            Some((_, table)) => words.section(&self.base, section, table),
            None => Ok(words),
        }
    }

    /// Which problems a part of the target is.
    pub fn wanted(&self, part: Part) -> Option<Wanted<'_>> {
        let target = &self.study.target;
        let (set, count) = match part {
            Part::Target => (Some(&target.problems), target.count),
            Part::Dev => (target.dev.as_ref(), Some(target.dev_count)),
        };
        set.map(|set| Wanted {
            set: self.base.path_or_name(set),
            split: target.split.as_deref(),
            fields: &target.fields,
            count,
            seed: target.seed,
        })
    }

    /// How models are trained in a way; what a run trains and on what is for the caller to fill in.
    pub fn plan(&self, common: &Common, way: Way) -> Result<Plan, Failure> {
        let words = self.section(Words::of("finetune").flag("show-settings"), way.as_str())?;
        let mut given = words.finetune(way.as_str())?;
        given["dev"] = json!("");
        if way == Way::Continued && given["learn_prompts"].is_null() {
            given["learn_prompts"] = json!(true);
        }
        finetune::resolve(common, &given)
    }
}
