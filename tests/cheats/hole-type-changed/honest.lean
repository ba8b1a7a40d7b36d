def answer : Nat := 4
theorem answer_spec : answer * 3 = 12 := rfl
