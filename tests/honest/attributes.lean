/-! Attributes, modifiers and docstrings on theorems; warnings that say `deprecated` or `failed`. -/

namespace Attributes

/-- A docstring. -/
@[simp] theorem simp_lemma (n : Nat) : n - n = 0 := Nat.sub_self n

theorem uses_simp_lemma (n : Nat) : (n - n) + 1 = 1 := by
  simp

private theorem private_one (n : Nat) : n ≤ n := Nat.le_refl n

theorem uses_private (n : Nat) : n ≤ n := private_one n

protected theorem protected_one (p : Prop) (h : p) : p := h

theorem uses_protected (p : Prop) (h : p) : p := Attributes.protected_one p h

@[deprecated simp_lemma (since := "2026-01-01")]
theorem old_lemma (n : Nat) : n - n = 0 := Nat.sub_self n

theorem uses_deprecated (n : Nat) : n - n = 0 := old_lemma n

@[local simp] theorem local_simp (n : Nat) : n * 0 = 0 := Nat.mul_zero n

@[scoped simp] theorem scoped_simp (n : Nat) : 0 * n = 0 := Nat.zero_mul n

@[simp, grind =] theorem two_attributes (n : Nat) : max n (n + 0) = n := Nat.max_self n

@[symm] theorem my_symm {α : Type} {a b : α} (h : a = b) : b = a := h.symm

@[ext] theorem fun_ext' {f g : Nat → Nat} (h : ∀ n, f n = g n) : f = g := funext h

@[elab_as_elim] theorem two_step {motive : Nat → Prop} (zero : motive 0) (one : motive 1)
    (step : ∀ n, motive n → motive (n + 2)) : ∀ n, motive n
  | 0 => zero
  | 1 => one
  | n + 2 => step n (two_step zero one step n)

theorem uses_two_step (n : Nat) : n % 2 < 2 := by
  induction n using two_step with
  | zero => decide
  | one => decide
  | step n ih => omega

@[reducible] def Id' (α : Type) := α

@[inline] def five : Nat := 5

theorem five_eq : five = 5 := by
  unfold five
  rfl

@[irreducible] def hidden : Nat := 6

theorem hidden_eq : hidden = 6 := by
  unfold hidden
  rfl

@[simp]
theorem
    odd_layout
      (n :
        Nat) :
    n + 0
      =
        n :=
  rfl

theorem unused_variable_warning (n : Nat) (h : 0 < n) : True := trivial

theorem unused_simp_arg (n : Nat) : n + 0 = n := by
  simp [Nat.mul_comm]

theorem unreachable_tactic (n : Nat) : n = n := by
  rfl <;> simp

noncomputable def chosen (p : Nat → Prop) (h : ∃ n, p n) : Nat := h.choose

theorem chosen_spec (p : Nat → Prop) (h : ∃ n, p n) : p (chosen p h) := h.choose_spec

end Attributes
