//! Problems as JSON lines, one object each. Every collection has its own names for the same things: [`Fields`] says which.

use super::{Problem, SuiteError, completed, lean};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Where in an object each thing is; dots lead into objects inside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    name: String,
    split: Option<String>,
    informal: Option<String>,
    /// The first of these that is there.
    #[serde(default)]
    topic: Vec<String>,
    /// All of these, one after the other.
    #[serde(default)]
    header: Vec<String>,
    statement: Option<String>,
    /// In place of header and statement: the file that ends in the theorem.
    whole: Option<String>,
}

impl Fields {
    /// Those of this project's own files.
    pub(super) fn own() -> Fields {
        let named = |name: &str| Some(name.to_owned());
        Fields {
            name: "name".to_owned(),
            split: named("split"),
            informal: named("informal"),
            topic: ["topic", "area", "textbook", "tags"].map(str::to_owned).to_vec(),
            header: vec!["header".to_owned()],
            statement: named("statement"),
            whole: None,
        }
    }

    fn problem(&self, object: &Value) -> Result<Problem, String> {
        let text = |field: &str| at(object, field);
        let name = text(&self.name).ok_or_else(|| format!("there is no {:?}", self.name))?.to_owned();
        let headers: Vec<&str> = self.header.iter().filter_map(|field| text(field)).filter(|part| !part.trim().is_empty()).collect();
        let (header, statement) = match (&self.whole, &self.statement) {
            (Some(field), _) => lean::split(text(field).ok_or_else(|| format!("there is no {field:?}"))?)?,
            (None, Some(field)) => {
                let statement = text(field).ok_or_else(|| format!("there is no {field:?}"))?;
                (headers.join("\n\n"), completed(statement))
            }
            (None, None) => return Err("no field is said to hold the statement".to_owned()),
        };
        let words = |text: &str| text.trim().trim_start_matches("/--").trim_end_matches("-/").trim().to_owned();
        Ok(Problem {
            name,
            split: self.split.as_deref().and_then(text).unwrap_or("test").to_owned(),
            topic: self.topic.iter().find_map(|field| text(field)).map(str::to_owned),
            informal: self.informal.as_deref().and_then(text).map(words).filter(|words| !words.is_empty()),
            header,
            statement,
        })
    }
}

/// The text at a field; of a list the first.
fn at<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    let value = field.split('.').try_fold(object, |value, part| value.get(part))?;
    value.as_str().or_else(|| value.get(0)?.as_str())
}

/// The problems of a file of JSON lines.
pub(super) fn read(text: &str, path: &Path, fields: &Fields) -> Result<Vec<Problem>, SuiteError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let problem = serde_json::from_str(line).map_err(|error| error.to_string()).and_then(|object| fields.problem(&object));
            problem.map_err(|reason| SuiteError::Format { place: format!("{}:{}", path.display(), number + 1), reason })
        })
        .collect()
}

/// Problems as a file that [`read`] takes with [`Fields::own`].
pub(super) fn write(problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems {
        let optional = [("topic", &problem.topic), ("informal", &problem.informal)];
        let optional = optional.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
        let required = [("name", &problem.name), ("split", &problem.split), ("header", &problem.header), ("statement", &problem.statement)];
        let object: Map<String, Value> =
            required.into_iter().chain(optional).map(|(key, value)| (key.to_owned(), Value::from(value.as_str()))).collect();
        out += &Value::Object(object).to_string();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let problem = Problem {
            name: "a".into(),
            split: "valid".into(),
            topic: Some("logic".into()),
            informal: Some("One is \"one\".".into()),
            header: "open Nat\n".into(),
            statement: "theorem a : 1 = 1 := by\n  sorry".into(),
        };
        let again = read(&write(std::slice::from_ref(&problem)), Path::new("a.jsonl"), &Fields::own());
        assert_eq!(again.expect("it reads"), [problem]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let text = "{\"name\":\"a\",\"statement\":\"theorem a : 1 = 1 :=\"}\n{\"name\":\"b\"}\n";
        let error = read(text, Path::new("x.jsonl"), &Fields::own()).expect_err("b has no statement");
        assert_eq!(error.to_string(), "x.jsonl:2: there is no \"statement\"");
    }

    #[test]
    fn whole_files_and_nested_fields_are_taken_apart() {
        let fields = Fields {
            whole: Some("text".into()),
            name: "others.name".into(),
            topic: vec!["others.tags".into()],
            statement: None,
            ..Fields::own()
        };
        let text = r#"{"text":"import Mathlib\n\n/-- One. -/\ntheorem b : 1 = 1 := by","others":{"name":"n","tags":["t","u"]}}"#;
        let problems = read(text, Path::new("x.jsonl"), &fields).expect("it reads");
        assert_eq!((problems[0].name.as_str(), problems[0].topic.as_deref()), ("n", Some("t")));
        assert_eq!(problems[0].header, "import Mathlib");
        assert_eq!(problems[0].statement, "theorem b : 1 = 1 := by\n  sorry");
    }
}
