//! The order of universe levels.

use super::World;
use crate::term::{ExprNode, Level, LevelNode, Terms};
use proptest::prelude::*;

fn le(a: &str, b: &str) -> bool {
    let mut w = World::empty();
    let (a, b) = (w.term(&format!("Sort ({a})")), w.term(&format!("Sort ({b})")));
    let (ExprNode::Sort(a), ExprNode::Sort(b)) = (w.env.terms.expr(a), w.env.terms.expr(b)) else { unreachable!() };
    w.env.terms.level_le(a, b)
}

#[test]
fn the_order_on_written_levels() {
    assert!(le("u", "max u v"));
    assert!(le("max u v", "max v u"));
    assert!(le("imax u v", "max u v"));
    assert!(!le("max u v", "imax u v"));
    assert!(le("imax u 0", "0"));
    assert!(le("imax u (v+1)", "max u (v+1)"));
    assert!(le("max u (v+1)", "imax u (v+1)"));
    assert!(le("imax u u", "u") && le("u", "imax u u"));
    assert!(!le("u+1", "u"));
    assert!(!le("1", "u"));
    assert!(!le("u", "v"));
    assert!(le("imax u (max v w)", "max (imax u v) (imax u w)"));
    assert!(le("imax u (imax v w)", "imax (max u v) w"));
    assert!(!le("(imax 0 v)+1", "imax 0 v"), "an offset above imax is not lost");
}

/// The value of a level, parameters `a b c` being given.
fn value(terms: &Terms, level: Level, given: [u64; 3]) -> u64 {
    match terms.level(level) {
        LevelNode::Zero => 0,
        LevelNode::Succ(a) => value(terms, a, given) + 1,
        LevelNode::Max(a, b) => value(terms, a, given).max(value(terms, b, given)),
        LevelNode::IMax(a, b) => match value(terms, b, given) {
            0 => 0,
            b => b.max(value(terms, a, given)),
        },
        LevelNode::Param(name) => given["abc".find(&terms.name_text(name)).expect("a parameter")],
    }
}

fn level_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("0".to_owned()), Just("1".to_owned()), "[abc]"];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(max {a} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(imax {a} {b})")),
            inner.prop_map(|a| format!("({a}+1)")),
        ]
    })
}

proptest! {
    /// Every order between generated levels is seen on assignments of 0 to 3.
    #[test]
    fn the_order_is_the_pointwise_one(a in level_text(), b in level_text()) {
        let mut w = World::empty();
        let (a, b) = (w.term(&format!("Sort {a}")), w.term(&format!("Sort {b}")));
        let (ExprNode::Sort(a), ExprNode::Sort(b)) = (w.env.terms.expr(a), w.env.terms.expr(b)) else { unreachable!() };
        let terms = &w.env.terms;
        let bound = 8;
        let pointwise = (0..bound * bound * bound).all(|i| {
            let given = [i % bound, i / bound % bound, i / bound / bound];
            value(terms, a, given) <= value(terms, b, given)
        });
        prop_assert_eq!(terms.level_le(a, b), pointwise);
    }
}
