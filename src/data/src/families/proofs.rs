//! Pieces of proofs that constructions suggest.

/// Facts, each with its proof, and then `close`. They are called `key`, `key₁`, `key₂`, …
pub(super) fn facts<S: AsRef<str>>(facts: impl IntoIterator<Item = S>, close: &str) -> String {
    const NAMES: [&str; 6] = ["key", "key₁", "key₂", "key₃", "key₄", "key₅"];
    let lines = NAMES.iter().zip(facts).map(|(name, fact)| format!("have {name} {}\n", fact.as_ref()));
    lines.collect::<String>() + close
}

/// A square is not negative.
pub(super) fn square(of: &str) -> String {
    format!(":= Lean.Grind.OrderedRing.sq_nonneg (a := {of})")
}

/// The product of two differences, `above - below`, none of them negative. Of natural numbers: that products keep the order.
pub(super) fn product(kind: &str, [low, high]: [&str; 2], [low_too, high_too]: [&str; 2]) -> String {
    if kind == "Nat" {
        return format!(":= Nat.mul_le_mul (show {low} ≤ {high} by omega) (show {low_too} ≤ {high_too} by omega)");
    }
    let difference = |low: &str, high: &str| {
        let low = if low.contains(' ') { format!("({low})") } else { low.to_owned() };
        if low == "0" { format!("({high})") } else { format!("({high} - {low})") }
    };
    let (left, right) = (difference(low, high), difference(low_too, high_too));
    format!(": 0 ≤ {left} * {right} := Lean.Grind.OrderedRing.mul_nonneg (by grind) (by grind)")
}
