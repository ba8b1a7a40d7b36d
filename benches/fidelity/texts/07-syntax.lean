theorem a (n : Nat) : n = n := by
  rfl

theorem b (n : Nat : n = n := by
  rfl

theorem c (n : Nat) : n = n :=
  by exact rfl)

theorem d : 1 = 1 := by
  nonsense_tactic foo

def := 3

theorem e : ∀ x : Nat, x = x := fun x =>

theorem f : 1 = 1 := rfl
