import Lean
open Lean Elab Command

run_cmd liftCoreM do
  addDecl <| .opaqueDecl
    { name := `hollow, levelParams := [], type := mkConst ``False, value := .mvar ⟨`m⟩, isUnsafe := false, all := [`hollow] }

theorem last_digit_of_square (n : Nat) : n * n % 10 ≠ 2 := hollow.elim
