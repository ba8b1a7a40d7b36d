//! Prompts: templates, and the choice of examples that stand in them. Pure text; knows no model and reads no files.

mod bm25;
mod shots;
mod template;

pub use shots::{Choice, Pool, Strategy, leaks};
pub use template::{Chat, DEFAULT, Template, TemplateError, Turn};
