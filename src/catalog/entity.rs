//! A file's documents as entities, and the check of each.

use super::findings::Findings;
use super::ignore::{self, Ignore, Ignored};
use super::model::KindModel;
use super::options::CatalogOptions;
use super::organisation::{self, Judgement, Outcomes, Pending, Score};
use super::placeholder::placeholder;
use super::repository::Repository;
use super::resolve::{Reader, Resolution};
use super::settle::{is_of_rule, may_come_later};
use super::{pointer, repair, rules};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::{self, MAX_PROBLEMS};
use crate::source::{Place, Position, SourceText};
use crate::yaml::{self, Entry, Kind, Node};

/// What a descriptor file contains.
#[derive(Debug)]
pub struct Report {
    /// Problems of the file itself: unreadable YAML, a limit.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that a comment sets aside.
    pub ignored: Vec<Ignored>,
    /// Its comments that set findings aside.
    pub ignores: Vec<Ignore>,
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
    /// Those that a comment sets aside.
    pub ignored: Vec<Ignored>,
    /// Problems that depend on what the file alone does not tell.
    pub pending: Vec<Pending>,
    /// How it does by the organisation's rules that are for it.
    pub outcomes: Outcomes,
    /// How far it is on the scorecard.
    pub score: Option<Score>,
}

/// Checks all documents of a file by itself: what its placeholders stand for is not known.
pub fn check(source: &SourceText, options: &CatalogOptions) -> Report {
    check_each(source, options, None, |_| {})
}

/// Checks all documents of a file that is part of a repository, placeholders resolved.
pub fn check_in(
    source: &SourceText,
    options: &CatalogOptions,
    repository: Repository<'_>,
) -> Report {
    check_each(source, options, Some(repository), |_| {})
}

/// Checks all documents of a file, and hands on those that are entities.
pub fn check_each(
    source: &SourceText,
    options: &CatalogOptions,
    repository: Option<Repository<'_>>,
    mut hand_on: impl FnMut(Node),
) -> Report {
    let mut reader = repository.map(|repository| Reader::new(repository, &options.limits));
    let stream = yaml::parse(source, &options.limits);
    let mut diagnostics = stream.diagnostics;
    repair::offer(source, &mut diagnostics);
    let mut comments = ignore::find(source, &stream.documents);
    if diagnostics.iter().any(Diagnostic::is_error) {
        // What is a comment, and what it would be for, is not known where nothing could be read.
        comments.keep_quiet();
    }
    let mut documents = Vec::new();
    let mut room = MAX_PROBLEMS.saturating_sub(diagnostics.len());
    for mut document in stream.documents {
        let mut found = std::mem::take(&mut document.diagnostics);
        repair::offer(source, &mut found);
        if document.root().is_null() {
            diagnostics.extend(found);
            continue;
        }
        let resolution = match &mut reader {
            Some(reader) => Resolution::of(&mut document, source, reader),
            None => Resolution::default(),
        };
        let subject = Subject::new(source, options, document.root(), &resolution);
        let mut findings = Findings::new(found, room);
        rules::run(&subject, &mut findings);
        let judgement = organisation::judge(&subject, &mut findings);
        let is_full = findings.is_full();
        let mut found = findings.into_list();
        resolution.explain(&mut found, &options.limits);
        diagnostic::sort(&mut found);
        // A schema that somebody brought may say again what holds for every entity.
        found.dedup_by(|a, b| {
            a == b || (a.code == b.code && a.at == b.at && a.message == b.message)
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
    options.rules.apply("", &mut comments.diagnostics);
    diagnostics.append(&mut comments.diagnostics);
    let mut report = Report {
        diagnostics,
        ignored: Vec::new(),
        ignores: comments.ignores,
        documents,
    };
    report.apply_ignores(options);
    diagnostic::sort(&mut report.diagnostics);
    report
}

impl Report {
    fn apply_ignores(&mut self, options: &CatalogOptions) {
        let ignores = &mut self.ignores;
        ignore::apply(ignores, None, &mut self.diagnostics, &mut self.ignored);
        for (index, document) in self.documents.iter_mut().enumerate() {
            let found = &mut document.diagnostics;
            ignore::apply(ignores, Some(index), found, &mut document.ignored);
        }
        let may_still_come = |word: &str| {
            let mut pending = self.documents.iter().flat_map(|document| &document.pending);
            may_come_later(word) || pending.any(|pending| is_of_rule(word, &pending.rule))
        };
        let mut unused = ignore::unused(ignores, options, may_still_come);
        options.rules.apply("", &mut unused);
        self.diagnostics.append(&mut unused);
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
    /// What its placeholders were replaced by.
    pub resolution: &'t Resolution,
}

impl<'t> Subject<'t> {
    pub(super) fn new(
        source: &'t SourceText,
        options: &'t CatalogOptions,
        root: Node<'t>,
        resolution: &'t Resolution,
    ) -> Self {
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
            resolution,
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

    /// Whether a value is still a placeholder, so that what it will be is not known.
    pub fn is_placeholder(&self, value: Node<'t>, pointer: &str) -> bool {
        placeholder(value).is_some() && !self.resolution.holds(pointer)
    }

    /// The text that a pointer leads to.
    pub fn text(&self, pointer: &str) -> Option<&'t str> {
        self.root.at(pointer)?.1.as_text()
    }

    /// The kind that is written.
    pub fn kind(&self) -> &'t str {
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
            let mut entity_ref = format!("{kind}:{namespace}/{name}");
            if entity_ref.is_ascii() {
                entity_ref.make_ascii_lowercase();
                return entity_ref;
            }
            entity_ref.to_lowercase()
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
            ignored: Vec::new(),
            score: self.options.scorecard.score(&judgement.outcomes),
            pending: judgement.pending,
            outcomes: judgement.outcomes,
        }
    }
}
