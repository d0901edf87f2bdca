//! Tokens of Lean text.

use prove_syntax::{LexErrorKind, TokenKind, lex};

/// The tokens other than white space, as `Kind text`.
fn tokens(text: &str) -> Vec<String> {
    lex(text).tokens.iter().filter(|t| t.kind != TokenKind::Whitespace).map(|t| format!("{:?} {}", t.kind, &text[t.range()])).collect()
}

fn errors(text: &str) -> Vec<(LexErrorKind, usize)> {
    lex(text).errors.iter().map(|e| (e.kind, e.at)).collect()
}

#[test]
fn identifiers_follow_lean_not_unicode() {
    assert_eq!(
        tokens("Nat.succ x' h₁ «a b».c _root_.x simp?"),
        ["Ident Nat.succ", "Ident x'", "Ident h₁", "Ident «a b».c", "Ident _root_.x", "Ident simp?"]
    );
    assert_eq!(
        tokens("λx Πy Σz αβ ℕ 𝔸 é"),
        ["Symbol λ", "Ident x", "Symbol Π", "Ident y", "Symbol Σ", "Ident z", "Ident αβ", "Ident ℕ", "Ident 𝔸", "Ident é"]
    );
    assert_eq!(
        tokens("x.1.2.foo h.1"),
        ["Ident x", "Symbol .", "Number 1", "Symbol .", "Number 2", "Symbol .", "Ident foo", "Ident h", "Symbol .", "Number 1"]
    );
}

#[test]
fn comments_nest_and_hide_words() {
    assert_eq!(
        tokens("a -- sorry\nb /- x /- sorry -/ y -/ c /-- doc -/ /-! mod -/"),
        [
            "Ident a",
            "LineComment -- sorry",
            "Ident b",
            "BlockComment /- x /- sorry -/ y -/",
            "Ident c",
            "DocComment /-- doc -/",
            "ModuleDoc /-! mod -/"
        ]
    );
    assert_eq!(errors("x /- a /- b -/"), [(LexErrorKind::UnterminatedComment, 2)]);
    assert_eq!(tokens("a -- c\r\nb"), ["Ident a", "LineComment -- c", "Ident b"]);
}

#[test]
fn strings_of_every_kind() {
    assert_eq!(
        tokens(
            r##""a\"b" r"\" r#"x"y"# "gap\
        end""##
        ),
        [r#"Str "a\"b""#, r#"RawStr r"\""#, r##"RawStr r#"x"y"#"##, "Str \"gap\\\n        end\""]
    );
    assert_eq!(
        tokens(r#"s!"a {f "}" {x := 1}} b\{c" m!"none""#),
        [
            r#"StrOpen s!"a {"#,
            "Ident f",
            r#"Str "}""#,
            "Symbol {",
            "Ident x",
            "Symbol :=",
            "Number 1",
            "Symbol }",
            r#"StrClose } b\{c""#,
            r#"Str m!"none""#
        ]
    );
    assert_eq!(
        tokens(r#"s!"{a}{s!"{b}"}""#),
        [r#"StrOpen s!"{"#, "Ident a", "StrMiddle }{", r#"StrOpen s!"{"#, "Ident b", r#"StrClose }""#, r#"StrClose }""#]
    );
    assert_eq!(errors("f \"abc"), [(LexErrorKind::UnterminatedString, 2)]);
    assert_eq!(errors("f r#\"abc\" "), [(LexErrorKind::UnterminatedRawString, 2)]);
    assert_eq!(errors("s!\"a {x"), [(LexErrorKind::UnterminatedString, 0)]);
    assert_eq!(
        errors(
            r#""a\qb" "\
            
            x""#
        )
        .len(),
        2
    );
}

#[test]
fn quotes_are_characters_or_symbols() {
    assert_eq!(tokens(r"'a' '\n' '\'' '\x41' f'"), ["Char 'a'", r"Char '\n'", r"Char '\''", r"Char '\x41'", "Ident f'"]);
    assert_eq!(tokens("f '' s ⁻¹' t"), ["Ident f", "Symbol ''", "Ident s", "Symbol ⁻¹'", "Ident t"]);
}

#[test]
fn numerals() {
    assert_eq!(
        tokens("1.5e-3 0xFF 0b101 12 1...n 2^3"),
        [
            "Number 1.5e-3",
            "Number 0xFF",
            "Number 0b101",
            "Number 12",
            "Number 1",
            "Symbol ...",
            "Ident n",
            "Number 2",
            "Symbol ^",
            "Number 3"
        ]
    );
}

#[test]
fn names_and_escapes() {
    assert_eq!(tokens("`foo.bar `(x) ``Nat"), ["NameLit `foo.bar", "Symbol `(", "Ident x", "Symbol )", "Symbol ``", "Ident Nat"]);
    assert_eq!(errors("a «b"), [(LexErrorKind::UnterminatedIdent, 2)]);
}
