/-! Recursive proofs: equation style, `where`, `termination_by`, `decreasing_by`, `let rec`, structural and mutual recursion. -/

namespace Recursion

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem ack_zero : ∀ n, ack 0 n = n + 1 := sorry

theorem ack_pos : ∀ m n, 0 < ack m n := sorry

def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + sumTo n

theorem gauss : ∀ n, 2 * sumTo n = n * (n + 1) := sorry

def half (n : Nat) : Nat := if h : n < 2 then 0 else half (n - 2) + 1
termination_by n
decreasing_by omega

theorem half_double (n : Nat) : half (2 * n) = n := sorry

theorem half_le (n : Nat) : half n ≤ n := sorry

theorem half_mono_like (n : Nat) : half n ≤ half (n + 2) := sorry

theorem list_rec (xs : List Nat) : xs.foldr (fun _ n => n + 1) 0 = xs.length := sorry

theorem with_where_lemma (a b c : Nat) (h : a = b) : c + a = b + c := sorry

theorem with_let_rec (n : Nat) : 0 + n = n := sorry

theorem with_where_def : ∃ f : Nat → Nat, f 4 = 8 := sorry

mutual
inductive Ev : Nat → Prop
  | zero : Ev 0
  | succ : Od n → Ev (n + 1)
inductive Od : Nat → Prop
  | succ : Ev n → Od (n + 1)
end

mutual
theorem ev_mod : ∀ {n}, Ev n → n % 2 = 0 := sorry
theorem od_mod : ∀ {n}, Od n → n % 2 = 1 := sorry
end

theorem fin_two_cases : (i : Fin 2) → i = 0 ∨ i = 1 := sorry

theorem two_lists : (xs ys : List Nat) → (xs.zip ys).length ≤ xs.length := sorry

theorem wf_descent (n : Nat) : ∃ k, n < 2 ^ k := sorry

theorem fun_induction_case (n : Nat) : half n * 2 ≤ n := sorry

theorem structural_on : (xs : List Nat) → xs.length ≤ (0 :: xs).length := sorry

end Recursion
