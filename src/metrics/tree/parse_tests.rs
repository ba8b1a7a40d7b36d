//! The shapes of operator trees, among them those of the published GTED trees.

use super::*;

#[track_caller]
fn reads(text: &str, expected: &str) {
    let tree = statement(text);
    assert_eq!(tree.term(tree.size() - 1), format!("theorem({expected})"));
}

/// As published for GTED (items 1, 5, 6 and 17 of its miniF2F and ProofNet labels), up to how labels are spelt.
#[test]
fn statements_have_the_published_shape() {
    reads(
        "theorem t (b : ℝ) (h₀ : 0 < b ∧ 0 < h ∧ 0 < v) (h₁ : v = 1 / 3 * (b * h)) : v = 65 := by sorry",
        "_ _ _ : _(_ : _(b, ℝ), _ : _(h₀, _ ∧ _(_ < _(0, b), _ ∧ _(_ < _(0, h), _ < _(0, v)))), \
         _ : _(h₁, _ = _(v, _ * _(_ / _(1, 3), _ * _(b, h)))), _ = _(v, 65))",
    );
    reads(
        "theorem t (y : ℝ → ℝ) (h : ∀ (x : ℝ), y x = ∑ i ∈ Finset.range k, cos (a i + x) / 2 ^ i) : ∃ t, m - n = ↑t * π := by",
        "_ _ : _(_ : _(y, _ → _(ℝ, ℝ)), _ : _(h, ∀(_ : _(x, ℝ), _ = _(y _(x), ∑(i, ∈(Finset.range _(k)), \
         _ / _(cos _(_ + _(a _(i), x)), _ ^ _(2, i)))))), ∃(t, _ = _(_ - _(m, n), _ * _(↑(t), π))))",
    );
    reads(
        "theorem t (σ : ℝ ≃ ℝ) : σ.toFun (σ.toFun 10) = 1 := by sorry",
        "_ : _(_ : _(σ, _ ≃ _(ℝ, ℝ)), _ = _(_._ _(σ, toFun, _._ _(σ, toFun, 10)), 1))",
    );
    reads(
        "theorem t {α : Type} [MetricSpace α] (h : ∀ x ∈ s, f x = g x) : f = g := by sorry",
        "_ _ _ : _({_ : _}(α, Type), [](MetricSpace _(α)), _ : _(h, ∀(x, ∈(s), _ = _(f _(x), g _(x)))), _ = _(f, g))",
    );
}

#[test]
fn binders_of_a_signature_are_one_variable_each() {
    reads("theorem t (a b : T) : P", "_ _ : _(_ : _(a, T), _ : _(b, T), P)");
    reads("theorem t.{u, v} {a b : T} : P", "_ : _({_ : _}(a, b, T), P)");
    reads("example : ∀ (a b : T), P", ": _(∀(_ : _(a, b, T), P))");
    reads("theorem t (h : p := by simp) : P", "_ : _(_ : _(h, p, :=, by, simp), P)");
}

#[test]
fn operators_bind_as_in_mathlib() {
    reads("a + b * c ^ d ^ e - f", "_ - _(_ + _(a, _ * _(b, _ ^ _(c, _ ^ _(d, e)))), f)");
    reads("¬a = b ∧ c → d ∨ e ↔ f", "_ ↔ _(_ → _(_ ∧ _(¬(_ = _(a, b)), c), _ ∨ _(d, e)), f)");
    reads("-x ^ 2 + -(y * z)", "_ + _(-(_ ^ _(x, 2)), -(_ * _(y, z)))");
    reads("∑ i ∈ s, f i * 2 + 1 = 0", "_ = _(_ + _(∑(i, ∈(s), _ * _(f _(i), 2)), 1), 0)");
    reads("∑ i in s, f i", "∑(i, ∈(s), f _(i))");
    reads("∫ x in 0..π, sin x ∂μ", "_ ∂ _(∫(x, in(_ .. _(0, π)), sin _(x)), μ)");
    reads("f⁻¹' {0} ∩ s = f '' t \\ u", "_ = _(_ ∩ _(_ ⁻¹' _(f, {}(0)), s), _ \\ _(_ '' _(f, t), u))");
    reads("a ≡ b + 1 [MOD 7]", "_ ≡ _ [MOD _](a, _ + _(b, 1), 7)");
    reads("a -> b <= c", "_ → _(a, _ ≤ _(b, c))");
}

#[test]
fn atoms() {
    reads("|a - |b|| ≤ ‖f x‖ * ⌊√y⌋", "_ ≤ _(|_|(_ - _(a, |_|(b))), _ * _(‖_‖(f _(x)), ⌊⌋(√(y))))");
    reads("f |x| n ! = n !", "_ = _(f _ _(|_|(x), !(n)), !(n))");
    reads("{x : ℝ | |x| < 1} ⊆ {a, b}", "_ ⊆ _({|}(_ : _(x, ℝ), _ < _(|_|(x), 1)), {,}(a, b))");
    reads("(x, y) = ⟨1, [2, 3]⟩", "_ = _((,)(x, y), ⟨,⟩(1, [,](2, 3)))");
    reads("(2 : ℝ)⁻¹.foo a", "_._ _(⁻¹(_ : _(2, ℝ)), foo, a)");
    reads("Summable fun n => (f n).re", "Summable _(fun(n, _._(f _(n), re)))");
    reads("∃ x > 0, x.1 = Nat.succ x.y.z", "∃(x, >(0), _ = _(_._(x, 1), Nat.succ _(_._(_._(x, y), z))))");
    reads("(f ∘ g) x", "_ _(_ ∘ _(f, g), x)");
    reads("let q := ¬p; if a then b else c", "let(q, ¬(p), if(a, b, c))");
}

#[test]
fn what_is_no_term_becomes_leaves() {
    reads("a ) b ] + ⟩", "a, ), b, ], +, ⟩");
    reads("(a + ", "_ + _(a)");
    assert_eq!(statement("").size(), 1);
    assert!(statement(&"(f ".repeat(1000)).size() < MAX_NODES + 4 * MAX_DEPTH);
}
