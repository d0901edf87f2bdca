/-! Attributes, modifiers and docstrings on theorems; warnings that say `deprecated` or `failed`. -/

namespace Attributes

/-- A docstring. -/
@[simp] theorem simp_lemma (n : Nat) : n - n = 0 := sorry

theorem uses_simp_lemma (n : Nat) : (n - n) + 1 = 1 := sorry

private theorem private_one (n : Nat) : n ≤ n := sorry

theorem uses_private (n : Nat) : n ≤ n := sorry

protected theorem protected_one (p : Prop) (h : p) : p := sorry

theorem uses_protected (p : Prop) (h : p) : p := sorry

@[deprecated simp_lemma (since := "2026-01-01")]
theorem old_lemma (n : Nat) : n - n = 0 := sorry

theorem uses_deprecated (n : Nat) : n - n = 0 := sorry

@[local simp] theorem local_simp (n : Nat) : n * 0 = 0 := sorry

@[scoped simp] theorem scoped_simp (n : Nat) : 0 * n = 0 := sorry

@[simp, grind =] theorem two_attributes (n : Nat) : max n (n + 0) = n := sorry

@[symm] theorem my_symm {α : Type} {a b : α} (h : a = b) : b = a := sorry

@[ext] theorem fun_ext' {f g : Nat → Nat} (h : ∀ n, f n = g n) : f = g := sorry

@[elab_as_elim] theorem two_step {motive : Nat → Prop} (zero : motive 0) (one : motive 1)
    (step : ∀ n, motive n → motive (n + 2)) : ∀ n, motive n := sorry

theorem uses_two_step (n : Nat) : n % 2 < 2 := sorry

@[reducible] def Id' (α : Type) := α

@[inline] def five : Nat := 5

theorem five_eq : five = 5 := sorry

@[irreducible] def hidden : Nat := 6

theorem hidden_eq : hidden = 6 := sorry

@[simp]
theorem
    odd_layout
      (n :
        Nat) :
    n + 0
      =
        n := sorry

theorem unused_variable_warning (n : Nat) (h : 0 < n) : True := sorry

theorem unused_simp_arg (n : Nat) : n + 0 = n := sorry

theorem unreachable_tactic (n : Nat) : n = n := sorry

noncomputable def chosen (p : Nat → Prop) (h : ∃ n, p n) : Nat := h.choose

theorem chosen_spec (p : Nat → Prop) (h : ∃ n, p n) : p (chosen p h) := sorry

end Attributes
