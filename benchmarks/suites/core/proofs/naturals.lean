/-! Natural numbers: order, well-foundedness, sums and products. -/

theorem strong (p : Nat → Prop) (h : ∀ n, (∀ m, m < n → p m) → p n) (n : Nat) : p n :=
  Nat.strongRecOn n h

/-- Whatever some number has, a smallest one has. -/
theorem least_number (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p n ∧ ∀ m, p m → n ≤ m := by
  obtain ⟨n, hn⟩ := h
  apply Classical.byContradiction
  intro none
  have never : ∀ k, ¬ p k := by
    intro k
    induction k using Nat.strongRecOn with
    | _ k ih =>
      intro hk
      refine none ⟨k, hk, fun m hm => ?_⟩
      cases Nat.lt_or_ge m k with
      | inl lt => exact absurd hm (ih m lt)
      | inr ge => exact ge
  exact never n hn

/-- Every sum from eight on can be paid with coins of three and five. -/
theorem coins_three_five (n : Nat) (h : 8 ≤ n) : ∃ a b, n = 3 * a + 5 * b := by
  have cases : n % 3 = 0 ∨ n % 3 = 1 ∨ n % 3 = 2 := by omega
  rcases cases with h0 | h1 | h2
  · exact ⟨n / 3, 0, by omega⟩
  · exact ⟨(n - 10) / 3, 2, by omega⟩
  · exact ⟨(n - 5) / 3, 1, by omega⟩

/-- No sequence of natural numbers falls forever. -/
theorem no_endless_descent : ¬ ∃ f : Nat → Nat, ∀ n, f (n + 1) < f n := by
  intro ⟨f, h⟩
  have bound : ∀ n, f n + n ≤ f 0 := by
    intro n
    induction n with
    | zero => simp
    | succ n ih => have := h n; omega
  have := bound (f 0 + 1)
  omega

/-- Between two neighbouring squares there is none. -/
theorem no_square_between (n m : Nat) (above : n * n < m * m) : ¬ m * m < (n + 1) * (n + 1) := by
  intro below
  have h1 : n < m := Nat.mul_self_lt_mul_self_iff.mp above
  have h2 : m < n + 1 := Nat.mul_self_lt_mul_self_iff.mp below
  omega

/-- Division with remainder has one answer. -/
theorem division_is_unique (b q r s t : Nat) (hr : r < b) (ht : t < b) (h : b * q + r = b * s + t) : q = s ∧ r = t := by
  have hb : 0 < b := by omega
  have e1 : (b * q + r) / b = q := by
    rw [Nat.mul_add_div hb, Nat.div_eq_of_lt hr]; rfl
  have e2 : (b * s + t) / b = s := by
    rw [Nat.mul_add_div hb, Nat.div_eq_of_lt ht]; rfl
  have hq : q = s := by rw [← e1, h, e2]
  subst hq
  exact ⟨rfl, by omega⟩

/-- From five on a square is less than the power of two. -/
theorem square_lt_two_pow (n : Nat) (h : 5 ≤ n) : n * n < 2 ^ n := by
  obtain ⟨k, rfl⟩ : ∃ k, n = k + 5 := ⟨n - 5, by omega⟩
  clear h
  induction k with
  | zero => decide
  | succ k ih =>
    have e : 2 ^ (k + 1 + 5) = 2 * 2 ^ (k + 5) := by rw [show k + 1 + 5 = (k + 5) + 1 by omega, Nat.pow_succ]; omega
    rw [e]
    have : (k + 1 + 5) * (k + 1 + 5) ≤ 2 * ((k + 5) * (k + 5)) := by grind
    omega

/-- The difference of two squares, also where it is cut off at zero. -/
theorem difference_of_squares (a b : Nat) : a * a - b * b = (a + b) * (a - b) := by
  cases Nat.le_total a b with
  | inl h =>
    have h1 : a * a ≤ b * b := Nat.mul_le_mul h h
    have h2 : a - b = 0 := by omega
    rw [h2]; omega
  | inr h =>
    obtain ⟨d, rfl⟩ : ∃ d, a = b + d := ⟨a - b, by omega⟩
    have h1 : b + d - b = d := by omega
    have h2 : (b + d) * (b + d) = b * b + (b + d + b) * d := by grind
    rw [h1, h2]; omega

/-- Every number from two on has a smallest divisor from two on, and that has no divisor but itself. -/
theorem smallest_divisor (n : Nat) (h : 2 ≤ n) :
    ∃ p, 2 ≤ p ∧ p ∣ n ∧ ∀ d, 2 ≤ d → d ∣ p → d = p := by
  induction n using Nat.strongRecOn with
  | _ n ih =>
    cases Classical.em (∃ d, 2 ≤ d ∧ d < n ∧ d ∣ n) with
    | inl some =>
      obtain ⟨d, hd, lt, dvd⟩ := some
      obtain ⟨p, hp, hpd, least⟩ := ih d lt hd
      exact ⟨p, hp, Nat.dvd_trans hpd dvd, least⟩
    | inr none =>
      refine ⟨n, h, Nat.dvd_refl n, fun d hd dvd => ?_⟩
      have le := Nat.le_of_dvd (by omega) dvd
      cases Nat.lt_or_eq_of_le le with
      | inl lt => exact absurd ⟨d, hd, lt, dvd⟩ none
      | inr eq => exact eq

/-- Of two numbers with the same sum, those nearer to each other have the larger product. -/
theorem nearer_numbers_have_larger_product (a d : Nat) : a * (a + d + 2) < (a + 1) * (a + d + 1) := by
  grind

/-- A number that is the product of two smaller ones is at least four. -/
theorem composite_at_least_four (n a b : Nat) (h : n = a * b) (ha : a < n) (hb : b < n) : n = 0 ∨ 4 ≤ n := by
  match a, b with
  | 0, _ => left; simpa using h
  | 1, b => omega
  | a + 2, 0 => left; simpa using h
  | a + 2, 1 => omega
  | a + 2, b + 2 =>
    right
    have : 2 * 2 ≤ (a + 2) * (b + 2) := Nat.mul_le_mul (by omega) (by omega)
    omega

/-- A sequence that starts at zero and grows by at most one meets every number below one of its values. -/
theorem discrete_intermediate_value (f : Nat → Nat) (zero : f 0 = 0) (step : ∀ n, f (n + 1) ≤ f n + 1) (n y : Nat) (h : y ≤ f n) :
    ∃ m, m ≤ n ∧ f m = y := by
  induction n with
  | zero => exact ⟨0, Nat.le_refl 0, by omega⟩
  | succ n ih =>
    cases Nat.lt_or_ge (f n) y with
    | inl lt => have := step n; exact ⟨n + 1, Nat.le_refl _, by omega⟩
    | inr ge =>
      obtain ⟨m, hm, e⟩ := ih ge
      exact ⟨m, by omega, e⟩
