/-! Nested blocks: `·`, `case`, `next`, `have`, `suffices`, `show`, `obtain`, `by` inside `by`, structured induction. -/

namespace Nested

theorem bullets (p q r : Prop) (hp : p) (hq : q) (hr : r) : (p ∧ q) ∧ (q ∧ r) := by
  constructor
  · constructor
    · exact hp
    · exact hq
  · constructor
    · exact hq
    · exact hr

theorem case_names (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  constructor
  case right => exact hq
  case left => exact hp

theorem next_arrow (n : Nat) : n = 0 ∨ 0 < n := by
  cases n
  next => exact .inl rfl
  next m => exact .inr (Nat.succ_pos m)

theorem suffices_form (a b : Nat) (h : b = a) : a = b := by
  suffices h' : b = a by
    rw [h']
  exact h

theorem suffices_from (p q : Prop) (hp : p) (f : p → q) : q :=
  suffices p from f this
  hp

theorem have_pattern (p q : Prop) (h : p ∧ q) : q ∧ p := by
  have ⟨hp, hq⟩ := h
  exact ⟨hq, hp⟩

theorem have_by_by (a b : Nat) (h : a < b) : ∃ c, a + c = b ∧ 0 < c := by
  have key : a + (b - a) = b := by
    have hle : a ≤ b := by
      exact Nat.le_of_lt (by
        exact h)
    omega
  exact ⟨b - a, key, by omega⟩

theorem refine_holes (a b : Nat) : ∃ c d, c + d = a + b ∧ c = b := by
  refine ⟨b, a, ?sum, ?_⟩
  case sum => exact Nat.add_comm b a
  rfl

theorem obtain_nested (p q : Nat → Prop) (h : ∃ x, p x ∧ ∃ y, q y ∧ x < y) : ∃ y, q y ∧ 0 < y := by
  obtain ⟨x, _, y, hq, hlt⟩ := h
  exact ⟨y, hq, by omega⟩

theorem induction_generalizing (xs ys : List Nat) : (xs.reverseAux ys).length = xs.length + ys.length := by
  induction xs generalizing ys with
  | nil => simp [List.reverseAux]
  | cons x xs ih =>
    rw [List.reverseAux, ih]
    simp
    omega

theorem by_cases_chain (a b c : Nat) : max (max a b) c = max a (max b c) := by
  by_cases h₁ : a ≤ b
  · by_cases h₂ : b ≤ c
    · omega
    · omega
  · by_cases h₂ : a ≤ c
    · omega
    · omega

theorem match_tactic (n : Nat) (h : n ∈ [1, 2]) : n = 1 ∨ n = 2 := by
  match h with
  | .head _ => exact .inl rfl
  | .tail _ (.head _) => exact .inr rfl

theorem intro_match : ∀ p : Nat × Nat, p.1 + p.2 = p.2 + p.1 := by
  intro
  | (a, b) => exact Nat.add_comm a b

theorem if_then_else_tactic (n : Nat) : n < 5 ∨ 5 ≤ n := by
  if h : n < 5 then
    exact .inl h
  else
    exact .inr (by omega)

theorem exfalso_case (n : Nat) (h : n < 0) : n = 42 := by
  exfalso
  exact Nat.not_lt_zero n h

theorem specialize_case (p : Nat → Prop) (h : ∀ n, p n) : p 3 := by
  specialize h 3
  exact h

theorem generalize_case (a b : Nat) : (a + b) * 0 = 0 := by
  generalize a + b = c
  rfl

theorem revert_intro (a b : Nat) (h : a = b) : b = a := by
  revert h
  intro h
  exact h.symm

theorem subst_case (a b c : Nat) (h₁ : a = b) (h₂ : b = c) : a = c := by
  subst h₁
  subst h₂
  rfl

theorem replace_case (a b : Nat) (h : a + 0 = b) : a = b := by
  replace h : a = b := h
  exact h

theorem change_case (n : Nat) : n + 1 ≠ 0 := by
  change n.succ ≠ Nat.zero
  exact Nat.succ_ne_zero n

theorem rename_case (p q : Prop) : p → q → q := by
  intros
  rename_i hp hq
  exact hq

theorem exists_tactic : ∃ x y : Nat, x * y = 12 ∧ x < y := by
  exists 3, 4

theorem left_right (p q r : Prop) (hq : q) : p ∨ q ∨ r := by
  right
  left
  assumption

theorem split_match (n : Nat) : (match n with | 0 => 1 | k + 1 => k + 1) ≠ 0 := by
  split
  · decide
  · simp

theorem injection_case (a b : Nat) (h : a + 1 = b + 1) : a = b := by
  injection h

theorem decreasing_brace (p q : Prop) (hp : p) (hq : q) : p ∧ q := by {
  constructor
  { exact hp }
  { exact hq }
}

theorem calc_inside_have (a b c : Nat) (h : a = b) (h' : b = c) : c = a := by
  have : a = c := by
    calc
      a = b := h
      _ = c := h'
  exact this.symm

theorem any_goals_case (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p := by
  refine ⟨?_, ?_, ?_⟩
  any_goals exact hp
  exact hq

theorem nested_fun (f : Nat → Nat → Nat) (h : ∀ a b, f a b = f b a) : (fun a b => f a b) = fun a b => f b a :=
  funext fun a => funext fun b => by
    exact h a b

theorem iterate_case : 1 ≤ 4 := by
  iterate 3 apply Nat.le_succ_of_le
  exact Nat.le_refl 1

theorem tactic_have_underscore (a : Nat) (h : a = 2) : a * a = 4 := by
  have : a * a = 2 * 2 := by rw [h]
  omega

end Nested
