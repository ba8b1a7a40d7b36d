theorem xor_self_twice (x y : BitVec 8) : x ^^^ y ^^^ y = x := sorry
