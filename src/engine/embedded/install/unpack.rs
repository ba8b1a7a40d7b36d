//! Unpacks the package: `lean.wasm` and the `.olean` files, without the junk its archive carries.

use super::{Cache, SetupError, Step};
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use tar::Archive;

/// `.olean` files in the package: the scale of the progress bar.
const FILES: u64 = 2098;

/// Unpacks a verified archive into the cache.
pub(super) fn package(cache: &Cache, archive: &Path, progress: &(dyn Fn(Step) + Sync)) -> Result<(), SetupError> {
    let fail = |source| SetupError::Unpack { path: archive.to_owned(), source };
    let temporary = tempfile::Builder::new()
        .prefix(".package-")
        .tempdir_in(cache.root())
        .map_err(|source| SetupError::Cache { path: cache.root().to_owned(), source })?;
    unpack(File::open(archive).map_err(fail)?, temporary.path(), progress).map_err(fail)?;
    fs::rename(temporary.keep(), cache.package_home())
        .map_err(|source| SetupError::Cache { path: cache.root().to_owned(), source })
}

fn unpack(archive: impl Read, to: &Path, progress: &(dyn Fn(Step) + Sync)) -> io::Result<()> {
    let mut found = (false, false);
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(archive)));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        match path.file_name().and_then(|n| n.to_str()) {
            Some("lean.wasm") => {
                found.0 = true;
                io::copy(&mut entry, &mut File::create(to.join("lean.wasm"))?)?;
            }
            Some("lean-lib.tar.gz") => {
                found.1 = true;
                library(&mut entry, &to.join("lib"), progress)?;
            }
            _ => {}
        }
    }
    match found {
        (true, true) => Ok(()),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "lean.wasm or lean-lib.tar.gz is missing")),
    }
}

fn library(archive: impl Read, to: &Path, progress: &(dyn Fn(Step) + Sync)) -> io::Result<()> {
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(archive)));
    let mut done = 0;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let Some(path) = module_path(&entry.path()?) else { continue };
        let target = to.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        io::copy(&mut entry, &mut File::create(target)?)?;
        done += 1;
        progress(Step::Unpacking { done, total: FILES.max(done) });
    }
    Ok(())
}

/// The relative path of an `.olean` file; `None` for anything else, macOS resource forks (`._*`) included.
fn module_path(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(part) if !part.to_str()?.starts_with("._") => clean.push(part),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (clean.extension()? == "olean").then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_modules_are_unpacked() {
        assert_eq!(module_path(Path::new("./Init/Core.olean")), Some("Init/Core.olean".into()));
        for bad in ["Init/._Core.olean", "._Init/Core.olean", "../Init.olean", "/Init.olean", "Init/Core.ilean", "Init"]
        {
            assert_eq!(module_path(Path::new(bad)), None, "{bad}");
        }
    }
}
