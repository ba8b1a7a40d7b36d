theorem mem_append_swap (x : Nat) (xs ys : List Nat) (h : x ∈ xs ++ ys) : x ∈ ys ++ xs := sorry
