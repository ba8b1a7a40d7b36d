//! Prompts: templates, the choice of examples that stand in them, and the texts between a student and its teacher. Pure text; knows
//! no model and reads no files.

mod advice;
mod bm25;
mod feedback;
mod shots;
mod template;

pub use advice::{Advice, Refusal, advise};
pub use feedback::{About, DEFAULT as FEEDBACK, FeedbackTemplate};
pub use shots::{Choice, Pool, Strategy, leaks};
pub use template::{Chat, DEFAULT, Template, TemplateError, Turn};
