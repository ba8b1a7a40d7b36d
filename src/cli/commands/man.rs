//! `afcheck man`: manual pages, to standard output or as files. Owns where they go; what they say is `cli::man`'s.

use crate::cli::args::{Args, Man};
use crate::cli::exit::{Exit, Failure};
use crate::cli::man;
use clap::CommandFactory;
use std::fs;

/// Runs the command.
pub fn run(args: &Man) -> Result<Exit, Failure> {
    let pages = man::pages(Args::command()).map_err(|e| Failure::new(Exit::Output, e))?;
    let Some(directory) = &args.out else {
        let path = args.command.join(" ");
        let page = pages
            .iter()
            .find(|page| page.command == path)
            .ok_or_else(|| Failure::new(Exit::Usage, format!("no command `{path}`; `afcheck --help` lists them")))?;
        return super::print(&page.text);
    };
    fs::create_dir_all(directory).map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", directory.display())))?;
    for page in &pages {
        let path = directory.join(&page.file);
        fs::write(&path, &page.text).map_err(|e| Failure::new(Exit::Output, format!("{}: {e}", path.display())))?;
    }
    Ok(Exit::Success)
}
