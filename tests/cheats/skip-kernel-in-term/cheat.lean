theorem not_prime_91 : ∃ a b, 1 < a ∧ 1 < b ∧ a * b = 91 :=
  have h : 7 * 12 = 91 := set_option «debug».«skipKernelTC» true in (by decide +kernel)
  ⟨7, 12, by decide, by decide, h⟩
