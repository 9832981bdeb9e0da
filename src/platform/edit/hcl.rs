//! Edits of Terraform's language: attributes, members of objects, and blocks by their labels.
//!
//! Values are data: a text that looks like an interpolation is written as the text it is.

mod data;

use std::fmt::Write;
use std::ops::Range;
use std::str::FromStr;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Block, BlockLabel, Body};
use serde_json::Value;

use super::path::{Path, Segment};
use super::{Edit, Operation, apply};
use crate::diagnostic::Diagnostic;
use crate::merge::member::Lines;
use crate::source::{SourceText, Span};
use data::{data, expression, is_identifier, name_of, quoted};

/// How many labels the blocks of Terraform have: what is not listed is an attribute.
const BLOCKS: [(&str, usize); 11] = [
    ("check", 1),
    ("data", 2),
    ("import", 0),
    ("locals", 0),
    ("module", 1),
    ("moved", 0),
    ("output", 1),
    ("provider", 1),
    ("resource", 2),
    ("terraform", 0),
    ("variable", 1),
];

/// The text after the edit.
pub(super) fn edit(
    source: &SourceText,
    edit: &Edit,
    path: &Path,
) -> Result<String, Box<Diagnostic>> {
    let text = source.text();
    let body = Body::from_str(text).map_err(|error| {
        let at = text.len().min(error.location().offset());
        let place = source.place(Span::new(at, at));
        Box::new(
            Diagnostic::error("edit/broken-hcl", place, error.message().to_owned())
                .help("mend the file first"),
        )
    })?;
    let keys: Option<Vec<&str>> = path.0.iter().map(key).collect();
    let all = Place {
        body: &body,
        end: text.len(),
        indent: 0,
        is_root: true,
    };
    let editor = Editor { text, edit };
    let change = keys.and_then(|keys| editor.in_body(&all, &keys));
    let edited = match change {
        Some(Change::Nothing) => return Ok(text.to_owned()),
        Some(Change::Put(range, new)) => splice(text, range, &new),
        None => None,
    };
    edited
        .filter(|edited| Body::from_str(edited).is_ok())
        .ok_or_else(|| {
            let message = format!("`{}` cannot be written there", edit.path);
            Box::new(
                Diagnostic::error("edit/not-possible", source.place(Span::new(0, 0)), message)
                    .why("what is there is an expression, or is not what the path says")
                    .help("name a block by its type and labels, then attributes and keys"),
            )
        })
}

fn key(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Key(key) => Some(key),
        Segment::Item { .. } => None,
    }
}

fn splice(text: &str, range: Range<usize>, new: &str) -> Option<String> {
    let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
    Some(format!("{before}{new}{after}"))
}

/// What becomes of the text.
enum Change {
    Nothing,
    Put(Range<usize>, String),
}

/// The inside of a block, or the whole file.
struct Place<'a> {
    body: &'a Body,
    /// Where its closing brace is, or the file ends.
    end: usize,
    indent: usize,
    is_root: bool,
}

struct Editor<'a> {
    text: &'a str,
    edit: &'a Edit,
}

impl Editor<'_> {
    fn in_body(&self, at: &Place, keys: &[&str]) -> Option<Change> {
        let (key, rest) = keys.split_first()?;
        if let Some(attribute) = at.body.get_attribute(key) {
            if self.edit.removes_at(rest) {
                return Some(self.cut(&attribute.span()?));
            }
            return self.in_value(&attribute.value, rest, at.indent);
        }
        let block = at
            .body
            .get_blocks(key)
            .find_map(|block| Some((block, after_labels(block, rest)?)));
        match block {
            Some((block, [])) => match self.edit.op {
                Operation::Remove => Some(self.cut(&block.span()?)),
                Operation::SetIfAbsent => Some(Change::Nothing),
                // what else a block holds would be lost without a word
                Operation::Set | Operation::AppendUnique => None,
            },
            Some((block, rest)) => {
                let span = block.span()?;
                let inside = Place {
                    body: &block.body,
                    end: span.end.checked_sub(1)?,
                    indent: at.indent + 2,
                    is_root: false,
                };
                self.in_body(&inside, rest)
            }
            None if self.edit.op == Operation::Remove => Some(Change::Nothing),
            None => self.add(at, key, rest),
        }
    }

    /// What is not there yet: a block at the end, or an attribute behind the others.
    fn add(&self, at: &Place, key: &str, rest: &[&str]) -> Option<Change> {
        let margin = " ".repeat(at.indent);
        let labels = BLOCKS
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, n)| *n);
        if let Some(labels) = labels.filter(|_| at.is_root) {
            let (labels, inner) = rest.split_at_checked(labels)?;
            let segments: Vec<Segment> = inner
                .iter()
                .map(|k| Segment::Key((*k).to_owned()))
                .collect();
            let value = apply::apply(&Value::Null, self.edit, &segments).ok()?;
            let mut block = key.to_owned();
            for label in labels {
                // a String takes all
                let _ = write!(block, " {}", quoted(label));
            }
            block.push_str(" {\n");
            for (name, value) in value.as_object()? {
                if !is_identifier(name) {
                    return None;
                }
                let _ = writeln!(block, "  {name} = {}", expression(value, 2));
            }
            block.push_str("}\n");
            let text = self.text.trim_end();
            let gap = if text.is_empty() { "" } else { "\n\n" };
            return Some(Change::Put(
                text.len()..self.text.len(),
                format!("{gap}{block}"),
            ));
        }
        if !is_identifier(key) {
            return None;
        }
        let segments: Vec<Segment> = rest.iter().map(|k| Segment::Key((*k).to_owned())).collect();
        let value = apply::apply(&Value::Null, self.edit, &segments).ok()?;
        let line = format!("{margin}{key} = {}\n", expression(&value, at.indent));
        if let Some(last) = at.body.attributes().last() {
            let at = self.text.next_line(last.span()?.end);
            let gap = if self.text.get(..at)?.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            return Some(Change::Put(at..at, format!("{gap}{line}")));
        }
        if at.is_root {
            let gap = if self.text.is_empty() || self.text.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            return Some(Change::Put(
                self.text.len()..self.text.len(),
                format!("{gap}{line}"),
            ));
        }
        let closing = self.text.line_start(at.end);
        if self.text.is_first(at.end) {
            return Some(Change::Put(closing..closing, line));
        }
        let outer = " ".repeat(at.indent.saturating_sub(2));
        Some(Change::Put(at.end..at.end, format!("\n{line}{outer}")))
    }

    fn in_value(&self, value: &Expression, keys: &[&str], indent: usize) -> Option<Change> {
        let range = self.written(value)?;
        let Some((key, rest)) = keys.split_first() else {
            let given = self.edit.value.as_ref();
            return match self.edit.op {
                Operation::SetIfAbsent => Some(Change::Nothing),
                Operation::Set => {
                    let new = expression(given?, indent);
                    let same = data(value).as_ref() == given;
                    Some(if same {
                        Change::Nothing
                    } else {
                        Change::Put(range, new)
                    })
                }
                Operation::AppendUnique => self.append(value, given?, indent),
                Operation::Remove => self.take(value, given?),
            };
        };
        let object = value.as_object()?;
        let found = object
            .iter()
            .find(|(name, _)| name_of(name).as_deref() == Some(*key));
        match found {
            Some((name, value)) if self.edit.removes_at(rest) => {
                let start = key_span(name)?.start;
                let end = self.written(value.expr())?.end;
                let tail = self.text.get(end..)?;
                let comma = tail.starts_with(',');
                Some(self.cut(&(start..end + usize::from(comma))))
            }
            Some((_, value)) => self.in_value(value.expr(), rest, indent + 2),
            None if self.edit.op == Operation::Remove => Some(Change::Nothing),
            None => self.add_member(object, &range, key, rest, indent),
        }
    }

    fn add_member(
        &self,
        object: &Object,
        range: &Range<usize>,
        key: &str,
        rest: &[&str],
        indent: usize,
    ) -> Option<Change> {
        let segments: Vec<Segment> = rest.iter().map(|k| Segment::Key((*k).to_owned())).collect();
        let value = apply::apply(&Value::Null, self.edit, &segments).ok()?;
        let names = object.iter().map(|(name, _)| name_of(name));
        let index = apply::position(names, Some(key));
        let name = if is_identifier(key) {
            key.to_owned()
        } else {
            quoted(key)
        };
        let written = format!("{name} = {}", expression(&value, indent + 2));
        let before = object.iter().nth(index);
        let close = range.end.checked_sub(1)?;
        if !self.text.get(range.clone())?.contains('\n') {
            return Some(match object.iter().last() {
                None => {
                    let (pad, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
                    Change::Put(range.clone(), format!("{{\n{pad}{written}\n{outer}}}"))
                }
                Some((_, last)) => {
                    let end = self.written(last.expr())?.end;
                    Change::Put(end..end, format!(", {written}"))
                }
            });
        }
        let start = match before {
            Some((name, _)) => self.text.with_comments(key_span(name)?.start),
            None => self.text.line_start(close),
        };
        let margin = " ".repeat(indent + 2);
        // a comma behind the others means one behind the new member as well
        let comma = if self.text.get(range.start..close)?.trim_end().ends_with(',') {
            ","
        } else {
            ""
        };
        Some(Change::Put(
            start..start,
            format!("{margin}{written}{comma}\n"),
        ))
    }

    fn append(&self, list: &Expression, value: &Value, indent: usize) -> Option<Change> {
        let array = list.as_array()?;
        let values: Option<Vec<Value>> = array.iter().map(data).collect();
        let values = values?;
        let key = self.edit.key.as_deref();
        if values.iter().any(|item| apply::is_same(item, value, key)) {
            return Some(Change::Nothing);
        }
        let keys = values.iter().map(|v| apply::sort_key(v, self.edit));
        let index = apply::position(keys, apply::sort_key(value, self.edit).as_deref());
        let range = self.written(list)?;
        let is_long = self.text.get(range.clone())?.contains('\n');
        let new = expression(value, indent + if is_long { 2 } else { 0 });
        let Some(end) = array.iter().last() else {
            return Some(Change::Put(range, format!("[{new}]")));
        };
        let before = array.get(index);
        if !is_long {
            let at = match before {
                Some(item) => self.written(item)?.start,
                None => self.written(end)?.end,
            };
            let text = if before.is_some() {
                format!("{new}, ")
            } else {
                format!(", {new}")
            };
            return Some(Change::Put(at..at, text));
        }
        let margin = " ".repeat(indent + 2);
        if let Some(item) = before {
            let at = self.text.with_comments(self.written(item)?.start);
            return Some(Change::Put(at..at, format!("{margin}{new},\n")));
        }
        let end = self.written(end)?.end;
        let has_comma = self.text.get(end..)?.starts_with(',');
        let at = if has_comma { end + 1 } else { end };
        let (before, after) = if has_comma { ("", ",") } else { (",", "") };
        Some(Change::Put(
            at..at,
            format!("{before}\n{margin}{new}{after}"),
        ))
    }

    /// Takes an item out of a list.
    fn take(&self, list: &Expression, gone: &Value) -> Option<Change> {
        let array = list.as_array()?;
        let items: Option<Vec<Value>> = array.iter().map(data).collect();
        let key = self.edit.key.as_deref();
        let Some(index) = items?
            .iter()
            .position(|item| apply::is_same(item, gone, key))
        else {
            return Some(Change::Nothing);
        };
        let item = self.written(array.get(index)?)?;
        let tail = self.text.get(item.end..)?;
        if tail.starts_with(',') {
            let rest = tail.get(1..)?;
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            return Some(self.cut(&(item.start..item.end + 1 + spaces)));
        }
        let before = index.checked_sub(1).and_then(|index| array.get(index));
        let start = match before {
            Some(before) => self.written(before)?.end,
            None => item.start,
        };
        Some(Change::Put(start..item.end, String::new()))
    }

    /// Where an expression is written, without the space around it.
    fn written(&self, value: &Expression) -> Option<Range<usize>> {
        let span = value.span()?;
        let text = self.text.get(span.clone())?;
        let start = span.start + (text.len() - text.trim_start().len());
        Some(start..start + text.trim().len())
    }

    /// Takes something away, with its line if it has one of its own.
    fn cut(&self, range: &Range<usize>) -> Change {
        let end = self.text.line_end(range.end);
        let alone = self.text.is_first(range.start)
            && self
                .text
                .get(range.end..end)
                .is_some_and(|rest| rest.trim().is_empty());
        if alone {
            let start = self.text.line_start(range.start);
            Change::Put(start..self.text.next_line(range.end), String::new())
        } else {
            Change::Put(range.clone(), String::new())
        }
    }
}

/// What follows the labels of a block in a path that names it.
fn after_labels<'k>(block: &Block, keys: &'k [&'k str]) -> Option<&'k [&'k str]> {
    let (labels, rest) = keys.split_at_checked(block.labels.len())?;
    let same = block
        .labels
        .iter()
        .map(BlockLabel::as_str)
        .eq(labels.iter().copied());
    same.then_some(rest)
}

fn key_span(key: &ObjectKey) -> Option<Range<usize>> {
    match key {
        ObjectKey::Ident(ident) => ident.span(),
        ObjectKey::Expression(expression) => expression.span(),
    }
}
