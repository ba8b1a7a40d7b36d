namespace A
theorem x : 1 = 1 := rfl
namespace B
theorem x : 2 = 2 := rfl
theorem y : 1 = 1 := A.x
theorem z : 1 = 1 := x
end B
private theorem hidden : 3 = 3 := rfl
protected theorem guarded : 4 = 4 := rfl
end A
open A in
theorem uses : 1 = 1 := x
theorem uses' : 3 = 3 := A.hidden
open A
theorem uses'' : 4 = 4 := guarded
section
variable (n : Nat) {m : Nat}
theorem v : n + m = m + n := by omega
theorem v' : n = m := by omega
end C
theorem A.x : 1 = 1 := rfl
theorem outside (n : Nat) : m = n := rfl
