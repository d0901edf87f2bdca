/-! `Fin`, `BitVec`, fixed-width integers, characters and strings. -/

namespace BitsChars

theorem fin_lt (i : Fin 5) : i.val < 5 := i.isLt

theorem fin_ext' {n : Nat} (i j : Fin n) (h : i.val = j.val) : i = j := by
  apply Fin.ext
  exact h

theorem fin_zero_elim (i : Fin 0) : False := i.elim0

theorem fin_one (i : Fin 1) : i = 0 := by omega

theorem fin_wrap : (3 : Fin 4) + 1 = 0 := by decide

theorem fin_mk_val (n k : Nat) (h : k < n) : (Fin.mk k h).val = k := rfl

theorem bv_add_comm (x y : BitVec 16) : x + y = y + x := BitVec.add_comm x y

theorem bv_and_self (x : BitVec 8) : x &&& x = x := by simp

theorem bv_xor_self (x : BitVec 8) : x ^^^ x = 0#8 := by simp

theorem bv_not_not (x : BitVec 8) : ~~~(~~~x) = x := BitVec.not_not

theorem bv_overflow : (255#8) + 1#8 = 0#8 := by decide

theorem bv_toNat_lt (x : BitVec 4) : x.toNat < 16 := x.isLt

theorem u8_overflow : (255 : UInt8) + 1 = 0 := by decide

theorem u8_decide : (200 : UInt8).toNat = 200 := rfl

theorem char_val : 'A'.val = 65 := rfl

theorem char_literal_quote : '"'.toNat = 34 := rfl

theorem char_literal_escape : '\n'.toNat = 10 ∧ '\''.toNat = 39 := ⟨rfl, rfl⟩

theorem string_append : "ab" ++ "cd" = "abcd" := by decide

theorem string_with_comment : "/- not a comment -/".length = 19 := by decide

theorem string_escape : "\"" ≠ "\\" := by decide

theorem raw_string : r#"a "quoted" word"# = "a \"quoted\" word" := by decide

theorem string_gap : "one \
    line" = "one line" := by decide

theorem nat_bits : 0b101 = 5 ∧ 0xff = 255 ∧ 0o17 = 15 := by decide

theorem shift_left (n : Nat) : n <<< 1 = 2 * n := by
  rw [Nat.shiftLeft_eq]
  omega

end BitsChars
