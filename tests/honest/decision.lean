/-! Proofs by decision procedures: `decide`, `omega`, `simp`, `grind`, `simp_all`, `ac_rfl`, `bv_omega`. -/

theorem decide_small : ∀ n < 20, n * n < 400 := by decide

theorem decide_bool_table : ∀ a b c : Bool, (a && (b || c)) = ((a && b) || (a && c)) := by decide

theorem decide_fin : ∀ i j : Fin 4, i + j = j + i := by decide

theorem decide_exists : ∃ x : Fin 10, x * x = 9 := by decide

theorem decide_prime_like : ∀ d < 13, 2 ≤ d → 13 % d ≠ 0 := by decide

theorem decide_list : [1, 2, 3].map (· + 1) = [2, 3, 4] := by decide

theorem decide_string : "abc" ≠ "abd" := by decide

theorem decide_char : 'a' ≠ 'b' := by decide

theorem decide_kernel : 2 ^ 64 % 7 = 2 := by decide +kernel

theorem decide_revert (b : Bool) : (b || !b) = true := by decide +revert

theorem omega_mix (a b : Nat) (x : Int) (h : (a : Int) + x = b) (hx : x < 0) : b < a := by omega

theorem omega_divides (n : Nat) (h : 6 ∣ n) : 3 ∣ n := by omega

theorem omega_min (a b c : Nat) (h : a < min b c) : a < c := by omega

theorem omega_if (n : Nat) : (if n < 5 then n else 5) ≤ 5 := by split <;> omega

theorem omega_mod (n : Nat) (h : n % 6 = 4) : n % 2 = 0 := by omega

theorem simp_arith_like (n : Nat) : n + 1 ≠ 0 := by simp

theorem simp_list (xs : List Nat) : (xs ++ []).length + 0 = xs.length := by simp

theorem simp_exists : ∃ n : Nat, n = 7 := by simp

theorem simp_subst (a b : Nat) (h : a = 3) (h' : b = a + 1) : b = 4 := by simp [h', h]

theorem simp_all_sets (p q r : Prop) (hp : p) (hq : p → q) (hr : q → r) : r := by simp_all

theorem ac_max (a b c : Nat) : max (max a b) c = max b (max c a) := by ac_rfl

theorem grind_lists (xs ys : List Nat) (h : xs = ys) : xs ++ [1] = ys ++ [1] := by grind

theorem grind_cases (x : Option Nat) (h : x ≠ none) : ∃ y, x = some y := by grind [cases Option]

theorem grind_linear (x y : Int) (h₁ : x + y = 10) (h₂ : x - y = 4) : x = 7 := by grind

theorem grind_congr (f : Nat → Nat) (a b : Nat) (h₁ : f (f a) = a) (h₂ : f a = b) : f b = a := by grind

theorem bv_omega_case (x : BitVec 8) (h : x < 10#8) : x < 20#8 := by bv_omega

theorem rfl_compute : (List.range 10).foldl (· + ·) 0 = 45 := rfl

theorem norm_cast_case (a b : Nat) (h : (a : Int) = b) : a = b := by exact_mod_cast h

theorem first_alternative (p q : Prop) (hq : q) : p ∨ q := by
  first
  | exact Or.inl ‹p›
  | exact Or.inr ‹q›

theorem repeat_constructor : True ∧ True ∧ True ∧ True := by
  repeat' constructor

theorem all_goals_case (a b : Nat) (h : a = b) : a ≤ b ∧ b ≤ a ∧ a = b := by
  and_intros
  all_goals omega

theorem try_and_skip (n : Nat) : n = n := by
  try omega

theorem solve_elim (p q r : Prop) (f : p → q) (g : q → r) (hp : p) : r := by solve_by_elim
