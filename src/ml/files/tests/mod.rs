//! Tests of model files on small ones that the tests write themselves.

mod families;
mod gemma;
mod hostile;
