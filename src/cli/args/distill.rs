//! The arguments of `afcheck distill`. Owns names, help texts and examples; resolves nothing.

use super::{CourseReport, CourseRun, CourseStatus};
use clap::Subcommand;
use std::path::PathBuf;

/// Has a student revise its attempts with a teacher's feedback, and learn from what Lean accepts.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Distill {
    #[command(subcommand)]
    pub what: Option<DistillWhat>,
    /// The file of a distillation: without a verb it is run
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The teacher's server, instead of the file's
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    #[command(flatten)]
    pub how: CourseRun,
}

#[derive(Debug, Subcommand)]
pub enum DistillWhat {
    /// Make attempts, feedback, revisions, students, and the report
    Run(Box<DistillRun>),
    /// Say what is there, what is under way and what failed
    Status(DistillStatus),
    /// Write the report of what is there
    Report(DistillReport),
    /// Print a commented example of distill.toml
    Init,
    /// Print the built-in texts between student and teacher
    Texts,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck distill init > distill.toml
  afcheck serve-model --model teacher --port 8642 --for 2h &
  afcheck distill run distill.toml                # or afcheck distill distill.toml
  afcheck distill run examples/distill-small.toml --base-url http://127.0.0.1:8765/v1

A student attempts every problem; then, for each kind of feedback (none, Lean's messages, a teacher's words, both), attempts that Lean
refused are revised, round by round, from the same first attempts. Students then learn from accepted revisions of each kind, and, with
[logits], from the distributions of a local teacher, and are measured on held-out problems beside the untouched one.

What is made is kept in `out` of the file by what it was made from: a run that was interrupted or killed is continued by the next
one. Written to `out`: trajectories.jsonl, report.html, report.md, report.json. docs/distill.md says how to read them.")]
pub struct DistillRun {
    /// The file of the distillation
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The teacher's server, instead of the file's
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    #[command(flatten)]
    pub how: CourseRun,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck distill status distill.toml --watch")]
pub struct DistillStatus {
    /// The file of the distillation
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The teacher's server, as for run
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    #[command(flatten)]
    pub how: CourseStatus,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  afcheck distill report distill.toml --markdown summary.md")]
pub struct DistillReport {
    /// The file of the distillation
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The teacher's server, as for run
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    #[command(flatten)]
    pub how: CourseReport,
}
