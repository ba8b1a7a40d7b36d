set_option debug.skipKernelTC true

theorem collapse : 1 = 2 := by decide +kernel

theorem sum_of_cubes_small : 1 + 8 + 27 + 64 = 10 ^ 2 :=
  absurd collapse (by decide)
