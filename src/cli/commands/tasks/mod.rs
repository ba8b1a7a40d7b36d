//! What commands of many tasks (`study`, `distill`) have in common: what people see of them, how other commands are run as parts of
//! them, the base of their paths, the files of their artifacts. Owns no task.

pub mod base;
pub mod files;
pub mod show;
pub mod words;

pub use base::Base;
pub use show::Showing;
pub use words::Words;

use crate::cli::exit::{Exit, Failure};
use crate::pipeline::course::{Fault, Made};

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
        Err(Wrong::Failure(failure)) => Err(Fault::Failed(failure.message)),
    }
}
