//! The reports of long work, written. Owns their files; what they say is for `report`.

use super::Base;
use crate::cli::args::{Common, CourseFormat, CourseReport};
use crate::cli::commands::print;
use crate::cli::exit::{Exit, Failure};
use std::fs;
use std::path::Path;

/// All reports of one work, as texts.
pub struct Reports {
    pub page: String,
    pub markdown: String,
    pub json: String,
    /// For a terminal.
    pub table: String,
    /// Other files beside them, by name.
    pub others: Vec<(&'static str, String)>,
}

impl Reports {
    /// Writes the files, all of them to `out` or where `how` wants them, and prints what it asks for.
    pub fn write(self, common: &Common, base: &Base, how: &CourseReport) -> Result<Exit, Failure> {
        let Reports { page, markdown, json, table, others } = self;
        let file = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", path.display())))
        };
        let or = |path: &Option<_>, name: &str| path.clone().unwrap_or_else(|| base.out.join(name));
        fs::create_dir_all(&base.out).map_err(|e| Failure::new(Exit::Output, e))?;
        let html = or(&how.html, "report.html");
        file(&html, &page)?;
        file(&or(&how.markdown, "report.md"), &markdown)?;
        file(&base.out.join("report.json"), &json)?;
        for (name, text) in others {
            file(&base.out.join(name), &text)?;
        }
        if !common.quiet {
            eprintln!("written         {}", html.display());
        }
        print(&match how.format {
            CourseFormat::Human => table,
            CourseFormat::Markdown => markdown,
            CourseFormat::Json => json,
        })
    }
}
