-- Kinds: bundled structures with universe-polymorphic fields: categories, functors, natural transformations, opposite, product and monoid-as-category; autoParam fields by tactic.

universe v u v' u'

class Cat (C : Type u) : Type (max u (v + 1)) where
  Hom : C → C → Type v
  id : (X : C) → Hom X X
  comp : {X Y Z : C} → Hom X Y → Hom Y Z → Hom X Z
  id_comp : ∀ {X Y : C} (f : Hom X Y), comp (id X) f = f := by intros; rfl
  comp_id : ∀ {X Y : C} (f : Hom X Y), comp f (id Y) = f := by intros; rfl
  assoc : ∀ {W X Y Z : C} (f : Hom W X) (g : Hom X Y) (h : Hom Y Z),
    comp (comp f g) h = comp f (comp g h) := by intros; rfl

infixr:10 " ⟶ " => Cat.Hom
infixr:80 " ≫ " => Cat.comp
notation "𝟙" => Cat.id

instance typeCat : Cat.{u} (Type u) where
  Hom α β := α → β
  id _ := fun a => a
  comp f g := fun a => g (f a)

instance : Cat.{0} Nat where
  Hom m n := PLift (m ≤ n)
  id n := ⟨Nat.le_refl n⟩
  comp f g := ⟨Nat.le_trans f.down g.down⟩

def Op (C : Type u) := C

instance [inst : Cat.{v} C] : Cat.{v} (Op C) where
  Hom X Y := inst.Hom Y X
  id X := inst.id X
  comp f g := inst.comp g f
  id_comp f := inst.comp_id f
  comp_id f := inst.id_comp f
  assoc f g h := (inst.assoc h g f).symm

structure Fun (C : Type u) [Cat.{v} C] (D : Type u') [Cat.{v'} D] where
  obj : C → D
  map : {X Y : C} → (X ⟶ Y) → (obj X ⟶ obj Y)
  map_id : ∀ X : C, map (𝟙 X) = 𝟙 (obj X) := by intros; rfl
  map_comp : ∀ {X Y Z : C} (f : X ⟶ Y) (g : Y ⟶ Z), map (f ≫ g) = map f ≫ map g := by intros; rfl

structure Nt {C : Type u} [Cat.{v} C] {D : Type u'} [Cat.{v'} D] (F G : Fun C D) where
  app : (X : C) → F.obj X ⟶ G.obj X
  natural : ∀ {X Y : C} (f : X ⟶ Y), F.map f ≫ app Y = app X ≫ G.map f

section
variable {C : Type u} [Cat.{v} C] {D : Type u'} [Cat.{v'} D]

structure Iso (X Y : C) where
  hom : X ⟶ Y
  inv : Y ⟶ X
  hom_inv : hom ≫ inv = 𝟙 X
  inv_hom : inv ≫ hom = 𝟙 Y

def Mono {X Y : C} (f : X ⟶ Y) : Prop := ∀ {Z : C} (g h : Z ⟶ X), g ≫ f = h ≫ f → g = h

def Iso.trans {X Y Z : C} (i : Iso X Y) (j : Iso Y Z) : Iso X Z where
  hom := i.hom ≫ j.hom
  inv := j.inv ≫ i.inv
  hom_inv := by rw [Cat.assoc, ← Cat.assoc j.hom, j.hom_inv, Cat.id_comp, i.hom_inv]
  inv_hom := by rw [Cat.assoc, ← Cat.assoc i.inv, i.inv_hom, Cat.id_comp, j.inv_hom]

def Fun.mapIso (F : Fun C D) {X Y : C} (i : Iso X Y) : Iso (F.obj X) (F.obj Y) where
  hom := F.map i.hom
  inv := F.map i.inv
  hom_inv := by rw [← F.map_comp, i.hom_inv, F.map_id]
  inv_hom := by rw [← F.map_comp, i.inv_hom, F.map_id]

theorem id_unique {X : C} (e : X ⟶ X) (h : ∀ f : X ⟶ X, e ≫ f = f) : e = 𝟙 X := by
  rw [← Cat.comp_id e, h]

theorem iso_inv_unique {X Y : C} (i j : Iso X Y) (h : i.hom = j.hom) : i.inv = j.inv := by
  rw [← Cat.comp_id i.inv, ← j.hom_inv, ← h, ← Cat.assoc, i.inv_hom, Cat.id_comp]

theorem mono_comp {X Y Z : C} {f : X ⟶ Y} {g : Y ⟶ Z} (hf : Mono f) (hg : Mono g) : Mono (f ≫ g) := by
  intro W a b h
  rw [← Cat.assoc, ← Cat.assoc] at h
  exact hf _ _ (hg _ _ h)

theorem mono_of_comp {X Y Z : C} {f : X ⟶ Y} {g : Y ⟶ Z} (h : Mono (f ≫ g)) : Mono f := by
  intro W a b hab
  apply h
  rw [← Cat.assoc, hab, Cat.assoc]

theorem iso_mono {X Y : C} (i : Iso X Y) : Mono i.hom := by
  intro Z g h e
  rw [← Cat.comp_id g, ← i.hom_inv, ← Cat.assoc, e, Cat.assoc, i.hom_inv, Cat.comp_id]

theorem mapIso_hom (F : Fun C D) {X Y : C} (i : Iso X Y) : (F.mapIso i).hom = F.map i.hom := rfl

theorem op_comp {X Y Z : C} (f : X ⟶ Y) (g : Y ⟶ Z) :
    @Cat.comp (Op C) _ Z Y X g f = f ≫ g := rfl

def Nt.vcomp {F G H : Fun C D} (α : Nt F G) (β : Nt G H) : Nt F H where
  app X := α.app X ≫ β.app X
  natural f := by rw [← Cat.assoc, α.natural, Cat.assoc, β.natural, Cat.assoc]

theorem vcomp_app {F G H : Fun C D} (α : Nt F G) (β : Nt G H) (X : C) : (α.vcomp β).app X = α.app X ≫ β.app X := rfl

def hom (X : C) : Fun C (Type v) where
  obj Y := X ⟶ Y
  map f := fun g => g ≫ f
  map_id _ := funext fun g => Cat.comp_id g
  map_comp f g := funext fun h => (Cat.assoc h f g).symm

theorem yoneda {X : C} {F : Fun C (Type v)} (α β : Nt (hom X) F) (h : α.app X (𝟙 X) = β.app X (𝟙 X)) (Y : C) :
    α.app Y = β.app Y := by
  funext f
  have key (γ : Nt (hom X) F) : γ.app Y f = F.map f (γ.app X (𝟙 X)) := by
    have := congrFun (γ.natural f) (𝟙 X)
    simp only [typeCat, hom] at this
    rw [Cat.id_comp] at this
    exact this
  rw [key, key, h]

end

def listFun : Fun (Type u) (Type u) where
  obj := List
  map := List.map
  map_id _ := funext List.map_id
  map_comp f g := funext fun _ => (List.map_map (f := f) (g := g)).symm

def reverseNt : Nt listFun.{u} listFun where
  app _ := List.reverse
  natural _ := funext fun _ => (List.map_reverse).symm

theorem reverse_vcomp (α : Type u) (xs : List α) : (reverseNt.vcomp reverseNt).app α xs = xs := List.reverse_reverse xs

theorem nat_hom_unique (m n : Nat) (f g : m ⟶ n) : f = g := by
  cases f; cases g; rfl
