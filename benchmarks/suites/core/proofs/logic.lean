/-! Logic: propositions, quantifiers and choice. -/

/-- Peirce's law for all propositions is the law of the excluded middle. -/
theorem peirce_iff_excluded_middle : (∀ p q : Prop, ((p → q) → p) → p) ↔ ∀ p : Prop, p ∨ ¬p := by
  constructor
  · intro h p
    exact h (p ∨ ¬p) False (fun k => Or.inr fun hp => k (Or.inl hp))
  · intro h p q k
    cases h p with
    | inl hp => exact hp
    | inr hp => exact k fun x => absurd x hp

/-- In every bar that is not empty there is someone such that, if they drink, everybody does. -/
theorem drinker {α : Type} [Nonempty α] (drinks : α → Prop) : ∃ x, drinks x → ∀ y, drinks y := by
  cases Classical.em (∀ y, drinks y) with
  | inl h => exact ⟨Classical.choice ‹_›, fun _ => h⟩
  | inr h =>
    obtain ⟨y, hy⟩ := Classical.not_forall.mp h
    exact ⟨y, fun k => absurd k hy⟩

/-- No sequence of predicates, indexed by the things that they are about, has them all. -/
theorem cantor_diagonal {α : Type} (f : α → α → Prop) : ∃ s : α → Prop, ∀ a, f a ≠ s := by
  refine ⟨fun x => ¬ f x x, fun a h => ?_⟩
  have h' : f a a = ¬ f a a := congrFun h a
  have h'' : f a a ↔ ¬ f a a := h' ▸ Iff.rfl
  exact (fun n => n (h''.mpr n)) fun x => h''.mp x x

/-- There is no barber who shaves exactly those who do not shave themselves. -/
theorem no_barber {α : Type} (shaves : α → α → Prop) : ¬ ∃ b, ∀ x, shaves b x ↔ ¬ shaves x x := by
  intro ⟨b, h⟩
  have hb := h b
  have hn : ¬ shaves b b := fun s => hb.mp s s
  exact hn (hb.mpr hn)

/-- Equivalence of propositions is associative. -/
theorem iff_is_associative (p q r : Prop) : ((p ↔ q) ↔ r) ↔ (p ↔ (q ↔ r)) := by
  by_cases hp : p <;> by_cases hq : q <;> by_cases hr : r <;> simp [hp, hq, hr]

/-- What exists for every argument is the value of a function. -/
theorem skolem_function {α β : Type} (r : α → β → Prop) : (∀ x, ∃ y, r x y) ↔ ∃ f : α → β, ∀ x, r x (f x) := by
  constructor
  · intro h
    exact ⟨fun x => Classical.choose (h x), fun x => Classical.choose_spec (h x)⟩
  · intro ⟨f, h⟩ x
    exact ⟨f x, h x⟩

/-- Exactly one thing has a property if one has it and no two have. -/
theorem unique_iff_exists_and_at_most_one {α : Type} (p : α → Prop) :
    (∃ x, ∀ y, p y ↔ y = x) ↔ (∃ x, p x) ∧ ∀ x y, p x → p y → x = y := by
  constructor
  · intro ⟨x, h⟩
    refine ⟨⟨x, (h x).mpr rfl⟩, fun a b ha hb => ?_⟩
    rw [(h a).mp ha, (h b).mp hb]
  · intro ⟨⟨x, hx⟩, h⟩
    exact ⟨x, fun y => ⟨fun hy => h y x hy hx, fun e => e ▸ hx⟩⟩

/-- A disjunct that does not speak of the variable leaves the quantifier. -/
theorem forall_or_constant {α : Type} (p : α → Prop) (r : Prop) : (∀ x, p x ∨ r) ↔ (∀ x, p x) ∨ r := by
  constructor
  · intro h
    cases Classical.em r with
    | inl hr => exact Or.inr hr
    | inr hr => exact Or.inl fun x => (h x).resolve_right hr
  · intro h x
    cases h with
    | inl h => exact Or.inl (h x)
    | inr h => exact Or.inr h

/-- On an island of knights, who say what is true, and knaves, who do not, A says "I am a knave or B is a knight": both are knights. -/
theorem knights_and_knaves (a b : Prop) (says : a ↔ (¬a ∨ b)) : a ∧ b := by
  by_cases ha : a
  · cases says.mp ha with
    | inl h => exact absurd ha h
    | inr h => exact ⟨ha, h⟩
  · exact absurd (says.mpr (Or.inl ha)) ha

/-- Curry's paradox: what says of itself that it implies something proves it. -/
theorem curry_paradox (p q : Prop) (h : p ↔ (p → q)) : q := by
  have k : p → q := fun hp => h.mp hp hp
  exact k (h.mpr k)

/-- Not all of one kind are of another if and only if there is a counterexample. -/
theorem counterexample_iff {α : Type} (p q : α → Prop) : ¬ (∀ x, p x → q x) ↔ ∃ x, p x ∧ ¬ q x := by
  constructor
  · intro h
    apply Classical.byContradiction
    intro hn
    exact h fun x hp => Classical.byContradiction fun hq => hn ⟨x, hp, hq⟩
  · intro ⟨x, hp, hq⟩ h
    exact hq (h x hp)
