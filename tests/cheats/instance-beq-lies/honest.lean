theorem reverse_palindrome (xs : List Nat) : (xs ++ xs.reverse).reverse == xs ++ xs.reverse := by simp
