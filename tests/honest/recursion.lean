/-! Recursive proofs: equation style, `where`, `termination_by`, `decreasing_by`, `let rec`, structural and mutual recursion. -/

namespace Recursion

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem ack_zero : ∀ n, ack 0 n = n + 1
  | n => by rw [ack]

theorem ack_pos : ∀ m n, 0 < ack m n
  | 0, n => by rw [ack]; exact Nat.succ_pos n
  | m + 1, 0 => by rw [ack]; exact ack_pos m 1
  | m + 1, n + 1 => by rw [ack]; exact ack_pos m (ack (m + 1) n)
termination_by m n => (m, n)

def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + sumTo n

theorem gauss : ∀ n, 2 * sumTo n = n * (n + 1)
  | 0 => rfl
  | n + 1 => by
    have ih := gauss n
    simp only [sumTo, Nat.mul_add, Nat.add_mul] at *
    omega

def half (n : Nat) : Nat := if h : n < 2 then 0 else half (n - 2) + 1
termination_by n
decreasing_by omega

theorem half_double (n : Nat) : half (2 * n) = n := by
  induction n with
  | zero => rw [half]; rfl
  | succ n ih =>
    rw [half, dif_neg (by omega), show 2 * (n + 1) - 2 = 2 * n by omega, ih]

theorem half_le (n : Nat) : half n ≤ n := by
  rw [half]
  split
  · exact Nat.zero_le n
  · have := half_le (n - 2)
    omega
termination_by n

theorem half_mono_like (n : Nat) : half n ≤ half (n + 2) := by
  conv => rhs; rw [half]
  rw [dif_neg (by omega)]
  exact Nat.le_succ _

theorem list_rec (xs : List Nat) : xs.foldr (fun _ n => n + 1) 0 = xs.length := go xs
where
  go : (ys : List Nat) → ys.foldr (fun _ n => n + 1) 0 = ys.length
    | [] => rfl
    | _ :: ys => congrArg (· + 1) (go ys)

theorem with_where_lemma (a b c : Nat) (h : a = b) : c + a = b + c := by
  rw [h]
  exact comm c b
where
  comm (x y : Nat) : x + y = y + x := Nat.add_comm x y

theorem with_let_rec (n : Nat) : 0 + n = n := by
  let rec aux : (k : Nat) → 0 + k = k
    | 0 => rfl
    | k + 1 => congrArg (· + 1) (aux k)
  exact aux n

theorem with_where_def : ∃ f : Nat → Nat, f 4 = 8 := ⟨fun n => (twice n).val, (twice 4).property⟩
where
  twice (n : Nat) : { m : Nat // m = n + n } := ⟨n + n, rfl⟩

mutual
inductive Ev : Nat → Prop
  | zero : Ev 0
  | succ : Od n → Ev (n + 1)
inductive Od : Nat → Prop
  | succ : Ev n → Od (n + 1)
end

mutual
theorem ev_mod : ∀ {n}, Ev n → n % 2 = 0
  | _, .zero => rfl
  | _, .succ h => by have := od_mod h; omega
theorem od_mod : ∀ {n}, Od n → n % 2 = 1
  | _, .succ h => by have := ev_mod h; omega
end

theorem fin_two_cases : (i : Fin 2) → i = 0 ∨ i = 1
  | 0 => .inl rfl
  | 1 => .inr rfl

theorem two_lists : (xs ys : List Nat) → (xs.zip ys).length ≤ xs.length
  | [], _ => Nat.le_refl 0
  | _ :: _, [] => Nat.zero_le _
  | _ :: xs, _ :: ys => Nat.succ_le_succ (two_lists xs ys)

theorem wf_descent (n : Nat) : ∃ k, n < 2 ^ k := by
  match h : n with
  | 0 => exact ⟨0, by decide⟩
  | m + 1 =>
    have ⟨k, hk⟩ := wf_descent m
    exact ⟨k + 1, by rw [Nat.pow_succ]; omega⟩
termination_by n
decreasing_by omega

theorem fun_induction_case (n : Nat) : half n * 2 ≤ n := by
  fun_induction half n with
  | case1 n h => exact Nat.zero_le n
  | case2 n h ih => omega

theorem structural_on : (xs : List Nat) → xs.length ≤ (0 :: xs).length
  | [] => Nat.zero_le _
  | _ :: xs => Nat.succ_le_succ (structural_on xs)
termination_by structural xs => xs

end Recursion
