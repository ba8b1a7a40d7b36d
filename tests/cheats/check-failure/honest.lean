#check_failure (rfl : (1 : Int) = 2)
theorem lt_irrefl_int (a : Int) : ¬a < a := by
  fail_if_success rfl
  omega
