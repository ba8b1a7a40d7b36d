mutual
  def isEven : Nat → Bool
    | 0 => true
    | n + 1 => isOdd n
  def isOdd : Nat → Bool
    | 0 => false
    | n + 1 => isEven n
end

theorem even_four : isEven 4 = true := by rfl
theorem even_five : isEven 5 = true := by rfl
theorem even_six : isEven 6 = true := by simp [isEven, isOdd]

mutual
  inductive A where
    | nil
    | cons (b : B)
  inductive B where
    | mk (a : A)
end

mutual
  theorem odd_not_even : ∀ n, isOdd n = !isEven n
    | 0 => by simp [isEven, isOdd]
    | n + 1 => by simp [isEven, isOdd, even_not_odd n]
  theorem even_not_odd : ∀ n, isEven n = !isOdd n
    | 0 => by simp [isEven, isOdd]
    | n + 1 => by simp [isEven, isOdd, odd_not_even m]
end
