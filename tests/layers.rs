//! The fences of docs/architecture.md, checked on the text of `src/`: the direction of the layers, what the pure layers
//! may mention, where wasmtime and `unsafe` may stand, and the shape of files.
//!
//! Every check is a function of paths and texts and is itself tested on small violations, at the end of this file. The
//! reading of Rust is `rust_text`: tokens and paths, enough for these questions and no more.

#[path = "layers/rust_text.rs"]
mod rust_text;

use rust_text::{Path, paths, tokens};
use std::fs;

/// The layers, lowest first. A top-level module that is not listed is a violation: give it its place here and in
/// docs/architecture.md.
const LAYERS: [&[&str]; 6] = [
    &["domain"],
    &["lean", "metrics", "synth", "prompts", "config"],
    &["engine", "dataset", "store", "ml", "generator"],
    &["runner", "pipeline", "cluster"],
    &["report", "lsp", "repl", "serve"],
    &["cli"],
];

/// Uses within one layer: user, used.
const SAME_LAYER: [(&str, &str); 5] =
    [("generator", "ml"), ("pipeline", "runner"), ("prompts", "metrics"), ("serve", "repl"), ("serve", "report")];

/// Uses narrower than a layer: user, used, the one part of it that may be used.
const ONLY_PART: [(&str, &str, &str); 1] = [("report", "runner", "events")];

/// Layers without I/O, threads or engines.
const PURE: [&str; 5] = ["domain", "lean", "metrics", "synth", "prompts"];

/// Modules of `std` a pure layer must not mention.
const IMPURE_STD: [&str; 4] = ["fs", "net", "process", "thread"];

/// Crates a pure layer must not mention, by the beginning of their name.
const IMPURE_CRATES: [&str; 3] = ["wasmtime", "tokio", "candle"];

/// Files that may contain `unsafe`, each with its reason.
const UNSAFE: [(&str, &str); 5] = [
    ("engine/embedded/memory.rs", "maps snapshot files over wasm memories"),
    ("engine/lake/sandbox.rs", "leaves the network of the others"),
    ("engine/embedded/program.rs", "deserialises the compiled module, which only our own cache writes"),
    (
        "ml/math/matrix_unit.rs",
        "instructions of the matrix unit, which no compiler knows, and leave of the system to use it",
    ),
    ("ml/math/product.rs", "calls the matrix product, which takes pointers"),
];

/// What the module doc of a file above [`LONG`] lines must say.
const LONG_BECAUSE: &str = "Longer than 500 lines because";
const LONG: usize = 500;

/// Lines the median file must stay below.
const MEDIAN: usize = 200;

/// Top-level module of a path relative to `src`; `None` for the crate roots, which may use everything.
fn top_module(path: &str) -> Option<&str> {
    let first = path.split('/').next().unwrap_or(path);
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(path, "lib.rs" | "main.rs")).then_some(module)
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// Uses against the direction of the layers.
fn direction(path: &str, text: &str) -> Vec<String> {
    let user = top_module(path);
    let mut wrong = Vec::new();
    if let Some(module) = user
        && layer(module).is_none()
    {
        wrong.push(format!("{path}: `{module}` has no layer"));
    }
    for Path { line, segments } in paths(path, text) {
        let ["crate", used, rest @ ..] = &segments.iter().map(String::as_str).collect::<Vec<_>>()[..] else { continue };
        let (Some(used_layer), used) = (layer(used), *used) else {
            wrong.push(format!("{path}:{line}: `{used}` of the crate root is no layer; name the module"));
            continue;
        };
        let Some(user) = user else { continue };
        let lower = layer(user).is_some_and(|own| used_layer < own);
        let part = ONLY_PART.iter().find(|(from, to, _)| (*from, *to) == (user, used)).map(|(.., part)| *part);
        if user != used && !lower && !SAME_LAYER.contains(&(user, used)) {
            wrong.push(format!("{path}:{line}: `{user}` (L{}) uses `{used}` (L{used_layer})", shown(layer(user))));
        } else if part.is_some_and(|part| rest.first() != Some(&part)) {
            wrong.push(format!("{path}:{line}: of `{used}`, `{user}` may use `{}` only", part.unwrap_or_default()));
        }
    }
    wrong
}

fn shown(layer: Option<usize>) -> String {
    layer.map_or_else(|| "?".to_owned(), |l| l.to_string())
}

/// Mentions of files, processes, threads and engines in the pure layers.
fn purity(path: &str, text: &str) -> Vec<String> {
    let Some(module) = top_module(path).filter(|m| PURE.contains(m)) else { return vec![] };
    let std = paths(path, text).into_iter().filter_map(|p| match &p.segments[..] {
        [root, part, ..] if root == "std" && (part == "*" || IMPURE_STD.contains(&part.as_str())) => {
            Some(format!("{path}:{}: `{module}` mentions std::{part}", p.line))
        }
        _ => None,
    });
    let crates = tokens(text).into_iter().filter(|t| IMPURE_CRATES.iter().any(|c| t.text.starts_with(c)));
    std.chain(crates.map(|t| format!("{path}:{}: `{module}` mentions {}", t.line, t.text))).collect()
}

/// Mentions of wasmtime outside `engine`.
fn wasmtime_in_engine(path: &str, text: &str) -> Vec<String> {
    if top_module(path) == Some("engine") {
        return vec![];
    }
    let mentions = tokens(text).into_iter().filter(|t| t.text == "wasmtime" || t.text.starts_with("wasmtime_"));
    mentions.map(|t| format!("{path}:{}: only engine/ may mention wasmtime", t.line)).collect()
}

/// `unsafe` outside the listed files, and listed files that no longer need it.
fn unsafe_listed(path: &str, text: &str) -> Vec<String> {
    let listed = UNSAFE.iter().any(|(file, _)| *file == path);
    let found: Vec<_> = tokens(text).into_iter().filter(|t| t.text == "unsafe").collect();
    if listed && found.is_empty() {
        return vec![format!("{path}: listed as unsafe but has none; strike it from the list")];
    }
    let unlisted = found.into_iter().filter(|_| !listed);
    unlisted.map(|t| format!("{path}:{}: `unsafe` in a file that is not listed with a reason", t.line)).collect()
}

/// Files that do not open with their module doc, or are long without saying why in it.
fn opening(path: &str, text: &str) -> Vec<String> {
    if !text.starts_with("//!") {
        return vec![format!("{path}: does not open with `//!`: what it owns and what it must not do")];
    }
    let doc = text.lines().map_while(|l| l.strip_prefix("//!")).flat_map(str::split_whitespace);
    let doc = doc.collect::<Vec<_>>().join(" ");
    let lines = text.lines().count();
    if lines > LONG && !doc.contains(LONG_BECAUSE) {
        return vec![format!("{path}: {lines} lines, and its doc does not say \"{LONG_BECAUSE}\"")];
    }
    vec![]
}

/// The median of the file lengths, if it is too large.
fn median_length(mut lengths: Vec<usize>) -> Vec<String> {
    lengths.sort_unstable();
    match lengths.get(lengths.len() / 2) {
        Some(median) if *median >= MEDIAN => vec![format!("the median file has {median} lines, not under {MEDIAN}")],
        _ => vec![],
    }
}

/// Every Rust file below `src`: its path relative to it, with `/`, and its text.
fn sources() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut pending) = (Vec::new(), vec![root.clone()]);
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(&directory).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(&root).expect("below src");
                let relative: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                files.push((relative.join("/"), fs::read_to_string(&path).expect("a source file is UTF-8")));
            }
        }
    }
    files.sort();
    assert!(files.iter().any(|(path, _)| path == "lib.rs"), "the walk sees the crate");
    files
}

/// Runs one check over the whole tree.
fn hold(check: fn(&str, &str) -> Vec<String>) {
    let wrong: Vec<String> = sources().iter().flat_map(|(path, text)| check(path, text)).collect();
    assert!(wrong.is_empty(), "{} violations:\n  {}", wrong.len(), wrong.join("\n  "));
}

#[test]
fn a_layer_uses_lower_layers_only() {
    let crossing =
        sources().into_iter().flat_map(|(path, text)| paths(&path, &text)).filter(|p| p.segments[0] == "crate");
    assert!(crossing.count() > 10, "the reader finds uses at all");
    hold(direction);
}

#[test]
fn domain_lean_and_metrics_are_pure() {
    hold(purity);
}

#[test]
fn only_the_engine_knows_wasmtime() {
    hold(wasmtime_in_engine);
}

#[test]
fn unsafe_code_is_listed() {
    hold(unsafe_listed);
}

#[test]
fn every_file_opens_with_what_it_owns() {
    hold(opening);
}

#[test]
fn the_median_file_is_short() {
    let wrong = median_length(sources().iter().map(|(_, text)| text.lines().count()).collect());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The checks must be able to fail: small violations, and honest neighbours that must pass.
mod the_checks {
    use super::*;

    #[track_caller]
    fn fails(check: fn(&str, &str) -> Vec<String>, path: &str, text: &str, saying: &str) {
        let wrong = check(path, text);
        assert_eq!(wrong.len(), 1, "{path}: {text}\n{wrong:?}");
        assert!(wrong[0].contains(saying), "{} does not say {saying}", wrong[0]);
    }

    #[track_caller]
    fn passes(check: fn(&str, &str) -> Vec<String>, path: &str, text: &str) {
        assert_eq!(check(path, text), Vec::<String>::new(), "{path}: {text}");
    }

    #[test]
    fn upward_uses_fail_however_they_are_written() {
        let upward = "`metrics` (L1) uses `engine` (L2)";
        for text in [
            "use crate::engine::Engine;",
            "use crate::{domain::Rung, engine::{self}};",
            "fn f() -> crate::engine::Engine { todo() }",
            "use super::super::engine::Engine;",
            "mod tests { use super::super::super::engine as e; }",
            "use super::{super::engine::Engine, wilson};",
            "pub(crate) use ::afcheck::engine::Engine;",
            "macro_rules! m { () => { $crate::engine::run() } }",
            "const X: &str = \"//\"; use crate::engine::Engine; // \"",
            "fn f<'a>(c: &'a str) { let q = '\"'; crate::engine::run(q) }",
        ] {
            fails(direction, "metrics/wilson.rs", text, upward);
        }
        fails(direction, "runner/mod.rs", "use super::pipeline::Step;", "`runner` (L3) uses `pipeline` (L3)");
        fails(direction, "report/jsonl.rs", "use crate::runner::Dispatcher;", "may use `events` only");
        fails(direction, "store/mod.rs", "use crate::dataset::Hash;", "`store` (L2) uses `dataset` (L2)");
    }

    #[test]
    fn names_without_a_layer_fail() {
        fails(direction, "helpers/mod.rs", "", "`helpers` has no layer");
        fails(direction, "main.rs", "use afcheck::helpers::x;", "`helpers` of the crate root");
        fails(direction, "cli/mod.rs", "use super::*;", "`*` of the crate root");
    }

    #[test]
    fn downward_and_permitted_uses_pass() {
        passes(direction, "metrics/wilson.rs", "use crate::domain::Rung; use super::*; mod t { use super::*; }");
        passes(direction, "pipeline/verify.rs", "use crate::runner::events::Event; use crate::engine::Engine;");
        passes(direction, "generator/local.rs", "use crate::ml::Model;");
        passes(direction, "report/jsonl.rs", "use crate::runner::events::{Event, Reporter};");
        passes(direction, "main.rs", "fn main() { afcheck::cli::main() }");
        passes(
            direction,
            "domain/mod.rs",
            "//! [`x`](crate::engine)\n/* use crate::cli; /* */ */ const S: &str = \"crate::cli\";",
        );
        passes(direction, "domain/mod.rs", "const S: &str = r#\"\" use crate::cli; \"#; pub(crate) fn r#use() {}");
    }

    #[test]
    fn impure_mentions_fail() {
        for (text, saying) in [
            ("use std::fs;", "std::fs"),
            ("use std::{collections::HashMap, net::TcpStream};", "std::net"),
            ("fn f() { ::std::process::abort() }", "std::process"),
            ("use std::*;", "std::*"),
            ("fn f() { tokio::spawn(g) }", "tokio"),
            ("use wasmtime::Engine;", "wasmtime"),
            ("use candle_core::Tensor;", "candle_core"),
        ] {
            fails(purity, "lean/header.rs", text, saying);
        }
        passes(purity, "lean/header.rs", "//! knows no wasmtime\nuse std::fmt; fn fs() { let thread = \"std::fs\"; }");
        passes(purity, "dataset/open.rs", "use std::fs::File;");
    }

    #[test]
    fn wasmtime_and_unsafe_out_of_place_fail() {
        fails(wasmtime_in_engine, "cli/mod.rs", "use wasmtime::Engine;", "cli/mod.rs:1");
        fails(wasmtime_in_engine, "main.rs", "\nfn f(e: wasmtime::Engine) {}", "main.rs:2");
        passes(wasmtime_in_engine, "engine/embedded/config.rs", "use wasmtime::Engine;");
        fails(unsafe_listed, "cli/mod.rs", "fn f() { unsafe { g() } }", "not listed");
        fails(unsafe_listed, "engine/embedded/memory.rs", "fn f() {} // unsafe", "strike it");
        passes(unsafe_listed, "engine/embedded/memory.rs", "unsafe impl Send for X {}");
        passes(unsafe_listed, "cli/mod.rs", "#![deny(unsafe_code)] // unsafe\nconst K: &str = \"unsafe\";");
    }

    #[test]
    fn shapeless_files_fail() {
        fails(opening, "cli/mod.rs", "use std::fmt;\n//! late", "does not open");
        let body = "\nfn f() {}".repeat(LONG);
        fails(opening, "cli/mod.rs", &format!("//! Owns much.{body}\n// {LONG_BECAUSE}"), "502 lines");
        passes(opening, "cli/mod.rs", &format!("//! Longer than 500\n//! lines because it is one table.{body}"));
        assert_eq!(median_length(vec![900, 150, 10]), Vec::<String>::new());
        assert_eq!(median_length(vec![900, 200, 10]).len(), 1);
    }
}
