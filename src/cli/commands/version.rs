//! `afcheck version`: what exactly this build is. Owns the names of these facts; build.rs finds most of them. Says nothing
//! about the machine it runs on, which is `afcheck doctor`'s matter.

use crate::cli::args::Version;
use crate::cli::exit::{Exit, Failure};
use crate::engine::embedded::install::{LEAN_COMMIT, LEAN_VERSION, PACKAGE};
use serde_json::json;

/// Runs the command.
pub fn run(args: &Version) -> Result<Exit, Failure> {
    let commit = Some(env!("AFCHECK_BUILT_FROM")).filter(|commit| !commit.is_empty());
    let features: Vec<&str> = env!("AFCHECK_FEATURES").split(',').filter(|feature| !feature.is_empty()).collect();
    let opt_level = env!("AFCHECK_OPT_LEVEL");
    let (version, judging) = (env!("CARGO_PKG_VERSION"), env!("AFCHECK_JUDGING"));
    let (target, profile, rustc) = (env!("AFCHECK_TARGET"), env!("AFCHECK_PROFILE"), env!("AFCHECK_RUSTC"));
    let text = if args.json {
        let report = json!({
            "afcheck": version,
            "commit": commit,
            "judging": judging,
            "lean": {"version": LEAN_VERSION, "commit": LEAN_COMMIT, "kind": "embedded", "package": PACKAGE},
            "target": target,
            "profile": profile,
            "opt_level": opt_level,
            "features": features,
            "rustc": rustc,
        });
        format!("{report:#}\n")
    } else {
        let commit = commit.unwrap_or("not told to the build");
        let features = if features.is_empty() { "none".to_owned() } else { features.join(", ") };
        format!(
            "afcheck {version}\ncommit: {commit}\njudging sources: {judging}\n\
             embedded Lean: {LEAN_VERSION} ({LEAN_COMMIT}), of {PACKAGE}\ntarget: {target}\n\
             profile: {profile}, opt-level {opt_level}\nfeatures: {features}\ncompiler: {rustc}\n"
        )
    };
    super::print(&text)
}
