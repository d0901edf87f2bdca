/-! Odd but valid text: the words a careless filter looks for, in comments, strings and names. -/

namespace OddText

/-- This docstring says sorry, admit, axiom, native_decide and `#exit`. -/
theorem doc_with_words (p : Prop) (h : p) : p := sorry

theorem comment_sorry (n : Nat) : n + 0 = n := sorry

theorem block_comment_sorry (n : Nat) : 0 + n = n := sorry

theorem nested_comment (n : Nat) : n = n := sorry

theorem string_sorry : "sorry".length = 5 := sorry

theorem string_axiom : "axiom a : False\nend\n#exit" ≠ "" := sorry

theorem string_failed : "error: failed".length = 13 := sorry

theorem comment_in_string : "-- not a comment" ≠ "" := sorry

theorem string_in_comment : True := sorry

theorem block_open_in_string : "/-".length = 2 := sorry

theorem block_close_in_string : "-/".length = 2 := sorry

theorem char_quote_then_comment : '"' = '"' := sorry

theorem sorry_free (not_sorry : Nat) : not_sorry = not_sorry := sorry

theorem sorryAx_in_name.sorry' (sorryAx' : Prop) (h : sorryAx') : sorryAx' := sorry

theorem hypothesis_named_axiom' (axiom' «axiom» : Nat) (h : axiom' = «axiom») : «axiom» = axiom' := sorry

theorem end_of_comment (a b : Nat) (h : a ≤ b) : a < b + 1 := sorry

theorem dash_dash (n : Int) : n - -0 = n := sorry

theorem minus_slash (a : Int) : (-a) / -1 = a := sorry

theorem empty_comment (p : Prop) (h : p) : p := sorry

theorem trailing_semicolons (n : Nat) : n = n := sorry

theorem one_line_many (p q : Prop) (hp : p) (hq : q) : p ∧ q := sorry

theorem parens_everywhere : (((1 : Nat)) + ((1))) = (((2))) := sorry

theorem proof_by_exact_by (p : Prop) (h : p) : p := sorry

theorem show_from (n : Nat) : n ≤ n + 2 := sorry

theorem have_chain (a b c : Nat) (h₁ : a ≤ b) (h₂ : b ≤ c) : a ≤ c := sorry

theorem let_in_term : (let x := 2; x * x) = 4 := sorry

theorem let_in_statement : let n := 3; n + n = 6 := sorry

theorem have_in_statement (n : Nat) : have m := n; m = n := sorry

theorem match_in_statement (o : Option Nat) : (match o with | none => 0 | some _ => 1) ≤ 1 := sorry

theorem opt_param (n : Nat := 3) : n ≤ n := sorry

theorem auto_param (n : Nat) (h : n ≤ n := by exact Nat.le_refl _) : n = n := sorry

theorem shadowed (n : Nat) (n : Nat) : n = n := sorry

theorem unused_and_weird (_ : True) (_ : Nat) : ∃ _ : Nat, True := sorry

end OddText
