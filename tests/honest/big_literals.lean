-- Kinds: big number literals (2^200 and beyond), kernel arithmetic by GMP, scientific and hexadecimal literals, string, character and raw literals, negative integers.

def googol : Nat := 10 ^ 100

def mersenne (p : Nat) : Nat := 2 ^ p - 1

def bigOdd : Nat := 1606938044258990275541962092341162602522202993782792835301377

abbrev Huge := Fin 340282366920938463463374607431768211456

def poem : String := "zero\n\tone\\ \"two\" λ → ∀ \u03b1"

theorem two_pow_200 : 2 ^ 200 = 1606938044258990275541962092341162602522202993782792835301376 := rfl

theorem bigOdd_eq : bigOdd = 2 ^ 200 + 1 := by decide

theorem bigOdd_mod : bigOdd % 1000003 = 2 ^ 200 % 1000003 + 1 := by decide

theorem googol_digits : googol = 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 := by
  rfl

set_option exponentiation.threshold 400 in
theorem googol_lt : googol < 2 ^ 333 := by decide

theorem mersenne_61 : mersenne 61 = 2305843009213693951 := rfl

theorem fermat_five_composite : 2 ^ 2 ^ 5 + 1 = 641 * 6700417 := by decide

theorem big_product : 123456789012345678901234567890 * 987654321098765432109876543210
    = 121932631137021795226185032733622923332237463801111263526900 := by rfl

theorem big_gcd : Nat.gcd (2 ^ 120 - 1) (2 ^ 90 - 1) = 2 ^ 30 - 1 := by decide

theorem big_neg : (-1267650600228229401496703205376 : Int) = -(2 ^ 100) := by decide

theorem big_ediv : (-1267650600228229401496703205377 : Int) / 2 = -633825300114114700748351602689 := by decide

theorem big_omega (x : Nat) (h : x > 1606938044258990275541962092341162602522202993782792835301376) :
    x ≥ 1606938044258990275541962092341162602522202993782792835301377 := by omega

theorem huge_fin : (340282366920938463463374607431768211455 : Huge) + 1 = 0 := rfl

theorem hex_literal : 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF + 1 = 2 ^ 128 := rfl

theorem bin_oct_literal : 0b101010 = 0o52 := rfl

theorem underscore_literal : 1_000_000_007 = 10 ^ 9 + 7 := rfl

theorem big_shift : 1 <<< 150 = 2 ^ 150 := by decide

theorem big_land : (2 ^ 100 + 5) &&& 7 = 5 := by decide

theorem big_ble : Nat.ble (2 ^ 230) (2 ^ 230 - 1) = false := rfl

theorem big_sub : 2 ^ 250 - 2 ^ 249 = 2 ^ 249 := by decide

theorem not_perfect_square : ∀ n : Fin 20, n.val * n.val ≠ 1606938044258990275541962092341162602522202993782792835301377 := by
  decide

theorem string_length : "héllo".length = 5 := by decide

theorem string_ne : "abc" ≠ "abd" := by decide

theorem string_append : "foo" ++ "bar" = "foobar" := by decide

theorem poem_refl : poem = poem ++ "" := by simp
