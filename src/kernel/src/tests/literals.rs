//! Literals of `Nat` and `String`.

use super::{World, refused};
use crate::error::Refusal;

#[test]
fn literals_need_their_types() {
    let mut w = World::empty();
    assert_eq!(refused(w.has_type("Prop", "Type 0").and_then(|()| w.has_type("3", "Prop"))), Refusal::UnknownConstant("Nat".to_owned()));
    assert_eq!(refused(w.has_type("\"a\"", "Prop")), Refusal::UnknownConstant("String".to_owned()));
}

#[test]
fn literals_are_built_from_constructors() {
    let mut w = World::new();
    assert!(w.equal("0", "Nat.zero"));
    assert!(w.equal("3", "Nat.succ (Nat.succ (Nat.succ Nat.zero))"));
    assert!(w.equal("Nat.succ 4", "5"));
    assert!(!w.equal("3", "4"));
    assert!(!w.equal("Nat.succ 4", "4"));
    w.assume("n", "Nat");
    assert!(!w.equal("Nat.succ n", "0"));
    assert!(
        w.equal("\"ab\"", "String.ofList (List.cons.{0} Char (Char.ofNat 97) (List.cons.{0} Char (Char.ofNat 98) (List.nil.{0} Char)))")
    );
    assert!(!w.equal("\"ab\"", "\"ba\""));
    assert!(!w.equal("\"a\"", "String.ofList (List.nil.{0} Char)"));
    w.has_type("proj String 0 \"é\"", "List.{0} Char").unwrap();
    assert!(w.equal("proj String 0 \"é\"", "List.cons.{0} Char (Char.ofNat 233) (List.nil.{0} Char)"));
}

#[test]
fn big_numbers_are_computed_and_not_counted_down() {
    let mut w = World::new();
    let big = "123456789012345678901234567890";
    assert!(w.equal(&format!("Nat.add {big} 1"), "123456789012345678901234567891"));
    assert!(w.equal(&format!("Nat.mul {big} 10"), &format!("{big}0")));
    assert!(!w.equal(&format!("Nat.add {big} 1"), big));
    assert!(w.equal(&format!("Nat.succ {big}"), "123456789012345678901234567891"));
}

#[test]
fn computed_arithmetic_agrees_with_unfolding() {
    let mut w = World::new();
    for (a, b) in [(0, 0), (0, 3), (3, 0), (2, 5), (7, 7)] {
        for op in ["add", "mul"] {
            assert!(w.equal(&format!("Nat.{op} {a} {b}"), &format!("Slow.{op} {a} {b}")));
            assert!(!w.equal(&format!("Nat.{op} {a} {b}"), &format!("Nat.succ (Slow.{op} {a} {b})")));
        }
    }
}

#[test]
fn every_operation_computes() {
    let mut w = World::new();
    let binary = "Nat → Nat → Nat";
    for name in ["sub", "div", "mod", "gcd", "pow", "land", "lor", "xor", "shiftLeft", "shiftRight"] {
        w.assume(&format!("Nat.{name}"), binary);
    }
    w.assume("Nat.log2", "Nat → Nat");
    w.assume("Nat.beq", "Nat → Nat → Bool");
    w.assume("Nat.ble", "Nat → Nat → Bool");
    let cases = [
        ("Nat.sub 7 3", "4"),
        ("Nat.sub 3 7", "0"),
        ("Nat.div 17 5", "3"),
        ("Nat.div 17 0", "0"),
        ("Nat.mod 17 5", "2"),
        ("Nat.mod 17 0", "17"),
        ("Nat.gcd 12 18", "6"),
        ("Nat.gcd 0 5", "5"),
        ("Nat.pow 2 10", "1024"),
        ("Nat.pow 0 0", "1"),
        ("Nat.land 12 10", "8"),
        ("Nat.lor 12 10", "14"),
        ("Nat.xor 12 10", "6"),
        ("Nat.shiftLeft 3 4", "48"),
        ("Nat.shiftRight 48 4", "3"),
        ("Nat.log2 0", "0"),
        ("Nat.log2 1", "0"),
        ("Nat.log2 1023", "9"),
        ("Nat.log2 1024", "10"),
        ("Nat.beq 3 3", "Bool.true"),
        ("Nat.beq 3 4", "Bool.false"),
        ("Nat.ble 3 3", "Bool.true"),
        ("Nat.ble 4 3", "Bool.false"),
    ];
    for (term, result) in cases {
        assert!(w.equal(term, result), "{term} is not {result}");
    }
    // Too large to compute: not an answer, not a crash.
    assert!(!w.equal("Nat.pow 2 99999999999", "0"));
    assert!(!w.equal("Nat.shiftLeft 1 99999999999999999999", "0"));
    assert!(w.equal("Nat.shiftRight 1 99999999999999999999", "0"));
}
