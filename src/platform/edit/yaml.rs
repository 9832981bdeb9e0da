//! Edits of YAML and JSON.

use serde_json::Value;

use super::apply::{self, Blocked};
use super::path::{Path, Segment};
use super::{Edit, Language, Operation};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::merge::member::{Lines, end_of, end_of_entry};
use crate::platform::write;
use crate::source::{SourceText, Span};
use crate::yaml::{self, Kind, Node, Style};

/// The text after the edit.
pub(super) fn edit(
    source: &SourceText,
    edit: &Edit,
    path: &Path,
) -> Result<String, Box<Diagnostic>> {
    let stream = yaml::parse(source, &Limits::default());
    let broken = stream
        .diagnostics
        .iter()
        .chain(stream.documents.iter().flat_map(|d| &d.diagnostics))
        .find(|diagnostic| diagnostic.is_error());
    if let Some(diagnostic) = broken {
        return Err(Box::new(diagnostic.clone()));
    }
    let root = match stream.documents.as_slice() {
        [] => None,
        [document] => Some(document.root()),
        [_, second, ..] => {
            let place = source.place(second.root().span());
            let message = "a file of several documents is not edited";
            return Err(Box::new(
                Diagnostic::error("edit/several-documents", place, message)
                    .help("split it into one file per document"),
            ));
        }
    };
    let before = data(root);
    let after =
        apply::apply(&before, edit, &path.0).map_err(|blocked| refuse(source, root, &blocked))?;
    if after == before {
        return Ok(source.text().to_owned());
    }
    let text = match root.filter(|root| !root.is_null()) {
        Some(root) => Editor {
            text: source.text(),
            step: step(source.text(), root),
            edit,
        }
        .at(root, &path.0)
        .map(|(span, new)| splice(source.text(), span, &new)),
        None => Some(whole(source, edit, &after)),
    };
    let fits = |text: &String| {
        let source = SourceText::new(source.name(), text.clone());
        let stream = yaml::parse(&source, &Limits::default());
        data(stream.documents.first().map(yaml::Document::root)) == after
    };
    text.filter(fits).ok_or_else(|| {
        let span = root.map(Node::span).unwrap_or_default();
        let message = format!("`{}` cannot be written there", edit.path);
        Box::new(
            Diagnostic::error("edit/not-possible", source.place(span), message)
                .why("the file is written in a way that would make it mean something else")
                .help("make the change by hand"),
        )
    })
}

fn data(root: Option<Node>) -> Value {
    let json = root.map(Node::to_json).unwrap_or_default();
    serde_json::from_str(&json).unwrap_or_default()
}

fn refuse(source: &SourceText, root: Option<Node>, blocked: &Blocked) -> Box<Diagnostic> {
    let place = source.place(root.map(Node::span).unwrap_or_default());
    let (code, message) = match blocked {
        Blocked::NotACollection(name) => (
            "edit/not-a-collection",
            format!("there is no object or list for `{name}` to be in"),
        ),
        Blocked::NoItem(name) => ("edit/no-item", format!("the list has no item `{name}`")),
        Blocked::ByPlace(place) => (
            "edit/by-place",
            format!("item {place} of a list cannot be removed by its place"),
        ),
    };
    let help = match blocked {
        Blocked::ByPlace(_) => "name it, as `name=orders`, or say its `value`",
        _ => "see what the file has there",
    };
    Box::new(Diagnostic::error(code, place, message).help(help))
}

/// A file that said nothing yet: its comments stay above.
fn whole(source: &SourceText, edit: &Edit, after: &Value) -> String {
    let is_json = edit.language == Some(Language::Json)
        || Language::of(source.name()) == Some(Language::Json);
    let body = if is_json {
        format!("{}\n", write::flow(after, Some((0, 2))))
    } else {
        write::document(after)
    };
    let text = source.text();
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{gap}{body}")
}

/// By how many columns the file indents.
fn step(text: &str, root: Node) -> usize {
    let column = |node: Node| {
        let start = node.span().start;
        start - text.line_start(start)
    };
    root.entries()
        .into_iter()
        .filter(|entry| entry.value.style() == Style::Block && entry.value.is_mapping())
        .map(|entry| column(entry.value).saturating_sub(column(entry.key)))
        .find(|step| *step > 0)
        .unwrap_or(2)
}

fn splice(text: &str, span: Span, new: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    format!("{before}{new}{after}")
}

struct Editor<'a> {
    text: &'a str,
    step: usize,
    edit: &'a Edit,
}

/// A part of the text and what stands there afterwards.
type Change = (Span, String);

impl Editor<'_> {
    fn at(&self, here: Node, path: &[Segment]) -> Option<Change> {
        if here.is_alias() {
            return None;
        }
        let (segment, rest) = path.split_first()?;
        let removes = self.edit.removes_at(rest);
        match here.kind() {
            Kind::Mapping(_) => {
                let Segment::Key(key) = segment else {
                    return None;
                };
                match here.get(key) {
                    Some(_) if removes => self.delete_member(here, key),
                    Some(entry) if !rest.is_empty() && !entry.value.is_null() => {
                        self.at(entry.value, rest)
                    }
                    Some(entry) => match entry.value.kind() {
                        Kind::Sequence(items) if self.edit.op == Operation::AppendUnique => {
                            self.append(entry.value, items.len(), entry.key)
                        }
                        Kind::Sequence(items) if self.edit.op == Operation::Remove => {
                            let gone = self.edit.value.as_ref()?;
                            let index = items.into_iter().position(|item| {
                                apply::is_same(&data(Some(item)), gone, self.edit.key.as_deref())
                            })?;
                            self.delete_item(entry.value, index)
                        }
                        _ => self.replace(entry.key, entry.value, &self.value(rest)),
                    },
                    None => self.insert(here, key, &self.value(rest)),
                }
            }
            Kind::Sequence(items) => {
                let index = items.into_iter().position(|item| is_item(item, segment));
                let index = match segment {
                    Segment::Key(index) => index.parse().ok(),
                    Segment::Item { .. } => index,
                }?;
                let item = items.get(index)?;
                if removes {
                    self.delete_item(here, index)
                } else if rest.is_empty() {
                    None
                } else {
                    self.at(item, rest)
                }
            }
            _ => None,
        }
    }

    /// What the value at the first segment becomes, if nothing is there yet.
    fn value(&self, rest: &[Segment]) -> Value {
        apply::apply(&Value::Null, self.edit, rest).unwrap_or_default()
    }

    fn column(&self, at: usize) -> usize {
        at - self.text.line_start(at)
    }

    /// Another value behind a key.
    fn replace(&self, key: Node, value: Node, new: &Value) -> Option<Change> {
        if value.is_alias() {
            return None;
        }
        let is_flow = self.is_flow_at(key.span().start);
        let column = self.column(key.span().start);
        let end = end_of_entry(self.text, key, value)?;
        let colon = key.span().end + self.text.get(key.span().end..)?.find(':')? + 1;
        let new = if is_flow {
            format!(" {}", write::flow(new, None))
        } else {
            write::block(new, column + self.step, self.step, false)
        };
        Some((Span::new(colon, end), new))
    }

    /// Whether a key stands within brackets, where indentation says nothing.
    fn is_flow_at(&self, at: usize) -> bool {
        let line = self
            .text
            .get(self.text.line_start(at)..at)
            .unwrap_or_default();
        line.contains(['{', '[']) || self.text.trim_start().starts_with(['{', '['])
    }

    /// A new member of an object.
    fn insert(&self, object: Node, key: &str, value: &Value) -> Option<Change> {
        let names = object
            .entries()
            .into_iter()
            .map(|e| Some(e.name.to_owned()));
        let index = apply::position(names, Some(key));
        let entries: Vec<_> = object.entries().into_iter().collect();
        if object.style() == Style::Flow {
            let member = |indent: Option<(usize, usize)>| {
                format!(
                    "{}: {}",
                    Value::String(key.to_owned()),
                    write::flow(value, indent)
                )
            };
            let ends = entries
                .iter()
                .map(|e| Some((e.key.span().start, end_of_entry(self.text, e.key, e.value)?)))
                .collect::<Option<Vec<_>>>()?;
            return self.put_in_brackets(object, &ends, index, &member);
        }
        let first = entries.first()?.key.span().start;
        let column = self.column(first);
        let text = format!(
            "{}:{}",
            write::scalar(&Value::String(key.to_owned())),
            write::block(value, column + self.step, self.step, false)
        );
        let ends = entries
            .iter()
            .map(|e| Some((e.key.span().start, end_of_entry(self.text, e.key, e.value)?)))
            .collect::<Option<Vec<_>>>()?;
        self.put_on_lines(&ends, index, column, &text)
    }

    /// A new item of a list.
    fn append(&self, list: Node, len: usize, key: Node) -> Option<Change> {
        let value = self.edit.value.as_ref()?;
        let items: Vec<Node> = list.items().into_iter().collect();
        let keys = items
            .iter()
            .map(|item| apply::sort_key(&data(Some(*item)), self.edit));
        let index = apply::position(keys, apply::sort_key(value, self.edit).as_deref());
        if list.style() == Style::Flow {
            if len == 0 && !self.is_flow_at(key.span().start) {
                let column = self.column(key.span().start) + self.step;
                let written =
                    write::block(&Value::Array(vec![value.clone()]), column, self.step, false);
                let end = list.span().end;
                let colon = key.span().end + self.text.get(key.span().end..)?.find(':')? + 1;
                return Some((Span::new(colon, end), written));
            }
            let ends = items
                .iter()
                .map(|item| Some((item.span().start, end_of(self.text, *item)?)))
                .collect::<Option<Vec<_>>>()?;
            return self.put_in_brackets(list, &ends, index, &|indent| write::flow(value, indent));
        }
        let ends = items
            .iter()
            .map(|item| Some((self.dash(*item)?, end_of(self.text, *item)?)))
            .collect::<Option<Vec<_>>>()?;
        let column = self.column(ends.first()?.0);
        let text = format!("-{}", write::block(value, column + 2, self.step, true));
        self.put_on_lines(&ends, index, column, &text)
    }

    /// Where the dash of an item is.
    fn dash(&self, item: Node) -> Option<usize> {
        let before = self.text.get(..item.span().start)?.trim_end();
        Some(before.strip_suffix('-')?.len())
    }

    /// Text as lines of its own among members that begin and end at those places.
    fn put_on_lines(
        &self,
        members: &[(usize, usize)],
        index: usize,
        column: usize,
        text: &str,
    ) -> Option<Change> {
        let margin = " ".repeat(column);
        let (first, _) = *members.first()?;
        let (_, last) = *members.last()?;
        let following = members
            .get(index)
            .filter(|(start, _)| self.text.is_first(*start));
        if let Some((start, _)) = following {
            let above = self.text.with_comments(*start);
            let at = if *start == first && above == 0 {
                self.text.line_start(*start)
            } else {
                above
            };
            return Some((Span::new(at, at), format!("{margin}{text}\n")));
        }
        let at = self.text.next_line(last);
        let break_before = if at == self.text.len() && !self.text.ends_with('\n') {
            "\n"
        } else {
            ""
        };
        let break_after = if break_before.is_empty() { "\n" } else { "" };
        Some((
            Span::new(at, at),
            format!("{break_before}{margin}{text}{break_after}"),
        ))
    }

    /// Text among members in brackets, spaced as they are.
    fn put_in_brackets(
        &self,
        collection: Node,
        members: &[(usize, usize)],
        index: usize,
        text: &dyn Fn(Option<(usize, usize)>) -> String,
    ) -> Option<Change> {
        let open = collection.span().start;
        let Some((first, _)) = members.first() else {
            let end = collection.span().end;
            let brackets = self.text.get(open..end)?;
            let (before, after) = (brackets.get(..1)?, brackets.get(brackets.len() - 1..)?);
            let line = self.text.line_start(open);
            let margin =
                self.text.get(line..)?.len() - self.text.get(line..)?.trim_start_matches(' ').len();
            if !self.text.trim_start().starts_with(['{', '[']) {
                return Some((
                    Span::new(open, end),
                    format!("{before} {} {after}", text(None)),
                ));
            }
            let inner = margin + 2;
            let written = text(Some((inner, 2)));
            let (pad, tail) = (" ".repeat(inner), " ".repeat(margin));
            return Some((
                Span::new(open, end),
                format!("{before}\n{pad}{written}\n{tail}{after}"),
            ));
        };
        let gap = self.text.get(open + 1..*first)?;
        if !gap.trim().is_empty() {
            return None;
        }
        let indent = gap.contains('\n').then(|| {
            let column = self.column(*first);
            let line = self.text.line_start(open);
            let outer = self.text.get(line..)?;
            let outer = outer.len() - outer.trim_start_matches(' ').len();
            Some((column, column.saturating_sub(outer).max(1)))
        });
        let text = text(indent.flatten());
        let between = if gap.is_empty() { " " } else { gap };
        if let Some((start, _)) = members.get(index) {
            return Some((Span::new(*start, *start), format!("{text},{between}")));
        }
        let (_, last) = *members.last()?;
        Some((Span::new(last, last), format!(",{between}{text}")))
    }

    fn delete_member(&self, object: Node, key: &str) -> Option<Change> {
        let entries: Vec<_> = object.entries().into_iter().collect();
        let index = entries.iter().position(|entry| entry.name == key)?;
        let places = entries
            .iter()
            .map(|e| Some((e.key.span().start, end_of_entry(self.text, e.key, e.value)?)))
            .collect::<Option<Vec<_>>>()?;
        self.delete(object, &places, index, "{}")
    }

    fn delete_item(&self, list: Node, index: usize) -> Option<Change> {
        let is_flow = list.style() == Style::Flow;
        let places = list
            .items()
            .into_iter()
            .map(|item| {
                let start = if is_flow {
                    item.span().start
                } else {
                    self.dash(item)?
                };
                Some((start, end_of(self.text, item)?))
            })
            .collect::<Option<Vec<_>>>()?;
        self.delete(list, &places, index, "[]")
    }

    fn delete(
        &self,
        collection: Node,
        members: &[(usize, usize)],
        index: usize,
        empty: &str,
    ) -> Option<Change> {
        let (start, end) = *members.get(index)?;
        let after = members.get(index + 1);
        let before = index.checked_sub(1).and_then(|index| members.get(index));
        if collection.style() == Style::Flow {
            let span = match (before, after) {
                (Some((_, before)), _) => Span::new(*before, end),
                (None, Some((after, _))) => Span::new(start, *after),
                (None, None) => collection.span(),
            };
            let left = if before.is_none() && after.is_none() {
                empty
            } else {
                ""
            };
            return Some((span, left.to_owned()));
        }
        if before.is_none() && after.is_none() {
            // the last one: an empty collection stands behind the key, if there is one
            let above = self.text.get(..self.text.line_start(start))?.trim_end();
            let start = if above.ends_with(':') {
                above.len()
            } else {
                start
            };
            let empty = if above.ends_with(':') {
                format!(" {empty}")
            } else {
                empty.to_owned()
            };
            return Some((Span::new(start, end), empty));
        }
        if self.text.is_first(start) {
            let from = self.text.with_comments(start);
            let from = if from == 0 {
                self.text.line_start(start)
            } else {
                from
            };
            return Some((Span::new(from, self.text.next_line(end)), String::new()));
        }
        Some((Span::new(start, after?.0), String::new()))
    }
}

fn is_item(item: Node, segment: &Segment) -> bool {
    match segment {
        Segment::Key(_) => false,
        Segment::Item { member, value } => item
            .get(member)
            .is_some_and(|entry| apply::plain(&data(Some(entry.value))) == *value),
    }
}
