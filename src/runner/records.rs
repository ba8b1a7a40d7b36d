//! From a stream of records to questions: what is left out because it has a result, what cannot be read, what ends the
//! stream early. Owns the identity of a record in a run; asks nothing.

use super::events::BadRecord;
use super::executor::Fed;
use crate::dataset::{ContentHash, InputError, RecordError};
use crate::domain::{CheckRequest, Record};

/// A data set as it is read: the outer error ends it, the inner one is a record that cannot be read.
pub type Input<'a> = Box<dyn Iterator<Item = Result<Result<Record, Box<RecordError>>, InputError>> + Send + 'a>;

/// Whose record an outcome is for.
pub(super) struct Place {
    pub index: u64,
    pub id: String,
    pub sha256: ContentHash,
}

/// What is said of records that are no questions.
pub(super) enum Aside {
    Bad(Box<BadRecord>),
    /// The input ended early, for this reason.
    Broken(Stop),
}

/// Why feeding ended before the input did.
pub(super) enum Stop {
    Input(InputError),
    Record(Box<RecordError>),
    Mismatch(String),
}

/// Makes questions of records.
pub(super) struct Feed<'a> {
    pub records: Input<'a>,
    pub request: &'a (dyn Fn(&Record) -> CheckRequest + Sync),
    pub is_done: &'a (dyn Fn(u64, &ContentHash) -> Result<bool, String> + Sync),
    pub strict: bool,
    pub broken: bool,
}

impl Feed<'_> {
    /// `None` for a record that has its result.
    fn one(
        &self,
        item: Result<Result<Record, Box<RecordError>>, InputError>,
    ) -> Result<Option<Fed<Place, CheckRequest, Aside>>, Stop> {
        match item.map_err(Stop::Input)? {
            Ok(record) => {
                let sha256 = ContentHash::of_record(&record);
                if (self.is_done)(record.index, &sha256).map_err(Stop::Mismatch)? {
                    return Ok(None);
                }
                let request = (self.request)(&record);
                Ok(Some(Fed::Ask(Place { index: record.index, id: record.id, sha256 }, request)))
            }
            Err(error) if self.strict => Err(Stop::Record(error)),
            Err(error) => {
                let bad = BadRecord::new(*error);
                let is_done = (self.is_done)(bad.error.index, &bad.sha256).map_err(Stop::Mismatch)?;
                Ok((!is_done).then(|| Fed::Say(Aside::Bad(Box::new(bad)))))
            }
        }
    }
}

impl Iterator for Feed<'_> {
    type Item = Fed<Place, CheckRequest, Aside>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.broken {
            let item = self.records.next()?;
            match self.one(item) {
                Ok(None) => {}
                Ok(fed) => return fed,
                Err(reason) => {
                    self.broken = true;
                    return Some(Fed::Say(Aside::Broken(reason)));
                }
            }
        }
        None
    }
}
