/-! Quantifiers, equality and choice over arbitrary types. -/

namespace FirstOrder

theorem forall_and_split {α : Type} (p q : α → Prop) :
    (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ (∀ x, q x) := sorry

theorem exists_or_split {α : Type} (p q : α → Prop) :
    (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ (∃ x, q x) := sorry

theorem not_exists_forall {α : Sort _} {p : α → Prop} (h : ¬∃ x, p x) : ∀ x, ¬p x := sorry

theorem swap_quantifiers {α β : Type} {r : α → β → Prop} (h : ∃ x, ∀ y, r x y) :
    ∀ y, ∃ x, r x y := sorry

theorem drinker {α : Type} [Inhabited α] (p : α → Prop) : ∃ x, p x → ∀ y, p y := sorry

theorem eq_symm_trans {α : Type} {a b c : α} (h₁ : a = b) (h₂ : c = b) : a = c := sorry

theorem leibniz {α : Type} {a b : α} (h : ∀ p : α → Prop, p a → p b) : a = b := sorry

theorem congr_arg_twice {α β γ : Type} (f : α → β → γ) {a a' : α} {b b' : β}
    (ha : a = a') (hb : b = b') : f a b = f a' b' := sorry

theorem unique_of_both {α : Type} {p : α → Prop} {a b : α}
    (ha : ∀ x, p x → x = a) (hb : p b) : b = a := sorry

theorem choose_function {α β : Type} {r : α → β → Prop} (h : ∀ x, ∃ y, r x y) :
    ∃ f : α → β, ∀ x, r x (f x) := sorry

theorem barber {α : Type} {shaves : α → α → Prop} {b : α}
    (h : ∀ x, shaves b x ↔ ¬shaves x x) : False := sorry

theorem cantor {α : Type} (f : α → α → Prop) : ∃ p : α → Prop, ∀ x, f x ≠ p := sorry

theorem skolem_two {α : Type} {p : α → α → Prop} (h : ∀ x, ∃ y, p x y) (a : α) :
    ∃ y z, p a y ∧ p y z := sorry

theorem exists_imp {α : Type} {p : α → Prop} {q : Prop} :
    ((∃ x, p x) → q) ↔ ∀ x, p x → q := sorry

theorem heq_to_eq {α : Type} {a b : α} (h : HEq a b) : a = b := sorry

theorem cast_round {α β : Type} (h : α = β) (a : α) : cast h.symm (cast h a) = a := sorry

theorem decidable_em {p : Prop} [Decidable p] : p ∨ ¬p := sorry

theorem nonempty_elim {α : Type} {p : Prop} (h : Nonempty α) (f : α → p) : p := sorry

theorem false_domain {p : Empty → Prop} : ∀ x, p x := sorry

theorem pred_ext {α : Type} {p q : α → Prop} (h : ∀ x, p x ↔ q x) : p = q := sorry

end FirstOrder
