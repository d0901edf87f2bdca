/-! The file's own notation: `local notation`, `infixl`, `prefix`, `postfix`, scoped notation and small macros. -/

namespace OwnNotation

local notation "ℕ" => Nat
local notation "ℤ" => Int

theorem blackboard (n : ℕ) : n + 0 = n := sorry

theorem blackboard_int (a : ℤ) : a + 0 = a := sorry

def join (a b : Nat) : Nat := a + b + 1

local infixl:65 " ⊞ " => join

theorem join_comm (a b : ℕ) : a ⊞ b = b ⊞ a := sorry

theorem join_assoc (a b c : ℕ) : a ⊞ b ⊞ c = a ⊞ (b ⊞ c) := sorry

theorem join_precedence (a b c : ℕ) : a ⊞ b * c = join a (b * c) := sorry

local prefix:max "♯" => List.length

theorem sharp_nil : ♯([] : List ℕ) = 0 := sorry

theorem sharp_append (xs ys : List ℕ) : ♯(xs ++ ys) = ♯xs + ♯ys := sorry

local postfix:max "²" => fun (n : Nat) => n * n

theorem square_three : (3 : ℕ)² = 9 := sorry

local notation "‖" x "‖" => Int.natAbs x

theorem abs_neg (a : ℤ) : ‖-a‖ = ‖a‖ := sorry

scoped infixr:55 " ⟶ " => fun (p q : Prop) => p → q

theorem arrow_refl (p : Prop) : p ⟶ p := sorry

theorem arrow_trans (p q r : Prop) : (p ⟶ q) ⟶ (q ⟶ r) ⟶ p ⟶ r := sorry

local macro "triv!" : tactic => `(tactic| first | rfl | trivial | omega)

theorem by_own_macro (a b : ℕ) (h : a < b) : a ≤ b := sorry

theorem by_own_macro_rfl : 2 + 2 = 4 := sorry

local syntax "close_with " term : tactic
local macro_rules
  | `(tactic| close_with $t) => `(tactic| exact $t)

theorem by_own_syntax (p : Prop) (h : p) : p := sorry

notation "⟪" a ", " b "⟫" => Prod.mk a b

theorem pair_notation (a b : ℕ) : ⟪a, b⟫.1 = a := sorry

theorem pair_notation_swap (a b : ℕ) : Prod.swap ⟪a, b⟫ = ⟪b, a⟫ := sorry

abbrev Pred (α : Type) := α → Prop

instance : HasSubset (Pred α) := ⟨fun p q => ∀ x, p x → q x⟩

theorem subset_refl (p : Pred ℕ) : p ⊆ p := sorry

theorem subset_trans (p q r : Pred ℕ) (h₁ : p ⊆ q) (h₂ : q ⊆ r) : p ⊆ r := sorry

end OwnNotation
