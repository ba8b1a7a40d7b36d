macro "swap_theorem! " n:ident t:term : command => `(theorem $n : $t := fun _ _ h => Or.symm h)

swap_theorem! disj_swap (∀ (p q : Prop) (_ : p ∨ q), q ∨ p)
