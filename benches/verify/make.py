"""Writes N distinct small checks as JSON lines, half right and half wrong. Usage: make.py N [SEED]. Always the same for
the same arguments. The field `want` says what each was made to be, so that a run can be counted against it."""

import json
import random
import sys


def checks(rng):
    """Endless (right, text) pairs."""
    name = 0
    while True:
        name += 1
        a, b, c = rng.randint(2, 60), rng.randint(2, 60), rng.randint(2, 60)
        small = [rng.randint(0, 9) for _ in range(rng.randint(2, 5))]
        t = f"t{name}"
        kind = rng.choice(KINDS)
        for right, text in kind(t, a, b, c, small, rng):
            yield right, text


def omega(t, a, b, c, small, rng):
    yield True, f"theorem {t} (x y : Nat) (h : x + {a} < y) : x + {a} + 1 ≤ y := by omega\n"
    yield False, f"theorem {t} (x y : Nat) (h : x + {a} < y) : x + {a} + 2 ≤ y := by\n  omega\n"


def omega_int(t, a, b, c, small, rng):
    yield True, f"theorem {t} (x y : Int) (h : {a} * x = {a} * y + {a * b}) : x = y + {b} := by\n  omega\n"
    yield False, f"theorem {t} (x y : Int) (h : {a} * x = {a} * y + {a * b}) : x = y + {b + 1} := by omega\n"


def decide(t, a, b, c, small, rng):
    yield True, f"theorem {t} : {a} * {b} + {c} = {a * b + c} ∧ {small}.length = {len(small)} := by decide\n"
    yield False, f"theorem {t} : {a} * {b} + {c} = {a * b + c + 1} := by\n  decide\n"


def decide_fin(t, a, b, c, small, rng):
    n, r = rng.randint(3, 9), rng.randint(0, 2)
    right = all(x * x % n != r for x in range(n))
    yield right, f"theorem {t} : ∀ x : Fin {n}, x * x ≠ {r} ∨ {a} = {b + 100} := by decide\n"


def rfl(t, a, b, c, small, rng):
    yield True, f"example : {small}.reverse.foldl (· + ·) {a} = {sum(small) + a} := rfl\n"
    yield False, f"theorem {t} : {small}.foldl (· + ·) {a} = {sum(small) + a + 1} := by rfl\n"


def simp(t, a, b, c, small, rng):
    yield True, f"theorem {t} (xs ys : List Nat) : (xs ++ {small} ++ ys).length + {a} = xs.length + {len(small)} + ys.length + {a} := by\n  simp <;> omega\n"
    yield False, f"theorem {t} (xs ys : List Nat) : (xs ++ ys).length = xs.length + {a} := by simp\n"


def simp_hyp(t, a, b, c, small, rng):
    yield True, f"theorem {t} (f : Nat → Nat) (h : ∀ x, f x = x + {a}) : f (f {b}) = {2 * a + b} := by simp [h]\n"
    yield False, f"theorem {t} (f : Nat → Nat) (h : ∀ x, f x = x + {a}) : f (f {b}) = {2 * a + b + 1} := by\n  simp [h]\n"


def induction(t, a, b, c, small, rng):
    define = f"def s{t} : Nat → Nat\n  | 0 => {a}\n  | n + 1 => s{t} n + {b}\n\n"
    proof = f" := by\n  induction n with\n  | zero => simp [s{t}]\n  | succ n ih => simp [s{t}, ih]; omega\n"
    yield True, f"{define}theorem {t} (n : Nat) : s{t} n = {a} + {b} * n{proof}"
    yield False, f"{define}theorem {t} (n : Nat) : s{t} n = {a + 1} + {b} * n{proof}"


def grind(t, a, b, c, small, rng):
    yield True, f"theorem {t} (x y : Int) : (x + {a}) * (y - {b}) = x * y - {b} * x + {a} * y - {a * b} := by grind\n"
    yield False, f"theorem {t} (f : Nat → Nat) (x y : Nat) (h : f x = f (y + {a})) : x = y + {a} := by grind\n"


def logic(t, a, b, c, small, rng):
    yield True, f"theorem {t} (p q : Prop) (h : p ∧ q) (n : Nat) (hn : n = {a}) : q ∧ p ∧ n + {b} = {a + b} := by\n  obtain ⟨hp, hq⟩ := h\n  subst hn\n  exact ⟨hq, hp, rfl⟩\n"
    yield False, f"theorem {t} (p q : Prop) (h : p ∨ q) (n : Nat) (hn : n = {a}) : p ∧ n = {a} := by\n  constructor\n  · cases h with\n    | inl hp => exact hp\n  · exact hn\n"


def syntax(t, a, b, c, small, rng):
    yield False, f"theorem {t} (n : Nat : n + {a} = {a} + n := by\n  omega\n"
    yield False, f"theorem {t} (n : Nat) : n + {a} = {a} + n by\n  omega\n"


def unknown(t, a, b, c, small, rng):
    yield False, f"theorem {t} (n : Nat) : n + {a} = {a} + n := by\n  exact Nat.add_comm_{b} n {a}\n"
    yield False, f"theorem {t} (n : Nat) : Nat.bound{a} n = n := by rfl\n"
    yield False, f"theorem {t} (n : Nat) (h : n = {a}) : n + 0 = {a} := by\n  linarith\n"


def mismatch(t, a, b, c, small, rng):
    yield False, f"theorem {t} (n : Nat) (h : n < {a}) : n < {a + 1} := h\n"
    yield True, f"theorem {t} (n : Nat) (h : n < {a}) : n < {a + 1} := Nat.lt_succ_of_lt h\n"


def sorry(t, a, b, c, small, rng):
    yield False, f"theorem {t} (x y : Nat) : x * {a} + y * {b} = y * {b} + x * {a} := by\n  have h : x = x := rfl\n  sorry\n"
    yield True, f"theorem {t} (x y : Nat) : x * {a} + y * {b} = y * {b} + x * {a} := by\n  have h : x = x := rfl\n  exact Nat.add_comm _ _\n"


def calculation(t, a, b, c, small, rng):
    yield True, f"theorem {t} (x y z : Nat) (h : x ≤ y + {a}) (h' : y ≤ z + {b}) : x ≤ z + {a + b} := calc\n  x ≤ y + {a} := h\n  _ ≤ z + {b} + {a} := Nat.add_le_add_right h' {a}\n  _ = z + {a + b} := by omega\n"


KINDS = [omega, omega_int, decide, decide_fin, rfl, simp, simp_hyp, induction, grind, logic, syntax, unknown, mismatch,
         sorry, calculation]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    seen = set()
    for right, text in checks(rng):
        if text in seen:
            continue
        seen.add(text)
        want = "accepted" if right else "rejected"
        print(json.dumps({"id": f"check-{len(seen):05}", "code": text, "want": want}, ensure_ascii=False))
        if len(seen) == count:
            return


main()
