//! `JSON.stringify`, and values from JSON.

use std::fmt::Write as _;
use std::rc::Rc;

use super::convert::{MAX_TEXT, to_text, too_deep, too_long};
use super::{Record, Value, number};
use crate::template::failure::Failure;

const MAX_DEPTH: usize = 200;

/// `JSON.stringify(value, null, indent)`; undefined where it gives undefined.
pub(crate) fn stringify(value: &Value, indent: &str) -> Result<Option<String>, Failure> {
    let mut writer = Writer {
        out: String::new(),
        indent,
        path: Vec::new(),
    };
    Ok(writer.value(value)?.then_some(writer.out))
}

/// The `space` argument of `JSON.stringify` as an indentation.
pub(crate) fn indentation(space: &Value) -> String {
    match space {
        Value::Number(count) => " ".repeat(number::to_size(*count).min(10)),
        Value::Str(text) => super::text::slice(text, 0, 10),
        _ => String::new(),
    }
}

struct Writer<'a> {
    out: String,
    indent: &'a str,
    /// The containers around the current value, outermost first.
    path: Vec<usize>,
}

impl Writer<'_> {
    /// Writes a value; false, and nothing written, if JSON has no form for it.
    fn value(&mut self, value: &Value) -> Result<bool, Failure> {
        if self.out.len() > MAX_TEXT {
            return Err(too_long());
        }
        match value {
            Value::Undefined | Value::Function(_) => return Ok(false),
            Value::Bool(_) => self.out.push_str(&to_text(value)?),
            Value::Number(number) if number.is_finite() => {
                self.out.push_str(&number::print(*number));
            }
            Value::Null | Value::Number(_) => self.out.push_str("null"),
            Value::Str(text) => quote(&mut self.out, text),
            Value::Safe(text) => {
                // an object of Nunjucks with these two fields
                let length = Value::count(super::text::length(text));
                let fields = [("val", Value::Str(Rc::clone(text))), ("length", length)];
                self.path.push(0);
                self.fields(fields.map(|(key, value)| (key.into(), value)).into())?;
                self.path.pop();
            }
            Value::Regex(_) => self.out.push_str("{}"),
            Value::Array(array) => {
                self.enter(array.address())?;
                self.items(&array.to_vec())?;
                self.path.pop();
            }
            Value::Record(record) => {
                self.enter(record.address())?;
                self.fields(record.entries())?;
                self.path.pop();
            }
        }
        Ok(true)
    }

    fn enter(&mut self, address: usize) -> Result<(), Failure> {
        if self.path.contains(&address) {
            return Err(Failure::type_error(
                "a value that contains itself cannot be written as JSON",
            ));
        }
        if self.path.len() > MAX_DEPTH {
            return Err(too_deep());
        }
        self.path.push(address);
        Ok(())
    }

    fn items(&mut self, items: &[Value]) -> Result<(), Failure> {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.line(self.path.len());
            if !self.value(item)? {
                self.out.push_str("null");
            }
        }
        if !items.is_empty() {
            self.line(self.path.len().saturating_sub(1));
        }
        self.out.push(']');
        Ok(())
    }

    fn fields(&mut self, fields: Vec<(Rc<str>, Value)>) -> Result<(), Failure> {
        self.out.push('{');
        let mut first = true;
        for (key, value) in fields {
            let before = self.out.len();
            if !first {
                self.out.push(',');
            }
            self.line(self.path.len());
            quote(&mut self.out, &key);
            self.out.push(':');
            if !self.indent.is_empty() {
                self.out.push(' ');
            }
            if self.value(&value)? {
                first = false;
            } else {
                self.out.truncate(before);
            }
        }
        if !first {
            self.line(self.path.len().saturating_sub(1));
        }
        self.out.push('}');
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if !self.indent.is_empty() {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(self.indent);
            }
        }
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            c if c < ' ' => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(*truth),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::text(text.as_str()),
            serde_json::Value::Array(items) => Self::array(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(key, value)| (key.as_str().into(), Self::from(value)));
                Self::Record(Record::new(fields))
            }
        }
    }
}
