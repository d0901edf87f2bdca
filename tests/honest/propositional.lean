/-! Propositional logic: terms, tactics and the core automation side by side. -/

namespace Propositional

theorem and_swap (p q : Prop) (h : p ∧ q) : q ∧ p :=
  ⟨h.2, h.1⟩

theorem or_swap (p q : Prop) : p ∨ q → q ∨ p := by
  intro h
  cases h with
  | inl hp => exact Or.inr hp
  | inr hq => exact Or.inl hq

theorem imp_refl (p : Prop) : p → p := id

theorem imp_trans {p q r : Prop} (f : p → q) (g : q → r) : p → r :=
  fun hp => g (f hp)

theorem not_not_intro' {p : Prop} (hp : p) : ¬¬p := fun hn => hn hp

theorem triple_neg {p : Prop} : ¬¬¬p → ¬p := by
  intro h hp
  apply h
  intro hn
  exact hn hp

theorem contrapose {p q : Prop} (h : p → q) : ¬q → ¬p := (· ∘ h)

theorem curry_iff {p q r : Prop} : (p ∧ q → r) ↔ (p → q → r) := by
  constructor
  · intro h hp hq
    exact h ⟨hp, hq⟩
  · rintro h ⟨hp, hq⟩
    exact h hp hq

theorem and_or_distrib {p q r : Prop} : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r) := by
  constructor
  · rintro ⟨hp, hq | hr⟩
    · exact .inl ⟨hp, hq⟩
    · exact .inr ⟨hp, hr⟩
  · rintro (⟨hp, hq⟩ | ⟨hp, hr⟩)
    · exact ⟨hp, .inl hq⟩
    · exact ⟨hp, .inr hr⟩

theorem de_morgan_or {p q : Prop} : ¬(p ∨ q) ↔ ¬p ∧ ¬q :=
  ⟨fun h => ⟨fun hp => h (.inl hp), fun hq => h (.inr hq)⟩,
   fun h hpq => hpq.elim h.1 h.2⟩

theorem de_morgan_and {p q : Prop} : ¬(p ∧ q) ↔ ¬p ∨ ¬q := by
  by_cases hp : p
  · simp [hp]
  · simp [hp]

theorem em_of_nothing (p : Prop) : p ∨ ¬p := Classical.em p

theorem peirce (p q : Prop) : ((p → q) → p) → p := by
  intro h
  apply Classical.byContradiction
  intro hn
  exact hn (h fun hp => absurd hp hn)

theorem explosion (p q : Prop) (hp : p) (hn : ¬p) : q := by
  contradiction

theorem iff_comm_of {p q : Prop} (h : p ↔ q) : q ↔ p := h.symm

theorem iff_chain {p q r s : Prop} (h₁ : p ↔ q) (h₂ : q ↔ r) (h₃ : r ↔ s) : p ↔ s := by
  rw [h₁, h₂, h₃]

theorem true_wins (p : Prop) : p ∨ True := by
  right
  trivial

theorem grind_case (p q r : Prop) : (p → q) → (q → r) → ¬r → ¬p := by
  grind

theorem simp_all_case (p q : Prop) (h : p ∧ q) (h' : q → p) : p ∧ p ∧ q := by
  simp_all

theorem xor_like {p q : Prop} (h : (p ∧ ¬q) ∨ (¬p ∧ q)) : ¬(p ↔ q) := by
  intro hiff
  rcases h with ⟨hp, hq⟩ | ⟨hp, hq⟩
  · exact hq (hiff.mp hp)
  · exact hp (hiff.mpr hq)

end Propositional
