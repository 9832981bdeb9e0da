//! A rendered text in which a harmless word stands for each value.

use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{self, Diagnostic};
use crate::limits::MAX_PROBLEMS;
use crate::source::{SourceText, Span};
use crate::template::eval::origin::{Origin, Piece};

use super::cursor::Cursor;

/// What stands for a value: one letter, which is a word in every language.
const WORD: &str = "x";

/// The text with the word for each value, and the values.
pub(super) struct Page {
    text: Rc<str>,
    holes: Vec<Hole>,
    edits: Vec<(Range<usize>, String)>,
    /// It is not only YAML: there is no shape to compare.
    pub has_comments: bool,
    /// What was found out of the shells of a workflow.
    pub other_shell: Option<bool>,
}

/// A value and its place.
pub(super) struct Hole {
    /// Where its word is in the text.
    pub at: usize,
    /// What is written for it.
    pub value: String,
    pub origin: Origin,
    span: Span,
    source: Rc<SourceText>,
    /// A scanner has found out where it is.
    seen: bool,
    /// It is written as it is, whatever comes later.
    fixed: bool,
    refusal: Option<Refusal>,
}

/// Why a value cannot be written.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub code: &'static str,
    pub message: String,
    pub why: &'static str,
    pub help: &'static str,
}

impl Page {
    pub(super) fn new(text: &str, pieces: &[Piece]) -> Self {
        let mut harmless = String::with_capacity(text.len());
        let mut holes = Vec::new();
        let ends = pieces.iter().skip(1).map(|next| next.start);
        for (piece, end) in pieces.iter().zip(ends.chain([text.len()])) {
            let content = text.get(piece.start..end).unwrap_or_default();
            if piece.origin == Origin::Template {
                harmless.push_str(content);
                continue;
            }
            holes.push(Hole {
                at: harmless.len(),
                value: content.to_owned(),
                origin: piece.origin,
                span: piece.span,
                source: Rc::clone(&piece.source),
                seen: false,
                fixed: false,
                refusal: None,
            });
            harmless.push_str(WORD);
        }
        Self {
            text: harmless.into(),
            holes,
            edits: Vec::new(),
            has_comments: false,
            other_shell: None,
        }
    }

    /// The whole text.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.text.len()
    }

    /// A cursor at the start of a range.
    pub(super) fn cursor(&self, range: Range<usize>) -> Cursor {
        Cursor::new(Rc::clone(&self.text), range)
    }

    /// The indices of the holes in a range.
    pub(super) fn holes_in(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.holes.partition_point(|hole| hole.at < range.start);
        let end = self.holes.partition_point(|hole| hole.at < range.end);
        start..end.max(start)
    }

    /// The hole whose word is at an offset.
    pub(super) fn hole_at(&self, at: usize) -> Option<usize> {
        let holes = self.holes_in(&(at..at + 1));
        (!holes.is_empty()).then_some(holes.start)
    }

    pub(super) fn hole(&self, index: usize) -> Option<&Hole> {
        self.holes.get(index)
    }

    /// What stands in a range: the author's texts and the holes.
    pub(super) fn parts(&self, range: &Range<usize>) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut at = range.start;
        let holes = self.holes_in(range);
        for (index, hole) in holes.clone().zip(self.holes.get(holes).unwrap_or_default()) {
            parts.push(Part::Text(self.text.get(at..hole.at).unwrap_or_default()));
            parts.push(Part::Hole(index, hole));
            at = hole.at + WORD.len();
        }
        parts.push(Part::Text(self.text.get(at..range.end).unwrap_or_default()));
        parts
    }

    /// What a range would be if it was written now.
    pub(super) fn content(&self, range: &Range<usize>) -> String {
        let mut content = String::new();
        for part in self.parts(range) {
            content.push_str(match part {
                Part::Text(text) => text,
                Part::Hole(_, hole) => &hole.value,
            });
        }
        content
    }

    /// Writes a value in this form.
    pub(super) fn write(&mut self, index: usize, form: String) {
        if let Some(hole) = self.holes.get_mut(index).filter(|hole| !hole.fixed) {
            hole.value = form;
            hole.seen = true;
        }
    }

    /// Writes a value as it is, whatever is found out later.
    pub(super) fn fix(&mut self, index: usize) {
        if let Some(hole) = self.holes.get_mut(index) {
            hole.seen = true;
            hole.fixed = true;
        }
    }

    /// Writes a value as it is.
    pub(super) fn keep(&mut self, index: usize) {
        if let Some(hole) = self.holes.get_mut(index) {
            hole.seen = true;
        }
    }

    /// Writes all values of a range as they are.
    pub(super) fn keep_all(&mut self, range: &Range<usize>) {
        for index in self.holes_in(range) {
            self.keep(index);
        }
    }

    /// From now on the value is plain text, whatever it was.
    pub(super) fn make_text(&mut self, index: usize) {
        if let Some(hole) = self.holes.get_mut(index) {
            hole.origin = Origin::Text;
        }
    }

    /// Writes something else in place of a range.
    pub(super) fn replace(&mut self, range: Range<usize>, form: String) {
        self.keep_all(&range);
        self.edits.push((range, form));
    }

    /// Does not write a value; the first reason counts.
    pub(super) fn refuse(&mut self, index: usize, refusal: Refusal) {
        if let Some(hole) = self.holes.get_mut(index).filter(|hole| !hole.fixed) {
            hole.seen = true;
            hole.refusal.get_or_insert(refusal);
        }
    }

    /// Does not write the values of a range.
    pub(super) fn refuse_all(&mut self, range: &Range<usize>, refusal: &Refusal) {
        for index in self.holes_in(range) {
            self.refuse(index, refusal.clone());
        }
    }

    /// Whether a value is refused.
    pub(super) fn is_refused(&self) -> bool {
        self.holes.iter().any(|hole| hole.refusal.is_some())
    }

    /// A value that no scanner came upon is refused: better than to be wrong about where it is.
    pub(super) fn refuse_what_was_missed(&mut self) {
        for hole in &mut self.holes {
            if !hole.seen {
                hole.refusal.get_or_insert(Refusal {
                    code: "template/unsafe-place",
                    message: "cannot tell what this value is written into".to_owned(),
                    why: "the file around it cannot be read",
                    help: "correct the file, or write `| safe` if the value is trusted",
                });
            }
        }
    }

    /// The text with other words for the values: one of its own for each, and none for what `dump` made.
    pub(super) fn harmless(&self) -> String {
        self.assemble(&[], |index, hole| match hole.origin {
            Origin::Scalar | Origin::Template => hole.value.clone(),
            Origin::Json => "0".to_owned(),
            Origin::Text => format!("x{index}"),
        })
    }

    /// The text with the values, but for what `dump` made.
    pub(super) fn without_json(&self) -> String {
        self.assemble(&self.sorted_edits(), |_, hole| match hole.origin {
            Origin::Json => "0".to_owned(),
            _ => hole.value.clone(),
        })
    }

    /// All values, for a reason that cannot be told for one.
    pub(super) fn refuse_texts(&mut self, refusal: &Refusal) {
        for hole in &mut self.holes {
            if hole.origin == Origin::Text {
                hole.refusal.get_or_insert(refusal.clone());
            }
        }
    }

    /// The text with the values, or why there is none.
    pub(super) fn finish(mut self) -> Result<String, Vec<Diagnostic>> {
        let mut found = Vec::new();
        for hole in &mut self.holes {
            if let Some(refusal) = hole.refusal.take() {
                let place = hole.source.place(hole.span);
                let diagnostic = Diagnostic::error(refusal.code, place, refusal.message);
                found.push(diagnostic.why(refusal.why).help(refusal.help));
            }
        }
        if found.is_empty() {
            let edits = self.sorted_edits();
            return Ok(self.assemble(&edits, |_, hole| hole.value.clone()));
        }
        diagnostic::sort(&mut found);
        // a tag in a loop gives many values
        found.dedup_by(|a, b| a.at == b.at && a.code == b.code);
        found.truncate(MAX_PROBLEMS);
        Err(found)
    }

    fn sorted_edits(&self) -> Vec<(Range<usize>, String)> {
        let mut edits = self.edits.clone();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        edits
    }

    fn assemble(
        &self,
        edits: &[(Range<usize>, String)],
        form: impl Fn(usize, &Hole) -> String,
    ) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        let mut holes = self.holes.iter().enumerate().peekable();
        for (range, replacement) in edits
            .iter()
            .chain([&(self.text.len()..self.text.len(), String::new())])
        {
            while let Some((index, hole)) = holes.next_if(|(_, hole)| hole.at < range.end) {
                if hole.at < range.start {
                    out.push_str(self.text.get(at..hole.at).unwrap_or_default());
                    out.push_str(&form(index, hole));
                    at = hole.at + WORD.len();
                }
            }
            out.push_str(self.text.get(at..range.start).unwrap_or_default());
            out.push_str(replacement);
            at = range.end;
        }
        out
    }
}

/// A part of a range.
pub(super) enum Part<'a> {
    Text(&'a str),
    Hole(usize, &'a Hole),
}
