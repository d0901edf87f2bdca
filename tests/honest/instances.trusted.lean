/-! Type classes and instances of one's own. -/

namespace Instances

class Semigroup' (α : Type) extends Mul α where
  mul_assoc : ∀ a b c : α, a * b * c = a * (b * c)

class Group' (α : Type) extends Semigroup' α, One α where
  inv : α → α
  one_mul : ∀ a : α, 1 * a = a
  inv_mul : ∀ a : α, inv a * a = 1

section Group

variable {G : Type} [Group' G]

open Semigroup' Group'

theorem left_cancel (a b c : G) (h : a * b = a * c) : b = c := sorry

theorem mul_inv (a : G) : a * inv a = 1 := sorry

theorem mul_one' (a : G) : a * 1 = a := sorry

theorem inv_inv (a : G) : inv (inv a) = a := sorry

theorem inv_unique (a b : G) (h : b * a = 1) : b = inv a := sorry

theorem mul_inv_rev (a b : G) : inv (a * b) = inv b * inv a := sorry

end Group

class Pointed (α : Type) where
  point : α

instance : Pointed Nat := ⟨7⟩

instance [Pointed α] [Pointed β] : Pointed (α × β) := ⟨(Pointed.point, Pointed.point)⟩

theorem pointed_nat : (Pointed.point : Nat) = 7 := sorry

theorem pointed_prod : (Pointed.point : Nat × Nat) = (7, 7) := sorry

theorem pointed_nonempty (α : Type) [Pointed α] : Nonempty α := sorry

inductive Three | a | b | c
  deriving DecidableEq, Repr, Inhabited

instance : Add Three where
  add
    | .a, y => y
    | x, .a => x
    | .b, .b => .c
    | .b, .c => .a
    | .c, .b => .a
    | .c, .c => .b

theorem three_comm (x y : Three) : x + y = y + x := sorry

theorem three_assoc (x y z : Three) : x + y + z = x + (y + z) := sorry

theorem three_default : (default : Three) = .a := sorry

theorem three_dec : (Three.a = Three.b) = False := sorry

instance : LE Three := ⟨fun x y => x = .a ∨ x = y⟩

instance (x y : Three) : Decidable (x ≤ y) := inferInstanceAs (Decidable (_ ∨ _))

theorem three_le : ∀ x : Three, Three.a ≤ x := sorry

theorem three_le_decide : ¬(Three.b ≤ Three.c) := sorry

instance : Coe Three Nat where
  coe | .a => 0 | .b => 1 | .c => 2

theorem three_coe (x : Three) : (x : Nat) < 3 := sorry


theorem infer_inst [DecidableEq Nat] : ¬((1 : Nat) = 2) := sorry

end Instances
