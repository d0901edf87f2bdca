/-! Propositional logic: terms, tactics and the core automation side by side. -/

namespace Propositional

theorem and_swap (p q : Prop) (h : p ∧ q) : q ∧ p := sorry

theorem or_swap (p q : Prop) : p ∨ q → q ∨ p := sorry

theorem imp_refl (p : Prop) : p → p := sorry

theorem imp_trans {p q r : Prop} (f : p → q) (g : q → r) : p → r := sorry

theorem not_not_intro' {p : Prop} (hp : p) : ¬¬p := sorry

theorem triple_neg {p : Prop} : ¬¬¬p → ¬p := sorry

theorem contrapose {p q : Prop} (h : p → q) : ¬q → ¬p := sorry

theorem curry_iff {p q r : Prop} : (p ∧ q → r) ↔ (p → q → r) := sorry

theorem and_or_distrib {p q r : Prop} : p ∧ (q ∨ r) ↔ (p ∧ q) ∨ (p ∧ r) := sorry

theorem de_morgan_or {p q : Prop} : ¬(p ∨ q) ↔ ¬p ∧ ¬q := sorry

theorem de_morgan_and {p q : Prop} : ¬(p ∧ q) ↔ ¬p ∨ ¬q := sorry

theorem em_of_nothing (p : Prop) : p ∨ ¬p := sorry

theorem peirce (p q : Prop) : ((p → q) → p) → p := sorry

theorem explosion (p q : Prop) (hp : p) (hn : ¬p) : q := sorry

theorem iff_comm_of {p q : Prop} (h : p ↔ q) : q ↔ p := sorry

theorem iff_chain {p q r s : Prop} (h₁ : p ↔ q) (h₂ : q ↔ r) (h₃ : r ↔ s) : p ↔ s := sorry

theorem true_wins (p : Prop) : p ∨ True := sorry

theorem grind_case (p q r : Prop) : (p → q) → (q → r) → ¬r → ¬p := sorry

theorem simp_all_case (p q : Prop) (h : p ∧ q) (h' : q → p) : p ∧ p ∧ q := sorry

theorem xor_like {p q : Prop} (h : (p ∧ ¬q) ∨ (¬p ∧ q)) : ¬(p ↔ q) := sorry

end Propositional
