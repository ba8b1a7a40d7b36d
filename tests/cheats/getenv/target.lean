theorem mod_add_div_nat (m k : Nat) : m % k + k * (m / k) = m := sorry
