//! Chat templates: the Jinja programs that model folders bring along to lay a conversation out as the model was trained to read it.
//!
//! They are written for Hugging Face's environment, which this rebuilds: blocks take the newline after them and the blanks before them
//! away, strings have Python's methods, `raise_exception`, `strftime_now` and Python's `tojson` are there, loops can be left, maps keep
//! their order, and what is not defined is empty. A template is data from a folder, so it runs on a bounded amount of fuel.

use super::config::{SpecialToken, Templates, TokenizerConfig};
use crate::{Message, ModelError, folder::read};
use minijinja::{
    Environment, Error, ErrorKind, Value,
    syntax::SyntaxConfig,
    value::{Kwargs, Serde},
};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::{io, path::Path};

/// Instructions that a rendering may take; a long conversation takes some thousands.
const FUEL: u64 = 20_000_000;

/// A chat template, ready to use.
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: Option<String>,
    eos: Option<String>,
}

impl ChatTemplate {
    /// The template of a model folder: `chat_template.jinja`, or what `tokenizer_config.json` says, of several the one named `default`.
    /// `None` if there is none, as with models that were never taught to converse.
    ///
    /// # Errors
    ///
    /// A damaged configuration, a template that is no valid Jinja, or several of which none is the default.
    pub fn load(folder: &Path) -> Result<Option<Self>, ModelError> {
        let config = TokenizerConfig::load(folder)?;
        let path = folder.join("chat_template.jinja");
        let source = match (read(&path)?, config.chat_template) {
            (Some(bytes), _) => match String::from_utf8(bytes) {
                Ok(source) => source,
                Err(error) => return Err(ModelError::File { path, detail: format!("this is not text: {error}") }),
            },
            (None, Some(Templates::One(source))) => source,
            (None, Some(Templates::Named(templates))) => {
                let names: Vec<String> = templates.iter().map(|template| template.name.clone()).collect();
                let default = match templates.len() {
                    1 => templates.into_iter().next(),
                    _ => templates.into_iter().find(|template| template.name == "default"),
                };
                match default {
                    Some(template) => template.template,
                    None => {
                        let detail = format!("{} has templates named {names:?} and none is \"default\"", folder.display());
                        return Err(ModelError::Template(detail));
                    }
                }
            }
            (None, None) => return Ok(None),
        };
        let text = |token: Option<SpecialToken>| token.map(|token| token.text().to_owned());
        Self::new(&source, text(config.bos_token), text(config.eos_token)).map(Some)
    }

    /// A template from its text. `bos` and `eos` are what it will know as `bos_token` and `eos_token`.
    ///
    /// # Errors
    ///
    /// The text is no valid Jinja.
    pub fn new(source: &str, bos: Option<String>, eos: Option<String>) -> Result<Self, ModelError> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| ModelError::Template(error.to_string()))?);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        environment.add_filter("tojson", to_json);
        environment
            .add_template_owned("chat", without_generation_marks(source))
            .map_err(|error| ModelError::Template(format!("the template is not valid: {}", chain(&error))))?;
        Ok(ChatTemplate { environment, bos, eos })
    }

    /// The text that the model reads: the conversation with the assistant's turn open. `variables` go to the template, such as
    /// Qwen's `enable_thinking`. The text holds the special tokens that belong there; encode it without adding any.
    ///
    /// # Errors
    ///
    /// The template refuses the conversation (many want users and assistants to take turns), or fails.
    pub fn render(&self, messages: &[Message], variables: &serde_json::Map<String, serde_json::Value>) -> Result<String, ModelError> {
        let fixed = minijinja::context! {
            messages => Value::from(Serde(messages)),
            add_generation_prompt => true,
            bos_token => self.bos.clone().map_or(Value::UNDEFINED, Value::from),
            eos_token => self.eos.clone().map_or(Value::UNDEFINED, Value::from),
        };
        let context = minijinja::context! { ..fixed, ..Value::from(Serde(variables)) };
        let template = self.environment.get_template("chat");
        template.and_then(|template| template.render(context)).map_err(|error| ModelError::Template(chain(&error)))
    }
}

impl std::fmt::Debug for ChatTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatTemplate").field("bos", &self.bos).field("eos", &self.eos).finish_non_exhaustive()
    }
}

/// An error with its causes on one line.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// How a template refuses a conversation.
fn raise_exception(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

/// The local date in the given format: some templates tell the model what day it is.
fn strftime_now(format: String) -> Result<String, Error> {
    jiff::fmt::strtime::format(&format, &jiff::ZonedDateTime::now())
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// A template without the marks around what an assistant says, which tell a trainer what to learn from.
fn without_generation_marks(source: &str) -> String {
    let mut pieces = source.split("{%");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let tag = piece.split("%}").next().unwrap_or_default();
        let instead = match tag.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '+') {
            "generation" => piece.replacen("generation", "if true", 1),
            "endgeneration" => piece.replacen("endgeneration", "endif", 1),
            _ => piece.to_owned(),
        };
        plain = plain + "{%" + &instead;
    }
    plain
}

/// Python's `json.dumps` as Hugging Face calls it: what is not ASCII stays as it is. With `indent`, each item has a line of its own.
fn to_json(value: Value, kwargs: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = kwargs.get("indent")?;
    let separators: Option<Vec<String>> = kwargs.get("separators")?;
    let ascii: Option<bool> = kwargs.get("ensure_ascii")?;
    kwargs.assert_all_used()?;
    let failed = |detail: String| Error::new(ErrorKind::InvalidOperation, detail);
    if ascii == Some(true) || indent.is_some() && separators.is_some() {
        return Err(failed("tojson is supported without ensure_ascii, and with indent or separators but not both".to_owned()));
    }
    let mut bytes = Vec::new();
    match indent {
        None => {
            let [item, key] = separators.map_or(Ok([", ".to_owned(), ": ".to_owned()]), |given| {
                given.try_into().map_err(|_| failed("tojson takes two separators: between items, and after a key".to_owned()))
            })?;
            value.serialize(&mut Serializer::with_formatter(&mut bytes, OneLine { item, key }))
        }
        Some(width) => {
            let indent = " ".repeat(width.min(16));
            value.serialize(&mut Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(indent.as_bytes())))
        }
    }
    .map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// JSON on one line, with these separators between items and after a key.
struct OneLine {
    item: String,
    key: String,
}

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(self.item.as_bytes()) }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.begin_array_value(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(self.key.as_bytes())
    }
}
