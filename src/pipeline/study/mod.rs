//! Studies: a matrix of models, data conditions, ways of teaching and seeds, as a graph of tasks whose artifacts are kept by what
//! they were made from. Owns the graph and what its outcomes say together; how a task is made is for the commands.
//!
//! ```text
//! graph.rs (tasks, cells) -> facts.rs (what decides their contents) -> pipeline::course (what is made when)
//! outcomes.rs (a cell in numbers) -> answer.rs (does alignment go with the gain?)
//! ```

mod answer;
mod facts;
mod graph;
mod outcomes;

pub use answer::{Answer, Association, Coefficient, Fit, Partial, Point, Summary, Test, Versus, answer};
pub use facts::{Facts, StudyPlan};
pub use graph::{Cell, Graph, Lesson, Part, Task, Taught};
pub use outcomes::{Gain, Item, Likeness, OUTCOMES, Outcome, Outcomes, Row, Sample, View};
