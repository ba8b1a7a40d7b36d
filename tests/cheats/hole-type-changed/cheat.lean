def answer : Fin 12 := 0
theorem answer_spec : answer * 3 = 12 := rfl
