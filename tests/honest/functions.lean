/-! Functions: composition, injections, surjections, inverses, extensionality. -/

namespace Functions

universe u v w

def Inj {α : Sort u} {β : Sort v} (f : α → β) : Prop := ∀ ⦃x y⦄, f x = f y → x = y

def Surj {α : Sort u} {β : Sort v} (f : α → β) : Prop := ∀ y, ∃ x, f x = y

def Bij {α : Sort u} {β : Sort v} (f : α → β) : Prop := Inj f ∧ Surj f

variable {α : Sort u} {β : Sort v} {γ : Sort w}

theorem inj_id : Inj (id : α → α) := fun _ _ h => h

theorem surj_id : Surj (id : α → α) := fun y => ⟨y, rfl⟩

theorem inj_comp {f : α → β} {g : β → γ} (hf : Inj f) (hg : Inj g) : Inj (g ∘ f) :=
  fun _ _ h => hf (hg h)

theorem surj_comp {f : α → β} {g : β → γ} (hf : Surj f) (hg : Surj g) : Surj (g ∘ f) := by
  intro z
  obtain ⟨y, rfl⟩ := hg z
  obtain ⟨x, rfl⟩ := hf y
  exact ⟨x, rfl⟩

theorem bij_comp {f : α → β} {g : β → γ} (hf : Bij f) (hg : Bij g) : Bij (g ∘ f) :=
  ⟨inj_comp hf.1 hg.1, surj_comp hf.2 hg.2⟩

theorem inj_of_comp {f : α → β} {g : β → γ} (h : Inj (g ∘ f)) : Inj f := by
  intro x y hxy
  apply h
  show g (f x) = g (f y)
  rw [hxy]

theorem surj_of_comp {f : α → β} {g : β → γ} (h : Surj (g ∘ f)) : Surj g := fun z =>
  let ⟨x, hx⟩ := h z
  ⟨f x, hx⟩

theorem inj_of_left_inverse {f : α → β} {g : β → α} (h : ∀ x, g (f x) = x) : Inj f := by
  intro x y hxy
  calc
    x = g (f x) := (h x).symm
    _ = g (f y) := by rw [hxy]
    _ = y := h y

theorem right_inverse_of_surj {f : α → β} (h : Surj f) : ∃ g : β → α, ∀ y, f (g y) = y :=
  ⟨fun y => Classical.choose (h y), fun y => Classical.choose_spec (h y)⟩

theorem comp_assoc {δ : Sort _} (f : α → β) (g : β → γ) (h : γ → δ) : (h ∘ g) ∘ f = h ∘ (g ∘ f) := rfl

theorem funext_iff' {f g : α → β} : f = g ↔ ∀ x, f x = g x :=
  ⟨fun h x => h ▸ rfl, funext⟩

theorem const_not_inj : ¬Inj (fun _ : Bool => 0) := by
  intro h
  have : true = false := h (show (fun _ : Bool => 0) true = (fun _ : Bool => 0) false from rfl)
  contradiction

theorem succ_inj : Inj Nat.succ := fun _ _ h => Nat.succ.inj h

theorem double_inj : Inj (fun n : Nat => 2 * n) := by
  intro x y h
  have h' : 2 * x = 2 * y := h
  omega

theorem fixed_point_iterate {α : Type u} (f : α → α) (x : α) (h : f x = x) (n : Nat) :
    Nat.repeat f n x = x := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [Nat.repeat, ih, h]

theorem cantor_set (f : α → α → Prop) : ¬Surj f := by
  intro h
  have ⟨a, ha⟩ := h fun x => ¬f x x
  have e : f a a = ¬f a a := by
    conv => lhs; rw [ha]
  have n : ¬f a a := fun hf => (e ▸ hf : ¬f a a) hf
  exact n (e.symm ▸ n)

end Functions
