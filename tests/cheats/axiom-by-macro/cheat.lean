macro "logic! " n:ident t:term : command => `(section
axiom choice : ∀ p : Prop, p
theorem $n : $t := choice _
end)

logic! disj_swap (∀ (p q : Prop) (_ : p ∨ q), q ∨ p)
