//! Which actions a place of a text offers.
//!
//! At a `sorry`, or in a declaration that has one, it can be proved or taken apart; at an error inside a proof the proof can be repaired; a
//! proof by tactics with neither can be made shorter.

use crate::text::position_at;
use prove_syntax::{BodyForm, Declaration, Outline, Source, find_sorries};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::Range;

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A proof of a `sorry`.
    Prove,
    /// The same with more time.
    ProveLonger,
    /// A `sorry` taken apart into subgoals.
    Sketch,
    /// A failing proof mended.
    Repair,
    /// A proof made shorter.
    Shorten,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 5] = [Action::Prove, Action::ProveLonger, Action::Sketch, Action::Repair, Action::Shorten];

    /// The command of `workspace/executeCommand`.
    pub fn command(self) -> &'static str {
        match self {
            Action::Prove => "prove.prove",
            Action::ProveLonger => "prove.proveLonger",
            Action::Sketch => "prove.sketch",
            Action::Repair => "prove.repair",
            Action::Shorten => "prove.shorten",
        }
    }

    /// The action of a command.
    pub fn of_command(command: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.command() == command)
    }

    /// How people see it.
    pub fn title(self) -> &'static str {
        match self {
            Action::Prove => "Prove",
            Action::ProveLonger => "Prove with more time",
            Action::Sketch => "Sketch subgoals",
            Action::Repair => "Repair this proof",
            Action::Shorten => "Shorten this proof",
        }
    }

    /// The protocol's kind of code action.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Action::Prove | Action::ProveLonger | Action::Repair => "quickfix",
            Action::Sketch | Action::Shorten => "refactor.rewrite",
        }
    }
}

/// Where an action works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// The `sorry` that begins at this byte.
    Sorry(usize),
    /// The proof around this byte.
    Proof(usize),
}

/// The actions of a document's range, as the protocol's code actions. `errors` are the bytes of Lean's errors, `only` the kinds that are
/// wanted, if not all.
pub(crate) fn offers(uri: &str, text: &str, range: &Range<usize>, errors: &[Range<usize>], only: Option<&[String]>) -> Vec<Value> {
    let source = Source::new(text);
    let outline = Outline::new(&source);
    let mut found: Vec<(Action, usize)> = Vec::new();
    let sorries = sorries_at(&source, &outline, range);
    for at in &sorries {
        found.extend([Action::Prove, Action::ProveLonger, Action::Sketch].map(|action| (action, *at)));
    }
    if let Some(declaration) = proof_at(&outline, range.start) {
        let inside = |error: &&Range<usize>| touches(error, &declaration.range);
        // The first error is where the repair begins, wherever the cursor is in the proof.
        match errors.iter().filter(inside).min_by_key(|error| error.start) {
            Some(_) if touches(&declaration.range, range) => found.push((Action::Repair, declaration.range.start)),
            None if find_sorries(&source, &outline).iter().all(|s| !declaration.range.contains(&s.range.start))
                && by_tactics(text, declaration) =>
            {
                found.push((Action::Shorten, declaration.range.start));
            }
            _ => {}
        }
    }
    let wanted = |action: Action| {
        only.is_none_or(|kinds| {
            kinds.iter().any(|kind| kind.is_empty() || action.kind() == kind || action.kind().starts_with(&format!("{kind}.")))
        })
    };
    let several = sorries.len() > 1;
    found.retain(|(action, _)| wanted(*action));
    found.into_iter().map(|(action, at)| code_action(uri, text, action, at, several)).collect()
}

fn code_action(uri: &str, text: &str, action: Action, at: usize, several: bool) -> Value {
    let position = position_at(text, at);
    let title = match several && !matches!(action, Action::Repair | Action::Shorten) {
        true => format!("{} ({}:{})", action.title(), position.line + 1, position.character + 1),
        false => action.title().to_owned(),
    };
    json!({
        "title": title,
        "kind": action.kind(),
        "isPreferred": action == Action::Prove && !several,
        "command": {"title": title, "command": action.command(), "arguments": [{"uri": uri, "position": position}]},
        // Tells them from Lean's own when the editor asks for more about one.
        "data": {"prove": action.command()},
    })
}

/// What a command works on at a byte of a text: the `sorry` there, or the proof around it.
pub(crate) fn site(text: &str, action: Action, at: usize) -> Option<Site> {
    let source = Source::new(text);
    let outline = Outline::new(&source);
    match action {
        Action::Prove | Action::ProveLonger | Action::Sketch => {
            sorries_at(&source, &outline, &(at..at)).into_iter().next().map(Site::Sorry)
        }
        Action::Repair | Action::Shorten => proof_at(&outline, at).map(|declaration| Site::Proof(declaration.range.start)),
    }
}

/// The declaration around a byte, together with everything that is before it: what a verdict on it rests on. Two texts that begin
/// with the same such part have the same verdict.
pub(crate) fn context(text: &str, at: usize) -> &str {
    let outline = Outline::new(&Source::new(text));
    let end = outline.commands.iter().find(|c| c.range.start <= at && at <= c.range.end).map_or(text.len(), |c| c.range.end);
    &text[..end]
}

/// Where the `sorry`s that a range is about begin: those it touches, else those on its lines, else the first one of its declaration.
fn sorries_at(source: &Source<'_>, outline: &Outline, range: &Range<usize>) -> Vec<usize> {
    let sorries = find_sorries(source, outline);
    let starts = |keep: &dyn Fn(&Range<usize>) -> bool| -> Vec<usize> {
        sorries.iter().map(|s| &s.range).filter(|r| keep(r)).map(|r| r.start).collect()
    };
    let touched = starts(&|sorry| touches(sorry, range));
    if !touched.is_empty() {
        return touched;
    }
    let text = source.text();
    let first = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let last = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    let on_lines = starts(&|sorry| touches(sorry, &(first..last)));
    if !on_lines.is_empty() {
        return on_lines;
    }
    let declaration = outline.declarations.iter().find(|d| touches(&d.range, range));
    declaration.map_or_else(Vec::new, |d| starts(&|sorry| d.range.contains(&sorry.start)).into_iter().take(1).collect())
}

/// The declaration around a byte, if its body is a value that can be searched for.
fn proof_at(outline: &Outline, at: usize) -> Option<&Declaration> {
    let declaration = outline.declarations.iter().find(|d| d.range.start <= at && at <= d.range.end)?;
    matches!(declaration.body, Some((BodyForm::Value, _))).then_some(declaration)
}

fn by_tactics(text: &str, declaration: &Declaration) -> bool {
    let body = declaration.body.as_ref().map_or("", |(_, body)| &text[body.clone()]);
    body.strip_prefix("by").is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "theorem 𝔸 : p ∧ q := by\n  constructor\n  · sorry\n  · sorry\n\ntheorem b : q := by\n  simp\n";

    fn titles(at: &str, errors: &[&str], only: Option<&[String]>) -> Vec<String> {
        let byte = TEXT.find(at).expect("it is there");
        let bytes = |text: &&str| TEXT.find(text).map(|at| at..at + text.len()).expect("it is there");
        let errors: Vec<_> = errors.iter().map(bytes).collect();
        offers("file:///a.lean", TEXT, &(byte..byte), &errors, only)
            .iter()
            .map(|o| o["title"].as_str().expect("a title").to_owned())
            .collect()
    }

    #[test]
    fn a_sorry_is_proved_from_where_it_is_and_from_its_declaration() {
        let of_a_sorry = ["Prove", "Prove with more time", "Sketch subgoals"];
        assert_eq!(titles("sorry", &[], None), of_a_sorry);
        assert_eq!(titles("· sorry", &[], None), of_a_sorry);
        assert_eq!(titles("constructor", &[], None), of_a_sorry);
        assert_eq!(titles("sorry", &[], Some(&["refactor".to_owned()])), ["Sketch subgoals"]);
        let offered = offers("file:///a.lean", TEXT, &(0..TEXT.len()), &[], None);
        assert_eq!(offered[3]["title"], "Prove (4:5)");
        assert_eq!(offered[0]["command"]["arguments"][0]["position"], json!({"line": 2, "character": 4}));
    }

    #[test]
    fn a_failing_proof_is_repaired_and_a_good_one_shortened() {
        assert_eq!(titles("simp", &["simp"], None), ["Repair this proof"]);
        assert_eq!(titles("simp", &[], None), ["Shorten this proof"]);
        assert_eq!(titles("\ntheorem b", &[], None), [""; 0], "a line between declarations");
    }

    #[test]
    fn a_command_finds_its_site_in_the_text_as_it_is() {
        let second = TEXT.rfind("sorry").expect("it is there");
        assert_eq!(site(TEXT, Action::Prove, second), Some(Site::Sorry(second)));
        assert_eq!(site(TEXT, Action::Repair, TEXT.len() - 3), Some(Site::Proof(TEXT.find("theorem b").expect("it is there"))));
        assert_eq!(site("-- nothing", Action::Prove, 3), None);
        assert_eq!(context(TEXT, second), TEXT.split("\n\ntheorem b").next().expect("a part"));
    }
}
