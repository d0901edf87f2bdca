/-! Inequalities between whole numbers. -/

/-- Twice a product is at most the sum of the squares. -/
theorem double_product_le_squares (a b : Int) : 2 * a * b ≤ a * a + b * b := by
  sorry

/-- The products of three numbers in pairs are together at most the sum of their squares. -/
theorem pairs_le_squares (a b c : Int) : a * b + b * c + c * a ≤ a * a + b * b + c * c := by
  sorry

/-- Arithmetic and geometric mean of two natural numbers. -/
theorem four_products_le_square_of_sum (a b : Nat) : 4 * (a * b) ≤ (a + b) * (a + b) := by
  sorry

/-- Cauchy's inequality in the plane. -/
theorem cauchy_in_the_plane (a b c d : Int) :
    (a * c + b * d) * (a * c + b * d) ≤ (a * a + b * b) * (c * c + d * d) := by
  sorry

/-- Bernoulli's inequality. -/
theorem bernoulli (x n : Nat) : 1 + n * x ≤ (1 + x) ^ n := by
  sorry

/-- Sums of products are largest when both pairs are in the same order. -/
theorem rearrangement (a b c d : Int) (h : a ≤ b) (k : c ≤ d) : a * d + b * c ≤ a * c + b * d := by
  sorry

/-- Three to a power is more than its exponent squared. -/
theorem square_lt_three_pow (n : Nat) : n * n < 3 ^ n := by
  sorry

/-- A quadratic expression that is never less than one, and when it is one. -/
theorem quadratic_at_least_one (x : Int) : 1 ≤ x * x - 4 * x + 5 ∧ (x * x - 4 * x + 5 = 1 ↔ x = 2) := by
  sorry

/-- From two on a product is at least the sum. -/
theorem sum_le_product (a b : Nat) (ha : 2 ≤ a) (hb : 2 ≤ b) : a + b ≤ a * b := by
  sorry

/-- Mixed products of third degree are at most the cubes. -/
theorem mixed_le_cubes (a b : Nat) : a * a * b + a * b * b ≤ a * a * a + b * b * b := by
  sorry

/-- A square is below another exactly if the absolute value is. -/
theorem squares_ordered_as_absolute_values (a b : Int) : a * a < b * b ↔ a.natAbs < b.natAbs := by
  sorry
