-- Kinds: BitVec, Bool and machine words (UInt8, UInt32, Fin) with decide, simp, bv_omega, ext, big literals and literal folding.

theorem bv_add_comm (x y : BitVec 32) : x + y = y + x := BitVec.add_comm x y

theorem bv_xor_self (x : BitVec w) : x ^^^ x = 0#w := by simp

theorem bv_and_idem (x : BitVec w) : x &&& x = x := by simp

theorem bv_de_morgan (x y : BitVec w) : ~~~(x &&& y) = ~~~x ||| ~~~y := by
  ext i h
  simp

theorem bv_all_four : ∀ x : BitVec 4, x + x = x <<< 1 := by decide

theorem bv_decide_small : ∀ x y : BitVec 3, x * y = y * x := by decide

theorem bv_omega_wrap (x : BitVec 8) (h : x.toNat < 200) : (x + 5#8).toNat = x.toNat + 5 := by bv_omega

theorem bv_omega_order (x y z : BitVec 16) (h₁ : x < y) (h₂ : y < z) : x < z := by bv_omega

theorem bv_sub_add (x y : BitVec 64) : x - y + y = x := by bv_omega

theorem bv_literal : (255#8 + 1#8) = 0#8 := rfl

theorem bv_toNat_lt (x : BitVec w) : x.toNat < 2 ^ w := x.isLt

theorem bv_append_nil (x : BitVec w) : (x ++ (0#0 : BitVec 0)).toNat = x.toNat := by simp

theorem bv_setWidth (x : BitVec 8) : (x.setWidth 16).setWidth 8 = x := by
  apply BitVec.eq_of_toNat_eq
  simp

theorem bv_extract : (0xABCD#16).extractLsb' 4 8 = 0xBC#8 := by decide

theorem uint8_wrap : (250 : UInt8) + 10 = 4 := by decide

theorem uint8_comm (a b : UInt8) : a + b = b + a := UInt8.add_comm a b

theorem uint32_toNat (a : UInt32) : a.toNat < 4294967296 := a.toNat_lt

theorem uint8_all : ∀ a : Fin 16, (UInt8.ofNat a.val).toNat = a.val := by decide

theorem fin_add_wrap : (7 : Fin 10) + 5 = 2 := rfl

theorem fin_rev (i : Fin n) : i.rev.rev = i := Fin.rev_rev i

theorem fin_cases_three (i : Fin 3) : i = 0 ∨ i = 1 ∨ i = 2 := by
  match i with
  | 0 => simp
  | 1 => simp
  | 2 => simp

theorem fin_last (n : Nat) (i : Fin (n + 1)) : i ≤ Fin.last n := Nat.le_of_lt_succ i.isLt

theorem bool_xor_assoc (a b c : Bool) : (a ^^ b ^^ c) = (a ^^ (b ^^ c)) := by
  cases a <;> cases b <;> cases c <;> rfl

theorem shift_literal : (1 <<< 10 : Nat) = 1024 := rfl

theorem int8_neg : (-128 : Int8) - 1 = 127 := by decide
