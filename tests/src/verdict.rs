//! Verdicts in the words that programs see.

use prove_core::Verdict;
use prove_lean::{Certificate, Judged};

/// `proved`, `timeout`, `fault`, or the kind of the rejection.
pub fn word(verdict: &Verdict<Certificate>) -> String {
    match verdict {
        Verdict::Proved(_) => "proved".into(),
        Verdict::Timeout => "timeout".into(),
        Verdict::Fault(_) => "fault".into(),
        Verdict::Rejected(rejection) => match serde_json::to_value(rejection.kind) {
            Ok(serde_json::Value::String(kind)) => kind,
            other => unreachable!("a kind is a string: {other:?}"),
        },
    }
}

/// What the judge has to say beyond the word.
pub fn message(verdict: &Verdict<Certificate>) -> &str {
    match verdict {
        Verdict::Proved(_) | Verdict::Timeout => "",
        Verdict::Fault(fault) => &fault.message,
        Verdict::Rejected(rejection) => &rejection.message,
    }
}

/// The verdict on one of the declarations judged; `no_verdict` if it is not among them.
pub fn on(judged: &[Judged], name: &str) -> (String, String) {
    match judged.iter().find(|judged| judged.name == name) {
        Some(judged) => (word(&judged.verdict), message(&judged.verdict).to_owned()),
        None => {
            let names: Vec<&str> = judged.iter().map(|judged| judged.name.as_str()).collect();
            ("no_verdict".into(), format!("there are verdicts on {}", names.join(", ")))
        }
    }
}
