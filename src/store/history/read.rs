//! What is asked of the history. Owns the queries; what a difference means is `pipeline`'s.

use super::write::share;
use super::{Asked, Cell, Cells, Counts, History, HistoryError, Judged, Past, Plan, Run, Standing, State, Texts};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{HashMap, HashSet};

type Sql<T> = rusqlite::Result<T>;

/// Outputs whose verdict was not always the same under one judge and one way of judging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsteady(HashSet<(String, String, String)>);

impl Unsteady {
    /// True if this run's judge has said different things of the output.
    pub fn has(&self, run: &Run, sha256: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&(run.plan.judge.clone(), run.plan.judging.clone(), sha256.to_owned()))
    }
}

const RUN: &str = "runs.id, runs.state, runs.started, runs.ended, runs.revision, runs.afcheck, runs.lean, runs.judge, runs.judging, \
     runs.inputs, runs.by_sample";

fn broken(column: usize, found: String) -> rusqlite::Error {
    let words = format!("`{found}` is nothing this afcheck writes");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, words.into())
}

fn run(row: &Row<'_>) -> Sql<Run> {
    let state: String = row.get(1)?;
    let known = [State::Unfinished, State::Finished, State::Abandoned];
    let state = known.into_iter().find(|s| s.as_str() == state).ok_or_else(|| broken(1, state))?;
    let plan = Plan {
        revision: row.get(4)?,
        afcheck: row.get(5)?,
        lean: row.get(6)?,
        judge: row.get(7)?,
        judging: row.get(8)?,
        inputs: row.get(9)?,
        by_sample: row.get::<_, i64>(10)? != 0,
    };
    Ok(Run { id: row.get(0)?, state, started: row.get(2)?, ended: row.get(3)?, plan })
}

fn standing(row: &Row<'_>, column: usize) -> Sql<Standing> {
    let name: String = row.get(column)?;
    Standing::named(&name).ok_or_else(|| broken(column, name))
}

fn counts(row: &Row<'_>, first: usize) -> Sql<Counts> {
    let number = |at: usize| row.get::<_, i64>(at).map(|value| value.max(0) as u64);
    Ok(Counts { accepted: number(first)?, rejected: number(first + 1)?, undecided: number(first + 2)? })
}

impl History {
    fn ask<T>(&self, work: impl FnOnce() -> Sql<T>) -> Result<T, HistoryError> {
        work().map_err(|source| HistoryError::of_sql(&self.path, source))
    }

    /// All runs, oldest first.
    pub fn runs(&self) -> Result<Vec<Run>, HistoryError> {
        self.ask(|| {
            let mut statement = self.connection.prepare_cached(&format!("SELECT {RUN} FROM runs ORDER BY id"))?;
            statement.query_map([], run)?.collect()
        })
    }

    /// The run that was begun last and not finished, if it is the last of all.
    pub fn unfinished(&self) -> Result<Option<Run>, HistoryError> {
        let last = self.runs()?.pop();
        Ok(last.filter(|run| run.state == State::Unfinished))
    }

    /// Models and data sets of a run, in its order.
    pub fn cells(&self, run: i64) -> Result<Cells, HistoryError> {
        self.ask(|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT model, data, accepted, rejected, undecided FROM cells WHERE run = ?1 ORDER BY id",
            )?;
            statement.query_map([run], |row| Ok((row.get(0)?, row.get(1)?, counts(row, 2)?)))?.collect()
        })
    }

    /// A model on a data set in a run, with all that was found.
    pub fn cell(&self, run: i64, model: &str, data: &str) -> Result<Option<Cell>, HistoryError> {
        self.ask(|| {
            let found = self
                .connection
                .prepare_cached(
                    "SELECT id, accepted, rejected, undecided FROM cells WHERE run = ?1 AND model = ?2 AND data = ?3",
                )?
                .query_row(params![run, model, data], |row| Ok((row.get::<_, i64>(0)?, counts(row, 1)?)))
                .optional()?;
            let Some((id, counts)) = found else { return Ok(None) };
            let (asked, judged) = (self.asked(id)?, self.judged(id)?);
            Ok(Some(Cell { model: model.to_owned(), data: data.to_owned(), counts, asked, judged }))
        })
    }

    fn asked(&self, cell: i64) -> Sql<Vec<Asked>> {
        let mut statement =
            self.connection.prepare_cached("SELECT problem, statement FROM asked WHERE cell = ?1 ORDER BY rowid")?;
        statement.query_map([cell], |row| Ok(Asked { problem: row.get(0)?, statement: row.get(1)? }))?.collect()
    }

    fn judged(&self, cell: i64) -> Sql<Vec<Judged>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT again.judged, again.verdict FROM again JOIN judged ON judged.id = again.judged
             WHERE judged.cell = ?1 ORDER BY again.rowid",
        )?;
        let mut again: HashMap<i64, Vec<Standing>> = HashMap::new();
        let rows = statement.query_map([cell], |row| Ok((row.get::<_, i64>(0)?, standing(row, 1)?)))?;
        for row in rows {
            let (judged, standing) = row?;
            again.entry(judged).or_default().push(standing);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT id, problem, sample, sha256, verdict, stage, reason, detail, heartbeats FROM judged
             WHERE cell = ?1 ORDER BY id",
        )?;
        let judged = |row: &Row<'_>| {
            Ok(Judged {
                problem: row.get(1)?,
                sample: row.get(2)?,
                sha256: row.get(3)?,
                standing: standing(row, 4)?,
                stage: row.get(5)?,
                reason: row.get(6)?,
                detail: row.get(7)?,
                heartbeats: row.get::<_, i64>(8)?.max(0) as u64,
                again: again.get(&row.get(0)?).cloned().unwrap_or_default(),
            })
        };
        statement.query_map([cell], judged)?.collect()
    }

    /// The finished runs up to `last` that have this model on this data set, oldest first.
    pub fn past(&self, model: &str, data: &str, last: i64) -> Result<Vec<Past>, HistoryError> {
        self.ask(|| {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {RUN}, cells.accepted, cells.rejected, cells.undecided FROM runs JOIN cells ON cells.run = runs.id
                 WHERE cells.model = ?1 AND cells.data = ?2 AND runs.id <= ?3 AND runs.state = 'finished' ORDER BY runs.id"
            ))?;
            let past = |row: &Row<'_>| Ok(Past { run: run(row)?, counts: counts(row, 11)? });
            statement.query_map(params![model, data, last], past)?.collect()
        })
    }

    /// Of the finished runs before `run` that have this model on this data set, the one that solved the largest share of its
    /// items; among equals the latest.
    pub fn best_before(&self, model: &str, data: &str, run: i64) -> Result<Option<i64>, HistoryError> {
        self.ask(|| {
            self.connection
                .prepare_cached(&format!(
                    "SELECT runs.id FROM runs JOIN cells ON cells.run = runs.id
                     WHERE cells.model = ?1 AND cells.data = ?2 AND runs.id < ?3 AND runs.state = 'finished'
                     ORDER BY {} DESC, runs.id DESC LIMIT 1",
                    share("cells")
                ))?
                .query_row(params![model, data, run], |row| row.get(0))
                .optional()
        })
    }

    /// Outputs of the runs up to `last` that one judge gave different verdicts, in different runs or in one.
    pub fn unsteady(&self, last: i64) -> Result<Unsteady, HistoryError> {
        self.ask(|| {
            let mut statement = self.connection.prepare_cached(
                "WITH said AS (
                     SELECT cell, sha256, verdict FROM judged WHERE sha256 IS NOT NULL
                     UNION ALL
                     SELECT judged.cell, judged.sha256, again.verdict FROM again JOIN judged ON judged.id = again.judged
                     WHERE judged.sha256 IS NOT NULL)
                 SELECT runs.judge, runs.judging, said.sha256
                 FROM said JOIN cells ON cells.id = said.cell JOIN runs ON runs.id = cells.run
                 WHERE runs.state = 'finished' AND runs.id <= ?1
                 GROUP BY 1, 2, 3 HAVING count(DISTINCT said.verdict) > 1",
            )?;
            let rows = statement.query_map([last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Sql<HashSet<_>>>().map(Unsteady)
        })
    }

    /// Those of the texts that are kept.
    pub fn texts<'a>(&self, sha256: impl IntoIterator<Item = &'a str>) -> Result<Texts, HistoryError> {
        self.ask(|| {
            let mut statement = self.connection.prepare_cached("SELECT text FROM texts WHERE sha256 = ?1")?;
            let mut texts = Texts::new();
            for sha256 in sha256 {
                if let Some(text) = statement.query_row([sha256], |row| row.get(0)).optional()? {
                    texts.insert(sha256.to_owned(), text);
                }
            }
            Ok(texts)
        })
    }
}
