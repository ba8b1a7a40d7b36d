//! Students and their teacher: attempts that are revised with feedback of several kinds, what is learnt from the revisions, and what
//! the students are worth on problems that nobody learnt from. Owns the graph of tasks and what its outcomes say; how a task is made
//! is for the commands.

mod answer;
mod graph;
mod trajectory;

pub use answer::{Answer, Difference, OnHeldOut, RoundOf, Rounds, Taught, answer};
pub use graph::{DistillFacts, DistillPlan, Graph, Learner, Part, Task};
pub use trajectory::{Attempt, Revision, Trajectory, accepted, to_revise};
