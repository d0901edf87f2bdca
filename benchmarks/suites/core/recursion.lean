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
  sorry

/-- Odd numbers add up to squares. -/
theorem odd_numbers_add_up_to_squares (n : Nat) : sumOdd n = n * n := by
  sorry

/-- The sum of the first squares. -/
theorem sum_of_squares (n : Nat) : 6 * sumSquares n = n * (n + 1) * (2 * n + 1) := by
  sorry

/-- Nicomachus: the sum of cubes is the square of the sum. -/
theorem sum_of_cubes (n : Nat) : sumCubes n = sumTo n * sumTo n := by
  sorry

/-- Fibonacci's numbers add up to one less than a later one. -/
theorem sum_of_fibonacci (n : Nat) : sumFib n + 1 = fib (n + 2) := by
  sorry

/-- Fibonacci's numbers at a sum. -/
theorem fibonacci_add (m n : Nat) : fib (m + n + 1) = fib (m + 1) * fib (n + 1) + fib m * fib n := by
  sorry

/-- Neighbouring Fibonacci numbers are coprime. -/
theorem fibonacci_coprime (n : Nat) : Nat.gcd (fib n) (fib (n + 1)) = 1 := by
  sorry

/-- Factorials outgrow the powers of two. -/
theorem two_pow_le_factorial (n : Nat) : 2 ^ n ≤ factorial (n + 1) := by
  sorry

/-- Every number from one to `n` divides the factorial of `n`. -/
theorem divides_factorial (n k : Nat) (pos : 0 < k) (le : k ≤ n) : k ∣ factorial n := by
  sorry

/-- The tower of Hanoi takes one move less than a power of two. -/
theorem hanoi_moves (n : Nat) : hanoi n + 1 = 2 ^ n := by
  sorry

/-- Ackermann's function of two doubles. -/
theorem ackermann_two (n : Nat) : ack 2 n = 2 * n + 3 := by
  sorry

/-- Ackermann's function is more than its second argument. -/
theorem ackermann_grows (m n : Nat) : n < ack m n := by
  sorry

/-- A linear recurrence of second order and its solution. -/
theorem recurrence_of_second_order (a : Nat → Nat) (h0 : a 0 = 2) (h1 : a 1 = 5) (h : ∀ n, a (n + 2) + 6 * a n = 5 * a (n + 1))
    (n : Nat) : a n = 2 ^ n + 3 ^ n := by
  sorry
