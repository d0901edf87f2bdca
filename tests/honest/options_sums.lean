/-! Options, sums, products, booleans. -/

namespace OptionsSums

theorem some_inj {α : Type} {a b : α} (h : some a = some b) : a = b := Option.some.inj h

theorem none_ne_some {α : Type} (a : α) : none ≠ some a := nofun

theorem option_cases {α : Type} (o : Option α) : o = none ∨ ∃ a, o = some a := by
  cases o
  · left; rfl
  · rename_i a
    right; exact ⟨a, rfl⟩

theorem map_some {α β : Type} (f : α → β) (a : α) : (some a).map f = some (f a) := rfl

theorem map_comp {α β γ : Type} (f : α → β) (g : β → γ) (o : Option α) :
    (o.map f).map g = o.map (g ∘ f) := by
  cases o <;> rfl

theorem bind_some {α : Type} (o : Option α) : o.bind some = o := by
  cases o <;> rfl

theorem bind_assoc {α β γ : Type} (o : Option α) (f : α → Option β) (g : β → Option γ) :
    (o.bind f).bind g = o.bind fun a => (f a).bind g := by
  match o with
  | none => rfl
  | some a => rfl

theorem getD_of_some {α : Type} {o : Option α} {a d : α} (h : o = some a) : o.getD d = a := by
  rw [h]
  rfl

theorem sum_cases {α β : Type} (s : α ⊕ β) : (∃ a, s = .inl a) ∨ (∃ b, s = .inr b) :=
  match s with
  | .inl a => Or.inl ⟨a, rfl⟩
  | .inr b => Or.inr ⟨b, rfl⟩

theorem inl_ne_inr {α β : Type} (a : α) (b : β) : (Sum.inl a : α ⊕ β) ≠ Sum.inr b := by
  intro h
  cases h

theorem prod_eta {α β : Type} (p : α × β) : (p.1, p.2) = p := rfl

theorem prod_ext' {α β : Type} {p q : α × β} (h₁ : p.1 = q.1) (h₂ : p.2 = q.2) : p = q := by
  cases p; cases q
  simp_all

theorem swap_swap {α β : Type} (p : α × β) : p.swap.swap = p := rfl

theorem bool_cases (b : Bool) : b = true ∨ b = false := by
  cases b <;> simp

theorem bool_not_not (b : Bool) : (!!b) = b := by
  cases b <;> rfl

theorem bool_and_comm : ∀ a b : Bool, (a && b) = (b && a) := by decide

theorem bool_xor_self (b : Bool) : xor b b = false := by
  revert b
  decide

theorem if_same {α : Type} (c : Prop) [Decidable c] (a : α) : (if c then a else a) = a := by
  split <;> rfl

theorem if_pos_value (n : Nat) (h : 3 < n) : (if 2 < n then 1 else 0) = 1 := by
  rw [if_pos]
  omega

end OptionsSums
