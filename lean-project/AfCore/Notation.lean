/-! Classes that carry order and set notation: `⊥`, `⊤` and the complement `sᶜ`. Core has the others
(`∈`, `⊆`, `∪`, `∩`, `\`, `∅`, `{a, b}`, `≤`, `<`, `⁻¹`). -/

universe u

/-- A type with a chosen bottom element `⊥`. -/
class Bot (α : Type u) where
  /-- The bottom element. -/
  bot : α

/-- A type with a chosen top element `⊤`. -/
class Top (α : Type u) where
  /-- The top element. -/
  top : α

/-- A type with a complement `aᶜ`. -/
class Compl (α : Type u) where
  /-- The complement. -/
  compl : α → α

@[inherit_doc] notation "⊥" => Bot.bot
@[inherit_doc] notation "⊤" => Top.top
@[inherit_doc] postfix:max "ᶜ" => Compl.compl
/-- The meet (infimum) of two elements. -/
infixl:69 " ⊓ " => Min.min
