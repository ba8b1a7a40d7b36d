-- Kinds: terms over recursors written by hand (rec, recOn, casesOn, brecOn, noConfusion, ndrec), own eliminators, Ackermann by higher-order rec, structural proofs without tactics.

noncomputable def addRec (m n : Nat) : Nat := Nat.rec m (fun _ r => Nat.succ r) n

noncomputable def mulRec (m n : Nat) : Nat := Nat.rec 0 (fun _ r => addRec r m) n

noncomputable def ackRec : Nat → Nat → Nat :=
  Nat.rec Nat.succ (fun _ f => Nat.rec (f 1) (fun _ r => f r))

noncomputable def lengthRec {α : Type u} (xs : List α) : Nat := List.rec 0 (fun _ _ r => r + 1) xs

noncomputable def foldRec {α : Type u} {β : Type v} (f : α → β → β) (b : β) (xs : List α) : β :=
  List.rec b (fun a _ r => f a r) xs

noncomputable def isZero (n : Nat) : Bool := Nat.casesOn n true fun _ => false

noncomputable def fibBelow (n : Nat) : Nat :=
  Nat.brecOn (motive := fun _ => Nat) n fun k below =>
    match k, below with
    | 0, _ => 0
    | 1, _ => 1
    | _ + 2, b => b.1 + b.2.1

inductive Bin where
  | tip
  | fork (l r : Bin)

noncomputable def Bin.leaves (t : Bin) : Nat := Bin.rec 1 (fun _ _ l r => l + r) t

noncomputable def Bin.forks (t : Bin) : Nat := t.recOn 0 fun _ _ l r => l + r + 1

theorem addRec_eq : ∀ m n, addRec m n = m + n :=
  fun _ n => Nat.rec rfl (fun _ ih => congrArg Nat.succ ih) n

theorem addRec_zero_left (n : Nat) : addRec 0 n = n :=
  Nat.rec (motive := fun n => addRec 0 n = n) rfl (fun _ ih => congrArg Nat.succ ih) n

theorem mulRec_eq (m n : Nat) : mulRec m n = m * n :=
  Nat.rec (motive := fun n => mulRec m n = m * n) rfl
    (fun n ih => (addRec_eq (mulRec m n) m).trans (congrArg (· + m) ih)) n

theorem ackRec_zero (n : Nat) : ackRec 0 n = n + 1 := rfl

theorem ackRec_succ (m n : Nat) : ackRec (m + 1) (n + 1) = ackRec m (ackRec (m + 1) n) := rfl

theorem ackRec_value : ackRec 2 3 = 9 := rfl

theorem lengthRec_eq {α : Type u} (xs : List α) : lengthRec xs = xs.length :=
  List.rec (motive := fun xs => lengthRec xs = xs.length) rfl (fun _ _ ih => congrArg (· + 1) ih) xs

theorem foldRec_eq {α : Type u} {β : Type v} (f : α → β → β) (b : β) (xs : List α) : foldRec f b xs = xs.foldr f b :=
  List.recOn (motive := fun xs => foldRec f b xs = xs.foldr f b) xs rfl (fun a _ ih => congrArg (f a) ih)

theorem isZero_iff (n : Nat) : isZero n = true ↔ n = 0 :=
  Nat.casesOn (motive := fun n => isZero n = true ↔ n = 0) n
    ⟨fun _ => rfl, fun _ => rfl⟩ (fun _ => ⟨fun h => Bool.noConfusion h, fun h => Nat.noConfusion h⟩)

theorem fibBelow_step (n : Nat) : fibBelow (n + 2) = fibBelow (n + 1) + fibBelow n := rfl

theorem fibBelow_nine : fibBelow 9 = 34 := rfl

theorem leaves_forks (t : Bin) : t.leaves = t.forks + 1 :=
  Bin.rec (motive := fun t => t.leaves = t.forks + 1) rfl
    (fun l r ihl ihr => by
      show l.leaves + r.leaves = l.forks + r.forks + 1 + 1
      omega) t

theorem succ_inj_by_noConfusion (m n : Nat) (h : m.succ = n.succ) : m = n :=
  Nat.noConfusion h fun h => h

theorem zero_ne_succ_by_motive (n : Nat) (h : (0 : Nat) = n + 1) : False :=
  Eq.ndrec (motive := fun k => Nat.casesOn k True fun _ => False) trivial h

theorem or_by_rec {p q : Prop} (h : p ∨ q) : q ∨ p := Or.rec .inr .inl h

theorem exists_by_rec {p : Nat → Prop} (h : ∃ n, p n) : ¬ ∀ n, ¬ p n :=
  fun hn => Exists.rec (fun n hp => hn n hp) h

theorem eq_symm_by_rec {α : Sort u} {a b : α} (h : a = b) : b = a :=
  Eq.rec (motive := fun c _ => c = a) rfl h

theorem and_by_rec {p q : Prop} (h : p ∧ q) : q := And.rec (fun _ hq => hq) h

theorem acc_rec {r : Nat → Nat → Prop} {p : Nat → Prop} (step : ∀ x, (∀ y, r y x → p y) → p x) (x : Nat) (h : Acc r x) : p x :=
  Acc.rec (fun x _ ih => step x ih) h

theorem sum_rec (s : Nat ⊕ Bool) : (Sum.rec (fun n => n) (fun b => b.toNat) s : Nat) = s.elim id Bool.toNat :=
  Sum.rec (fun _ => rfl) (fun _ => rfl) s

theorem strong_by_rec {p : Nat → Prop} (h : ∀ n, (∀ m, m < n → p m) → p n) (n : Nat) : p n :=
  have key : ∀ n m, m < n → p m := fun n =>
    Nat.rec (fun _ hm => absurd hm (Nat.not_lt_zero _))
      (fun _ ih m hm => h m fun k hk => ih k (Nat.lt_of_lt_of_le hk (Nat.le_of_lt_succ hm))) n
  h n (key n)
