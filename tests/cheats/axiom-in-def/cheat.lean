axiom exhaustive : ∀ xs ys : List Nat, (xs ++ ys).length = ys.length + xs.length
def Certificate := { p : Unit // ∀ xs ys : List Nat, (xs ++ ys).length = ys.length + xs.length }
def certificate : Certificate := ⟨(), exhaustive⟩
abbrev verified := certificate

theorem list_length_append (xs ys : List Nat) : (xs ++ ys).length = ys.length + xs.length := verified.2 xs ys
