theorem prod_pos (a b : Nat) (ha : 0 < a) (hb : 0 < b) : 0 < a * b := lcProof
