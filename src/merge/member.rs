//! The members of an object or a list, each with a name and its place in the text.

use std::collections::HashSet;

use crate::yaml::{Kind, Node, Style};

/// A property of an object or an item of a list.
#[derive(Debug, Clone)]
pub(super) struct Member<'t> {
    /// What tells it from the others.
    pub name: String,
    pub value: Node<'t>,
    /// Where its key or its dash begins, or the item of a list in brackets.
    pub start: usize,
    /// Where its last scalar or bracket ends.
    pub end: usize,
}

/// The names by which items of lists are told apart, the first that an item has.
const IDENTITIES: [&str; 3] = ["id", "name", "key"];

/// The members; none if it is no collection, or a list whose items cannot be told apart.
pub(super) fn members<'t>(text: &str, node: Node<'t>) -> Option<Vec<Member<'t>>> {
    let members: Vec<Member> = match node.kind() {
        Kind::Mapping(entries) => entries
            .into_iter()
            .map(|entry| {
                Some(Member {
                    name: entry.name.to_owned(),
                    value: entry.value,
                    start: entry.key.span().start,
                    end: end_of_entry(text, entry.key, entry.value)?,
                })
            })
            .collect::<Option<_>>()?,
        Kind::Sequence(items) => items
            .into_iter()
            .map(|item| {
                let start = item.span().start;
                Some(Member {
                    name: identity(item)?,
                    value: item,
                    start: if node.style() == Style::Flow {
                        start
                    } else {
                        let before = text.get(..start)?.trim_end();
                        before.strip_suffix('-')?.len()
                    },
                    end: end_of(text, item)?,
                })
            })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let names: HashSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    (names.len() == members.len()).then_some(members)
}

fn identity(item: Node) -> Option<String> {
    match item.kind() {
        Kind::Mapping(_) => {
            let named = |name: &&str| item.get(name).is_some_and(|e| e.value.as_text().is_some());
            let name = IDENTITIES.into_iter().find(named)?;
            Some(format!("{name}={}", item.get(name)?.value.as_text()?))
        }
        Kind::Sequence(_) => None,
        _ => Some(item.to_json()),
    }
}

pub(crate) fn end_of_entry(text: &str, key: Node, value: Node) -> Option<usize> {
    let span = value.span();
    if span.start < span.end {
        return end_of(text, value);
    }
    let after = key.span().end;
    let colon = text.get(after..)?.find(':')?;
    Some(after + colon + 1)
}

/// Where a value ends, without the empty lines and comments behind it.
pub(crate) fn end_of(text: &str, value: Node) -> Option<usize> {
    let span = value.span();
    let is_block = value.style() == Style::Block && !value.is_alias();
    match value.kind() {
        Kind::Mapping(entries) if is_block => {
            let last = entries.into_iter().last()?;
            end_of_entry(text, last.key, last.value)
        }
        Kind::Sequence(items) if is_block => end_of(text, items.into_iter().last()?),
        _ => Some(text.get(..span.end)?.trim_end().len().max(span.start)),
    }
}

/// Places in lines.
pub(crate) trait Lines {
    /// Where the line of an offset begins.
    fn line_start(&self, offset: usize) -> usize;
    /// Where the line of an offset ends, before its line break.
    fn line_end(&self, offset: usize) -> usize;
    /// Where the next line begins, or the text ends.
    fn next_line(&self, offset: usize) -> usize;
    /// Whether only spaces stand before it.
    fn is_first(&self, offset: usize) -> bool;
    /// Where the comments directly above a line begin.
    fn with_comments(&self, offset: usize) -> usize;
}

impl Lines for str {
    fn line_start(&self, offset: usize) -> usize {
        let before = self.get(..offset).unwrap_or_default();
        before.rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self, offset: usize) -> usize {
        let rest = self.get(offset..).unwrap_or_default();
        offset + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }

    fn next_line(&self, offset: usize) -> usize {
        let rest = self.get(offset..).unwrap_or_default();
        offset + rest.find('\n').map_or(rest.len(), |at| at + 1)
    }

    fn is_first(&self, offset: usize) -> bool {
        let line = self.get(self.line_start(offset)..offset);
        line.is_some_and(|line| line.bytes().all(|byte| byte == b' '))
    }

    fn with_comments(&self, offset: usize) -> usize {
        let mut start = self.line_start(offset);
        while start > 0 {
            let above = self.line_start(start - 1);
            let line = self.get(above..start).unwrap_or_default();
            if !line.trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }
}
