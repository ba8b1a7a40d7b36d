def sumTo (n : Nat) : Nat := Id.run do
  let mut s := 0
  for i in [0:n+1] do
    s := s + i
  return s
theorem sums : sumTo 4 = 10 := by decide
theorem sums' : sumTo 4 = 10 := by rfl
theorem interp (n : Nat) : s!"{n}" = toString n := by rfl
theorem push : "ab".push 'c' = "abc" := by rfl
theorem append (s : String) : s ++ "" = s := by simp
theorem chars : 'a'.isAlpha = true := by decide
theorem lengths (s t : String) : (s ++ t).length = s.length + t.length := by simp
theorem lengths' (s t : String) : (s ++ t).length = s.length := by simp
def g (x : Option Nat) : Option Nat := do
  let y ← x
  guard (y > 0)
  pure (y - 1)
theorem gs : g (some 3) = some 2 := by rfl
theorem gs' : g (some 0) = some 2 := by rfl
