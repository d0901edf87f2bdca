/-! Natural numbers: order, well-foundedness, sums and products. -/

/-- Whatever some number has, a smallest one has. -/
theorem least_number (p : Nat → Prop) (h : ∃ n, p n) : ∃ n, p n ∧ ∀ m, p m → n ≤ m := by
  sorry

/-- Every sum from eight on can be paid with coins of three and five. -/
theorem coins_three_five (n : Nat) (h : 8 ≤ n) : ∃ a b, n = 3 * a + 5 * b := by
  sorry

/-- No sequence of natural numbers falls forever. -/
theorem no_endless_descent : ¬ ∃ f : Nat → Nat, ∀ n, f (n + 1) < f n := by
  sorry

/-- Between two neighbouring squares there is none. -/
theorem no_square_between (n m : Nat) (above : n * n < m * m) : ¬ m * m < (n + 1) * (n + 1) := by
  sorry

/-- Division with remainder has one answer. -/
theorem division_is_unique (b q r s t : Nat) (hr : r < b) (ht : t < b) (h : b * q + r = b * s + t) : q = s ∧ r = t := by
  sorry

/-- From five on a square is less than the power of two. -/
theorem square_lt_two_pow (n : Nat) (h : 5 ≤ n) : n * n < 2 ^ n := by
  sorry

/-- The difference of two squares, also where it is cut off at zero. -/
theorem difference_of_squares (a b : Nat) : a * a - b * b = (a + b) * (a - b) := by
  sorry

/-- Every number from two on has a smallest divisor from two on, and that has no divisor but itself. -/
theorem smallest_divisor (n : Nat) (h : 2 ≤ n) :
    ∃ p, 2 ≤ p ∧ p ∣ n ∧ ∀ d, 2 ≤ d → d ∣ p → d = p := by
  sorry

/-- Of two numbers with the same sum, those nearer to each other have the larger product. -/
theorem nearer_numbers_have_larger_product (a d : Nat) : a * (a + d + 2) < (a + 1) * (a + d + 1) := by
  sorry

/-- A number that is the product of two smaller ones is at least four. -/
theorem composite_at_least_four (n a b : Nat) (h : n = a * b) (ha : a < n) (hb : b < n) : n = 0 ∨ 4 ≤ n := by
  sorry

/-- A sequence that starts at zero and grows by at most one meets every number below one of its values. -/
theorem discrete_intermediate_value (f : Nat → Nat) (zero : f 0 = 0) (step : ∀ n, f (n + 1) ≤ f n + 1) (n y : Nat) (h : y ≤ f n) :
    ∃ m, m ≤ n ∧ f m = y := by
  sorry
