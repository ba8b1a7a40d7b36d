instance (priority := high) : Membership Nat (List Nat) := ⟨fun _ _ => True⟩

theorem mem_append_swap (x : Nat) (xs ys : List Nat) (h : x ∈ xs ++ ys) : x ∈ ys ++ xs := trivial
