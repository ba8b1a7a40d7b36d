theorem fine (a b c : Nat) (h : a < b) (h' : b ≤ c) : a + 1 ≤ c := by omega
theorem off (a b : Nat) (h : a < b) : a + 2 ≤ b := by omega
theorem truncated (a b : Nat) : a - b + b = a := by omega
theorem ints (x y : Int) (h : 2 * x + 1 = 2 * y) : False := by omega
theorem nonlinear (x y : Nat) : x * y = y * x := by omega
theorem divs (n : Nat) (h : n % 6 = 5) : n % 3 = 2 ∧ n % 2 = 1 := by omega
theorem mods (n : Nat) (h : n % 6 = 5) : n % 4 = 1 := by
  have : n % 2 = 1 := by omega
  omega
example (x : Int) (p : Prop) (h : p) : x = x + 1 := by omega
