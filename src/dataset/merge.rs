//! Results of several runs over parts of one input, put into one file in the order of the input. Owns that there is exactly one for
//! each record: equal ones are taken once, different ones of one record are refused.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What was merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub results: u64,
    /// Results that were there already.
    pub repeated: u64,
    /// Records without a result, as far as the number of records tells.
    pub missing: u64,
    pub first_missing: u64,
    /// Last lines without an end.
    pub torn: u64,
}

/// Why nothing was merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMerged {
    pub words: String,
    /// True if the output could not be written.
    pub is_output: bool,
}

#[derive(Deserialize)]
struct Line {
    index: u64,
    sha256: String,
    verdict: String,
    #[serde(default)]
    reason: Option<String>,
}

/// Where a result stands.
struct Place {
    file: usize,
    offset: u64,
    length: usize,
    sha256: String,
    outcome: (String, Option<String>),
}

fn input(path: &Path, words: impl std::fmt::Display) -> NotMerged {
    NotMerged { words: format!("{}: {words}", path.display()), is_output: false }
}

/// Merges `files` into `out`, which appears only when it is whole. With `records` it is known how many there are to be.
pub fn merge(files: &[PathBuf], out: &Path, records: Option<u64>) -> Result<Merged, NotMerged> {
    let (mut places, mut merged) = (BTreeMap::<u64, Place>::new(), Merged::default());
    for (number, path) in files.iter().enumerate() {
        let mut reader = BufReader::new(File::open(path).map_err(|e| input(path, e))?);
        let (mut offset, mut line, mut at) = (0u64, Vec::new(), 0u64);
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line).map_err(|e| input(path, e))?;
            at += 1;
            if length == 0 {
                break;
            }
            if !line.ends_with(b"\n") {
                merged.torn += 1;
                break;
            }
            let found: Line = serde_json::from_slice(&line)
                .map_err(|e| input(path, format!("line {at} is no result of `verify`: {e}")))?;
            let outcome = (found.verdict, found.reason);
            let place = Place { file: number, offset, length, sha256: found.sha256, outcome };
            offset += length as u64;
            match places.get(&found.index) {
                None => drop(places.insert(found.index, place)),
                Some(known) if known.sha256 != place.sha256 => {
                    let other = files[known.file].display();
                    let words = format!("line {at}: the record at index {} is another than in {other}", found.index);
                    return Err(input(path, words));
                }
                Some(known) => {
                    merged.repeated += 1;
                    // One that decides is worth more than one that met a limit of its machine.
                    if known.outcome.0 == "undecided" && place.outcome.0 != "undecided" {
                        places.insert(found.index, place);
                    } else if place.outcome.0 != "undecided" && known.outcome != place.outcome {
                        let other = files[known.file].display();
                        let words = format!(
                            "line {at}: the record at index {} has another verdict than in {other}",
                            found.index
                        );
                        return Err(input(path, words));
                    }
                }
            }
        }
    }
    merged.results = places.len() as u64;
    let all = records.unwrap_or_else(|| places.keys().next_back().map_or(0, |last| last + 1));
    merged.missing = all.saturating_sub(merged.results);
    merged.first_missing = (0..all).find(|index| !places.contains_key(index)).unwrap_or(all);
    write(files, out, &places)?;
    Ok(merged)
}

fn write(files: &[PathBuf], out: &Path, places: &BTreeMap<u64, Place>) -> Result<(), NotMerged> {
    let wrong = |e: std::io::Error| NotMerged { words: format!("{}: {e}", out.display()), is_output: true };
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut whole = BufWriter::new(tempfile::NamedTempFile::new_in(directory).map_err(wrong)?);
    let mut open = Vec::new();
    for path in files {
        open.push(BufReader::new(File::open(path).map_err(|e| input(path, e))?));
    }
    let mut line = Vec::new();
    for place in places.values() {
        let reader = &mut open[place.file];
        let path = &files[place.file];
        line.resize(place.length, 0);
        reader.seek(SeekFrom::Start(place.offset)).map_err(|e| input(path, e))?;
        reader.read_exact(&mut line).map_err(|e| input(path, e))?;
        whole.write_all(&line).map_err(wrong)?;
    }
    let whole = whole.into_inner().map_err(|e| wrong(e.into_error()))?;
    whole.persist(out).map(drop).map_err(|e| wrong(e.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(index: u64, sha256: &str, verdict: &str) -> String {
        format!(
            "{{\"id\":\"x\",\"index\":{index},\"verdict\":\"{verdict}\",\"reason\":null,\"sha256\":\"{sha256}\"}}\n"
        )
    }

    fn merge_of(files: &[String], records: Option<u64>) -> Result<(Merged, Vec<u64>), NotMerged> {
        let home = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = files
            .iter()
            .enumerate()
            .map(|(n, text)| {
                let path = home.path().join(n.to_string());
                std::fs::write(&path, text).unwrap();
                path
            })
            .collect();
        let out = home.path().join("out");
        let merged = merge(&paths, &out, records)?;
        let text = std::fs::read_to_string(out).unwrap();
        let indices = text.lines().map(|line| serde_json::from_str::<Line>(line).unwrap().index).collect();
        Ok((merged, indices))
    }

    #[test]
    fn shards_become_one_file_in_the_order_of_the_input() {
        let (a, b) = (line(2, "c", "accepted") + &line(0, "a", "rejected"), line(1, "b", "undecided"));
        let (merged, indices) = merge_of(&[a.clone(), b.clone()], None).unwrap();
        assert_eq!((merged.results, merged.missing, indices), (3, 0, vec![0, 1, 2]));
        let (merged, _) = merge_of(std::slice::from_ref(&a), Some(4)).unwrap();
        assert_eq!((merged.missing, merged.first_missing), (2, 1));
        let torn = format!("{b}{{\"index\":3");
        assert_eq!(merge_of(&[a.clone(), torn], None).unwrap().0.torn, 1);
        let again = line(1, "b", "accepted");
        let (merged, indices) = merge_of(&[a.clone(), b, again], None).unwrap();
        assert_eq!((merged.repeated, indices), (1, vec![0, 1, 2]));
    }

    #[test]
    fn what_contradicts_is_refused() {
        let a = line(0, "a", "accepted");
        assert!(merge_of(&[a.clone(), line(0, "b", "accepted")], None).unwrap_err().words.contains("another than"));
        assert!(merge_of(&[a.clone(), line(0, "a", "rejected")], None).unwrap_err().words.contains("another verdict"));
        assert!(merge_of(&[a, "nonsense\n".into()], None).unwrap_err().words.contains("line 1"));
    }
}
