//! A file's documents as entities, and the check of each.

use super::findings::Findings;
use super::model::KindModel;
use super::options::CatalogOptions;
use super::organisation::{self, Judgement, Outcomes, Pending, Score};
use super::{pointer, rules};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::{self, MAX_PROBLEMS};
use crate::source::{Place, Position, SourceText};
use crate::yaml::{self, Entry, Kind, Node};

/// What a descriptor file contains.
#[derive(Debug)]
pub struct Report {
    /// Problems of the file itself: unreadable YAML, a limit.
    pub diagnostics: Vec<Diagnostic>,
    /// Its readable documents in order; null documents are left out, as Backstage does.
    pub documents: Vec<CheckedDocument>,
}

/// One document, as Backstage would read it, and what is wrong with it.
#[derive(Debug)]
pub struct CheckedDocument {
    /// The value as JSON text.
    pub json: String,
    /// `kind:namespace/name` in lower case, if kind and name are there.
    pub entity_ref: Option<String>,
    /// Whether it has apiVersion, kind and metadata.name, and room for annotations: else Backstage
    /// refuses the whole file.
    pub has_envelope: bool,
    /// Where it begins.
    pub start: Position,
    /// All its problems, in order of position.
    pub diagnostics: Vec<Diagnostic>,
    /// Problems that depend on what the file alone does not tell.
    pub pending: Vec<Pending>,
    /// How it does by the organisation's rules that are for it.
    pub outcomes: Outcomes,
    /// How far it is on the scorecard.
    pub score: Option<Score>,
}

/// Checks all documents of a file.
pub fn check(source: &SourceText, options: &CatalogOptions) -> Report {
    check_each(source, options, |_| {})
}

/// Checks all documents of a file, and hands on those that are entities.
pub fn check_each(
    source: &SourceText,
    options: &CatalogOptions,
    mut hand_on: impl FnMut(Node),
) -> Report {
    let stream = yaml::parse(source, &options.limits);
    let mut diagnostics = stream.diagnostics;
    let mut documents = Vec::new();
    let mut room = MAX_PROBLEMS.saturating_sub(diagnostics.len());
    for mut document in stream.documents {
        let found = std::mem::take(&mut document.diagnostics);
        if document.root().is_null() {
            diagnostics.extend(found);
            continue;
        }
        let subject = Subject::new(source, options, document.root());
        let mut findings = Findings::new(found, room);
        rules::run(&subject, &mut findings);
        let judgement = organisation::judge(&subject, &mut findings);
        let is_full = findings.is_full();
        let mut found = findings.into_list();
        diagnostic::sort(&mut found);
        // A schema that somebody brought may say again what holds for every entity.
        found.dedup_by(|a, b| {
            a == b || (a.code == b.code && a.pointer == b.pointer && a.message == b.message)
        });
        room = room.saturating_sub(found.len());
        let mut document = subject.report(found, judgement);
        // Without an envelope it is no entity, which Backstage holds against the whole file.
        if document.has_envelope {
            let weights = &options.rules;
            weights.apply(subject.kind(), &mut document.diagnostics);
            hand_on(subject.root);
        }
        documents.push(document);
        if is_full {
            diagnostics.push(limits::too_many_problems(subject.place_of(subject.root)));
            break;
        }
    }
    diagnostic::sort(&mut diagnostics);
    Report {
        diagnostics,
        documents,
    }
}

/// What a rule looks at: one document, and what its envelope says it is.
pub struct Subject<'t> {
    /// The text it is in.
    pub source: &'t SourceText,
    /// The caller's wishes.
    pub options: &'t CatalogOptions,
    /// The document's value.
    pub root: Node<'t>,
    /// The kind that is written, or else the one that is likely meant.
    pub model: Option<&'t KindModel>,
}

impl<'t> Subject<'t> {
    fn new(source: &'t SourceText, options: &'t CatalogOptions, root: Node<'t>) -> Self {
        let text = |entry: Entry<'t>| entry.value.as_text();
        let spec_type = root
            .get("spec")
            .and_then(|spec| spec.value.get("type"))
            .and_then(text);
        let version = root.get("apiVersion").and_then(text);
        let kinds = options.known_kinds();
        let model = root.get("kind").and_then(text).and_then(|kind| {
            kinds
                .find(kind, version, spec_type)
                .or_else(|| kinds.find(kinds.nearest(kind)?, version, spec_type))
        });
        Self {
            source,
            options,
            root,
            model,
        }
    }

    /// A property of the entity that is there and not null.
    pub fn field(&self, name: &str) -> Option<Entry<'t>> {
        self.root.get(name).filter(|entry| !entry.value.is_null())
    }

    /// A property of `metadata` that is there and not null.
    pub fn metadata(&self, name: &str) -> Option<Entry<'t>> {
        let entry = self.field("metadata")?.value.get(name)?;
        (!entry.value.is_null()).then_some(entry)
    }

    /// The text that a pointer leads to.
    pub fn text(&self, pointer: &str) -> Option<&'t str> {
        self.root.at(pointer)?.1.as_text()
    }

    /// The kind that is written.
    fn kind(&self) -> &'t str {
        let text = self.field("kind").and_then(|entry| entry.value.as_text());
        text.unwrap_or_default()
    }

    /// Where a property's value is.
    pub fn place(&self, entry: Entry<'t>) -> Place {
        self.source.place(entry.span())
    }

    /// Where a node is.
    pub fn place_of(&self, node: Node<'t>) -> Place {
        self.source.place(node.span())
    }

    /// A pointer as people write it.
    pub fn shown(&self, pointer: &str) -> String {
        pointer::shown(self.root, pointer)
    }

    /// Backstage writes down in the annotations where an entity comes from, before it looks at anything
    /// else of it, and takes what JavaScript holds for false as none.
    fn has_room_for_annotations(&self) -> bool {
        self.metadata("annotations")
            .is_none_or(|entry| match entry.value.kind() {
                Kind::Mapping(_) | Kind::Null | Kind::Bool(false) | Kind::Text("") => true,
                Kind::Number(number) => number == 0.0 || number.is_nan(),
                _ => false,
            })
    }

    fn report(&self, diagnostics: Vec<Diagnostic>, judgement: Judgement) -> CheckedDocument {
        let text = |entry: Option<Entry<'t>>| {
            let text = entry?.value.as_text()?;
            (!text.is_empty()).then_some(text)
        };
        let kind = text(self.field("kind"));
        let name = text(self.metadata("name"));
        let namespace = self
            .root
            .get("metadata")
            .and_then(|entry| entry.value.get("namespace"));
        let entity_ref = kind.zip(name).map(|(kind, name)| {
            let namespace = text(namespace).unwrap_or("default");
            format!("{kind}:{namespace}/{name}").to_lowercase()
        });
        CheckedDocument {
            json: self.root.to_json(),
            has_envelope: entity_ref.is_some()
                && text(self.field("apiVersion")).is_some()
                && (namespace.is_none() || text(namespace).is_some())
                && self.has_room_for_annotations(),
            entity_ref,
            start: self.source.position(self.root.span().start),
            diagnostics,
            score: self.options.scorecard.score(&judgement.outcomes),
            pending: judgement.pending,
            outcomes: judgement.outcomes,
        }
    }
}
