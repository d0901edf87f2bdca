/-! Small programs that do what they should. -/

/-- Puts a number where it belongs. -/
def insertSorted (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insertSorted x ys

/-- Insertion sort. -/
def sort : List Nat → List Nat
  | [] => []
  | x :: xs => insertSorted x (sort xs)

/-- In order. -/
def Sorted : List Nat → Prop
  | [] => True
  | [_] => True
  | x :: y :: ys => x ≤ y ∧ Sorted (y :: ys)

/-- How often a number occurs. -/
def occurrences (a : Nat) : List Nat → Nat
  | [] => 0
  | x :: xs => (if x = a then 1 else 0) + occurrences a xs

/-- An arithmetic expression. -/
inductive Expr where
  | num : Nat → Expr
  | add : Expr → Expr → Expr
  | mul : Expr → Expr → Expr

/-- Its value. -/
def Expr.eval : Expr → Nat
  | num n => n
  | add a b => a.eval + b.eval
  | mul a b => a.eval * b.eval

/-- What a machine with a stack can do. -/
inductive Instruction where
  | push : Nat → Instruction
  | add : Instruction
  | mul : Instruction

/-- Runs a program on a stack. -/
def run : List Instruction → List Nat → List Nat
  | [], stack => stack
  | .push n :: rest, stack => run rest (n :: stack)
  | .add :: rest, b :: a :: stack => run rest ((a + b) :: stack)
  | .mul :: rest, b :: a :: stack => run rest (a * b :: stack)
  | .add :: rest, stack => run rest stack
  | .mul :: rest, stack => run rest stack

/-- The program of an expression. -/
def Expr.compile : Expr → List Instruction
  | num n => [.push n]
  | add a b => a.compile ++ b.compile ++ [.add]
  | mul a b => a.compile ++ b.compile ++ [.mul]

/-- Leaves out additions of zero. -/
def Expr.simplify : Expr → Expr
  | num n => num n
  | add a b =>
    match a.simplify, b.simplify with
    | num 0, b => b
    | a, num 0 => a
    | a, b => add a b
  | mul a b => mul a.simplify b.simplify

/-- Adds up with an accumulator. -/
def sumLoop : List Nat → Nat → Nat
  | [], acc => acc
  | x :: xs, acc => sumLoop xs (acc + x)

/-- Reverses with an accumulator. -/
def reverseLoop {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => reverseLoop xs (x :: acc)

/-- Multiplies with an accumulator. -/
def factorialLoop : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => factorialLoop n ((n + 1) * acc)

/-- 1 · 2 · … · n. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- Takes from two lists in turn. -/
def interleave {α : Type} : List α → List α → List α
  | [], ys => ys
  | x :: xs, [] => x :: xs
  | x :: xs, y :: ys => x :: y :: interleave xs ys

/-- Cuts a list before the first element that fails a test. -/
def spanList {α : Type} (p : α → Bool) : List α → List α × List α
  | [] => ([], [])
  | x :: xs => if p x then (x :: (spanList p xs).1, (spanList p xs).2) else ([], x :: xs)

/-- Insertion keeps a list in order. -/
theorem sorted_insert (x : Nat) (xs : List Nat) (h : Sorted xs) : Sorted (insertSorted x xs) := by
  sorry

/-- Insertion sort puts in order. -/
theorem sorted_sort (xs : List Nat) : Sorted (sort xs) := by
  sorry

/-- Insertion sort neither loses nor adds anything. -/
theorem occurrences_sort (a : Nat) (xs : List Nat) : occurrences a (sort xs) = occurrences a xs := by
  sorry

/-- Insertion sort keeps the length. -/
theorem length_sort (xs : List Nat) : (sort xs).length = xs.length := by
  sorry

/-- Compiled expressions leave their value on the stack. -/
theorem compile_is_correct (e : Expr) (stack : List Nat) : run e.compile stack = e.eval :: stack := by
  sorry

/-- Leaving out zeros does not change the value. -/
theorem simplify_is_correct (e : Expr) : e.simplify.eval = e.eval := by
  sorry

/-- Adding up with an accumulator is adding up. -/
theorem sumLoop_is_sum (xs : List Nat) : sumLoop xs 0 = xs.sum := by
  sorry

/-- Reversing with an accumulator is reversing. -/
theorem reverseLoop_is_reverse {α : Type} (xs : List α) : reverseLoop xs [] = xs.reverse := by
  sorry

/-- Multiplying with an accumulator is the factorial. -/
theorem factorialLoop_is_factorial (n : Nat) : factorialLoop n 1 = factorial n := by
  sorry

/-- Two lists in turn are as long as both. -/
theorem length_interleave {α : Type} (xs ys : List α) : (interleave xs ys).length = xs.length + ys.length := by
  sorry

/-- What was cut is whole again when put together, and the first part passes the test. -/
theorem span_is_correct {α : Type} (p : α → Bool) (xs : List α) :
    (spanList p xs).1 ++ (spanList p xs).2 = xs ∧ ∀ x ∈ (spanList p xs).1, p x = true := by
  sorry

/-- Sorting twice is sorting once. -/
theorem sort_sort (xs : List Nat) : sort (sort xs) = sort xs := by
  sorry
