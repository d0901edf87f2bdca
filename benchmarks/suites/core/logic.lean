/-! Logic: propositions, quantifiers and choice. -/

/-- Peirce's law for all propositions is the law of the excluded middle. -/
theorem peirce_iff_excluded_middle : (∀ p q : Prop, ((p → q) → p) → p) ↔ ∀ p : Prop, p ∨ ¬p := by
  sorry

/-- In every bar that is not empty there is someone such that, if they drink, everybody does. -/
theorem drinker {α : Type} [Nonempty α] (drinks : α → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  sorry

/-- No sequence of predicates, indexed by the things that they are about, has them all. -/
theorem cantor_diagonal {α : Type} (f : α → α → Prop) : ∃ s : α → Prop, ∀ a, f a ≠ s := by
  sorry

/-- There is no barber who shaves exactly those who do not shave themselves. -/
theorem no_barber {α : Type} (shaves : α → α → Prop) : ¬ ∃ b, ∀ x, shaves b x ↔ ¬ shaves x x := by
  sorry

/-- Equivalence of propositions is associative. -/
theorem iff_is_associative (p q r : Prop) : ((p ↔ q) ↔ r) ↔ (p ↔ (q ↔ r)) := by
  sorry

/-- What exists for every argument is the value of a function. -/
theorem skolem_function {α β : Type} (r : α → β → Prop) : (∀ x, ∃ y, r x y) ↔ ∃ f : α → β, ∀ x, r x (f x) := by
  sorry

/-- Exactly one thing has a property if one has it and no two have. -/
theorem unique_iff_exists_and_at_most_one {α : Type} (p : α → Prop) :
    (∃ x, ∀ y, p y ↔ y = x) ↔ (∃ x, p x) ∧ ∀ x y, p x → p y → x = y := by
  sorry

/-- A disjunct that does not speak of the variable leaves the quantifier. -/
theorem forall_or_constant {α : Type} (p : α → Prop) (r : Prop) : (∀ x, p x ∨ r) ↔ (∀ x, p x) ∨ r := by
  sorry

/-- On an island of knights, who say what is true, and knaves, who do not, A says "I am a knave or B is a knight": both are knights. -/
theorem knights_and_knaves (a b : Prop) (says : a ↔ (¬a ∨ b)) : a ∧ b := by
  sorry

/-- Curry's paradox: what says of itself that it implies something proves it. -/
theorem curry_paradox (p q : Prop) (h : p ↔ (p → q)) : q := by
  sorry

/-- Not all of one kind are of another if and only if there is a counterexample. -/
theorem counterexample_iff {α : Type} (p q : α → Prop) : ¬ (∀ x, p x → q x) ↔ ∃ x, p x ∧ ¬ q x := by
  sorry
