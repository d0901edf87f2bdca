/-! Integers: signs, squares, equations and remainders. -/

/-- A product is positive where both factors have the same sign. -/
theorem product_positive_iff (a b : Int) : 0 < a * b ↔ (0 < a ∧ 0 < b) ∨ (a < 0 ∧ b < 0) := by
  constructor
  · intro h
    rcases Int.lt_trichotomy a 0 with ha | ha | ha <;> rcases Int.lt_trichotomy b 0 with hb | hb | hb
    · exact Or.inr ⟨ha, hb⟩
    · simp [hb] at h
    · have := Int.mul_neg_of_neg_of_pos ha hb; omega
    · simp [ha] at h
    · simp [ha] at h
    · simp [ha] at h
    · have := Int.mul_neg_of_pos_of_neg ha hb; omega
    · simp [hb] at h
    · exact Or.inl ⟨ha, hb⟩
  · intro h
    rcases h with ⟨ha, hb⟩ | ⟨ha, hb⟩
    · exact Int.mul_pos ha hb
    · exact Int.mul_pos_of_neg_of_neg ha hb

/-- Equal squares are of equal or opposite numbers. -/
theorem squares_equal_iff (a b : Int) : a * a = b * b ↔ a = b ∨ a = -b := by
  constructor
  · intro h
    have : (a - b) * (a + b) = 0 := by grind
    rcases Int.mul_eq_zero.mp this with h | h
    · left; omega
    · right; omega
  · intro h
    rcases h with h | h <;> subst h <;> grind

/-- A square leaves the remainder zero or one when divided by four. -/
theorem square_mod_four (x : Int) : x * x % 4 = 0 ∨ x * x % 4 = 1 := by
  rcases Int.emod_two_eq x with h | h
  · obtain ⟨k, rfl⟩ : ∃ k, x = 2 * k := ⟨x / 2, by omega⟩
    left
    have : 2 * k * (2 * k) = 4 * (k * k) := by grind
    omega
  · obtain ⟨k, rfl⟩ : ∃ k, x = 2 * k + 1 := ⟨x / 2, by omega⟩
    right
    have : (2 * k + 1) * (2 * k + 1) = 4 * (k * k + k) + 1 := by grind
    omega

/-- A sum of two squares never leaves three when divided by four. -/
theorem sum_of_two_squares_not_three_mod_four (x y k : Int) : x * x + y * y ≠ 4 * k + 3 := by
  have square : ∀ z : Int, z * z % 4 = 0 ∨ z * z % 4 = 1 := by
    intro z
    rcases Int.emod_two_eq z with h | h
    · obtain ⟨k, rfl⟩ : ∃ k, z = 2 * k := ⟨z / 2, by omega⟩
      left
      have : 2 * k * (2 * k) = 4 * (k * k) := by grind
      omega
    · obtain ⟨k, rfl⟩ : ∃ k, z = 2 * k + 1 := ⟨z / 2, by omega⟩
      right
      have : (2 * k + 1) * (2 * k + 1) = 4 * (k * k + k) + 1 := by grind
      omega
  have hx := square x
  have hy := square y
  omega

/-- Cubes of three numbers less three times their product: the sum is a factor. -/
theorem three_cubes_factor (a b c : Int) :
    a ^ 3 + b ^ 3 + c ^ 3 - 3 * a * b * c = (a + b + c) * (a ^ 2 + b ^ 2 + c ^ 2 - a * b - b * c - c * a) := by
  grind

/-- Sophie Germain's identity: the fourth powers as a product. -/
theorem fourth_power_factor (a b : Int) (h : a ^ 4 + 4 * b ^ 4 = 1) : a ^ 2 + 2 * b ^ 2 + 2 * a * b ∣ 1 := by
  refine ⟨a ^ 2 + 2 * b ^ 2 - 2 * a * b, ?_⟩
  rw [← h]; grind

/-- One more than the product of four consecutive integers is a square. -/
theorem four_consecutive_plus_one (n : Int) : ∃ k, n * (n + 1) * (n + 2) * (n + 3) + 1 = k * k := by
  exact ⟨n * n + 3 * n + 1, by grind⟩

/-- Two numbers with sum seven and product twelve are three and four. -/
theorem sum_seven_product_twelve (x y : Int) (sum : x + y = 7) (product : x * y = 12) : (x = 3 ∧ y = 4) ∨ (x = 4 ∧ y = 3) := by
  have hy : y = 7 - x := by omega
  subst hy
  have : (x - 3) * (x - 4) = 0 := by grind
  rcases Int.mul_eq_zero.mp this with h | h
  · left; omega
  · right; omega

/-- A quadratic equation and its two roots. -/
theorem quadratic_roots (x : Int) : x * x - 7 * x + 10 = 0 ↔ x = 2 ∨ x = 5 := by
  constructor
  · intro h
    have : (x - 2) * (x - 5) = 0 := by grind
    rcases Int.mul_eq_zero.mp this with h | h
    · left; omega
    · right; omega
  · intro h
    rcases h with h | h <;> subst h <;> decide

/-- Twelve and thirty-five combine to every integer. -/
theorem bezout_twelve_thirtyfive (n : Int) : ∃ x y : Int, 12 * x + 35 * y = n := by
  exact ⟨3 * n, -n, by omega⟩

/-- The square root of two is not rational. -/
theorem sqrt_two_irrational (x y : Nat) (h : x * x = 2 * (y * y)) : y = 0 := by
  induction x using Nat.strongRecOn generalizing y with
  | _ x ih =>
    have even : ∀ z : Nat, z * z % 2 = 0 → z % 2 = 0 := by
      intro z hz
      rcases Nat.mod_two_eq_zero_or_one z with e | e
      · exact e
      · rw [Nat.mul_mod, e] at hz; simp at hz
    have hx : x % 2 = 0 := even x (by omega)
    obtain ⟨u, rfl⟩ : ∃ u, x = 2 * u := ⟨x / 2, by omega⟩
    have e1 : 2 * u * (2 * u) = 4 * (u * u) := by grind
    have hy : y % 2 = 0 := even y (by omega)
    obtain ⟨v, rfl⟩ : ∃ v, y = 2 * v := ⟨y / 2, by omega⟩
    have e2 : 2 * v * (2 * v) = 4 * (v * v) := by grind
    have small : u * u = 2 * (v * v) := by omega
    cases Nat.eq_zero_or_pos u with
    | inl zero =>
      subst zero
      have : v * v = 0 := by omega
      have : v = 0 := by cases Nat.mul_eq_zero.mp this <;> assumption
      omega
    | inr pos => have := ih u (by omega) v small; omega

/-- A remainder changes sign with its number, up to one divisor. -/
theorem remainder_of_negation (a b : Int) (hb : 0 < b) : (-a) % b = if a % b = 0 then 0 else b - a % b := by
  have h1 := Int.emod_nonneg a (Int.ne_of_gt hb)
  have h2 := Int.emod_lt_of_pos a hb
  have h3 := Int.emod_add_mul_ediv a b
  split
  · rename_i zero
    have e : -a = b * (-(a / b)) := by rw [zero] at h3; rw [Int.mul_neg]; omega
    rw [e, Int.mul_emod_right]
  · have e : -a = (b - a % b) + b * (-(a / b) - 1) := by
      rw [Int.mul_sub, Int.mul_neg]; omega
    rw [e, Int.add_mul_emod_self_left]
    exact Int.emod_eq_of_lt (by omega) (by omega)

/-- If the product of two integers is one, both are one or both are minus one. -/
theorem units_of_the_integers (a b : Int) (h : a * b = 1) : (a = 1 ∧ b = 1) ∨ (a = -1 ∧ b = -1) := by
  have ha : a ∣ 1 := ⟨b, h.symm⟩
  have := Int.natAbs_dvd_natAbs.mpr ha
  have e : a.natAbs = 1 := by simpa using this
  have : a = 1 ∨ a = -1 := by omega
  rcases this with h1 | h1 <;> subst h1
  · left; omega
  · right; omega
