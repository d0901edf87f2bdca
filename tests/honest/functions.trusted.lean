/-! Functions: composition, injections, surjections, inverses, extensionality. -/

namespace Functions

universe u v w

def Inj {α : Sort u} {β : Sort v} (f : α → β) : Prop := ∀ ⦃x y⦄, f x = f y → x = y

def Surj {α : Sort u} {β : Sort v} (f : α → β) : Prop := ∀ y, ∃ x, f x = y

def Bij {α : Sort u} {β : Sort v} (f : α → β) : Prop := Inj f ∧ Surj f

variable {α : Sort u} {β : Sort v} {γ : Sort w}

theorem inj_id : Inj (id : α → α) := sorry

theorem surj_id : Surj (id : α → α) := sorry

theorem inj_comp {f : α → β} {g : β → γ} (hf : Inj f) (hg : Inj g) : Inj (g ∘ f) := sorry

theorem surj_comp {f : α → β} {g : β → γ} (hf : Surj f) (hg : Surj g) : Surj (g ∘ f) := sorry

theorem bij_comp {f : α → β} {g : β → γ} (hf : Bij f) (hg : Bij g) : Bij (g ∘ f) := sorry

theorem inj_of_comp {f : α → β} {g : β → γ} (h : Inj (g ∘ f)) : Inj f := sorry

theorem surj_of_comp {f : α → β} {g : β → γ} (h : Surj (g ∘ f)) : Surj g := sorry

theorem inj_of_left_inverse {f : α → β} {g : β → α} (h : ∀ x, g (f x) = x) : Inj f := sorry

theorem right_inverse_of_surj {f : α → β} (h : Surj f) : ∃ g : β → α, ∀ y, f (g y) = y := sorry

theorem comp_assoc {δ : Sort _} (f : α → β) (g : β → γ) (h : γ → δ) : (h ∘ g) ∘ f = h ∘ (g ∘ f) := sorry

theorem funext_iff' {f g : α → β} : f = g ↔ ∀ x, f x = g x := sorry

theorem const_not_inj : ¬Inj (fun _ : Bool => 0) := sorry

theorem succ_inj : Inj Nat.succ := sorry

theorem double_inj : Inj (fun n : Nat => 2 * n) := sorry

theorem fixed_point_iterate {α : Type u} (f : α → α) (x : α) (h : f x = x) (n : Nat) :
    Nat.repeat f n x = x := sorry

theorem cantor_set (f : α → α → Prop) : ¬Surj f := sorry

end Functions
