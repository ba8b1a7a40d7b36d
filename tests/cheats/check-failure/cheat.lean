#check_failure (fun a => by omega : ∀ a : Int, a < a)
theorem lt_irrefl_int' (a : Int) : True := by
  fail_if_success exact (by omega : a < a)
  trivial
