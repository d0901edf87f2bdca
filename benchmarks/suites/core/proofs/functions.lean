/-! Functions: inverses, equations, iteration, monotony. -/

/-- A function, applied so many times. -/
def iterate {α : Type} (f : α → α) : Nat → α → α
  | 0, x => x
  | n + 1, x => f (iterate f n x)

/-- A function that never takes two things to one can be undone. -/
theorem left_inverse_exists {α β : Type} [Nonempty α] (f : α → β) (h : ∀ x y, f x = f y → x = y) : ∃ g : β → α, ∀ x, g (f x) = x := by
  refine ⟨fun y => Classical.epsilon fun x => f x = y, fun x => ?_⟩
  exact h _ _ (Classical.epsilon_spec (p := fun z => f z = f x) ⟨x, rfl⟩)

/-- A function that reaches everything has a right inverse, which never takes two things to one. -/
theorem right_inverse_exists {α β : Type} (f : α → β) (h : ∀ y, ∃ x, f x = y) :
    ∃ g : β → α, (∀ y, f (g y) = y) ∧ ∀ y z, g y = g z → y = z := by
  refine ⟨fun y => Classical.choose (h y), fun y => Classical.choose_spec (h y), fun y z e => ?_⟩
  have hy := Classical.choose_spec (h y)
  have hz := Classical.choose_spec (h z)
  rw [← hy, ← hz]; exact congrArg f e

/-- Three times any function of a truth value is the same as once. -/
theorem bool_function_three_times (f : Bool → Bool) (x : Bool) : f (f (f x)) = f x := by
  cases x <;> cases h1 : f true <;> cases h2 : f false <;> simp [h1, h2]

/-- An additive function of natural numbers is a multiple. -/
theorem additive_is_multiple (f : Nat → Nat) (h : ∀ x y, f (x + y) = f x + f y) (n : Nat) : f n = n * f 1 := by
  have zero : f 0 = 0 := by have := h 0 0; simp at this; omega
  induction n with
  | zero => simpa using zero
  | succ n ih => rw [h, ih, Nat.succ_mul]

/-- An additive function of integers is a multiple. -/
theorem additive_int_is_multiple (f : Int → Int) (h : ∀ x y, f (x + y) = f x + f y) (n : Int) : f n = n * f 1 := by
  have zero : f 0 = 0 := by have := h 0 0; simp at this; omega
  have nat : ∀ m : Nat, f m = m * f 1 := by
    intro m
    induction m with
    | zero => simpa using zero
    | succ m ih =>
      rw [Int.natCast_succ, h, ih]; grind
  have neg : ∀ x, f (-x) = -f x := by
    intro x
    have := h x (-x)
    rw [Int.add_right_neg, zero] at this
    omega
  cases Int.eq_nat_or_neg n with
  | intro m hm =>
    rcases hm with rfl | rfl
    · exact nat m
    · rw [neg, nat]; grind

/-- A strictly growing function of natural numbers is never behind its argument. -/
theorem strictly_growing_ge_self (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n := by
  induction n with
  | zero => omega
  | succ n ih => have := h n; omega

/-- Whatever can be enumerated with all its functions into another type makes every function there have a fixed point. -/
theorem lawvere_fixed_point {α β : Type} (e : α → α → β) (surjective : ∀ g : α → β, ∃ a, e a = g) (f : β → β) : ∃ b, f b = b := by
  obtain ⟨a, ha⟩ := surjective fun x => f (e x x)
  exact ⟨e a a, (congrFun ha a).symm⟩

/-- Iterations add up. -/
theorem iterate_add {α : Type} (f : α → α) (m n : Nat) (x : α) : iterate f (m + n) x = iterate f m (iterate f n x) := by
  induction m with
  | zero => rw [Nat.zero_add]; rfl
  | succ m ih => rw [Nat.succ_add]; show f _ = f _; rw [ih]

/-- Iterating an iteration multiplies. -/
theorem iterate_mul {α : Type} (f : α → α) (m n : Nat) (x : α) : iterate f (m * n) x = iterate (iterate f n) m x := by
  have add : ∀ a b y, iterate f (a + b) y = iterate f a (iterate f b y) := by
    intro a b y
    induction a with
    | zero => rw [Nat.zero_add]; rfl
    | succ a ih => rw [Nat.succ_add]; show f _ = f _; rw [ih]
  induction m with
  | zero => rw [Nat.zero_mul]; rfl
  | succ m ih => rw [Nat.succ_mul, Nat.add_comm, add, ih]; rfl

/-- A periodic function is known from one period. -/
theorem periodic_from_one_period (f : Nat → Nat) (p : Nat) (h : ∀ n, f (n + p) = f n) (n : Nat) : f n = f (n % p) := by
  have many : ∀ k m, f (m + p * k) = f m := by
    intro k m
    induction k with
    | zero => simp
    | succ k ih => rw [Nat.mul_succ, ← Nat.add_assoc, h, ih]
  have := many (n / p) (n % p)
  rw [Nat.mod_add_div] at this
  exact this

/-- What grows at every step grows over any distance. -/
theorem monotone_of_steps (f : Nat → Int) (h : ∀ n, f n ≤ f (n + 1)) (m n : Nat) (le : m ≤ n) : f m ≤ f n := by
  induction le with
  | refl => exact Int.le_refl _
  | step _ ih => exact Int.le_trans ih (h _)

/-- Three things do not go into two boxes without two in one. -/
theorem three_into_two_boxes (f : Fin 3 → Bool) : ∃ i j, i ≠ j ∧ f i = f j := by
  by_cases h : f 0 = f 1
  · exact ⟨0, 1, by decide, h⟩
  · by_cases k : f 0 = f 2
    · exact ⟨0, 2, by decide, k⟩
    · refine ⟨1, 2, by decide, ?_⟩
      revert h k
      cases f 0 <;> cases f 1 <;> cases f 2 <;> decide

/-- If doing it three times changes nothing and doing it five times changes nothing, doing it once changes nothing. -/
theorem three_and_five_steps {α : Type} (f : α → α) (three : ∀ x, f (f (f x)) = x) (five : ∀ x, f (f (f (f (f x)))) = x) (x : α) :
    f x = x := by
  have two : ∀ y, f (f y) = y := fun y => by have := five y; rwa [three] at this
  have := three x
  rwa [two] at this
