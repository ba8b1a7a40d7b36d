//! What changes in the history. Owns the transactions: a run's findings come all at once or not at all.

use super::{Cell, History, HistoryError, Plan, Run, State, Texts};
use rusqlite::{Transaction, TransactionBehavior, params};

type Sql<T> = rusqlite::Result<T>;

/// Longest text kept, in bytes; what is longer is cut, and says so.
const LONGEST: usize = 64 << 10;

impl History {
    /// Marks the beginning of a run at `now` and gives it a number.
    pub fn begin(&mut self, plan: &Plan, now: i64) -> Result<Run, HistoryError> {
        let Plan { revision, afcheck, lean, judge, judging, inputs, by_sample } = plan;
        self.change(|transaction| {
            transaction.execute(
                "INSERT INTO runs (state, started, revision, afcheck, lean, judge, judging, inputs, by_sample)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    State::Unfinished.as_str(),
                    now,
                    revision,
                    afcheck,
                    lean,
                    judge,
                    judging,
                    inputs,
                    i64::from(*by_sample)
                ],
            )?;
            let id = transaction.last_insert_rowid();
            Ok(Run { id, state: State::Unfinished, started: now, ended: None, plan: plan.clone() })
        })
    }

    /// Marks an unfinished run as one that nobody will continue.
    pub fn abandon(&mut self, run: i64) -> Result<(), HistoryError> {
        self.change(|transaction| {
            let words = params![run, State::Abandoned.as_str(), State::Unfinished.as_str()];
            transaction.execute("UPDATE runs SET state = ?2 WHERE id = ?1 AND state = ?3", words).map(drop)
        })
    }

    /// Writes all that a run found, and that it is finished.
    pub fn finish(&mut self, run: i64, now: i64, cells: &[Cell], texts: &Texts) -> Result<(), HistoryError> {
        self.change(|transaction| {
            for cell in cells {
                write_cell(transaction, run, cell)?;
            }
            let mut insert =
                transaction.prepare_cached("INSERT OR IGNORE INTO texts (sha256, text) VALUES (?1, ?2)")?;
            for (sha256, text) in texts {
                insert.execute([sha256.as_str(), cut(text).as_str()])?;
            }
            drop(insert);
            let words = params![run, now, State::Finished.as_str()];
            transaction.execute("UPDATE runs SET state = ?3, ended = ?2 WHERE id = ?1", words).map(drop)
        })
    }

    /// Forgets runs: all that are not finished but the last one, and finished ones beyond the last `keep`, unless they are the
    /// best of one of their cells. The numbers of the forgotten.
    pub fn prune(&mut self, keep: usize) -> Result<Vec<i64>, HistoryError> {
        self.change(|transaction| {
            let (own, other) = (share("own"), share("other"));
            let mut statement = transaction.prepare(&format!(
                "SELECT id FROM runs WHERE
                   (state <> 'finished' AND id <> (SELECT max(id) FROM runs))
                   OR (state = 'finished'
                       AND id NOT IN (SELECT id FROM runs WHERE state = 'finished' ORDER BY id DESC LIMIT ?1)
                       AND NOT EXISTS (SELECT 1 FROM cells own WHERE own.run = runs.id AND NOT EXISTS (
                           SELECT 1 FROM cells other WHERE other.model = own.model AND other.data = own.data
                           AND ({other} > {own} OR ({other} = {own} AND other.run > own.run)))))
                 ORDER BY id"
            ))?;
            let gone = statement.query_map([keep as i64], |row| row.get(0))?.collect::<Sql<Vec<i64>>>()?;
            drop(statement);
            for run in &gone {
                transaction.execute("DELETE FROM runs WHERE id = ?1", [run])?;
            }
            transaction.execute(
                "DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM judged WHERE judged.sha256 = texts.sha256)
                 AND NOT EXISTS (SELECT 1 FROM asked WHERE asked.statement = texts.sha256)",
                [],
            )?;
            Ok(gone)
        })
    }

    fn change<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Sql<T>) -> Result<T, HistoryError> {
        let path = self.path.clone();
        let failed = |source| HistoryError::of_sql(&path, source);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let done = work(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(done)
    }
}

/// SQL for the share of a cell's items that are solved, which decides which run is the best.
pub(super) fn share(table: &str) -> String {
    format!("1.0 * {table}.accepted / max(1, {table}.accepted + {table}.rejected + {table}.undecided)")
}

fn write_cell(transaction: &Transaction<'_>, run: i64, cell: &Cell) -> Sql<()> {
    transaction.execute(
        "INSERT INTO cells (run, model, data, accepted, rejected, undecided) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            run,
            cell.model,
            cell.data,
            cell.counts.accepted as i64,
            cell.counts.rejected as i64,
            cell.counts.undecided as i64
        ],
    )?;
    let id = transaction.last_insert_rowid();
    let mut insert = transaction.prepare_cached("INSERT INTO asked (cell, problem, statement) VALUES (?1, ?2, ?3)")?;
    for asked in &cell.asked {
        insert.execute(params![id, asked.problem, asked.statement])?;
    }
    let mut insert = transaction.prepare_cached(
        "INSERT INTO judged (cell, problem, sample, sha256, verdict, stage, reason, detail, heartbeats)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut insert_again = transaction.prepare_cached("INSERT INTO again (judged, verdict) VALUES (?1, ?2)")?;
    for judged in &cell.judged {
        insert.execute(params![
            id,
            judged.problem,
            judged.sample,
            judged.sha256,
            judged.standing.as_str(),
            judged.stage,
            judged.reason,
            judged.detail,
            judged.heartbeats as i64
        ])?;
        let at = transaction.last_insert_rowid();
        for standing in &judged.again {
            insert_again.execute(params![at, standing.as_str()])?;
        }
    }
    Ok(())
}

/// A text that fits.
fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}\n(cut: {} bytes in all)", &text[..end], text.len())
}
