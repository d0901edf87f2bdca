/-! What `prove bench speed` has `prove solve` search: statements solved at once, solved late, and out of reach. -/

theorem at_once₁ (a b c : Nat) (h : a < b) : a + c < b + c := by
  sorry

theorem at_once₂ (p q r : Prop) (h : p ∨ (q ∧ r)) : (p ∨ q) ∧ (p ∨ r) := by
  sorry

theorem even_square (n : Nat) (h : n % 2 = 0) : n * n % 4 = 0 := by
  sorry

def sumTo : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo n + (n + 1)

theorem gauss (n : Nat) : 2 * sumTo n = n * (n + 1) := by
  sorry

theorem filter_twice (p : α → Bool) (xs : List α) : (xs.filter p).filter p = xs.filter p := by
  sorry

theorem drinker (α : Type) (a : α) (p : α → Prop) : ∃ x, p x → ∀ y, p y := by
  sorry

def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

theorem cassini (n : Nat) : (fib (n + 1) : Int) * fib (n + 1) - fib n * fib (n + 2) = (-1) ^ n := by
  sorry

theorem cube_mod_nine (n : Nat) : n ^ 3 % 9 = 0 ∨ n ^ 3 % 9 = 1 ∨ n ^ 3 % 9 = 8 := by
  sorry

theorem not_a_square (n : Nat) (h : n % 4 = 3) : ¬ ∃ a b : Nat, n = a * a + b * b := by
  sorry

theorem reverse_palindrome (xs : List Nat) : (xs ++ xs.reverse).reverse = xs ++ xs.reverse := by
  sorry
