//! Sections of files whose keys are options of other commands. Owns which of them are not the file's to give, because the work that
//! runs the commands gives them itself.

/// Of every command that is run as a part of something.
pub(super) const OF_ALL: &[&str] = &["model", "adapter", "data", "out", "resume", "overwrite", "template", "seed"];

/// Of `afcheck generate`.
pub(super) const OF_GENERATION: &[&str] = &[
    "split",
    "limit",
    "data-field",
    "stream",
    "chat",
    "base-url",
    "api-key-env",
    "price-in",
    "price-out",
    "record",
    "replay",
    "repair",
];

/// Of `afcheck finetune`.
pub(super) const OF_TRAINING: &[&str] = &["dev", "show-settings", "objective"];

/// The first key of a section that is not the file's to give.
pub(super) fn not_its_own(table: &toml::Table, own: &[&[&str]], but: &[&str]) -> Option<String> {
    let mut keys = table.keys().map(|key| key.replace('_', "-"));
    keys.find(|key| own.concat().contains(&key.as_str()) && !but.contains(&key.as_str()))
}
