/-! Nested blocks: `·`, `case`, `next`, `have`, `suffices`, `show`, `obtain`, `by` inside `by`, structured induction. -/

namespace Nested

theorem bullets (p q r : Prop) (hp : p) (hq : q) (hr : r) : (p ∧ q) ∧ (q ∧ r) := sorry

theorem case_names (p q : Prop) (hp : p) (hq : q) : p ∧ q := sorry

theorem next_arrow (n : Nat) : n = 0 ∨ 0 < n := sorry

theorem suffices_form (a b : Nat) (h : b = a) : a = b := sorry

theorem suffices_from (p q : Prop) (hp : p) (f : p → q) : q := sorry

theorem have_pattern (p q : Prop) (h : p ∧ q) : q ∧ p := sorry

theorem have_by_by (a b : Nat) (h : a < b) : ∃ c, a + c = b ∧ 0 < c := sorry

theorem refine_holes (a b : Nat) : ∃ c d, c + d = a + b ∧ c = b := sorry

theorem obtain_nested (p q : Nat → Prop) (h : ∃ x, p x ∧ ∃ y, q y ∧ x < y) : ∃ y, q y ∧ 0 < y := sorry

theorem induction_generalizing (xs ys : List Nat) : (xs.reverseAux ys).length = xs.length + ys.length := sorry

theorem by_cases_chain (a b c : Nat) : max (max a b) c = max a (max b c) := sorry

theorem match_tactic (n : Nat) (h : n ∈ [1, 2]) : n = 1 ∨ n = 2 := sorry

theorem intro_match : ∀ p : Nat × Nat, p.1 + p.2 = p.2 + p.1 := sorry

theorem if_then_else_tactic (n : Nat) : n < 5 ∨ 5 ≤ n := sorry

theorem exfalso_case (n : Nat) (h : n < 0) : n = 42 := sorry

theorem specialize_case (p : Nat → Prop) (h : ∀ n, p n) : p 3 := sorry

theorem generalize_case (a b : Nat) : (a + b) * 0 = 0 := sorry

theorem revert_intro (a b : Nat) (h : a = b) : b = a := sorry

theorem subst_case (a b c : Nat) (h₁ : a = b) (h₂ : b = c) : a = c := sorry

theorem replace_case (a b : Nat) (h : a + 0 = b) : a = b := sorry

theorem change_case (n : Nat) : n + 1 ≠ 0 := sorry

theorem rename_case (p q : Prop) : p → q → q := sorry

theorem exists_tactic : ∃ x y : Nat, x * y = 12 ∧ x < y := sorry

theorem left_right (p q r : Prop) (hq : q) : p ∨ q ∨ r := sorry

theorem split_match (n : Nat) : (match n with | 0 => 1 | k + 1 => k + 1) ≠ 0 := sorry

theorem injection_case (a b : Nat) (h : a + 1 = b + 1) : a = b := sorry

theorem decreasing_brace (p q : Prop) (hp : p) (hq : q) : p ∧ q := sorry

theorem calc_inside_have (a b c : Nat) (h : a = b) (h' : b = c) : c = a := sorry

theorem any_goals_case (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p := sorry

theorem nested_fun (f : Nat → Nat → Nat) (h : ∀ a b, f a b = f b a) : (fun a b => f a b) = fun a b => f b a := sorry

theorem iterate_case : 1 ≤ 4 := sorry

theorem tactic_have_underscore (a : Nat) (h : a = 2) : a * a = 4 := sorry

end Nested
