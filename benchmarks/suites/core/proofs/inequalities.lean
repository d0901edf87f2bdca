/-! Inequalities between whole numbers. -/

theorem square_nonneg (a : Int) : 0 ≤ a * a := by
  cases Int.le_total 0 a with
  | inl h => exact Int.mul_nonneg h h
  | inr h => exact Int.mul_nonneg_of_nonpos_of_nonpos h h

/-- Twice a product is at most the sum of the squares. -/
theorem double_product_le_squares (a b : Int) : 2 * a * b ≤ a * a + b * b := by
  have h := square_nonneg (a - b)
  have e : (a - b) * (a - b) = a * a + b * b - 2 * a * b := by grind
  omega

/-- The products of three numbers in pairs are together at most the sum of their squares. -/
theorem pairs_le_squares (a b c : Int) : a * b + b * c + c * a ≤ a * a + b * b + c * c := by
  have h1 := square_nonneg (a - b)
  have h2 := square_nonneg (b - c)
  have h3 := square_nonneg (c - a)
  have e : (a - b) * (a - b) + (b - c) * (b - c) + (c - a) * (c - a) = 2 * (a * a + b * b + c * c - (a * b + b * c + c * a)) := by grind
  omega

/-- Arithmetic and geometric mean of two natural numbers. -/
theorem four_products_le_square_of_sum (a b : Nat) : 4 * (a * b) ≤ (a + b) * (a + b) := by
  cases Nat.le_total a b with
  | inl h =>
    obtain ⟨d, rfl⟩ : ∃ d, b = a + d := ⟨b - a, by omega⟩
    have : (a + (a + d)) * (a + (a + d)) = 4 * (a * (a + d)) + d * d := by grind
    omega
  | inr h =>
    obtain ⟨d, rfl⟩ : ∃ d, a = b + d := ⟨a - b, by omega⟩
    have : (b + d + b) * (b + d + b) = 4 * ((b + d) * b) + d * d := by grind
    omega

/-- Cauchy's inequality in the plane. -/
theorem cauchy_in_the_plane (a b c d : Int) :
    (a * c + b * d) * (a * c + b * d) ≤ (a * a + b * b) * (c * c + d * d) := by
  have h := square_nonneg (a * d - b * c)
  have e : (a * a + b * b) * (c * c + d * d) = (a * c + b * d) * (a * c + b * d) + (a * d - b * c) * (a * d - b * c) := by grind
  omega

/-- Bernoulli's inequality. -/
theorem bernoulli (x n : Nat) : 1 + n * x ≤ (1 + x) ^ n := by
  induction n with
  | zero => simp
  | succ n ih =>
    rw [Nat.pow_succ]
    have h := Nat.mul_le_mul_right (1 + x) ih
    have e : (1 + n * x) * (1 + x) = 1 + (n + 1) * x + n * x * x := by grind
    omega

/-- Sums of products are largest when both pairs are in the same order. -/
theorem rearrangement (a b c d : Int) (h : a ≤ b) (k : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  have := Int.mul_nonneg (Int.sub_nonneg_of_le h) (Int.sub_nonneg_of_le k)
  have e : (b - a) * (d - c) = a * c + b * d - (a * d + b * c) := by grind
  omega

/-- Three to a power is more than its exponent squared. -/
theorem square_lt_three_pow (n : Nat) : n * n < 3 ^ n := by
  induction n with
  | zero => decide
  | succ n ih =>
    rw [Nat.pow_succ]
    match n with
    | 0 => decide
    | 1 => decide
    | n + 2 =>
      have : (n + 2 + 1) * (n + 2 + 1) ≤ (n + 2) * (n + 2) * 3 := by grind
      omega

/-- A quadratic expression that is never less than one, and when it is one. -/
theorem quadratic_at_least_one (x : Int) : 1 ≤ x * x - 4 * x + 5 ∧ (x * x - 4 * x + 5 = 1 ↔ x = 2) := by
  have e : x * x - 4 * x + 5 = (x - 2) * (x - 2) + 1 := by grind
  have h := square_nonneg (x - 2)
  refine ⟨by omega, fun k => ?_, fun k => by subst k; decide⟩
  have zero : (x - 2) * (x - 2) = 0 := by omega
  rcases Int.mul_eq_zero.mp zero with h | h <;> omega

/-- From two on a product is at least the sum. -/
theorem sum_le_product (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : a + b ≤ a * b := by
  obtain ⟨c, rfl⟩ : ∃ c, a = c + 2 := ⟨a - 2, by omega⟩
  obtain ⟨d, rfl⟩ : ∃ d, b = d + 2 := ⟨b - 2, by omega⟩
  have : (c + 2) * (d + 2) = c * d + 2 * c + 2 * d + 4 := by grind
  omega

/-- Mixed products of third degree are at most the cubes. -/
theorem mixed_le_cubes (a b : Nat) : a * a * b + a * b * b ≤ a * a * a + b * b * b := by
  cases Nat.le_total a b with
  | inl h =>
    obtain ⟨d, rfl⟩ : ∃ d, b = a + d := ⟨b - a, by omega⟩
    have : a * a * a + (a + d) * (a + d) * (a + d) = a * a * (a + d) + a * (a + d) * (a + d) + (2 * a + d) * d * d := by grind
    omega
  | inr h =>
    obtain ⟨d, rfl⟩ : ∃ d, a = b + d := ⟨a - b, by omega⟩
    have : (b + d) * (b + d) * (b + d) + b * b * b = (b + d) * (b + d) * b + (b + d) * b * b + (2 * b + d) * d * d := by grind
    omega

/-- A square is below another exactly if the absolute value is. -/
theorem squares_ordered_as_absolute_values (a b : Int) : a * a < b * b ↔ a.natAbs < b.natAbs := by
  rw [← Int.natAbs_mul_self' a, ← Int.natAbs_mul_self' b]
  generalize a.natAbs = m
  generalize b.natAbs = n
  rw [← Nat.mul_self_lt_mul_self_iff (m := m) (n := n)]
  omega
