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

theorem left_cancel (a b c : G) (h : a * b = a * c) : b = c := by
  have h' : inv a * (a * b) = inv a * (a * c) := by rw [h]
  rw [← mul_assoc, ← mul_assoc, inv_mul, one_mul, one_mul] at h'
  exact h'

theorem mul_inv (a : G) : a * inv a = 1 := by
  apply left_cancel (inv a)
  rw [← mul_assoc, inv_mul, one_mul]
  apply left_cancel (inv (inv a))
  rw [← mul_assoc, inv_mul, one_mul]

theorem mul_one' (a : G) : a * 1 = a := by
  rw [← inv_mul a, ← mul_assoc, mul_inv, one_mul]

theorem inv_inv (a : G) : inv (inv a) = a := by
  apply left_cancel (inv a)
  rw [mul_inv, inv_mul]

theorem inv_unique (a b : G) (h : b * a = 1) : b = inv a := by
  calc b = b * (a * inv a) := by rw [mul_inv, mul_one']
    _ = b * a * inv a := (mul_assoc ..).symm
    _ = inv a := by rw [h, one_mul]

theorem mul_inv_rev (a b : G) : inv (a * b) = inv b * inv a := by
  apply left_cancel (a * b)
  rw [mul_inv, mul_assoc, ← mul_assoc b, mul_inv, one_mul, mul_inv]

end Group

class Pointed (α : Type) where
  point : α

instance : Pointed Nat := ⟨7⟩

instance [Pointed α] [Pointed β] : Pointed (α × β) := ⟨(Pointed.point, Pointed.point)⟩

theorem pointed_nat : (Pointed.point : Nat) = 7 := rfl

theorem pointed_prod : (Pointed.point : Nat × Nat) = (7, 7) := rfl

theorem pointed_nonempty (α : Type) [Pointed α] : Nonempty α := ⟨Pointed.point⟩

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

theorem three_comm (x y : Three) : x + y = y + x := by
  cases x <;> cases y <;> rfl

theorem three_assoc (x y z : Three) : x + y + z = x + (y + z) := by
  cases x <;> cases y <;> cases z <;> rfl

theorem three_default : (default : Three) = .a := rfl

theorem three_dec : (Three.a = Three.b) = False := by simp

instance : LE Three := ⟨fun x y => x = .a ∨ x = y⟩

instance (x y : Three) : Decidable (x ≤ y) := inferInstanceAs (Decidable (_ ∨ _))

theorem three_le : ∀ x : Three, Three.a ≤ x := fun _ => .inl rfl

theorem three_le_decide : ¬(Three.b ≤ Three.c) := by decide

instance : Coe Three Nat where
  coe | .a => 0 | .b => 1 | .c => 2

theorem three_coe (x : Three) : (x : Nat) < 3 := by
  cases x <;> decide


theorem infer_inst [DecidableEq Nat] : ¬((1 : Nat) = 2) := by
  intro h
  cases h

end Instances
