/-! Lists of the core library. -/

/-- What passes a test and what does not make up the list. -/
theorem filter_lengths_add_up {α : Type} (p : α → Bool) (xs : List α) :
    (xs.filter p).length + (xs.filter fun x => !p x).length = xs.length := by
  sorry

/-- Two lists of equal length that commute are equal. -/
theorem commuting_lists_of_equal_length {α : Type} (xs ys : List α) (h : xs ++ ys = ys ++ xs) (len : xs.length = ys.length) : xs = ys := by
  sorry

/-- Pushing one list onto another, element by element, reverses it. -/
theorem foldl_cons_is_reverse {α : Type} (xs ys : List α) : xs.foldl (fun acc x => x :: acc) ys = xs.reverse ++ ys := by
  sorry

/-- The numbers below `n`, added up. -/
theorem sum_of_range (n : Nat) : (List.range n).sum * 2 = n * (n - 1) := by
  sorry

/-- The first halves of pairs made of two lists. -/
theorem first_halves_of_zip {α β : Type} (xs : List α) (ys : List β) : (xs.zip ys).map Prod.fst = xs.take ys.length := by
  sorry

/-- A list of numbers that are all at most `m` adds up to at most `m` times its length. -/
theorem sum_le_length_times (xs : List Nat) (m : Nat) (h : ∀ x ∈ xs, x ≤ m) : xs.sum ≤ xs.length * m := by
  sorry

/-- A sum of natural numbers is positive exactly if one of them is. -/
theorem sum_positive_iff (xs : List Nat) : 0 < xs.sum ↔ ∃ x ∈ xs, 0 < x := by
  sorry

/-- Two different things occur together at most as often as the list is long. -/
theorem counts_of_two_things {α : Type} [DecidableEq α] (a b : α) (h : a ≠ b) (xs : List α) : xs.count a + xs.count b ≤ xs.length := by
  sorry

/-- A list that is not empty has a last element. -/
theorem last_element {α : Type} (xs : List α) (h : xs ≠ []) : ∃ ys y, xs = ys ++ [y] := by
  sorry

/-- A list to which it makes no difference at which end one more element is put holds nothing else. -/
theorem same_at_both_ends {α : Type} (a : α) (xs : List α) (h : xs ++ [a] = a :: xs) : ∀ x ∈ xs, x = a := by
  sorry

/-- Reversing commutes with choosing by a test. -/
theorem filter_of_reverse {α : Type} (p : α → Bool) (xs : List α) : xs.reverse.filter p = (xs.filter p).reverse := by
  sorry

/-- Mapping with two functions and adding up is adding up what each gives. -/
theorem sum_of_two_maps {α : Type} (f g : α → Nat) (xs : List α) :
    (xs.map fun x => f x + g x).sum = (xs.map f).sum + (xs.map g).sum := by
  sorry

/-- The longest of the lists in a list is no longer than all of them together. -/
theorem length_le_length_of_flatten {α : Type} (xss : List (List α)) (xs : List α) (h : xs ∈ xss) : xs.length ≤ xss.flatten.length := by
  sorry
