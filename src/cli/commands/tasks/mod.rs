//! What commands of many tasks (`study`, `distill`) have in common: what people see of them, how other commands are run as parts of
//! them, the base of their paths, the files of their artifacts. Owns no task.

pub mod asking;
pub mod base;
pub mod files;
pub mod outlook;
pub mod reports;
pub mod show;
pub mod status;
pub mod words;

pub use asking::Asking;
pub use base::Base;
pub use reports::Reports;
pub use show::Showing;
pub use words::Words;

use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::pipeline::course::{Course, Fault, Made, Maker, Plan, State};
use std::sync::atomic::AtomicBool;

/// Why a task ended early.
pub enum Wrong {
    Failure(Failure),
    Stopped,
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Wrong {
        Wrong::Failure(failure)
    }
}

impl From<std::io::Error> for Wrong {
    fn from(error: std::io::Error) -> Wrong {
        Wrong::Failure(Failure::new(Exit::Output, error))
    }
}

/// What making a task gives.
pub type Making = Result<Made, Wrong>;

/// Files that count, and tokens that it took.
pub fn made(files: &[&str], tokens: u64) -> Making {
    Ok(Made { files: files.iter().map(|file| (*file).to_owned()).collect(), tokens, money: 0.0 })
}

/// A making as the course has it: whatever came of it, what was stopped was interrupted.
pub fn ended(making: Making, is_stopped: bool) -> Result<Made, Fault> {
    match making {
        _ if is_stopped => Err(Fault::Interrupted),
        Ok(made) => Ok(made),
        Err(Wrong::Stopped) => Err(Fault::Interrupted),
        Err(Wrong::Failure(failure)) if failure.exit == Exit::Output => Err(Fault::Disk(failure.message)),
        Err(Wrong::Failure(failure)) => Err(Fault::Failed(failure.message)),
    }
}

/// Options of commands that say nothing by themselves: several may be under way.
pub fn silent(common: &Common) -> Common {
    Common { config: common.config.clone(), cache: common.cache.clone(), quiet: true, color: common.color }
}

/// Makes all that is not there, and shows it. `None` if it was interrupted.
pub fn make(
    common: &Common,
    base: &Base,
    plan: &dyn Plan,
    maker: &dyn Maker,
    (jobs, stop): (usize, &AtomicBool),
) -> Result<Option<Vec<State>>, Failure> {
    let written = |error: std::io::Error| Failure::new(Exit::Output, format!("{}: {error}", base.out.display()));
    let mut showing = Showing::new(plan, &base.out, common.quiet).map_err(written)?;
    let course = Course { plan, artifacts: &base.artifacts, jobs, stop };
    let states = course.run(maker, &mut |happening| showing.on(&happening));
    showing.finish();
    let states = states.map_err(written)?;
    if states.contains(&State::Interrupted) {
        if !common.quiet {
            eprintln!("interrupted     run again to go on");
        }
        return Ok(None);
    }
    if !common.quiet {
        eprint!("{}", outlook::spent(plan, &states));
    }
    Ok(Some(states))
}
