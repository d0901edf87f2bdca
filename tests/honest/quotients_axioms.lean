/-! Proofs that use the three axioms of Lean's logic, and quotients. -/

namespace QuotientsAxioms

theorem uses_propext {p q : Prop} (h : p ↔ q) : p = q := propext h

theorem uses_choice {α : Type} (h : Nonempty α) : ∃ _ : α, True :=
  ⟨Classical.choice h, trivial⟩

theorem uses_quot_sound {α : Type} {r : α → α → Prop} {a b : α} (h : r a b) : Quot.mk r a = Quot.mk r b :=
  Quot.sound h

theorem uses_funext {f g : Nat → Nat} (h : ∀ n, f n = g n) : f = g := funext h

theorem uses_nothing : True ∧ (0 = 0) := ⟨trivial, rfl⟩

theorem prop_complete (p : Prop) : p = True ∨ p = False := Classical.propComplete p

theorem not_forall {α : Type} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x := Classical.not_forall

theorem by_contra {p : Prop} (h : ¬p → False) : p := Classical.byContradiction h

def parity : Setoid Nat where
  r a b := a % 2 = b % 2
  iseqv := ⟨fun _ => rfl, fun h => h.symm, fun h₁ h₂ => h₁.trans h₂⟩

def Parity := Quotient parity

def Parity.of (n : Nat) : Parity := Quotient.mk parity n

theorem zero_two : Parity.of 0 = Parity.of 2 := Quotient.sound (by rfl)

theorem zero_ne_one : Parity.of 0 ≠ Parity.of 1 := by
  intro h
  have := Quotient.exact h
  revert this
  show ¬(0 % 2 = 1 % 2)
  decide

theorem parity_induction {p : Parity → Prop} (h : ∀ n, p (Parity.of n)) (x : Parity) : p x :=
  Quotient.ind h x

theorem two_classes (x : Parity) : x = Parity.of 0 ∨ x = Parity.of 1 := by
  induction x using Quotient.ind with
  | _ n =>
    rcases Nat.mod_two_eq_zero_or_one n with h | h
    · exact .inl (Quotient.sound h)
    · exact .inr (Quotient.sound h)

theorem quot_lift {α β : Type} {r : α → α → Prop} (f : α → β) (h : ∀ a b, r a b → f a = f b) (a : α) :
    Quot.lift f h (Quot.mk r a) = f a := rfl

theorem subsingleton_prop {p : Prop} (h₁ h₂ : p) : h₁ = h₂ := rfl

theorem some_spec {p : Nat → Prop} (h : ∃ n, p n) : p h.choose := h.choose_spec

theorem decide_classical (p : Prop) : ∃ b : Bool, b = true ↔ p := by
  open Classical in
  exact ⟨decide p, by simp⟩

end QuotientsAxioms
