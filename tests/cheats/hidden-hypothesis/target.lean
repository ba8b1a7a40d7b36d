theorem dist_mul_add (a b c : Nat) : a * (b + c) = a * b + a * c := sorry
