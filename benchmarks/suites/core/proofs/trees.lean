/-! Binary trees. -/

/-- A binary tree with a value at each branching. -/
inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α

/-- How many values it holds. -/
def Tree.size {α : Type} : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

/-- How many branchings there are on its longest way. -/
def Tree.depth {α : Type} : Tree α → Nat
  | leaf => 0
  | node l _ r => max l.depth r.depth + 1

/-- How many leaves it has. -/
def Tree.leaves {α : Type} : Tree α → Nat
  | leaf => 1
  | node l _ r => l.leaves + r.leaves

/-- Left and right exchanged everywhere. -/
def Tree.mirror {α : Type} : Tree α → Tree α
  | leaf => leaf
  | node l a r => node r.mirror a l.mirror

/-- Its values from left to right. -/
def Tree.toList {α : Type} : Tree α → List α
  | leaf => []
  | node l a r => l.toList ++ a :: r.toList

/-- Its values from left to right, before those of a list. -/
def Tree.before {α : Type} : Tree α → List α → List α
  | leaf, xs => xs
  | node l a r, xs => l.before (a :: r.before xs)

/-- A function of every value. -/
def Tree.map {α β : Type} (f : α → β) : Tree α → Tree β
  | leaf => leaf
  | node l a r => node (l.map f) (f a) (r.map f)

/-- Whether a value is in it. -/
def Tree.Has {α : Type} (x : α) : Tree α → Prop
  | leaf => False
  | node l a r => l.Has x ∨ x = a ∨ r.Has x

/-- A number put where it belongs. -/
def Tree.insert (x : Nat) : Tree Nat → Tree Nat
  | leaf => node leaf x leaf
  | node l a r => if x < a then node (l.insert x) a r else if a < x then node l a (r.insert x) else node l a r

/-- The mirror image of the mirror image. -/
theorem Tree.mirror_mirror {α : Type} (t : Tree α) : t.mirror.mirror = t := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp [mirror, ihl, ihr]

/-- A mirror image is as deep, and holds as many values. -/
theorem Tree.mirror_keeps_size_and_depth {α : Type} (t : Tree α) : t.mirror.size = t.size ∧ t.mirror.depth = t.depth := by
  induction t with
  | leaf => exact ⟨rfl, rfl⟩
  | node l a r ihl ihr =>
    simp only [mirror, size, depth, ihl.1, ihl.2, ihr.1, ihr.2]
    omega

/-- The mirror image reads backwards. -/
theorem Tree.toList_mirror {α : Type} (t : Tree α) : t.mirror.toList = t.toList.reverse := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp [mirror, toList, ihl, ihr]

/-- The list of its values is as long as it has values. -/
theorem Tree.length_toList {α : Type} (t : Tree α) : t.toList.length = t.size := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp [toList, size, ihl, ihr]; omega

/-- A tree is at most as deep as it has values. -/
theorem Tree.depth_le_size {α : Type} (t : Tree α) : t.depth ≤ t.size := by
  induction t with
  | leaf => exact Nat.le_refl 0
  | node l a r ihl ihr => simp only [depth, size]; omega

/-- A tree of some depth has fewer values than that power of two. -/
theorem Tree.size_lt_two_pow_depth {α : Type} (t : Tree α) : t.size < 2 ^ t.depth := by
  induction t with
  | leaf => exact Nat.zero_lt_one
  | node l a r ihl ihr =>
    simp only [depth, size, Nat.pow_succ]
    have hl : 2 ^ l.depth ≤ 2 ^ max l.depth r.depth := Nat.pow_le_pow_right (by decide) (by omega)
    have hr : 2 ^ r.depth ≤ 2 ^ max l.depth r.depth := Nat.pow_le_pow_right (by decide) (by omega)
    omega

/-- There is one leaf more than values. -/
theorem Tree.leaves_eq_size_succ {α : Type} (t : Tree α) : t.leaves = t.size + 1 := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp only [leaves, size]; omega

/-- Reading off and mapping commute. -/
theorem Tree.toList_map {α β : Type} (f : α → β) (t : Tree α) : (t.map f).toList = t.toList.map f := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp [map, toList, ihl, ihr]

/-- Mapping twice is mapping with the composition. -/
theorem Tree.map_map_mirror {α β γ : Type} (f : α → β) (g : β → γ) (t : Tree α) :
    ((t.map f).mirror).map g = (t.map fun x => g (f x)).mirror := by
  induction t with
  | leaf => rfl
  | node l a r ihl ihr => simp [map, mirror, ihl, ihr]

/-- A value is in the tree exactly if it is read off. -/
theorem Tree.has_iff_mem {α : Type} (x : α) (t : Tree α) : t.Has x ↔ x ∈ t.toList := by
  induction t with
  | leaf => simp [Has, toList]
  | node l a r ihl ihr => simp [Has, toList, ihl, ihr]

/-- Reading off into a list does not need to join lists. -/
theorem Tree.before_eq {α : Type} (t : Tree α) (xs : List α) : t.before xs = t.toList ++ xs := by
  induction t generalizing xs with
  | leaf => rfl
  | node l a r ihl ihr => simp [before, toList, ihl, ihr]

/-- What is put in is in, and nothing else is new. -/
theorem Tree.has_insert (x y : Nat) (t : Tree Nat) : (t.insert x).Has y ↔ y = x ∨ t.Has y := by
  induction t with
  | leaf => simp [insert, Has]
  | node l a r ihl ihr =>
    simp only [insert]
    split
    · simp only [Has, ihl]; grind
    · split
      · simp only [Has, ihr]; grind
      · have : x = a := by omega
        subst this
        simp only [Has]; grind

/-- Putting in a number makes the tree larger by one or not at all. -/
theorem Tree.size_insert (x : Nat) (t : Tree Nat) : (t.insert x).size = t.size ∨ (t.insert x).size = t.size + 1 := by
  induction t with
  | leaf => right; rfl
  | node l a r ihl ihr =>
    simp only [insert]
    split
    · simp only [size]; omega
    · split
      · simp only [size]; omega
      · left; rfl
