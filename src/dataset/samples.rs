//! What an earlier run of `generate` has written. Owns the reading of such a file as far as resumption needs it, and the
//! check that the run at hand may continue it. Changes nothing on disk.

use super::output::{OutputError, Past};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// The part of a line that resumption needs.
#[derive(Deserialize)]
struct Line {
    id: String,
    sample: usize,
    run: String,
}

/// The samples of an output file.
#[derive(Debug)]
pub struct Samples {
    path: PathBuf,
    /// Of each problem the samples that are there.
    there: HashMap<String, Vec<usize>>,
    /// Which settings made them, if there are any.
    run: Option<String>,
    valid_length: u64,
}

impl Samples {
    /// The samples of a problem that are there.
    pub fn of(&self, id: &str) -> &[usize] {
        self.there.get(id).map_or(&[], Vec::as_slice)
    }

    /// How many there are of all problems.
    pub fn count(&self) -> usize {
        self.there.values().map(Vec::len).sum()
    }

    /// Says no if the lines were made with other settings than `run`.
    pub fn check(&self, run: &str) -> Result<(), OutputError> {
        match &self.run {
            Some(other) if other != run => {
                let (path, other, run) = (self.path.clone(), other.clone(), run.to_owned());
                Err(OutputError::OtherSettings { path, other, run })
            }
            _ => Ok(()),
        }
    }
}

impl Past for Samples {
    fn empty(path: &Path) -> Samples {
        Samples { path: path.to_owned(), there: HashMap::new(), run: None, valid_length: 0 }
    }

    fn read(path: &Path, mut lines: impl BufRead) -> Result<Samples, OutputError> {
        let mut samples = Samples::empty(path);
        let mut text = Vec::new();
        for number in 1.. {
            text.clear();
            let failed = |source| OutputError::Open { path: path.to_owned(), source };
            let length = lines.read_until(b'\n', &mut text).map_err(failed)? as u64;
            // What has no line end was torn by the end of the run that wrote it.
            if text.last() != Some(&b'\n') {
                break;
            }
            let not_ours = |reason: String| OutputError::NotResults { path: path.to_owned(), line: number, reason };
            let line: Line = serde_json::from_slice(&text).map_err(|e| not_ours(e.to_string()))?;
            if samples.run.get_or_insert_with(|| line.run.clone()) != &line.run {
                return Err(not_ours("its lines come from runs with different settings".into()));
            }
            samples.there.entry(line.id).or_default().push(line.sample);
            samples.valid_length += length;
        }
        Ok(samples)
    }

    fn valid_length(&self) -> u64 {
        self.valid_length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Samples, String> {
        Samples::read(Path::new("o.jsonl"), text.as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn whole_lines_count_and_torn_ones_do_not() {
        let lines =
            "{\"id\":\"a\",\"sample\":0,\"run\":\"r\",\"code\":\"x\"}\n{\"id\":\"a\",\"sample\":2,\"run\":\"r\"}\n";
        let samples = read(&format!("{lines}{{\"id\":\"b\",\"samp")).expect("samples");
        assert_eq!((samples.of("a"), samples.of("b"), samples.count()), (&[0, 2][..], &[][..], 2));
        assert_eq!(samples.valid_length(), lines.len() as u64);
        assert!(samples.check("r").is_ok());
        let other = samples.check("s").expect_err("other settings").to_string();
        assert!(other.contains("run r") && other.contains("run s"), "{other}");
    }

    #[test]
    fn what_is_not_ours_is_named_by_its_line() {
        let one = "{\"id\":\"a\",\"sample\":0,\"run\":\"r\"}\n";
        assert!(read(&format!("{one}{{\"id\":\"a\"}}\n")).expect_err("no sample").contains("o.jsonl:2"));
        assert!(read(&format!("{one}{}", one.replace("\"r\"", "\"s\""))).expect_err("mixed").contains("different"));
    }
}
