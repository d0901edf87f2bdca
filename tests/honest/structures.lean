/-! Structures of one's own: projections, eta, extensionality, inheritance, updates. -/

namespace Structures

structure Point where
  x : Int
  y : Int
  deriving DecidableEq

@[ext] structure Triple (α : Type) where
  fst : α
  snd : α
  trd : α

structure Point3 extends Point where
  z : Int

structure Monoid' (α : Type) where
  one : α
  mul : α → α → α
  one_mul : ∀ a, mul one a = a
  mul_one : ∀ a, mul a one = a
  assoc : ∀ a b c, mul (mul a b) c = mul a (mul b c)

def Point.add (p q : Point) : Point := ⟨p.x + q.x, p.y + q.y⟩

def Point.swap (p : Point) : Point where
  x := p.y
  y := p.x

instance : Add Point := ⟨Point.add⟩

theorem point_eta (p : Point) : Point.mk p.x p.y = p := rfl

theorem swap_swap (p : Point) : p.swap.swap = p := rfl

theorem point_ext {p q : Point} (hx : p.x = q.x) (hy : p.y = q.y) : p = q := by
  cases p
  cases q
  simp_all

theorem add_comm (p q : Point) : p + q = q + p := by
  apply point_ext
  · exact Int.add_comm p.x q.x
  · exact Int.add_comm p.y q.y

theorem add_assoc (p q r : Point) : p + q + r = p + (q + r) := by
  show Point.mk _ _ = Point.mk _ _
  congr 1
  · exact Int.add_assoc ..
  · exact Int.add_assoc ..

theorem swap_add (p q : Point) : (p + q).swap = p.swap + q.swap := rfl

theorem triple_ext {α : Type} (s t : Triple α) (h₁ : s.fst = t.fst) (h₂ : s.snd = t.snd)
    (h₃ : s.trd = t.trd) : s = t := by
  ext <;> assumption

theorem update_other (p : Point) (v : Int) : { p with x := v }.y = p.y := rfl

theorem update_same (p : Point) : { p with x := p.x } = p := rfl

theorem parent_proj (p : Point3) : p.toPoint.x = p.x := rfl

theorem anonymous_ctor : (⟨1, 2⟩ : Point).x + (⟨1, 2⟩ : Point).y = 3 := by decide

theorem point_decide : ({ x := 1, y := 2 } : Point) ≠ { x := 2, y := 1 } := by decide

theorem monoid_one_unique {α : Type} (m : Monoid' α) (e : α) (h : ∀ a, m.mul e a = a) : e = m.one := by
  have h₁ := h m.one
  rw [m.mul_one] at h₁
  exact h₁

theorem monoid_inverse_unique {α : Type} (m : Monoid' α) {a b c : α} (hb : m.mul b a = m.one)
    (hc : m.mul a c = m.one) : b = c := by
  calc b = m.mul b m.one := (m.mul_one b).symm
    _ = m.mul b (m.mul a c) := by rw [hc]
    _ = m.mul (m.mul b a) c := (m.assoc b a c).symm
    _ = m.mul m.one c := by rw [hb]
    _ = c := m.one_mul c

theorem exists_monoid : ∃ m : Monoid' Nat, m.one = 1 ∧ m.mul 6 7 = 42 :=
  ⟨{ one := 1
     mul := (· * ·)
     one_mul := Nat.one_mul
     mul_one := Nat.mul_one
     assoc := Nat.mul_assoc }, rfl, rfl⟩

theorem subtype_val (n : Nat) (h : 0 < n) : (⟨n, h⟩ : { k : Nat // 0 < k }).val = n := rfl

theorem subtype_ext' {p : Nat → Prop} (a b : Subtype p) (h : a.1 = b.1) : a = b :=
  Subtype.ext h

end Structures
