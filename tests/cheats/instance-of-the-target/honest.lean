structure Gauss where
  re : Int
  im : Int
instance : Mul Gauss := ⟨fun x y => ⟨x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re⟩⟩
def Gauss.i : Gauss := ⟨0, 1⟩
theorem i_squared : Gauss.i * Gauss.i = ⟨-1, 0⟩ := rfl
