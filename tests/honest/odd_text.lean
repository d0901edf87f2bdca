/-! Odd but valid text: the words a careless filter looks for, in comments, strings and names. -/

namespace OddText

/-- This docstring says sorry, admit, axiom, native_decide and `#exit`. -/
theorem doc_with_words (p : Prop) (h : p) : p := h

theorem comment_sorry (n : Nat) : n + 0 = n := by
  -- sorry, this is easy
  rfl

theorem block_comment_sorry (n : Nat) : 0 + n = n := by
  /- sorry := by sorry
     axiom oops : False -/
  simp

theorem nested_comment (n : Nat) : n = n := by
  /- outer /- inner theorem fake : False := sorry -/ still a comment -/
  rfl

theorem string_sorry : "sorry".length = 5 := by decide

theorem string_axiom : "axiom a : False\nend\n#exit" ≠ "" := by decide

theorem string_failed : "error: failed".length = 13 := by decide

theorem comment_in_string : "-- not a comment" ≠ "" := by decide

theorem string_in_comment : True := by
  -- an unbalanced " in a line comment
  trivial

theorem block_open_in_string : "/-".length = 2 := by decide

theorem block_close_in_string : "-/".length = 2 := by decide

theorem char_quote_then_comment : '"' = '"' := by
  -- '"' above is a character
  rfl

theorem sorry_free (not_sorry : Nat) : not_sorry = not_sorry := rfl

theorem sorryAx_in_name.sorry' (sorryAx' : Prop) (h : sorryAx') : sorryAx' := h

theorem hypothesis_named_axiom' (axiom' «axiom» : Nat) (h : axiom' = «axiom») : «axiom» = axiom' := h.symm

theorem end_of_comment (a b : Nat) (h : a ≤ b) : a < b + 1 := by
  omega -- done -/ not closing anything

theorem dash_dash (n : Int) : n - -0 = n := by
  simp

theorem minus_slash (a : Int) : (-a) / -1 = a := by
  simp

theorem empty_comment (p : Prop) (h : p) : p := by
  /- -/
  exact h

theorem trailing_semicolons (n : Nat) : n = n := by
  skip; skip; rfl

theorem one_line_many (p q : Prop) (hp : p) (hq : q) : p ∧ q := by constructor; exact hp; exact hq

theorem parens_everywhere : (((1 : Nat)) + ((1))) = (((2))) := (by (((rfl))))

theorem proof_by_exact_by (p : Prop) (h : p) : p := by exact by exact by exact h

theorem show_from (n : Nat) : n ≤ n + 2 := show n ≤ n + 2 from by omega

theorem have_chain (a b c : Nat) (h₁ : a ≤ b) (h₂ : b ≤ c) : a ≤ c :=
  have h₃ : a ≤ b := h₁
  have h₄ : b ≤ c := h₂
  Nat.le_trans h₃ h₄

theorem let_in_term : (let x := 2; x * x) = 4 := rfl

theorem let_in_statement : let n := 3; n + n = 6 := rfl

theorem have_in_statement (n : Nat) : have m := n; m = n := by
  intro m
  rfl

theorem match_in_statement (o : Option Nat) : (match o with | none => 0 | some _ => 1) ≤ 1 := by
  split <;> decide

theorem opt_param (n : Nat := 3) : n ≤ n := Nat.le_refl n

theorem auto_param (n : Nat) (h : n ≤ n := by exact Nat.le_refl _) : n = n := by
  exact rfl

theorem shadowed (n : Nat) (n : Nat) : n = n := rfl

theorem unused_and_weird (_ : True) (_ : Nat) : ∃ _ : Nat, True := ⟨0, ⟨⟩⟩

end OddText
