def f : Nat → Nat
  | 0 => 1
def g : List Nat → Nat
  | [] => 0
  | x :: _ => x
  | [_] => 1
def h (n : Nat) : Nat := match n with
  | 0 => 0
  | m + 1 => m
theorem hs (n : Nat) : h (n + 1) = n := rfl
theorem hs' (n : Nat) : h n = n - 1 := by
  unfold h
  split <;> simp
theorem hs'' (n : Nat) : h n = n := by
  cases n <;> simp [h]
theorem i : ∀ n : Nat, n = 0 ∨ n > 0
  | 0 => .inl rfl
  | n + 1 => .inr (Nat.succ_pos _)
theorem j (x : Fin 3) : x.val < 2 := by
  match x with
  | 0 => decide
  | 1 => decide
  | 2 => decide
theorem k (x y : Nat) (h : (x, y) = (1, 2)) : x = 1 := by injection h
theorem l (x y : Nat) (h : (x, y) = (1, 2)) : x = 2 := by
  cases h
  rfl
