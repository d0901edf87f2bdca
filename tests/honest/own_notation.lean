/-! The file's own notation: `local notation`, `infixl`, `prefix`, `postfix`, scoped notation and small macros. -/

namespace OwnNotation

local notation "ℕ" => Nat
local notation "ℤ" => Int

theorem blackboard (n : ℕ) : n + 0 = n := rfl

theorem blackboard_int (a : ℤ) : a + 0 = a := Int.add_zero a

def join (a b : Nat) : Nat := a + b + 1

local infixl:65 " ⊞ " => join

theorem join_comm (a b : ℕ) : a ⊞ b = b ⊞ a := by
  simp only [join]
  omega

theorem join_assoc (a b c : ℕ) : a ⊞ b ⊞ c = a ⊞ (b ⊞ c) := by
  unfold join
  omega

theorem join_precedence (a b c : ℕ) : a ⊞ b * c = join a (b * c) := rfl

local prefix:max "♯" => List.length

theorem sharp_nil : ♯([] : List ℕ) = 0 := rfl

theorem sharp_append (xs ys : List ℕ) : ♯(xs ++ ys) = ♯xs + ♯ys := by simp

local postfix:max "²" => fun (n : Nat) => n * n

theorem square_three : (3 : ℕ)² = 9 := rfl

local notation "‖" x "‖" => Int.natAbs x

theorem abs_neg (a : ℤ) : ‖-a‖ = ‖a‖ := Int.natAbs_neg a

scoped infixr:55 " ⟶ " => fun (p q : Prop) => p → q

theorem arrow_refl (p : Prop) : p ⟶ p := fun h => h

theorem arrow_trans (p q r : Prop) : (p ⟶ q) ⟶ (q ⟶ r) ⟶ p ⟶ r := fun f g h => g (f h)

local macro "triv!" : tactic => `(tactic| first | rfl | trivial | omega)

theorem by_own_macro (a b : ℕ) (h : a < b) : a ≤ b := by triv!

theorem by_own_macro_rfl : 2 + 2 = 4 := by triv!

local syntax "close_with " term : tactic
local macro_rules
  | `(tactic| close_with $t) => `(tactic| exact $t)

theorem by_own_syntax (p : Prop) (h : p) : p := by close_with h

notation "⟪" a ", " b "⟫" => Prod.mk a b

theorem pair_notation (a b : ℕ) : ⟪a, b⟫.1 = a := rfl

theorem pair_notation_swap (a b : ℕ) : Prod.swap ⟪a, b⟫ = ⟪b, a⟫ := rfl

abbrev Pred (α : Type) := α → Prop

instance : HasSubset (Pred α) := ⟨fun p q => ∀ x, p x → q x⟩

theorem subset_refl (p : Pred ℕ) : p ⊆ p := fun _ h => h

theorem subset_trans (p q r : Pred ℕ) (h₁ : p ⊆ q) (h₂ : q ⊆ r) : p ⊆ r :=
  fun x hx => h₂ x (h₁ x hx)

end OwnNotation
