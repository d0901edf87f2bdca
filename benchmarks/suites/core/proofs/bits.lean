/-! Truth values, binary numerals and words of bits. -/

/-- The number that bits say, the lowest first. -/
def value : List Bool → Nat
  | [] => 0
  | b :: bs => b.toNat + 2 * value bs

/-- The numeral of the next number. -/
def next : List Bool → List Bool
  | [] => [true]
  | false :: bs => true :: bs
  | true :: bs => false :: next bs

/-- Whether an odd number of them is true. -/
def parity : List Bool → Bool
  | [] => false
  | b :: bs => b ^^ parity bs

/-- What two of three say. -/
def majority (a b c : Bool) : Bool := (a && b) || (b && c) || (a && c)

/-- Adds two numerals and a carry, bit by bit. -/
def addBits : Bool → List Bool → List Bool → List Bool
  | c, a :: as, b :: bs => (a ^^ b ^^ c) :: addBits (majority a b c) as bs
  | c, [], bs => if c then next bs else bs
  | c, as, [] => if c then next as else as

/-- The full adder adds. -/
theorem full_adder (a b c : Bool) : (a ^^ b ^^ c).toNat + 2 * (majority a b c).toNat = a.toNat + b.toNat + c.toNat := by
  cases a <;> cases b <;> cases c <;> rfl

/-- A majority of opposites is the opposite of the majority. -/
theorem majority_is_self_dual (a b c : Bool) : majority (!a) (!b) (!c) = !majority a b c := by
  cases a <;> cases b <;> cases c <;> rfl

/-- The next numeral says the next number. -/
theorem value_next (bs : List Bool) : value (next bs) = value bs + 1 := by
  induction bs with
  | nil => rfl
  | cons b bs ih => cases b <;> simp [next, value, ih] <;> omega

/-- A numeral says less than the power of two of its length. -/
theorem value_lt (bs : List Bool) : value bs < 2 ^ bs.length := by
  induction bs with
  | nil => decide
  | cons b bs ih => cases b <;> simp [value, Nat.pow_succ] <;> omega

/-- Two numerals, one after the other. -/
theorem value_append (as bs : List Bool) : value (as ++ bs) = value as + 2 ^ as.length * value bs := by
  induction as with
  | nil => simp [value]
  | cons a as ih => simp only [List.cons_append, value, ih, List.length_cons, Nat.pow_succ]; grind

/-- A numeral and the one of the opposite bits together are all ones. -/
theorem value_of_opposite (bs : List Bool) : value (bs.map (!·)) + value bs + 1 = 2 ^ bs.length := by
  induction bs with
  | nil => rfl
  | cons b bs ih => cases b <;> simp [value, Nat.pow_succ] <;> omega

/-- Addition bit by bit adds. -/
theorem value_addBits (c : Bool) (as bs : List Bool) : value (addBits c as bs) = value as + value bs + c.toNat := by
  have succ : ∀ bs, value (next bs) = value bs + 1 := by
    intro bs
    induction bs with
    | nil => rfl
    | cons b bs ih => cases b <;> simp [next, value, ih] <;> omega
  induction as generalizing c bs with
  | nil => cases c <;> simp [addBits, value, succ]
  | cons a as ih =>
    cases bs with
    | nil => cases c <;> simp [addBits, value, succ]
    | cons b bs =>
      simp only [addBits, value, ih]
      cases a <;> cases b <;> cases c <;> simp [majority] <;> omega

/-- The parity of two lists together. -/
theorem parity_append (as bs : List Bool) : parity (as ++ bs) = (parity as ^^ parity bs) := by
  induction as with
  | nil => simp [parity]
  | cons a as ih => simp [parity, ih]

/-- Parity tells whether the number of true ones is odd. -/
theorem parity_is_count_mod_two (bs : List Bool) : (parity bs).toNat = bs.count true % 2 := by
  induction bs with
  | nil => rfl
  | cons b bs ih =>
    cases b
    · simpa [parity] using ih
    · cases h : parity bs <;> simp [parity, h] at ih ⊢ <;> omega

/-- Two words whose difference bit by bit is nothing are one. -/
theorem xor_eq_zero_iff_eq (a b : Nat) : a ^^^ b = 0 ↔ a = b := by
  constructor
  · intro h
    have : a ^^^ b ^^^ b = b := by rw [h, Nat.zero_xor]
    rwa [Nat.xor_assoc, Nat.xor_self, Nat.xor_zero] at this
  · intro h
    rw [h, Nat.xor_self]

/-- Two words change places without a third. -/
theorem xor_swap (a b : Nat) : let x := a ^^^ b; let y := x ^^^ b; y = a ∧ x ^^^ y = b := by
  intro x y
  have hy : y = a := by
    show a ^^^ b ^^^ b = a
    rw [Nat.xor_assoc, Nat.xor_self, Nat.xor_zero]
  refine ⟨hy, ?_⟩
  rw [hy]
  show a ^^^ b ^^^ a = b
  rw [Nat.xor_comm a b, Nat.xor_assoc, Nat.xor_self, Nat.xor_zero]

/-- Subtraction of words by complement. -/
theorem word_subtraction {w : Nat} (x y : BitVec w) : x - y = x + ~~~y + 1#w := by
  rw [BitVec.sub_eq_add_neg, BitVec.neg_eq_not_add, BitVec.add_assoc]

/-- Shifting to the left multiplies, and back. -/
theorem shift_there_and_back (n k : Nat) : (n <<< k) >>> k = n := by
  rw [Nat.shiftLeft_eq, Nat.shiftRight_eq_div_pow]
  exact Nat.mul_div_cancel _ (Nat.two_pow_pos k)
