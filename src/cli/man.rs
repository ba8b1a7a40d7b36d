//! Manual pages out of the command line's own description: a page for afcheck and one for each of its commands. Owns
//! their sections; names and texts are `args`'s. Must not depend on anything but the build.

use super::exit::Exit;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::io;

/// One page.
pub struct Page {
    /// The command's words without `afcheck`: empty, `verify`, `setup lean`.
    pub command: String,
    /// Its file, such as `afcheck-setup-lean.1`.
    pub file: String,
    /// The page, for `man`.
    pub text: String,
}

/// Every page, afcheck's own first.
pub fn pages(command: Command) -> io::Result<Vec<Page>> {
    // The commands named `help` say nothing that the pages do not.
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, None, "", &mut pages)?;
    Ok(pages)
}

/// Adds the page of a command, then those below it.
fn add(command: &Command, above: Option<&str>, words: &str, pages: &mut Vec<Page>) -> io::Result<()> {
    let page = Man::new(command.clone());
    let file = page.get_filename();
    let name = file.trim_end_matches(".1").to_owned();
    let below: Vec<&Command> = command.get_subcommands().filter(|c| !c.is_hide_set()).collect();

    // No date: the same build gives the same bytes. `render_title` would leave an empty one out and move what follows.
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(".TH \"{name}\" \"1\" \"\" \"afcheck {version}\" \"User Commands\"\n").into_bytes();
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if !below.is_empty() {
        page.render_subcommands_section(&mut text)?;
    }
    let mut rest = Roff::default();
    if let Some(help) = command.get_after_long_help() {
        after_help(&mut rest, &help.to_string());
    }
    if above.is_none() {
        exit_status(&mut rest);
    }
    let names = below.iter().map(|c| format!("{name}-{}", c.get_name()));
    see_also(&mut rest, above.map(str::to_owned).into_iter().chain(names).collect());
    rest.to_writer(&mut text)?;
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    pages.push(Page { command: words.to_owned(), file, text });
    for command in below {
        let words = format!("{words} {}", command.get_name());
        add(command, Some(&name), words.trim_start(), pages)?;
    }
    Ok(())
}

/// What stands below the options of `--help`: examples as they are, the rest as paragraphs.
fn after_help(roff: &mut Roff, help: &str) {
    let (examples, notes): (Vec<&str>, Vec<&str>) =
        help.trim().split("\n\n").partition(|paragraph| paragraph.starts_with("Examples:"));
    for paragraph in examples {
        roff.control("SH", ["EXAMPLES"]);
        literally(roff, paragraph.lines().skip(1));
    }
    if notes.is_empty() {
        return;
    }
    roff.control("SH", ["NOTES"]);
    for (i, paragraph) in notes.into_iter().enumerate() {
        if i > 0 {
            roff.control("PP", []);
        }
        if paragraph.lines().any(|line| line.starts_with("  ")) {
            literally(roff, paragraph.lines());
        } else {
            for line in paragraph.lines() {
                roff.text([roman(line)]);
            }
        }
    }
}

/// Lines that keep their ends and their columns.
fn literally<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("EX", []);
    for line in lines {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("EE", []);
}

/// The table that the process ends by.
fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    let mut before = None;
    for (_, code, meaning) in Exit::TABLE {
        if before == Some(code) {
            roff.control("br", []);
        } else {
            roff.control("TP", []);
            roff.text([bold(code.to_string())]);
        }
        roff.text([roman(meaning)]);
        before = Some(code);
    }
}

/// The pages around this one.
fn see_also(roff: &mut Roff, names: Vec<String>) {
    if names.is_empty() {
        return;
    }
    roff.control("SH", ["SEE ALSO"]);
    let last = names.len() - 1;
    for (i, name) in names.into_iter().enumerate() {
        roff.text([bold(name), roman(if i < last { "(1)," } else { "(1)" })]);
    }
}
