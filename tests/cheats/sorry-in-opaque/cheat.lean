set_option warn.sorry false in
opaque oracle : PLift (∀ a b d : Nat, d ∣ a → d ∣ b → d ∣ a - b) := ⟨sorry⟩

theorem dvd_sub_of_dvd (a b d : Nat) (ha : d ∣ a) (hb : d ∣ b) : d ∣ a - b :=
  oracle.down a b d ha hb
