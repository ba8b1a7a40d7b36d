//! The one toolchain pin: `lean-toolchain` names the release the embedded Lean belongs to, and the Lake package finds
//! its sources.

use afcheck::engine::embedded::LEAN_VERSION;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// `4.28.0-pre` belongs to release `4.28.0`: a pre-release has no toolchain of its own to pin.
fn release(version: &str) -> &str {
    version.split_once('-').map_or(version, |(release, _)| release)
}

#[test]
fn the_pin_is_the_release_of_the_embedded_lean() {
    assert_eq!(read("lean-toolchain"), format!("leanprover/lean4:v{}\n", release(LEAN_VERSION)));
}

#[test]
fn the_lake_package_finds_its_sources() {
    let lakefile = read("lakefile.lean");
    assert!(lakefile.contains("srcDir := \"lean-project\""), "lakefile.lean names no srcDir \"lean-project\"");
    let libraries = lakefile.lines().filter_map(|l| l.strip_prefix("lean_lib ")?.split(" where").next());
    for library in libraries {
        let root = read(&format!("lean-project/{library}.lean"));
        for module in root.lines().filter_map(|l| l.strip_prefix("import ")) {
            assert!(module.starts_with(library), "{library}.lean imports {module} from outside");
            read(&format!("lean-project/{}.lean", module.replace('.', "/")));
        }
    }
}

#[test]
fn a_version_without_suffix_is_its_own_release() {
    assert_eq!(release("4.28.0"), "4.28.0");
    assert_eq!(release("4.28.0-pre"), "4.28.0");
}
