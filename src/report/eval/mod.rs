//! What people and programs read of an evaluation: JSON, a table, a page. Owns the spelling of all three; figures come from
//! `pipeline::eval`.

mod agreement;
mod html;
mod json;
mod table;

pub use agreement::{agreement, agreement_table};
pub use html::page;
pub use json::{evaluation, example};
pub use table::table;
