/-! `section`, `variable`, `namespace`, `universe`, `open`, `include`, `omit` in the file's own use. -/

universe u v

section Orders

variable {α : Type u} [LE α]

def IsLeast' (p : α → Prop) (a : α) : Prop := p a ∧ ∀ b, p b → a ≤ b

variable (antisymm : ∀ a b : α, a ≤ b → b ≤ a → a = b)

include antisymm in
theorem least_unique {p : α → Prop} {a b : α} (ha : IsLeast' p a) (hb : IsLeast' p b) : a = b :=
  antisymm a b (ha.2 b hb.1) (hb.2 a ha.1)

theorem least_mem {p : α → Prop} {a : α} (ha : IsLeast' p a) : p a := ha.1

end Orders

section Counting

variable (n m k : Nat)

theorem var_add_comm : n + m = m + n := Nat.add_comm n m

variable {n m k}

theorem var_now_implicit (h : n = m) : m = n := h.symm

theorem var_le_trans (h₁ : n ≤ m) (h₂ : m ≤ k) : n ≤ k := by
  omega

variable (h : 0 < n)

include h

theorem var_included : n ≠ 0 := by
  omega

omit h in
theorem var_omitted : n + 0 = n := by
  rfl

end Counting

namespace Outer

def three : Nat := 3

theorem three_pos : 0 < three := by decide

namespace Inner

theorem uses_outer : three = 3 := rfl

theorem Nat.own_name_in_namespace : Nat.succ three = 4 := rfl

end Inner

theorem uses_inner : three = 3 := Inner.uses_outer

end Outer

namespace Outer.Inner.Deeper

theorem reopened : 0 < three := three_pos

end Outer.Inner.Deeper

theorem _root_.from_root (n : Nat) : n ≤ n := Nat.le_refl n

theorem Dotted.name.of_a.theorem' (p : Prop) (h : p) : p := h

open Outer in
theorem with_open_in : three + three = 6 := rfl

open Outer (three three_pos) in
theorem with_open_only : 0 < three ∧ three = 3 := ⟨three_pos, rfl⟩

open Outer renaming three → trois in
theorem with_open_renaming : trois = 3 := rfl

section
open Outer Inner

theorem with_open_section : three = 3 := uses_outer

end

theorem universe_poly {α : Type u} {β : Type v} (p : α × β) : (p.1, p.2) = p := rfl

theorem universe_explicit.{w} {α : Sort w} (a : α) : a = a := rfl

theorem sort_poly {α : Sort _} {β : Sort _} (f g : α → β) (h : f = g) (a : α) : f a = g a := h ▸ rfl

theorem ulift_down {α : Type u} (a : ULift.{v} α) : ⟨a.down⟩ = a := rfl

theorem plift_up (p : Prop) (h : p) : (PLift.up h).down = h := rfl

namespace AutoBound

set_option autoImplicit true

theorem auto_bound (xs : List α) : xs ++ [] = xs := List.append_nil xs

end AutoBound
