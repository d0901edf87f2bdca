/-! Options and scopes around and inside proofs: allowed `set_option`s, `open … in`, local attributes and instances. -/

set_option maxRecDepth 2000 in
theorem with_max_rec_depth : (List.range 30).length = 30 := sorry

set_option maxHeartbeats 400000 in
theorem with_heartbeats (a b : Nat) (h : a < b) : ¬b ≤ a := sorry

set_option pp.all true in
theorem with_pp_all (p : Prop) (h : p) : p := sorry

set_option linter.unusedVariables false in
theorem with_unused (p q : Prop) (hp : p) (hq : q) : p := sorry

set_option autoImplicit true in
theorem with_auto_implicit (xs : List κ) : [] ++ xs = xs := sorry

theorem option_inside_tactic (a b : Nat) (h : a = b) : b = a := sorry

theorem heartbeats_inside (a b c : Nat) (h : a + b = c) : b + a = c := sorry

theorem rec_depth_inside : ∀ n < 40, n ≤ 40 := sorry

theorem open_inside_tactic (n : Nat) : n ≤ n + 1 := sorry

theorem open_inside_term (n m : Nat) : n + m = m + n := sorry

open List in
theorem open_before (xs : List Nat) : length (xs ++ xs) = 2 * length xs := sorry

open Nat hiding add_comm in
theorem open_hiding (n : Nat) : 0 < succ n := sorry

section

open Classical

theorem with_classical (p : Prop) : (if p then True else True) := sorry

end

section

attribute [local simp] Nat.mul_succ

theorem with_local_simp (n : Nat) : n * 2 = n + n := sorry

end

theorem with_classical_tactic (p q : Prop) (h : ¬(p ∧ q)) : ¬p ∨ ¬q := sorry

theorem with_haveI {α : Type} (h : Nonempty α) : ∃ x : α, x = x := sorry

theorem with_letI : ∃ f : Unit → Nat, f () = 0 := sorry

theorem with_unhygienic (p q : Prop) : p ∧ q → q := sorry
