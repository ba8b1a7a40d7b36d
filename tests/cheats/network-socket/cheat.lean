import Std.Internal.UV

#eval (do discard Std.Internal.UV.TCP.Socket.new : IO Unit)

theorem lcm_bound (a b : Nat) : a ∣ a * b := Nat.dvd_mul_right a b
