/-! Recursively defined functions of natural numbers. -/

/-- 0 + 1 + … + n. -/
def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

/-- The sum of the first n odd numbers. -/
def sumOdd : Nat → Nat
  | 0 => 0
  | n + 1 => sumOdd n + (2 * n + 1)

/-- The sum of the squares up to n. -/
def sumSquares : Nat → Nat
  | 0 => 0
  | n + 1 => sumSquares n + (n + 1) * (n + 1)

/-- The sum of the cubes up to n. -/
def sumCubes : Nat → Nat
  | 0 => 0
  | n + 1 => sumCubes n + (n + 1) * (n + 1) * (n + 1)

/-- Fibonacci's numbers. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The sum of Fibonacci's numbers up to the n-th. -/
def sumFib : Nat → Nat
  | 0 => fib 0
  | n + 1 => sumFib n + fib (n + 1)

/-- 1 · 2 · … · n. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- The moves that a tower of n discs takes. -/
def hanoi : Nat → Nat
  | 0 => 0
  | n + 1 => hanoi n + 1 + hanoi n

/-- Ackermann's function. -/
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)

/-- Gauss's sum. -/
theorem gauss_sum (n : Nat) : 2 * sumTo n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sumTo]; grind

/-- Odd numbers add up to squares. -/
theorem odd_numbers_add_up_to_squares (n : Nat) : sumOdd n = n * n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sumOdd]; grind

/-- The sum of the first squares. -/
theorem sum_of_squares (n : Nat) : 6 * sumSquares n = n * (n + 1) * (2 * n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [sumSquares]; grind

/-- Nicomachus: the sum of cubes is the square of the sum. -/
theorem sum_of_cubes (n : Nat) : sumCubes n = sumTo n * sumTo n := by
  have gauss : ∀ m, 2 * sumTo m = m * (m + 1) := by
    intro m
    induction m with
    | zero => rfl
    | succ m ih => simp only [sumTo]; grind
  induction n with
  | zero => rfl
  | succ n ih =>
    have g := gauss n
    simp only [sumCubes, sumTo, ih]
    grind

/-- Fibonacci's numbers add up to one less than a later one. -/
theorem sum_of_fibonacci (n : Nat) : sumFib n + 1 = fib (n + 2) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e : fib (n + 1 + 2) = fib (n + 1) + fib (n + 2) := by rw [fib]
    rw [e]; simp only [sumFib]; omega

/-- Fibonacci's numbers at a sum. -/
theorem fibonacci_add (m n : Nat) : fib (m + n + 1) = fib (m + 1) * fib (n + 1) + fib m * fib n := by
  induction m generalizing n with
  | zero => simp [fib]
  | succ m ih =>
    have h := ih (n + 1)
    have e1 : fib (n + 1 + 1) = fib n + fib (n + 1) := by rw [fib]
    have e2 : fib (m + 1 + 1) = fib m + fib (m + 1) := by rw [fib]
    rw [show m + 1 + n + 1 = m + (n + 1) + 1 by omega, h, e1, e2]
    grind

/-- Neighbouring Fibonacci numbers are coprime. -/
theorem fibonacci_coprime (n : Nat) : Nat.gcd (fib n) (fib (n + 1)) = 1 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    have e : fib (n + 1 + 1) = fib n + fib (n + 1) := by rw [fib]
    rw [e, Nat.gcd_add_self_right, Nat.gcd_comm]
    exact ih

/-- Factorials outgrow the powers of two. -/
theorem two_pow_le_factorial (n : Nat) : 2 ^ n ≤ factorial (n + 1) := by
  induction n with
  | zero => decide
  | succ n ih =>
    have e : factorial (n + 1 + 1) = (n + 2) * factorial (n + 1) := rfl
    rw [e, Nat.pow_succ, Nat.mul_comm]
    exact Nat.mul_le_mul (by omega) ih

/-- Every number from one to `n` divides the factorial of `n`. -/
theorem divides_factorial (n k : Nat) (pos : 0 < k) (le : k ≤ n) : k ∣ factorial n := by
  induction n with
  | zero => omega
  | succ n ih =>
    cases Nat.lt_or_ge n k with
    | inl lt =>
      have : k = n + 1 := by omega
      subst this
      exact Nat.dvd_mul_right _ _
    | inr ge => exact Nat.dvd_trans (ih ge) (Nat.dvd_mul_left _ _)

/-- The tower of Hanoi takes one move less than a power of two. -/
theorem hanoi_moves (n : Nat) : hanoi n + 1 = 2 ^ n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [hanoi, Nat.pow_succ]; omega

/-- Ackermann's function of two doubles. -/
theorem ackermann_two (n : Nat) : ack 2 n = 2 * n + 3 := by
  have one : ∀ k, ack 1 k = k + 2 := by
    intro k
    induction k with
    | zero => simp [ack]
    | succ k ih => rw [ack, ih, ack]
  induction n with
  | zero => rw [ack, one]
  | succ n ih => rw [ack, ih, one]; omega

/-- Ackermann's function is more than its second argument. -/
theorem ackermann_grows (m n : Nat) : n < ack m n := by
  induction m generalizing n with
  | zero => rw [ack]; omega
  | succ m ihm =>
    induction n with
    | zero => rw [ack]; have := ihm 1; omega
    | succ n ihn => rw [ack]; have := ihm (ack (m + 1) n); omega

/-- A linear recurrence of second order and its solution. -/
theorem recurrence_of_second_order (a : Nat → Nat) (h0 : a 0 = 2) (h1 : a 1 = 5) (h : ∀ n, a (n + 2) + 6 * a n = 5 * a (n + 1))
    (n : Nat) : a n = 2 ^ n + 3 ^ n := by
  have both : a n = 2 ^ n + 3 ^ n ∧ a (n + 1) = 2 ^ (n + 1) + 3 ^ (n + 1) := by
    induction n with
    | zero => exact ⟨h0, h1⟩
    | succ n ih =>
      refine ⟨ih.2, ?_⟩
      have := h n
      rw [ih.1, ih.2] at this
      simp only [Nat.pow_succ] at this ⊢
      show a (n + 2) = _
      generalize 2 ^ n = x at *
      generalize 3 ^ n = y at *
      omega
  exact both.1
