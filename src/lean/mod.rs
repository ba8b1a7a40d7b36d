//! L1: Lean as text and as evidence. Pure functions: no I/O, no Lean process.
