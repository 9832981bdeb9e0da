//! Placeholders replaced by what Backstage would read, in the order and by the rules of its
//! `PlaceholderProcessor`.

mod bundle;
mod content;
mod reader;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::placeholder::{Resolver, resolver};
use super::pointer;
use crate::diagnostic::{Diagnostic, Related};
use crate::limits::Limits;
use crate::source::{Place, SourceText, Span};
use crate::yaml::{self, Document, Kind, Node, NodeId};
use content::Content;
pub use reader::Reader;

/// What became of the placeholders of a document.
#[derive(Debug, Default)]
pub struct Resolution {
    grafts: Vec<Graft>,
    problems: Vec<Diagnostic>,
}

/// A placeholder that was replaced.
#[derive(Debug)]
pub struct Graft {
    /// Where it was.
    pointer: String,
    /// Its value, and so all that stands there now.
    span: Span,
    /// How its file was read.
    pub resolver: Resolver,
    /// The file.
    pub source: Rc<SourceText>,
}

/// A placeholder that is to be replaced.
struct Need {
    id: NodeId,
    pointer: String,
    span: Span,
    resolver: Resolver,
    name: String,
    /// The text behind the name.
    target: Option<String>,
    /// Where that is.
    at: Place,
}

impl Resolution {
    /// Replaces the placeholders of a document.
    pub fn of(document: &mut Document<'_>, source: &SourceText, reader: &mut Reader<'_>) -> Self {
        let mut needs = BTreeMap::new();
        find(document.root(), source, "", &mut needs);
        let mut resolution = Self::default();
        for need in needs.into_values() {
            match content::read(&need, reader) {
                Ok(content) => {
                    resolution.problems.extend(content.problems);
                    match content.value {
                        Content::Text(text) => document.put_text(need.id, text),
                        Content::Value(value) => document.put(need.id, &value),
                    }
                    resolution.grafts.push(Graft {
                        pointer: need.pointer,
                        span: need.span,
                        resolver: need.resolver,
                        source: content.source,
                    });
                }
                Err(problem) => resolution.problems.push(*problem),
            }
        }
        resolution
    }

    /// What is wrong with the placeholders.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Whether the value at a pointer stands where a placeholder was.
    pub fn holds(&self, pointer: &str) -> bool {
        self.graft_of(pointer).is_some()
    }

    /// The placeholder that was exactly there.
    pub fn graft_at(&self, pointer: &str) -> Option<&Graft> {
        self.grafts.iter().find(|graft| graft.pointer == pointer)
    }

    /// Says of findings on what was read where it is written; a fix of it would change the wrong file.
    pub fn explain(&self, found: &mut [Diagnostic], limits: &Limits) {
        for graft in &self.grafts {
            let mut target = None;
            for diagnostic in found.iter_mut() {
                let below = diagnostic
                    .pointer
                    .as_deref()
                    .and_then(|pointer| graft.below(pointer));
                // What changes the placeholder, not only its key, is meant for what was read.
                if below.is_some() {
                    diagnostic.fix.take_if(|fix| graft.overlaps(&fix.at));
                }
                let (Some(pointer), true) = (below, diagnostic.related.is_empty()) else {
                    continue;
                };
                if matches!(graft.resolver, Resolver::Json | Resolver::Yaml) {
                    let target = target.get_or_insert_with(|| yaml::parse(&graft.source, limits));
                    let written = target
                        .documents
                        .first()
                        .and_then(|document| document.root().at(pointer));
                    let span = written.map(|(key, value)| match key {
                        Some(key) if value.is_mapping() || value.span() == Span::default() => {
                            key.span()
                        }
                        _ => value.span(),
                    });
                    let place = graft.source.place(span.unwrap_or_default());
                    diagnostic.related.push(Related {
                        message: "it is written here".to_owned(),
                        at: place,
                    });
                }
            }
        }
    }

    fn graft_of(&self, pointer: &str) -> Option<&Graft> {
        self.grafts
            .iter()
            .find(|graft| graft.below(pointer).is_some())
    }
}

impl Graft {
    /// Whether a part of the placeholder is in that place.
    fn overlaps(&self, at: &Place) -> bool {
        offset(at.start.offset) < self.span.end && self.span.start < offset(at.end.offset)
    }

    /// The rest of a pointer into what was read.
    fn below<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let rest = pointer.strip_prefix(&self.pointer)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}

fn offset(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// All placeholders. An object with a key that begins with `$` and others is left as it is; nesting is
/// bounded by the parser.
fn find(value: Node<'_>, source: &SourceText, at: &str, needs: &mut BTreeMap<NodeId, Need>) {
    if let Kind::Sequence(items) = value.kind() {
        for (index, item) in items.into_iter().enumerate() {
            find(item, source, &format!("{at}/{index}"), needs);
        }
        return;
    }
    if !value.entries().into_iter().any(|e| e.name.starts_with('$')) {
        for entry in value.entries() {
            let at = pointer::join(at, entry.name);
            find(entry.value, source, &at, needs);
        }
        return;
    }
    // Backstage looks at the envelope before it resolves anything.
    let is_envelope = matches!(
        at,
        "" | "/apiVersion" | "/kind" | "/metadata" | "/metadata/name" | "/metadata/namespace"
    );
    let Some((resolver, entry)) = resolver(value).filter(|_| !is_envelope) else {
        return;
    };
    let id = value.id();
    // By an alias one is met twice.
    needs.entry(id).or_insert_with(|| Need {
        id,
        pointer: at.to_owned(),
        span: value.span(),
        resolver,
        name: entry.name.to_owned(),
        target: entry.value.as_text().map(str::to_owned),
        at: source.place(entry.span()),
    });
}
