/-! Options and scopes around and inside proofs: allowed `set_option`s, `open … in`, local attributes and instances. -/

set_option maxRecDepth 2000 in
theorem with_max_rec_depth : (List.range 30).length = 30 := by decide

set_option maxHeartbeats 400000 in
theorem with_heartbeats (a b : Nat) (h : a < b) : ¬b ≤ a := by omega

set_option pp.all true in
theorem with_pp_all (p : Prop) (h : p) : p := h

set_option linter.unusedVariables false in
theorem with_unused (p q : Prop) (hp : p) (hq : q) : p := hp

set_option autoImplicit true in
theorem with_auto_implicit (xs : List κ) : [] ++ xs = xs := rfl

theorem option_inside_tactic (a b : Nat) (h : a = b) : b = a := by
  set_option pp.explicit true in
  exact h.symm

theorem heartbeats_inside (a b c : Nat) (h : a + b = c) : b + a = c := by
  set_option maxHeartbeats 100000 in omega

theorem rec_depth_inside : ∀ n < 40, n ≤ 40 := by
  set_option maxRecDepth 4000 in
  decide

theorem open_inside_tactic (n : Nat) : n ≤ n + 1 := by
  open Nat in
  exact le_succ n

theorem open_inside_term (n m : Nat) : n + m = m + n :=
  open Nat in Nat.add_comm n m

open List in
theorem open_before (xs : List Nat) : length (xs ++ xs) = 2 * length xs := by
  rw [length_append]
  omega

open Nat hiding add_comm in
theorem open_hiding (n : Nat) : 0 < succ n := succ_pos n

section

open Classical

theorem with_classical (p : Prop) : (if p then True else True) := by
  split <;> trivial

end

section

attribute [local simp] Nat.mul_succ

theorem with_local_simp (n : Nat) : n * 2 = n + n := by
  simp

end

theorem with_classical_tactic (p q : Prop) (h : ¬(p ∧ q)) : ¬p ∨ ¬q := by
  classical
  by_cases hp : p
  · exact .inr fun hq => h ⟨hp, hq⟩
  · exact .inl hp

theorem with_haveI {α : Type} (h : Nonempty α) : ∃ x : α, x = x := by
  haveI : Inhabited α := ⟨Classical.choice h⟩
  exact ⟨default, rfl⟩

theorem with_letI : ∃ f : Unit → Nat, f () = 0 := by
  letI : Inhabited Nat := ⟨0⟩
  exact ⟨fun _ => 0, rfl⟩

theorem with_unhygienic (p q : Prop) : p ∧ q → q := by
  unhygienic
  intro
  exact a.2
