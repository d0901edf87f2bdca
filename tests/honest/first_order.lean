/-! Quantifiers, equality and choice over arbitrary types. -/

namespace FirstOrder

theorem forall_and_split {α : Type} (p q : α → Prop) :
    (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ (∀ x, q x) :=
  ⟨fun h => ⟨fun x => (h x).1, fun x => (h x).2⟩, fun h x => ⟨h.1 x, h.2 x⟩⟩

theorem exists_or_split {α : Type} (p q : α → Prop) :
    (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ (∃ x, q x) := by
  constructor
  · rintro ⟨x, hp | hq⟩
    · exact .inl ⟨x, hp⟩
    · exact .inr ⟨x, hq⟩
  · rintro (⟨x, hp⟩ | ⟨x, hq⟩)
    · exact ⟨x, .inl hp⟩
    · exact ⟨x, .inr hq⟩

theorem not_exists_forall {α : Sort _} {p : α → Prop} (h : ¬∃ x, p x) : ∀ x, ¬p x := by
  intro x hx
  exact h ⟨x, hx⟩

theorem swap_quantifiers {α β : Type} {r : α → β → Prop} (h : ∃ x, ∀ y, r x y) :
    ∀ y, ∃ x, r x y := by
  obtain ⟨x, hx⟩ := h
  intro y
  exact ⟨x, hx y⟩

theorem drinker {α : Type} [Inhabited α] (p : α → Prop) : ∃ x, p x → ∀ y, p y := by
  by_cases h : ∀ y, p y
  · exact ⟨default, fun _ => h⟩
  · have ⟨y, hy⟩ : ∃ y, ¬p y := Classical.byContradiction fun hn =>
      h fun y => Classical.byContradiction fun hy => hn ⟨y, hy⟩
    exact ⟨y, fun hp => absurd hp hy⟩

theorem eq_symm_trans {α : Type} {a b c : α} (h₁ : a = b) (h₂ : c = b) : a = c :=
  h₁.trans h₂.symm

theorem leibniz {α : Type} {a b : α} (h : ∀ p : α → Prop, p a → p b) : a = b :=
  h (fun x => a = x) rfl

theorem congr_arg_twice {α β γ : Type} (f : α → β → γ) {a a' : α} {b b' : β}
    (ha : a = a') (hb : b = b') : f a b = f a' b' := by
  subst ha hb
  rfl

theorem unique_of_both {α : Type} {p : α → Prop} {a b : α}
    (ha : ∀ x, p x → x = a) (hb : p b) : b = a :=
  ha b hb

theorem choose_function {α β : Type} {r : α → β → Prop} (h : ∀ x, ∃ y, r x y) :
    ∃ f : α → β, ∀ x, r x (f x) :=
  ⟨fun x => (h x).choose, fun x => (h x).choose_spec⟩

theorem barber {α : Type} {shaves : α → α → Prop} {b : α}
    (h : ∀ x, shaves b x ↔ ¬shaves x x) : False := by
  have hb := h b
  have hn : ¬shaves b b := fun hs => hb.mp hs hs
  exact hn (hb.mpr hn)

theorem cantor {α : Type} (f : α → α → Prop) : ∃ p : α → Prop, ∀ x, f x ≠ p := by
  refine ⟨fun x => ¬f x x, fun x hx => ?_⟩
  have key : f x x = ¬f x x := congrFun hx x
  have hn : ¬f x x := by
    intro h
    have h' := h
    rw [key] at h'
    exact h' h
  apply hn
  rw [key]
  exact hn

theorem skolem_two {α : Type} {p : α → α → Prop} (h : ∀ x, ∃ y, p x y) (a : α) :
    ∃ y z, p a y ∧ p y z := by
  obtain ⟨y, hy⟩ := h a
  obtain ⟨z, hz⟩ := h y
  exact ⟨y, z, hy, hz⟩

theorem exists_imp {α : Type} {p : α → Prop} {q : Prop} :
    ((∃ x, p x) → q) ↔ ∀ x, p x → q :=
  ⟨fun h x hx => h ⟨x, hx⟩, fun h ⟨x, hx⟩ => h x hx⟩

theorem heq_to_eq {α : Type} {a b : α} (h : HEq a b) : a = b := eq_of_heq h

theorem cast_round {α β : Type} (h : α = β) (a : α) : cast h.symm (cast h a) = a := by
  subst h
  rfl

theorem decidable_em {p : Prop} [Decidable p] : p ∨ ¬p :=
  if h : p then .inl h else .inr h

theorem nonempty_elim {α : Type} {p : Prop} (h : Nonempty α) (f : α → p) : p :=
  h.elim f

theorem false_domain {p : Empty → Prop} : ∀ x, p x := nofun

theorem pred_ext {α : Type} {p q : α → Prop} (h : ∀ x, p x ↔ q x) : p = q := by
  funext x
  exact propext (h x)

end FirstOrder
