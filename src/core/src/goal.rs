//! Goals as a prover sees them.

use serde::{Deserialize, Serialize};

/// One hypothesis line of a goal: names that share a type, and a value for `let` variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hypothesis {
    /// The names, as printed (`h`, `x✝`).
    pub names: Vec<String>,
    /// The type, as printed.
    pub kind: String,
    /// The value of a `let` variable, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One goal: hypotheses, and what is to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Goal {
    /// The case tag (`inl`, `succ`), if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Hypotheses in order.
    pub hypotheses: Vec<Hypothesis>,
    /// The type after `⊢`.
    pub target: String,
}

/// The open goals at one point of a proof; none means that nothing is left there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProofState {
    /// The open goals, main goal first.
    pub goals: Vec<Goal>,
}

impl ProofState {
    /// Whether no goal is open.
    pub fn is_done(&self) -> bool {
        self.goals.is_empty()
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(case) = &self.case {
            writeln!(f, "case {case}")?;
        }
        for h in &self.hypotheses {
            write!(f, "{} : {}", h.names.join(" "), h.kind)?;
            if let Some(value) = &h.value {
                write!(f, " := {value}")?;
            }
            writeln!(f)?;
        }
        write!(f, "⊢ {}", self.target)
    }
}

impl std::fmt::Display for ProofState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.goals.is_empty() {
            return f.write_str("no goals");
        }
        for (i, goal) in self.goals.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{goal}")?;
        }
        Ok(())
    }
}
