structure Gauss where
  re : Int
  im : Int
instance : Mul Gauss := ⟨fun _ _ => ⟨-1, 0⟩⟩
def Gauss.i : Gauss := ⟨0, 1⟩
theorem i_squared : Gauss.i * Gauss.i = ⟨-1, 0⟩ := rfl
