/-! Functions: inverses, equations, iteration, monotony. -/

/-- A function, applied so many times. -/
def iterate {α : Type} (f : α → α) : Nat → α → α
  | 0, x => x
  | n + 1, x => f (iterate f n x)

/-- A function that never takes two things to one can be undone. -/
theorem left_inverse_exists {α β : Type} [Nonempty α] (f : α → β) (h : ∀ x y, f x = f y → x = y) : ∃ g : β → α, ∀ x, g (f x) = x := by
  sorry

/-- A function that reaches everything has a right inverse, which never takes two things to one. -/
theorem right_inverse_exists {α β : Type} (f : α → β) (h : ∀ y, ∃ x, f x = y) :
    ∃ g : β → α, (∀ y, f (g y) = y) ∧ ∀ y z, g y = g z → y = z := by
  sorry

/-- Three times any function of a truth value is the same as once. -/
theorem bool_function_three_times (f : Bool → Bool) (x : Bool) : f (f (f x)) = f x := by
  sorry

/-- An additive function of natural numbers is a multiple. -/
theorem additive_is_multiple (f : Nat → Nat) (h : ∀ x y, f (x + y) = f x + f y) (n : Nat) : f n = n * f 1 := by
  sorry

/-- An additive function of integers is a multiple. -/
theorem additive_int_is_multiple (f : Int → Int) (h : ∀ x y, f (x + y) = f x + f y) (n : Int) : f n = n * f 1 := by
  sorry

/-- A strictly growing function of natural numbers is never behind its argument. -/
theorem strictly_growing_ge_self (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n := by
  sorry

/-- Whatever can be enumerated with all its functions into another type makes every function there have a fixed point. -/
theorem lawvere_fixed_point {α β : Type} (e : α → α → β) (surjective : ∀ g : α → β, ∃ a, e a = g) (f : β → β) : ∃ b, f b = b := by
  sorry

/-- Iterations add up. -/
theorem iterate_add {α : Type} (f : α → α) (m n : Nat) (x : α) : iterate f (m + n) x = iterate f m (iterate f n x) := by
  sorry

/-- Iterating an iteration multiplies. -/
theorem iterate_mul {α : Type} (f : α → α) (m n : Nat) (x : α) : iterate f (m * n) x = iterate (iterate f n) m x := by
  sorry

/-- A periodic function is known from one period. -/
theorem periodic_from_one_period (f : Nat → Nat) (p : Nat) (h : ∀ n, f (n + p) = f n) (n : Nat) : f n = f (n % p) := by
  sorry

/-- What grows at every step grows over any distance. -/
theorem monotone_of_steps (f : Nat → Int) (h : ∀ n, f n ≤ f (n + 1)) (m n : Nat) (le : m ≤ n) : f m ≤ f n := by
  sorry

/-- Three things do not go into two boxes without two in one. -/
theorem three_into_two_boxes (f : Fin 3 → Bool) : ∃ i j, i ≠ j ∧ f i = f j := by
  sorry

/-- If doing it three times changes nothing and doing it five times changes nothing, doing it once changes nothing. -/
theorem three_and_five_steps {α : Type} (f : α → α) (three : ∀ x, f (f (f x)) = x) (five : ∀ x, f (f (f (f (f x)))) = x) (x : α) :
    f x = x := by
  sorry
