/-! Proofs by decision procedures: `decide`, `omega`, `simp`, `grind`, `simp_all`, `ac_rfl`, `bv_omega`. -/

theorem decide_small : ∀ n < 20, n * n < 400 := sorry

theorem decide_bool_table : ∀ a b c : Bool, (a && (b || c)) = ((a && b) || (a && c)) := sorry

theorem decide_fin : ∀ i j : Fin 4, i + j = j + i := sorry

theorem decide_exists : ∃ x : Fin 10, x * x = 9 := sorry

theorem decide_prime_like : ∀ d < 13, 2 ≤ d → 13 % d ≠ 0 := sorry

theorem decide_list : [1, 2, 3].map (· + 1) = [2, 3, 4] := sorry

theorem decide_string : "abc" ≠ "abd" := sorry

theorem decide_char : 'a' ≠ 'b' := sorry

theorem decide_kernel : 2 ^ 64 % 7 = 2 := sorry

theorem decide_revert (b : Bool) : (b || !b) = true := sorry

theorem omega_mix (a b : Nat) (x : Int) (h : (a : Int) + x = b) (hx : x < 0) : b < a := sorry

theorem omega_divides (n : Nat) (h : 6 ∣ n) : 3 ∣ n := sorry

theorem omega_min (a b c : Nat) (h : a < min b c) : a < c := sorry

theorem omega_if (n : Nat) : (if n < 5 then n else 5) ≤ 5 := sorry

theorem omega_mod (n : Nat) (h : n % 6 = 4) : n % 2 = 0 := sorry

theorem simp_arith_like (n : Nat) : n + 1 ≠ 0 := sorry

theorem simp_list (xs : List Nat) : (xs ++ []).length + 0 = xs.length := sorry

theorem simp_exists : ∃ n : Nat, n = 7 := sorry

theorem simp_subst (a b : Nat) (h : a = 3) (h' : b = a + 1) : b = 4 := sorry

theorem simp_all_sets (p q r : Prop) (hp : p) (hq : p → q) (hr : q → r) : r := sorry

theorem ac_max (a b c : Nat) : max (max a b) c = max b (max c a) := sorry

theorem grind_lists (xs ys : List Nat) (h : xs = ys) : xs ++ [1] = ys ++ [1] := sorry

theorem grind_cases (x : Option Nat) (h : x ≠ none) : ∃ y, x = some y := sorry

theorem grind_linear (x y : Int) (h₁ : x + y = 10) (h₂ : x - y = 4) : x = 7 := sorry

theorem grind_congr (f : Nat → Nat) (a b : Nat) (h₁ : f (f a) = a) (h₂ : f a = b) : f b = a := sorry

theorem bv_omega_case (x : BitVec 8) (h : x < 10#8) : x < 20#8 := sorry

theorem rfl_compute : (List.range 10).foldl (· + ·) 0 = 45 := sorry

theorem norm_cast_case (a b : Nat) (h : (a : Int) = b) : a = b := sorry

theorem first_alternative (p q : Prop) (hq : q) : p ∨ q := sorry

theorem repeat_constructor : True ∧ True ∧ True ∧ True := sorry

theorem all_goals_case (a b : Nat) (h : a = b) : a ≤ b ∧ b ≤ a ∧ a = b := sorry

theorem try_and_skip (n : Nat) : n = n := sorry

theorem solve_elim (p q r : Prop) (f : p → q) (g : q → r) (hp : p) : r := sorry
