namespace Scratch
theorem helper (a b c : Int) : a + b - c = b - c + a := by omega
theorem _root_.swap_sum (a b c : Int) : a + b - c = b - c + a := helper a b c
end Scratch
