//! Exit codes, in one place. The README's table is checked against [`Exit::TABLE`].

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Success,
    BelowThreshold,
    Regressed,
    Incomplete,
    CacheWrong,
    Usage,
    NoEngine,
    NoModel,
    Interrupted,
    Output,
}

impl Exit {
    /// Every code with its meaning.
    pub const TABLE: [(Exit, u8, &'static str); 10] = [
        (Exit::Success, 0, "everything was judged (whatever the verdicts)"),
        (Exit::BelowThreshold, 1, "the acceptance rate is below --fail-under"),
        (Exit::Regressed, 1, "`nightly run` found regressions that its gate does not let pass"),
        (Exit::Incomplete, 1, "tasks of a study or a distillation failed, or were left out for want of budget"),
        (Exit::CacheWrong, 1, "`cache verify` found a kept result that is damaged or wrong"),
        (Exit::Usage, 2, "bad usage, or an input that cannot be read"),
        (Exit::NoEngine, 3, "there is no Lean to judge with"),
        (Exit::NoModel, 3, "a model's server failed; run again with --resume"),
        (Exit::Interrupted, 4, "interrupted; run again with --resume"),
        (Exit::Output, 5, "the results cannot be written (disk full, pipe closed)"),
    ];

    fn code(self) -> u8 {
        Exit::TABLE.iter().find(|(exit, ..)| *exit == self).map_or(2, |(_, code, _)| *code)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// A command that could not do its work: what to print and how to end.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

impl Failure {
    /// Ends with `exit` and prints `message`.
    pub fn new(exit: Exit, message: impl ToString) -> Self {
        Failure { exit, message: message.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_the_same_table() {
        let readme = include_str!("../../README.md");
        for (_, code, meaning) in Exit::TABLE {
            assert!(readme.contains(&format!("| {code} | {meaning} |")), "exit code {code} in the README");
        }
    }
}
