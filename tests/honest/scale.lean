-- Kinds: large declarations: an enumeration of 24 constructors, a structure of 24 fields, a constructor of 16 arguments, long conjunctions, long list literals, deep terms, decide +kernel.

inductive Code where
  | c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7 | c8 | c9
  | c10 | c11 | c12 | c13 | c14 | c15 | c16 | c17 | c18 | c19
  | c20 | c21 | c22 | c23
  deriving DecidableEq

structure Wide where
  f0 : Nat := 0
  f1 : Nat := 1
  f2 : Nat := 2
  f3 : Nat := 3
  f4 : Nat := 4
  f5 : Nat := 5
  f6 : Nat := 6
  f7 : Nat := 7
  f8 : Nat := 8
  f9 : Nat := 9
  f10 : Nat := 10
  f11 : Nat := 11
  f12 : Nat := 12
  f13 : Nat := 13
  f14 : Nat := 14
  f15 : Nat := 15
  f16 : Nat := 16
  f17 : Nat := 17
  f18 : Nat := 18
  f19 : Nat := 19
  f20 : Nat := 20
  f21 : Nat := 21
  f22 : Nat := 22
  f23 : Nat := 23

inductive Fat where
  | mk (a0 : Nat) (a1 : Nat) (a2 : Nat) (a3 : Nat) (a4 : Nat) (a5 : Nat) (a6 : Nat) (a7 : Nat) (a8 : Nat) (a9 : Nat) (a10 : Nat) (a11 : Nat) (a12 : Nat) (a13 : Nat) (a14 : Nat) (a15 : Nat)
  | other (x : Fat)

def Code.next : Code → Code
  | c0 => c1
  | c1 => c2
  | c2 => c3
  | c3 => c4
  | c4 => c5
  | c5 => c6
  | c6 => c7
  | c7 => c8
  | c8 => c9
  | c9 => c10
  | c10 => c11
  | c11 => c12
  | c12 => c13
  | c13 => c14
  | c14 => c15
  | c15 => c16
  | c16 => c17
  | c17 => c18
  | c18 => c19
  | c19 => c20
  | c20 => c21
  | c21 => c22
  | c22 => c23
  | c23 => c0

def Code.toNat : Code → Nat
  | c0 => 0
  | c1 => 1
  | c2 => 2
  | c3 => 3
  | c4 => 4
  | c5 => 5
  | c6 => 6
  | c7 => 7
  | c8 => 8
  | c9 => 9
  | c10 => 10
  | c11 => 11
  | c12 => 12
  | c13 => 13
  | c14 => 14
  | c15 => 15
  | c16 => 16
  | c17 => 17
  | c18 => 18
  | c19 => 19
  | c20 => 20
  | c21 => 21
  | c22 => 22
  | c23 => 23

def primes : List Nat := [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229]

def sieve (n : Nat) : Bool := primes.all fun p => n % p != 0 || n == p

theorem next_ne (c : Code) : c.next ≠ c := by
  cases c <;> decide

theorem toNat_lt (c : Code) : c.toNat < 24 := by
  cases c <;> decide

theorem toNat_inj (c d : Code) (h : c.toNat = d.toNat) : c = d := by
  have inv : ∀ c : Code, Code.ofNat c.toNat = c := by
    intro c
    cases c <;> rfl
  rw [← inv c, h, inv]

theorem next_toNat (c : Code) : c.next.toNat = (c.toNat + 1) % 24 := by
  cases c <;> rfl

theorem wide_default : ({} : Wide).f23 + ({} : Wide).f1 = 24 := rfl

theorem wide_eta (w : Wide) : { w with f0 := w.f0 } = w := rfl

theorem wide_update (w : Wide) (n : Nat) : { w with f7 := n, f11 := n }.f12 = w.f12 := rfl

theorem fat_inj (x y : Nat) (h : Fat.mk 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 x = Fat.mk 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 y) : x = y := by
  injection h

theorem fat_other (x y : Fat) (h : Fat.other x = .other y) : x = y := by
  cases h
  rfl

theorem primes_length : primes.length = 50 := rfl

theorem primes_sieve : sieve 223 = true ∧ sieve 221 = false := by decide +kernel

theorem sieve_below : ∀ n : Fin 30, n.val < 2 ∨ (sieve n.val = true ↔ n.val ∈ primes) := by decide +kernel

theorem fermat_little_thirteen : ∀ a : Fin 13, a.val ^ 13 % 13 = a.val := by decide +kernel

theorem long_and (p0 p1 p2 p3 p4 p5 p6 p7 p8 p9 p10 p11 p12 p13 p14 p15 p16 p17 p18 p19 p20 p21 p22 p23 : Prop) (h : p0 ∧ p1 ∧ p2 ∧ p3 ∧ p4 ∧ p5 ∧ p6 ∧ p7 ∧ p8 ∧ p9 ∧ p10 ∧ p11 ∧ p12 ∧ p13 ∧ p14 ∧ p15 ∧ p16 ∧ p17 ∧ p18 ∧ p19 ∧ p20 ∧ p21 ∧ p22 ∧ p23) :
    p23 ∧ p22 ∧ p21 ∧ p20 ∧ p19 ∧ p18 ∧ p17 ∧ p16 ∧ p15 ∧ p14 ∧ p13 ∧ p12 ∧ p11 ∧ p10 ∧ p9 ∧ p8 ∧ p7 ∧ p6 ∧ p5 ∧ p4 ∧ p3 ∧ p2 ∧ p1 ∧ p0 := by
  simp only [h, and_self]

theorem long_or (n : Nat) (h : n < 16) : n = 0 ∨ n = 1 ∨ n = 2 ∨ n = 3 ∨ n = 4 ∨ n = 5 ∨ n = 6 ∨ n = 7 ∨ n = 8 ∨ n = 9 ∨ n = 10 ∨ n = 11 ∨ n = 12 ∨ n = 13 ∨ n = 14 ∨ n = 15 := by omega

theorem deep_nat (n : Nat) : Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (Nat.succ (n)))))))))))))))))))))))))))))) = n + 30 := rfl
