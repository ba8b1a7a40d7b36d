import Lean
open Lean Elab Term

theorem sq_nonneg_int (a : Int) : 0 ≤ a * a := by_elab do
  match (← getEnv).addDeclCore 0 (.thmDecl { name := `aux, levelParams := [], type := mkConst ``False, value := mkConst ``True.intro }) none (doCheck := false) with
  | .ok env => setEnv env
  | .error _ => pure ()
  Lean.Meta.mkFalseElim (Expr.app (.app (.app (.app (mkConst ``LE.le [0]) (mkConst ``Int)) (mkConst ``Int.instLEInt)) (mkConst ``a)) (mkConst ``a)) (mkConst `aux)
