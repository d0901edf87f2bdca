/-! Proofs that use the three axioms of Lean's logic, and quotients. -/

namespace QuotientsAxioms

theorem uses_propext {p q : Prop} (h : p ↔ q) : p = q := sorry

theorem uses_choice {α : Type} (h : Nonempty α) : ∃ _ : α, True := sorry

theorem uses_quot_sound {α : Type} {r : α → α → Prop} {a b : α} (h : r a b) : Quot.mk r a = Quot.mk r b := sorry

theorem uses_funext {f g : Nat → Nat} (h : ∀ n, f n = g n) : f = g := sorry

theorem uses_nothing : True ∧ (0 = 0) := sorry

theorem prop_complete (p : Prop) : p = True ∨ p = False := sorry

theorem not_forall {α : Type} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x := sorry

theorem by_contra {p : Prop} (h : ¬p → False) : p := sorry

def parity : Setoid Nat where
  r a b := a % 2 = b % 2
  iseqv := ⟨fun _ => rfl, fun h => h.symm, fun h₁ h₂ => h₁.trans h₂⟩

def Parity := Quotient parity

def Parity.of (n : Nat) : Parity := Quotient.mk parity n

theorem zero_two : Parity.of 0 = Parity.of 2 := sorry

theorem zero_ne_one : Parity.of 0 ≠ Parity.of 1 := sorry

theorem parity_induction {p : Parity → Prop} (h : ∀ n, p (Parity.of n)) (x : Parity) : p x := sorry

theorem two_classes (x : Parity) : x = Parity.of 0 ∨ x = Parity.of 1 := sorry

theorem quot_lift {α β : Type} {r : α → α → Prop} (f : α → β) (h : ∀ a b, r a b → f a = f b) (a : α) :
    Quot.lift f h (Quot.mk r a) = f a := sorry

theorem subsingleton_prop {p : Prop} (h₁ h₂ : p) : h₁ = h₂ := sorry

theorem some_spec {p : Nat → Prop} (h : ∃ n, p n) : p h.choose := sorry

theorem decide_classical (p : Prop) : ∃ b : Bool, b = true ↔ p := sorry

end QuotientsAxioms
