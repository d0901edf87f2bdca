/-! Orders, equivalences and operations, given by their laws. -/

/-- What a relation leads to in some steps. -/
inductive Path {α : Type} (r : α → α → Prop) : α → α → Prop where
  | here (a : α) : Path r a a
  | step {a b c : α} : r a b → Path r b c → Path r a c

/-- A relation that never holds of a thing itself and can be chained holds in one direction only. -/
theorem strict_order_is_asymmetric {α : Type} (r : α → α → Prop) (irrefl : ∀ a, ¬ r a a) (trans : ∀ a b c, r a b → r b c → r a c)
    (a b : α) (h : r a b) : ¬ r b a := by
  sorry

/-- An operation that is associative, commutative and idempotent makes an order. -/
theorem semilattice_order {α : Type} (op : α → α → α) (assoc : ∀ a b c, op (op a b) c = op a (op b c)) (comm : ∀ a b, op a b = op b a)
    (a b c : α) (hab : op a b = a) (hbc : op b c = b) : op a c = a ∧ (op b a = b → a = b) := by
  sorry

/-- With a left identity and left inverses, inverses are right inverses, too. -/
theorem left_inverse_is_right_inverse {α : Type} (mul : α → α → α) (e : α) (inv : α → α) (assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c))
    (one : ∀ a, mul e a = a) (left : ∀ a, mul (inv a) a = e) (a : α) : mul a (inv a) = e := by
  sorry

/-- A group in which every square is the identity is commutative. -/
theorem involutions_commute {α : Type} (mul : α → α → α) (e : α) (assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c))
    (left : ∀ a, mul e a = a) (right : ∀ a, mul a e = a) (square : ∀ a, mul a a = e) (a b : α) : mul a b = mul b a := by
  sorry

/-- Two identities are one. -/
theorem identity_is_unique {α : Type} (mul : α → α → α) (e f : α) (left : ∀ a, mul e a = a) (right : ∀ a, mul a f = a) : e = f := by
  sorry

/-- Paths can be joined. -/
theorem path_trans {α : Type} (r : α → α → Prop) (a b c : α) (h : Path r a b) (k : Path r b c) : Path r a c := by
  sorry

/-- In a symmetric relation every path can be walked back. -/
theorem path_symm {α : Type} (r : α → α → Prop) (symm : ∀ a b, r a b → r b a) (a b : α) (h : Path r a b) : Path r b a := by
  sorry

/-- A relation that can be chained and holds of all things themselves holds along its paths. -/
theorem path_of_preorder {α : Type} (r : α → α → Prop) (refl : ∀ a, r a a) (trans : ∀ a b c, r a b → r b c → r a c) (a b : α) :
    Path r a b ↔ r a b := by
  sorry

/-- In a well-founded relation nothing goes down forever. -/
theorem no_endless_chain {α : Type} (r : α → α → Prop) (wf : WellFounded r) : ¬ ∃ f : Nat → α, ∀ n, r (f (n + 1)) (f n) := by
  sorry

/-- Classes of an equivalence that share one thing share all. -/
theorem classes_equal_or_disjoint {α : Type} (r : α → α → Prop) (symm : ∀ a b, r a b → r b a)
    (trans : ∀ a b c, r a b → r b c → r a c) (a b c : α) (ha : r a c) (hb : r b c) : ∀ x, r a x ↔ r b x := by
  sorry

/-- In a list that is not empty something is below everything, if the order is total. -/
theorem list_has_minimum {α : Type} (le : α → α → Prop) (total : ∀ a b, le a b ∨ le b a) (trans : ∀ a b c, le a b → le b c → le a c)
    (xs : List α) (h : xs ≠ []) : ∃ m ∈ xs, ∀ x ∈ xs, le m x := by
  sorry

/-- Knaster and Tarski: a monotone operator on predicates has a fixed point. -/
theorem monotone_operator_has_fixed_point {α : Type} (F : (α → Prop) → α → Prop)
    (mono : ∀ s t : α → Prop, (∀ x, s x → t x) → ∀ x, F s x → F t x) : ∃ s : α → Prop, ∀ x, F s x ↔ s x := by
  sorry

/-- The two halves of a Galois connection, one after the other, add nothing the second time. -/
theorem galois_connection {α β : Type} (le : α → α → Prop) (le' : β → β → Prop) (refl : ∀ a, le a a) (refl' : ∀ b, le' b b)
    (trans' : ∀ a b c, le' a b → le' b c → le' a c) (antisymm' : ∀ a b, le' a b → le' b a → a = b) (l : α → β) (u : β → α)
    (h : ∀ a b, le' (l a) b ↔ le a (u b)) (mono : ∀ a b, le a b → le' (l a) (l b)) (a : α) : l (u (l a)) = l a := by
  sorry
