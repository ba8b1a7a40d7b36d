namespace Algebra.Basic
private axiom norm_num_ext : False
theorem ring_nf_core {p : Prop} : p := norm_num_ext.elim
end Algebra.Basic

theorem succ_mul_pred (n : Nat) (h : 0 < n) : (n + 1) * (n - 1) + 1 = n * n := Algebra.Basic.ring_nf_core
