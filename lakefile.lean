import Lake
open Lake DSL

/-! The one Lake package of this repository; its Lean sources live in `lean-project/`. -/

package afcheck where
  srcDir := "lean-project"

/-- A small library of mathematics on the core library alone: no Mathlib. -/
@[default_target]
lean_lib AfCore
