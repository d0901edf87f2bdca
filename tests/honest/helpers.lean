/-! Judged as a whole file: the candidate brings lemmas, definitions, notation and opens of its own. -/

open Nat in
private theorem helper_mul (a b : Nat) : a * succ b = a * b + a := mul_succ a b

/-- A definition that the trusted file does not have. -/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

theorem triangle_double (n : Nat) : 2 * triangle n = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    simp only [triangle, Nat.mul_add, Nat.add_mul] at *
    omega

def sumBelow : Nat → Nat
  | 0 => 0
  | n + 1 => sumBelow n + n

@[simp] theorem sumBelow_zero : sumBelow 0 = 0 := rfl

@[simp] theorem sumBelow_succ (n : Nat) : sumBelow (n + 1) = sumBelow n + n := rfl

theorem sumBelow_formula (n : Nat) : 2 * sumBelow (n + 1) = n * (n + 1) := by
  have key : ∀ m, sumBelow (m + 1) = triangle m := by
    intro m
    induction m with
    | zero => rfl
    | succ m ih => rw [sumBelow_succ, ih, triangle]
  rw [key, triangle_double]

local notation "Σ< " n => sumBelow n

theorem sumBelow_mono (n : Nat) : sumBelow n ≤ sumBelow (n + 1) := by
  have : (Σ< n) ≤ (Σ< n) + n := Nat.le_add_right ..
  exact this

namespace Workshop

structure Counter where
  value : Nat
  positive : 0 < value

def Counter.bump (c : Counter) : Counter := ⟨c.value + 1, Nat.succ_pos _⟩

theorem bump_lt (c : Counter) : c.value < c.bump.value := Nat.lt_succ_self _

inductive Steps : Nat → Nat → Prop
  | refl : Steps n n
  | step : Steps m n → Steps m (n + 1)

theorem Steps.le {m n : Nat} (h : Steps m n) : m ≤ n := by
  induction h with
  | refl => exact Nat.le_refl _
  | step _ ih => exact Nat.le_succ_of_le ih

end Workshop

open Workshop

instance : Inhabited Counter := ⟨⟨1, Nat.one_pos⟩⟩

theorem counter_exists : ∃ n m : Nat, n < m := ⟨_, _, bump_lt default⟩

macro "close_le" : tactic => `(tactic| (apply Steps.le; repeat (first | exact Steps.refl | apply Steps.step)))

theorem two_le_four : 2 ≤ 4 := by close_le

theorem unused_extra (p : Prop) : p → p := id

section
variable {α : Type} (xs ys : List α)

theorem length_swap : (xs ++ ys).length = (ys ++ xs).length := by
  have comm := Nat.add_comm xs.length ys.length
  simp [comm]
end

attribute [simp] Nat.mul_comm

theorem restated_with_binders : ∀ (a b : Nat) (h : a = b), b = a :=
  fun _ _ h => h.symm

theorem restated_layout (a : Nat)
    (b : Nat) : a + b
      = b + a := Nat.add_comm _ _

theorem restated_ascii (p q : Prop) : p ∧ q → p ∨ q := fun h => .inl h.1
