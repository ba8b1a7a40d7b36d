//! Where the reports of a run go. Owns their names, and that each is there whole: it is written beside its place and renamed.

use crate::cli::args::Common;
use crate::cli::exit::{Exit, Failure};
use crate::pipeline::nightly::Review;
use crate::report::nightly as report;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes all reports to `out`, the short one to people, and the summary to standard output.
pub fn write(common: &Common, out: &Path, review: &Review) -> Result<(), Failure> {
    let summary = format!("{:#}\n", report::summary(review));
    for (name, text) in [
        ("dashboard.html", report::page(review)),
        ("comment.md", report::comment(review)),
        ("junit.xml", report::junit(review)),
        ("summary.json", summary.clone()),
    ] {
        let path = out.join(name);
        replace(out, &path, &text)
            .map_err(|error| Failure::new(Exit::Output, format!("{}: {error}", path.display())))?;
    }
    if !common.quiet {
        eprint!("{}", report::table(review));
        eprintln!("reports         {}", out.display());
    }
    crate::cli::commands::print(&summary).map(drop)
}

fn replace(directory: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    // A temporary file is its owner's alone; a report is for whoever may read the directory.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map(drop).map_err(|error| error.error)
}
