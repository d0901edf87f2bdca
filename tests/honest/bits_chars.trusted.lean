/-! `Fin`, `BitVec`, fixed-width integers, characters and strings. -/

namespace BitsChars

theorem fin_lt (i : Fin 5) : i.val < 5 := sorry

theorem fin_ext' {n : Nat} (i j : Fin n) (h : i.val = j.val) : i = j := sorry

theorem fin_zero_elim (i : Fin 0) : False := sorry

theorem fin_one (i : Fin 1) : i = 0 := sorry

theorem fin_wrap : (3 : Fin 4) + 1 = 0 := sorry

theorem fin_mk_val (n k : Nat) (h : k < n) : (Fin.mk k h).val = k := sorry

theorem bv_add_comm (x y : BitVec 16) : x + y = y + x := sorry

theorem bv_and_self (x : BitVec 8) : x &&& x = x := sorry

theorem bv_xor_self (x : BitVec 8) : x ^^^ x = 0#8 := sorry

theorem bv_not_not (x : BitVec 8) : ~~~(~~~x) = x := sorry

theorem bv_overflow : (255#8) + 1#8 = 0#8 := sorry

theorem bv_toNat_lt (x : BitVec 4) : x.toNat < 16 := sorry

theorem u8_overflow : (255 : UInt8) + 1 = 0 := sorry

theorem u8_decide : (200 : UInt8).toNat = 200 := sorry

theorem char_val : 'A'.val = 65 := sorry

theorem char_literal_quote : '"'.toNat = 34 := sorry

theorem char_literal_escape : '\n'.toNat = 10 ∧ '\''.toNat = 39 := sorry

theorem string_append : "ab" ++ "cd" = "abcd" := sorry

theorem string_with_comment : "/- not a comment -/".length = 19 := sorry

theorem string_escape : "\"" ≠ "\\" := sorry

theorem raw_string : r#"a "quoted" word"# = "a \"quoted\" word" := sorry

theorem string_gap : "one \
    line" = "one line" := sorry

theorem nat_bits : 0b101 = 5 ∧ 0xff = 255 ∧ 0o17 = 15 := sorry

theorem shift_left (n : Nat) : n <<< 1 = 2 * n := sorry

end BitsChars
