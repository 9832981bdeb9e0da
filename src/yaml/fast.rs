//! A reader of the YAML that descriptors are written in, several times as fast as the full parser.
//!
//! It knows collections by indentation, texts with and without quotes, block scalars, simple brackets
//! and documents. At whatever else it meets (a tab, an anchor, a tag, a `?`, an error of any sort, a
//! limit) it gives the whole file up, and the full parser reads it from the start: so it has no
//! diagnostics of its own, and what it does read must be node by node and byte by byte what the full
//! parser makes of it. `tests` holds it to that.

mod block;
mod flow;
mod lines;
mod nodes;
mod quoted;
mod scalar;
#[cfg(test)]
pub(super) mod tests;

use super::arena::{Arena, Id, Pair};
use super::document::Document;
use crate::limits::Limits;
use crate::source::SourceText;

/// Reads a file, or says that it is for the full parser.
pub(super) fn parse<'s>(
    source: &'s SourceText,
    limits: &Limits,
    depth: usize,
) -> Option<Vec<Document<'s>>> {
    let text = source.text();
    if !lines::is_plain_text(text) {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        column: None,
        has_comment: false,
        arena: Arena::default(),
        items: Vec::new(),
        pairs: Vec::new(),
        levels: 0,
        depth,
        room: limits.nodes,
    };
    reader.stream()
}

/// What stands before the rest of the text has been read.
struct Reader<'s> {
    text: &'s str,
    /// Where the rest begins.
    at: usize,
    /// At the first character of a line: its column. `None` where the document ends.
    column: Option<usize>,
    /// Whether comments were passed on the way to this line.
    has_comment: bool,
    arena: Arena<'s>,
    /// Items of the lists that are open.
    items: Vec<Id>,
    /// Properties of the objects that are open.
    pairs: Vec<Pair<'s>>,
    /// How many collections are open.
    levels: usize,
    depth: usize,
    /// How many nodes there may still be.
    room: usize,
}

/// Nodes that an ordinary document has at most.
const ORDINARY: usize = 256;

/// Bytes of an ordinary node.
const BYTES_OF_NODE: usize = 12;

impl<'s> Reader<'s> {
    /// Memory for a document of ordinary size, so that it need not grow.
    fn make_room(&mut self) {
        let nodes = (self.rest().len() / BYTES_OF_NODE).min(ORDINARY);
        self.arena.nodes.reserve(nodes);
        self.arena.pairs.reserve(nodes / 2);
    }

    fn stream(&mut self) -> Option<Vec<Document<'s>>> {
        let mut documents = Vec::new();
        self.skip_lines();
        loop {
            self.make_room();
            // Where a document that is nothing at all stands.
            let mut nothing = None;
            if self.column.is_none() {
                if self.at >= self.text.len() {
                    return Some(documents);
                }
                if !self.rest().starts_with(b"---") {
                    return None;
                }
                self.at += "---".len();
                nothing = Some(self.at);
                self.end_line()?;
            }
            let root = match (self.column, nothing) {
                (Some(_), _) => self.node(self.column, None)?,
                (None, Some(at)) => self.null(at)?,
                (None, None) => return Some(documents),
            };
            if self.column.is_some() {
                return None;
            }
            documents.push(Document {
                arena: std::mem::take(&mut self.arena),
                root,
                diagnostics: Vec::new(),
            });
        }
    }
}
