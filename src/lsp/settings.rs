//! What a client can set (`initializationOptions`, the section `afcheck` of its configuration). Owns names and defaults; what the
//! command line said is the default of everything here.

use super::document::Reading;
use crate::dataset::FieldMap;
use crate::domain::{Budget, Mode, Rung};
use serde::Deserialize;
use std::time::Duration;

/// Settings of a client. What is left out is as the command line has it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientSettings {
    pub mode: Option<String>,
    pub require: Option<String>,
    /// In thousands, as `--heartbeats`.
    pub heartbeats: Option<u64>,
    pub header: Option<String>,
    pub warnings: Option<bool>,
    /// Milliseconds between the last keystroke and a check.
    pub debounce: Option<u64>,
    /// Data set with the reference statements of problems.
    pub references: Option<String>,
    /// `ROLE=NAME`, as `--field`.
    pub fields: Option<Vec<String>>,
}

/// What a session goes by.
#[derive(Clone, Debug)]
pub struct Settings {
    pub reading: Reading,
    pub debounce: Duration,
    /// Name of the data set of reference statements, if there is to be one.
    pub references: Option<String>,
}

impl Settings {
    /// The same with what a client sets. An error says which setting is wrong, and nothing is changed.
    pub fn with(&self, client: &ClientSettings) -> Result<Settings, String> {
        let mut settings = self.clone();
        let judging = &mut settings.reading.judging;
        if let Some(mode) = &client.mode {
            judging.mode = mode.parse::<Mode>().map_err(|e| format!("mode: {e}"))?;
        }
        if let Some(require) = &client.require {
            judging.require = Some(require.parse::<Rung>().map_err(|e| format!("require: {e}"))?);
        }
        if let Some(heartbeats) = client.heartbeats {
            if heartbeats == 0 {
                return Err("heartbeats: at least 1".into());
            }
            judging.budget = Budget { heartbeats, ..judging.budget };
        }
        if let Some(header) = &client.header {
            judging.header = Some(header.clone()).filter(|header| !header.trim().is_empty());
        }
        judging.warnings = client.warnings.unwrap_or(judging.warnings);
        if let Some(fields) = &client.fields {
            let fields = FieldMap::with_overrides(fields.iter().map(String::as_str));
            settings.reading.fields = fields.map_err(|e| format!("fields: {e}"))?;
        }
        if let Some(debounce) = client.debounce {
            settings.debounce = Duration::from_millis(debounce.min(10_000));
        }
        if let Some(references) = &client.references {
            settings.references = Some(references.clone()).filter(|name| !name.is_empty());
        }
        Ok(settings)
    }
}
