/-! Lists of the core library: length, append, reverse, map, filter, membership, folds. -/

namespace Lists

variable {α β γ : Type}

theorem length_append' (xs ys : List α) : (xs ++ ys).length = xs.length + ys.length := by
  induction xs with
  | nil => simp
  | cons x xs ih => simp [ih]; omega

theorem append_nil' (xs : List α) : xs ++ [] = xs := List.append_nil xs

theorem append_assoc' (xs ys zs : List α) : (xs ++ ys) ++ zs = xs ++ (ys ++ zs) := by
  induction xs with
  | nil => rfl
  | cons x xs ih => exact congrArg (x :: ·) ih

theorem map_id' (xs : List α) : xs.map id = xs := by simp

theorem map_map' (f : α → β) (g : β → γ) (xs : List α) : (xs.map f).map g = xs.map (g ∘ f) := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp only [List.map_cons, ih, Function.comp]

theorem length_map' (f : α → β) (xs : List α) : (xs.map f).length = xs.length := by
  induction xs <;> simp_all

theorem map_append' (f : α → β) (xs ys : List α) : (xs ++ ys).map f = xs.map f ++ ys.map f := by
  simp

theorem reverse_reverse' (xs : List α) : xs.reverse.reverse = xs := by
  simp only [List.reverse_reverse]

theorem reverse_append' (xs ys : List α) : (xs ++ ys).reverse = ys.reverse ++ xs.reverse :=
  List.reverse_append

theorem mem_append_left {a : α} {xs : List α} (h : a ∈ xs) (ys : List α) : a ∈ xs ++ ys :=
  List.mem_append.mpr (Or.inl h)

theorem mem_singleton' {a b : α} (h : a ∈ [b]) : a = b := by
  cases h with
  | head => rfl
  | tail _ h => cases h

theorem not_mem_nil' (a : α) : a ∉ ([] : List α) := by
  intro h
  cases h

theorem cons_ne_nil' (x : α) (xs : List α) : x :: xs ≠ [] := by
  intro h
  injection h

theorem cons_inj {x y : α} {xs ys : List α} (h : x :: xs = y :: ys) : x = y ∧ xs = ys := by
  injection h with h₁ h₂
  exact ⟨h₁, h₂⟩

theorem length_zero_iff (xs : List α) : xs.length = 0 ↔ xs = [] := by
  cases xs with
  | nil => simp
  | cons x xs => simp

theorem filter_length_le (p : α → Bool) (xs : List α) : (xs.filter p).length ≤ xs.length := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons x xs ih =>
    by_cases hp : p x
    · simp [hp, ih]
    · simp [hp]
      omega

theorem filter_true (xs : List α) : xs.filter (fun _ => true) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp

theorem foldr_cons_nil (xs : List α) : xs.foldr (· :: ·) [] = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [List.foldr_cons, ih]

theorem head_of_nonempty (xs : List α) (h : xs ≠ []) : ∃ y ys, xs = y :: ys := by
  match xs, h with
  | y :: ys, _ => exact ⟨y, ys, rfl⟩

theorem replicate_length (n : Nat) (a : α) : (List.replicate n a).length = n := by
  simp

theorem take_append_drop' (n : Nat) (xs : List α) : xs.take n ++ xs.drop n = xs :=
  List.take_append_drop n xs

theorem zip_length (xs : List α) (ys : List β) :
    (xs.zip ys).length = min xs.length ys.length := by
  simp

theorem concrete_sort : [3, 1, 2].foldl (· + ·) 0 = 6 := rfl

theorem concrete_mem : 2 ∈ [1, 2, 3] := by decide

theorem all_iff (p : α → Bool) (xs : List α) : xs.all p = true ↔ ∀ x ∈ xs, p x = true := by
  simp

theorem append_left_cancel' {xs ys zs : List α} (h : xs ++ ys = xs ++ zs) : ys = zs := by
  induction xs with
  | nil => exact h
  | cons x xs ih =>
    apply ih
    simpa using h

end Lists
