/-! Lists of the core library. -/

/-- What passes a test and what does not make up the list. -/
theorem filter_lengths_add_up {α : Type} (p : α → Bool) (xs : List α) :
    (xs.filter p).length + (xs.filter fun x => !p x).length = xs.length := by
  induction xs with
  | nil => rfl
  | cons x xs ih => cases h : p x <;> simp [h] <;> omega

/-- Two lists of equal length that commute are equal. -/
theorem commuting_lists_of_equal_length {α : Type} (xs ys : List α) (h : xs ++ ys = ys ++ xs) (len : xs.length = ys.length) : xs = ys := by
  exact (List.append_inj h len).1

/-- Pushing one list onto another, element by element, reverses it. -/
theorem foldl_cons_is_reverse {α : Type} (xs ys : List α) : xs.foldl (fun acc x => x :: acc) ys = xs.reverse ++ ys := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih => simp [ih]

/-- The numbers below `n`, added up. -/
theorem sum_of_range (n : Nat) : (List.range n).sum * 2 = n * (n - 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [List.range_succ, List.sum_append_nat]
    simp only [List.sum_cons, List.sum_nil]
    cases n with
    | zero => rfl
    | succ n =>
      simp only [Nat.add_sub_cancel] at ih ⊢
      have : (n + 1 + 1) * (n + 1) = (n + 1) * n + 2 * (n + 1) := by grind
      omega

/-- The first halves of pairs made of two lists. -/
theorem first_halves_of_zip {α β : Type} (xs : List α) (ys : List β) : (xs.zip ys).map Prod.fst = xs.take ys.length := by
  induction xs generalizing ys with
  | nil => simp
  | cons x xs ih =>
    cases ys with
    | nil => simp
    | cons y ys => simp [ih]

/-- A list of numbers that are all at most `m` adds up to at most `m` times its length. -/
theorem sum_le_length_times (xs : List Nat) (m : Nat) (h : ∀ x ∈ xs, x ≤ m) : xs.sum ≤ xs.length * m := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    have h1 := h x (by simp)
    have h2 := ih fun y hy => h y (by simp [hy])
    rw [List.sum_cons, List.length_cons, Nat.succ_mul]
    omega

/-- A sum of natural numbers is positive exactly if one of them is. -/
theorem sum_positive_iff (xs : List Nat) : 0 < xs.sum ↔ ∃ x ∈ xs, 0 < x := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    rw [List.sum_cons]
    constructor
    · intro h
      cases Nat.eq_zero_or_pos x with
      | inl zero =>
        obtain ⟨y, hy, pos⟩ := ih.mp (by omega)
        exact ⟨y, by simp [hy], pos⟩
      | inr pos => exact ⟨x, by simp, pos⟩
    · intro ⟨y, hy, pos⟩
      rcases List.mem_cons.mp hy with rfl | hy
      · omega
      · have := ih.mpr ⟨y, hy, pos⟩; omega

/-- Two different things occur together at most as often as the list is long. -/
theorem counts_of_two_things {α : Type} [DecidableEq α] (a b : α) (h : a ≠ b) (xs : List α) : xs.count a + xs.count b ≤ xs.length := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    simp only [List.count_cons, List.length_cons, beq_iff_eq]
    by_cases ha : x = a <;> by_cases hb : x = b <;> simp [ha, hb] <;> grind

/-- A list that is not empty has a last element. -/
theorem last_element {α : Type} (xs : List α) (h : xs ≠ []) : ∃ ys y, xs = ys ++ [y] := by
  induction xs with
  | nil => exact absurd rfl h
  | cons x xs ih =>
    cases xs with
    | nil => exact ⟨[], x, rfl⟩
    | cons z zs =>
      obtain ⟨ys, y, e⟩ := ih (by simp)
      exact ⟨x :: ys, y, by rw [e]; rfl⟩

/-- A list to which it makes no difference at which end one more element is put holds nothing else. -/
theorem same_at_both_ends {α : Type} (a : α) (xs : List α) (h : xs ++ [a] = a :: xs) : ∀ x ∈ xs, x = a := by
  induction xs with
  | nil => simp
  | cons y ys ih =>
    simp only [List.cons_append, List.cons.injEq] at h
    obtain ⟨rfl, h⟩ := h
    intro x hx
    rcases List.mem_cons.mp hx with rfl | hx
    · rfl
    · exact ih h x hx

/-- Reversing commutes with choosing by a test. -/
theorem filter_of_reverse {α : Type} (p : α → Bool) (xs : List α) : xs.reverse.filter p = (xs.filter p).reverse := by
  induction xs with
  | nil => rfl
  | cons x xs ih => cases h : p x <;> simp [h, ih]

/-- Mapping with two functions and adding up is adding up what each gives. -/
theorem sum_of_two_maps {α : Type} (f g : α → Nat) (xs : List α) :
    (xs.map fun x => f x + g x).sum = (xs.map f).sum + (xs.map g).sum := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp only [List.map_cons, List.sum_cons, ih]; omega

/-- The longest of the lists in a list is no longer than all of them together. -/
theorem length_le_length_of_flatten {α : Type} (xss : List (List α)) (xs : List α) (h : xs ∈ xss) : xs.length ≤ xss.flatten.length := by
  induction xss with
  | nil => simp at h
  | cons ys yss ih =>
    rw [List.flatten_cons, List.length_append]
    rcases List.mem_cons.mp h with rfl | h
    · omega
    · have := ih h; omega
