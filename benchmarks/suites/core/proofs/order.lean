/-! Orders, equivalences and operations, given by their laws. -/

/-- What a relation leads to in some steps. -/
inductive Path {α : Type} (r : α → α → Prop) : α → α → Prop where
  | here (a : α) : Path r a a
  | step {a b c : α} : r a b → Path r b c → Path r a c

/-- A relation that never holds of a thing itself and can be chained holds in one direction only. -/
theorem strict_order_is_asymmetric {α : Type} (r : α → α → Prop) (irrefl : ∀ a, ¬ r a a) (trans : ∀ a b c, r a b → r b c → r a c)
    (a b : α) (h : r a b) : ¬ r b a := by
  exact fun k => irrefl a (trans a b a h k)

/-- An operation that is associative, commutative and idempotent makes an order. -/
theorem semilattice_order {α : Type} (op : α → α → α) (assoc : ∀ a b c, op (op a b) c = op a (op b c)) (comm : ∀ a b, op a b = op b a)
    (a b c : α) (hab : op a b = a) (hbc : op b c = b) : op a c = a ∧ (op b a = b → a = b) := by
  constructor
  · rw [← hab, assoc, hbc]
  · intro h
    rw [← hab, comm, h]

/-- With a left identity and left inverses, inverses are right inverses, too. -/
theorem left_inverse_is_right_inverse {α : Type} (mul : α → α → α) (e : α) (inv : α → α) (assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c))
    (one : ∀ a, mul e a = a) (left : ∀ a, mul (inv a) a = e) (a : α) : mul a (inv a) = e := by
  have h : mul (inv a) (mul a (inv a)) = inv a := by rw [← assoc, left, one]
  calc mul a (inv a) = mul e (mul a (inv a)) := (one _).symm
    _ = mul (mul (inv (inv a)) (inv a)) (mul a (inv a)) := by rw [left]
    _ = mul (inv (inv a)) (mul (inv a) (mul a (inv a))) := assoc _ _ _
    _ = mul (inv (inv a)) (inv a) := by rw [h]
    _ = e := left _

/-- A group in which every square is the identity is commutative. -/
theorem involutions_commute {α : Type} (mul : α → α → α) (e : α) (assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c))
    (left : ∀ a, mul e a = a) (right : ∀ a, mul a e = a) (square : ∀ a, mul a a = e) (a b : α) : mul a b = mul b a := by
  have h : mul (mul a b) (mul a b) = e := square _
  have h1 : mul a (mul (mul a b) (mul (mul a b) b)) = mul a b := by
    rw [← assoc (mul a b), square, left]
  have h2 : mul a (mul (mul a b) (mul (mul a b) b)) = mul b a := by
    have x : mul (mul a b) b = a := by rw [assoc, square, right]
    rw [x, ← assoc, ← assoc, square, left]
  rw [← h1, h2]

/-- Two identities are one. -/
theorem identity_is_unique {α : Type} (mul : α → α → α) (e f : α) (left : ∀ a, mul e a = a) (right : ∀ a, mul a f = a) : e = f := by
  rw [← right e, left f]

/-- Paths can be joined. -/
theorem path_trans {α : Type} (r : α → α → Prop) (a b c : α) (h : Path r a b) (k : Path r b c) : Path r a c := by
  induction h with
  | here _ => exact k
  | step s _ ih => exact Path.step s (ih k)

/-- In a symmetric relation every path can be walked back. -/
theorem path_symm {α : Type} (r : α → α → Prop) (symm : ∀ a b, r a b → r b a) (a b : α) (h : Path r a b) : Path r b a := by
  have join : ∀ {x y z}, Path r x y → Path r y z → Path r x z := by
    intro x y z p q
    induction p with
    | here _ => exact q
    | step s _ ih => exact Path.step s (ih q)
  induction h with
  | here a => exact Path.here a
  | step s _ ih => exact join ih (Path.step (symm _ _ s) (Path.here _))

/-- A relation that can be chained and holds of all things themselves holds along its paths. -/
theorem path_of_preorder {α : Type} (r : α → α → Prop) (refl : ∀ a, r a a) (trans : ∀ a b c, r a b → r b c → r a c) (a b : α) :
    Path r a b ↔ r a b := by
  constructor
  · intro h
    induction h with
    | here a => exact refl a
    | step s _ ih => exact trans _ _ _ s ih
  · intro h
    exact Path.step h (Path.here b)

/-- In a well-founded relation nothing goes down forever. -/
theorem no_endless_chain {α : Type} (r : α → α → Prop) (wf : WellFounded r) : ¬ ∃ f : Nat → α, ∀ n, r (f (n + 1)) (f n) := by
  intro ⟨f, h⟩
  have none : ∀ a, ∀ n, f n ≠ a := by
    intro a
    induction a using wf.induction with
    | _ a ih =>
      intro n e
      exact ih (f (n + 1)) (e ▸ h n) (n + 1) rfl
  exact none (f 0) 0 rfl

/-- Classes of an equivalence that share one thing share all. -/
theorem classes_equal_or_disjoint {α : Type} (r : α → α → Prop) (symm : ∀ a b, r a b → r b a)
    (trans : ∀ a b c, r a b → r b c → r a c) (a b c : α) (ha : r a c) (hb : r b c) : ∀ x, r a x ↔ r b x := by
  intro x
  constructor
  · intro h
    exact trans _ _ _ (trans _ _ _ hb (symm _ _ ha)) h
  · intro h
    exact trans _ _ _ (trans _ _ _ ha (symm _ _ hb)) h

/-- In a list that is not empty something is below everything, if the order is total. -/
theorem list_has_minimum {α : Type} (le : α → α → Prop) (total : ∀ a b, le a b ∨ le b a) (trans : ∀ a b c, le a b → le b c → le a c)
    (xs : List α) (h : xs ≠ []) : ∃ m ∈ xs, ∀ x ∈ xs, le m x := by
  induction xs with
  | nil => exact absurd rfl h
  | cons y ys ih =>
    have refl : le y y := (total y y).elim id id
    cases ys with
    | nil => exact ⟨y, by simp, by simpa using refl⟩
    | cons z zs =>
      obtain ⟨m, hm, least⟩ := ih (by simp)
      rcases total y m with k | k
      · refine ⟨y, by simp, fun x hx => ?_⟩
        rcases List.mem_cons.mp hx with rfl | hx
        · exact refl
        · exact trans _ _ _ k (least x hx)
      · refine ⟨m, List.mem_cons_of_mem _ hm, fun x hx => ?_⟩
        rcases List.mem_cons.mp hx with rfl | hx
        · exact k
        · exact least x hx

/-- Knaster and Tarski: a monotone operator on predicates has a fixed point. -/
theorem monotone_operator_has_fixed_point {α : Type} (F : (α → Prop) → α → Prop)
    (mono : ∀ s t : α → Prop, (∀ x, s x → t x) → ∀ x, F s x → F t x) : ∃ s : α → Prop, ∀ x, F s x ↔ s x := by
  let s : α → Prop := fun x => ∀ t : α → Prop, (∀ y, F t y → t y) → t x
  have down : ∀ x, F s x → s x := fun x hx t ht => ht x (mono s t (fun y hy => hy t ht) x hx)
  exact ⟨s, fun x => ⟨down x, fun hx => hx (F s) (fun y hy => mono (F s) s down y hy)⟩⟩

/-- The two halves of a Galois connection, one after the other, add nothing the second time. -/
theorem galois_connection {α β : Type} (le : α → α → Prop) (le' : β → β → Prop) (refl : ∀ a, le a a) (refl' : ∀ b, le' b b)
    (trans' : ∀ a b c, le' a b → le' b c → le' a c) (antisymm' : ∀ a b, le' a b → le' b a → a = b) (l : α → β) (u : β → α)
    (h : ∀ a b, le' (l a) b ↔ le a (u b)) (mono : ∀ a b, le a b → le' (l a) (l b)) (a : α) : l (u (l a)) = l a := by
  apply antisymm'
  · exact (h _ _).mpr (refl _)
  · exact mono _ _ ((h _ _).mp (refl' _))
