/-! Lists of the core library: length, append, reverse, map, filter, membership, folds. -/

namespace Lists

variable {α β γ : Type}

theorem length_append' (xs ys : List α) : (xs ++ ys).length = xs.length + ys.length := sorry

theorem append_nil' (xs : List α) : xs ++ [] = xs := sorry

theorem append_assoc' (xs ys zs : List α) : (xs ++ ys) ++ zs = xs ++ (ys ++ zs) := sorry

theorem map_id' (xs : List α) : xs.map id = xs := sorry

theorem map_map' (f : α → β) (g : β → γ) (xs : List α) : (xs.map f).map g = xs.map (g ∘ f) := sorry

theorem length_map' (f : α → β) (xs : List α) : (xs.map f).length = xs.length := sorry

theorem map_append' (f : α → β) (xs ys : List α) : (xs ++ ys).map f = xs.map f ++ ys.map f := sorry

theorem reverse_reverse' (xs : List α) : xs.reverse.reverse = xs := sorry

theorem reverse_append' (xs ys : List α) : (xs ++ ys).reverse = ys.reverse ++ xs.reverse := sorry

theorem mem_append_left {a : α} {xs : List α} (h : a ∈ xs) (ys : List α) : a ∈ xs ++ ys := sorry

theorem mem_singleton' {a b : α} (h : a ∈ [b]) : a = b := sorry

theorem not_mem_nil' (a : α) : a ∉ ([] : List α) := sorry

theorem cons_ne_nil' (x : α) (xs : List α) : x :: xs ≠ [] := sorry

theorem cons_inj {x y : α} {xs ys : List α} (h : x :: xs = y :: ys) : x = y ∧ xs = ys := sorry

theorem length_zero_iff (xs : List α) : xs.length = 0 ↔ xs = [] := sorry

theorem filter_length_le (p : α → Bool) (xs : List α) : (xs.filter p).length ≤ xs.length := sorry

theorem filter_true (xs : List α) : xs.filter (fun _ => true) = xs := sorry

theorem foldr_cons_nil (xs : List α) : xs.foldr (· :: ·) [] = xs := sorry

theorem head_of_nonempty (xs : List α) (h : xs ≠ []) : ∃ y ys, xs = y :: ys := sorry

theorem replicate_length (n : Nat) (a : α) : (List.replicate n a).length = n := sorry

theorem take_append_drop' (n : Nat) (xs : List α) : xs.take n ++ xs.drop n = xs := sorry

theorem zip_length (xs : List α) (ys : List β) :
    (xs.zip ys).length = min xs.length ys.length := sorry

theorem concrete_sort : [3, 1, 2].foldl (· + ·) 0 = 6 := sorry

theorem concrete_mem : 2 ∈ [1, 2, 3] := sorry

theorem all_iff (p : α → Bool) (xs : List α) : xs.all p = true ↔ ∀ x ∈ xs, p x = true := sorry

theorem append_left_cancel' {xs ys zs : List α} (h : xs ++ ys = xs ++ zs) : ys = zs := sorry

end Lists
