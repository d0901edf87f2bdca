/-! Inductive types, families and predicates of one's own. -/

namespace Inductives

inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α

namespace Tree

def size : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

def mirror : Tree α → Tree α
  | leaf => leaf
  | node l a r => node r.mirror a l.mirror

def toList : Tree α → List α
  | leaf => []
  | node l a r => l.toList ++ a :: r.toList

theorem mirror_mirror (t : Tree α) : t.mirror.mirror = t := sorry

theorem size_mirror (t : Tree α) : t.mirror.size = t.size := sorry

theorem length_toList (t : Tree α) : t.toList.length = t.size := sorry

theorem toList_mirror (t : Tree α) : t.mirror.toList = t.toList.reverse := sorry

theorem leaf_ne_node (l r : Tree α) (a : α) : leaf ≠ node l a r := sorry

end Tree

inductive Even : Nat → Prop
  | zero : Even 0
  | step {n : Nat} : Even n → Even (n + 2)

theorem even_four : Even 4 := sorry

theorem not_even_one : ¬Even 1 := sorry

theorem not_even_three : ¬Even 3 := sorry

theorem even_add {m n : Nat} (hm : Even m) (hn : Even n) : Even (m + n) := sorry

theorem even_iff_double (n : Nat) : Even n ↔ ∃ k, n = 2 * k := sorry

theorem even_step_inv {n : Nat} (h : Even (n + 2)) : Even n := sorry

inductive Vec (α : Type) : Nat → Type where
  | nil : Vec α 0
  | cons : α → Vec α n → Vec α (n + 1)

def Vec.toList : Vec α n → List α
  | .nil => []
  | .cons a v => a :: v.toList

def Vec.map (f : α → β) : Vec α n → Vec β n
  | .nil => .nil
  | .cons a v => .cons (f a) (v.map f)

theorem vec_length (v : Vec α n) : v.toList.length = n := sorry

theorem vec_map_id (v : Vec α n) : v.map id = v := sorry

theorem vec_zero (v : Vec α 0) : v = .nil := sorry

inductive Color
  | red | green | blue
  deriving DecidableEq

def Color.next : Color → Color
  | red => green
  | green => blue
  | blue => red

theorem color_cycle (c : Color) : c.next.next.next = c := sorry

theorem next_ne (c : Color) : c.next ≠ c := sorry

theorem red_ne_blue : Color.red ≠ Color.blue := sorry

inductive Reach {α : Type} (r : α → α → Prop) (a : α) : α → Prop
  | here : Reach r a a
  | there {b c : α} : Reach r a b → r b c → Reach r a c

theorem reach_trans {α : Type} {r : α → α → Prop} {a b c : α} (h₁ : Reach r a b)
    (h₂ : Reach r b c) : Reach r a c := sorry

theorem reach_one {α : Type} {r : α → α → Prop} {a b : α} (h : r a b) : Reach r a b := sorry

inductive Expr
  | num (n : Nat)
  | plus (a b : Expr)
  | times (a b : Expr)

def Expr.eval : Expr → Nat
  | num n => n
  | plus a b => a.eval + b.eval
  | times a b => a.eval * b.eval

def Expr.fold : Expr → Expr
  | num n => num n
  | plus a b =>
    match a.fold, b.fold with
    | num x, num y => num (x + y)
    | x, y => plus x y
  | times a b =>
    match a.fold, b.fold with
    | num x, num y => num (x * y)
    | x, y => times x y

theorem fold_sound (e : Expr) : e.fold.eval = e.eval := sorry

end Inductives
