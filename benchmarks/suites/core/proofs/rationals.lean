/-! Rational numbers. -/

/-- Two linear equations. -/
theorem sum_and_difference (x y : Rat) (sum : x + y = 3) (difference : x - y = 1) : x = 2 ∧ y = 1 := by
  grind

/-- A linear equation with a rational solution. -/
theorem linear_equation (x : Rat) (h : 5 * x - 2 = 2 * x + 9) : x = 11 / 3 := by
  grind

/-- Three linear equations. -/
theorem three_linear_equations (x y z : Rat) (h1 : x + y = 5) (h2 : y + z = 7) (h3 : z + x = 8) : x = 3 ∧ y = 2 ∧ z = 5 := by
  grind

/-- Between two numbers there is another. -/
theorem dense (a b : Rat) (h : a < b) : ∃ c, a < c ∧ c < b := by
  exact ⟨(a + b) / 2, by grind, by grind⟩

/-- There is no largest number and no smallest one. -/
theorem unbounded (a : Rat) : ∃ b c, b < a ∧ a < c := by
  exact ⟨a - 1, a + 1, by grind, by grind⟩

/-- If two thirds of a number are ten more than half of it, it is sixty. -/
theorem two_thirds_and_half (x : Rat) (h : 2 / 3 * x = x / 2 + 10) : x = 60 := by
  grind

/-- A tank that one pipe fills in three hours and another in six is filled by both in two. -/
theorem two_pipes (t : Rat) (h : t / 3 + t / 6 = 1) : t = 2 := by
  grind

/-- A number that is half of what three less than four times it is. -/
theorem half_of_itself (x : Rat) (h : x = (4 * x - 3) / 2) : x = 3 / 2 := by
  grind

/-- A product is zero only if a factor is. -/
theorem rational_product_zero (x : Rat) (h : (2 * x - 1) * (x + 3) = 0) : x = 1 / 2 ∨ x = -3 := by
  rcases Rat.mul_eq_zero.mp h with h | h
  · left; grind
  · right; grind

/-- A square is never negative, and so a sum of squares that is zero has only zeros. -/
theorem sum_of_rational_squares (x y : Rat) (h : x * x + y * y = 0) : x = 0 ∧ y = 0 := by
  have square : ∀ z : Rat, 0 ≤ z * z := by
    intro z
    rcases Rat.le_total (a := 0) (b := z) with k | k
    · exact Rat.mul_nonneg k k
    · have : 0 ≤ (-z) * (-z) := Rat.mul_nonneg (by grind) (by grind)
      grind
  have hx := square x
  have hy := square y
  have zx : x * x = 0 := by grind
  have zy : y * y = 0 := by grind
  constructor
  · rcases Rat.mul_eq_zero.mp zx with k | k <;> exact k
  · rcases Rat.mul_eq_zero.mp zy with k | k <;> exact k

/-- Means keep between their numbers. -/
theorem weighted_mean (a b t : Rat) (h : a ≤ b) (t0 : 0 ≤ t) (t1 : t ≤ 1) : a ≤ a + t * (b - a) ∧ a + t * (b - a) ≤ b := by
  have h1 : 0 ≤ t * (b - a) := Rat.mul_nonneg t0 (by grind)
  have h2 : 0 ≤ (1 - t) * (b - a) := Rat.mul_nonneg (by grind) (by grind)
  grind
