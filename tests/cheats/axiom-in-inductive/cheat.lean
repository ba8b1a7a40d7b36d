axiom mirrored : ∀ xs : List Nat, xs.reverse.reverse = xs
inductive Mirror : (xs : List Nat) → xs.reverse.reverse = xs → Prop where
  | mk (xs : List Nat) : Mirror xs (mirrored xs)

theorem reverse_twice (xs : List Nat) : xs.reverse.reverse = xs :=
  match Mirror.mk xs with
  | m => (fun {h} (_ : Mirror xs h) => h) m
