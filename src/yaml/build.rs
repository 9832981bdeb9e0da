//! Events of the parser -> [`Document`]s.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::alias::Anchors;
use super::arena::{Arena, Content, Data, Id};
use super::document::{Document, Style};
use super::mapping::OpenMapping;
use super::{fast, indent, key, problem, scalar};
use crate::diagnostic::Diagnostic;
use crate::limits::{self, LimitExceeded, Limits, MAX_PROBLEMS};
use crate::source::{SourceText, Span};

/// What a YAML text contains.
#[derive(Debug)]
pub struct Stream<'s> {
    /// The readable documents in order, null documents included.
    pub documents: Vec<Document<'s>>,
    /// Why the other documents are unreadable.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads all documents of a text. A document that is broken does not hide the next one.
pub fn parse<'s>(source: &'s SourceText, limits: &Limits) -> Stream<'s> {
    match fast::parse(source, limits, limits.depth.min(MAX_DEPTH)) {
        Some(documents) => Stream {
            documents,
            diagnostics: Vec::new(),
        },
        None => parse_fully(source, limits),
    }
}

/// Reads a text with the full parser.
pub(super) fn parse_fully<'s>(source: &'s SourceText, limits: &Limits) -> Stream<'s> {
    let mut builder = Builder::new(source, limits);
    let depth = builder.depth;
    let options = granit_parser::options! {
        // Refuses brackets that close at the indentation of their key, which npm `yaml` accepts:
        // `indent` knows the difference.
        strict_indentation: false,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        // Each bounds one sort of level; the builder bounds their sum.
        flow_nesting_limit: depth,
        block_nesting_limit: depth,
    };
    let mut parser = Parser::new_from_str_with_options(source.text(), options);
    let mut stream = Stream {
        documents: Vec::new(),
        diagnostics: Vec::new(),
    };
    while let Some(event) = parser.next_event() {
        let outcome = match event {
            Ok((Event::DocumentEnd, _)) => {
                stream.documents.extend(builder.finish());
                Ok(())
            }
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => Err(Box::new(problem::syntax(source, &error, depth))),
        };
        if let Err(diagnostic) = outcome {
            stream.diagnostics.extend(builder.abandon());
            stream.diagnostics.push(*diagnostic);
            builder.reported += 1;
            // An error here means that the rest has no further document.
            if builder.exhausted || !matches!(parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
    }
    stream
}

/// Levels of nesting that are safe to walk by recursion whatever the caller's limit is.
const MAX_DEPTH: usize = 512;

type Outcome = Result<(), Box<Diagnostic>>;

struct Builder<'s> {
    source: &'s SourceText,
    limits: Limits,
    depth: usize,
    arena: Arena<'s>,
    root: Option<Id>,
    open: Vec<Open<'s>>,
    anchors: Anchors<'s>,
    diagnostics: Vec<Diagnostic>,
    /// Nodes of the file so far, an alias counted as all it stands for.
    expanded: usize,
    /// Problems of the file, but for those of the current document.
    reported: usize,
    /// Whether the file is over a limit, so that reading on is in vain.
    exhausted: bool,
}

/// A collection whose end is still to come.
struct Open<'s> {
    id: Id,
    anchor: usize,
    /// [`Builder::expanded`] before it.
    before: usize,
    /// The column of a collection by indentation.
    indent: Option<usize>,
    items: OpenItems<'s>,
}

enum OpenItems<'s> {
    Sequence(Vec<Id>),
    Mapping(OpenMapping<'s>),
}

impl<'s> Builder<'s> {
    fn new(source: &'s SourceText, limits: &Limits) -> Self {
        Self {
            source,
            limits: limits.clone(),
            depth: limits.depth.min(MAX_DEPTH),
            arena: Arena::default(),
            root: None,
            open: Vec::new(),
            anchors: Anchors::default(),
            diagnostics: Vec::new(),
            expanded: 0,
            reported: 0,
            exhausted: false,
        }
    }

    fn finish(&mut self) -> Option<Document<'s>> {
        let root = self.root.take();
        let diagnostics = self.abandon();
        let arena = std::mem::take(&mut self.arena);
        root.map(|root| Document {
            arena,
            root,
            diagnostics,
        })
    }

    /// Forgets an unreadable document, all but what was found wrong with it before.
    fn abandon(&mut self) -> Vec<Diagnostic> {
        self.root = None;
        self.open.clear();
        self.anchors = Anchors::default();
        self.reported += self.diagnostics.len();
        std::mem::take(&mut self.diagnostics)
    }

    fn event(&mut self, event: Event<'s>, raw: &granit_parser::Span) -> Outcome {
        let span = problem::span(raw);
        let tagged = raw.tag_span().map_or(span, |tag| problem::span(&tag));
        match event {
            Event::DocumentStart(_, version) => {
                self.arena = Arena::default();
                if version.is_some_and(|version| version.minor < 2) {
                    return Err(Box::new(problem::old_version(self.source.place(span))));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let (content, style) = self.scalar(text, style, tag.as_deref(), tagged)?;
                if style == Style::Quoted && !self.in_flow() {
                    self.check_indent(span, style);
                }
                if self.open.is_empty() {
                    self.check_tab(span);
                }
                let id = self.push(content, style, span)?;
                self.anchors.define(anchor, id);
                self.anchors.close(anchor, 1);
                self.attach(id);
            }
            Event::Alias(anchor) => {
                let size = self
                    .anchors
                    .size(anchor)
                    .ok_or_else(|| Box::new(problem::recursive_alias(self.source, span)))?;
                self.count(size, span)?;
                let Some(target) = self
                    .anchors
                    .follow(anchor, &self.arena, self.limits.aliases)
                else {
                    let place = self.source.place(span);
                    return Err(Box::new(problem::too_many_aliases(
                        place,
                        self.limits.aliases,
                    )));
                };
                let id = self.push(Content::Alias(target), Style::Plain, span)?;
                self.attach(id);
            }
            Event::UnresolvedAlias(name) => {
                let place = self.source.place(span);
                self.diagnostics
                    .push(problem::unknown_anchor(place, &name, self.anchors.names()));
                let id = self.push(Content::Null, Style::Plain, span)?;
                self.attach(id);
            }
            Event::Anchor(_, name) => {
                self.anchors.name(name);
                let next = self.source.text().as_bytes().get(span.end);
                if matches!(next, Some(b'[' | b'{')) {
                    let place = self.source.place(span);
                    self.diagnostics.push(problem::anchor_without_space(place));
                }
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", tagged)?;
                self.start(OpenItems::Sequence(Vec::new()), style, anchor, raw)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", tagged)?;
                self.start(
                    OpenItems::Mapping(OpenMapping::default()),
                    style,
                    anchor,
                    raw,
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => {}
        }
        if self.reported + self.diagnostics.len() > MAX_PROBLEMS {
            self.exhausted = true;
            return Err(Box::new(limits::too_many_problems(self.source.place(span))));
        }
        Ok(())
    }

    fn start(
        &mut self,
        items: OpenItems<'s>,
        style: StructureStyle,
        anchor: usize,
        raw: &granit_parser::Span,
    ) -> Outcome {
        let span = problem::span(raw);
        LimitExceeded::check("levels of nesting", self.open.len() + 1, self.depth)
            .map_err(|limit| Box::new(limit.diagnostic(self.source.place(span))))?;
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        if style == Style::Block {
            self.check_tab(span);
        }
        let before = self.expanded;
        let id = self.push(Content::Null, style, span)?;
        self.anchors.define(anchor, id);
        self.open.push(Open {
            id,
            anchor,
            before,
            indent: (style == Style::Block).then(|| self.indent_of(span, raw.start.col())),
            items,
        });
        Ok(())
    }

    /// The column of a collection. A list whose dashes stand below its key has no start of its own for
    /// the parser, which gives that of its first item.
    fn indent_of(&self, span: Span, column: usize) -> usize {
        match self.open.last() {
            Some(Open {
                indent: Some(parent),
                items: OpenItems::Mapping(_),
                ..
            }) if indent::dash_at(self.source, span) == Some(*parent) => *parent,
            _ => column,
        }
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let (content, last) = match open.items {
            OpenItems::Sequence(ids) => {
                let last = ids.last().copied();
                (self.arena.sequence(ids), last)
            }
            OpenItems::Mapping(mapping) => {
                let pairs = mapping.into_pairs();
                let last = pairs.last().map(|pair| pair.value);
                (self.arena.mapping(pairs), last)
            }
        };
        let last_end = last.and_then(|id| self.node(id)).map(|data| data.span.end);
        if let Some(data) = self.node_mut(open.id) {
            data.content = content;
            data.span.end = match (data.style, last_end) {
                // The event is only seen at the next token, behind empty lines and comments.
                (Style::Block, Some(end)) => end.max(data.span.start),
                _ => span.end,
            };
        }
        if open.indent.is_none() && !self.in_flow() {
            let span = self.node(open.id).map(|data| data.span);
            self.check_indent(span.unwrap_or_default(), Style::Flow);
        }
        self.anchors.close(open.anchor, self.expanded - open.before);
        self.attach(open.id);
    }

    fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.indent.is_none())
    }

    /// The parser lets some tabs pass that stand before the first key or item of a collection.
    fn check_tab(&mut self, span: Span) {
        let tab = indent::leading_tab(self.source, span);
        let found = tab.map(|span| problem::tab(self.source, span));
        self.diagnostics.extend(found);
    }

    /// A value that goes over several lines must stay right of the key or dash it belongs to.
    fn check_indent(&mut self, span: Span, style: Style) {
        if let Some(indent) = self.open.iter().rev().find_map(|open| open.indent) {
            let wrong = indent::first_wrong_line(self.source, span, style, indent);
            let found = wrong.map(|span| problem::under_indented(self.source, span));
            self.diagnostics.extend(found);
        }
    }

    /// Hands a finished node to the collection it is in.
    fn attach(&mut self, id: Id) {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(id),
            Some(OpenItems::Sequence(ids)) => ids.push(id),
            Some(OpenItems::Mapping(mapping)) => {
                if let Some(key) = mapping.take_key() {
                    let (arena, source) = (&self.arena, self.source);
                    let place = |id: Id| {
                        let data = arena.node(id);
                        source.place(data.map(|data| data.span).unwrap_or_default())
                    };
                    let property = key::property(arena, key, source);
                    let places = |first| (place(first), place(key));
                    mapping.insert(property, key, id, places, &mut self.diagnostics);
                } else {
                    mapping.set_key(id);
                    self.check_key(id);
                }
            }
        }
    }

    /// npm `yaml` cannot read a collection as a key that has space before it and a property above.
    fn check_key(&mut self, key: Id) {
        let Some(Open {
            indent: Some(indent),
            items: OpenItems::Mapping(mapping),
            ..
        }) = self.open.last()
        else {
            return;
        };
        let last = mapping.last_value();
        let (Some(last), Some(data)) = (last.and_then(|id| self.node(id)), self.node(key)) else {
            return;
        };
        let is_collection = matches!(data.content, Content::Sequence(_) | Content::Mapping(_));
        let is_empty = last.span.start == last.span.end;
        let between = Span::new(last.span.end, data.span.start);
        if is_collection && !is_empty && indent::has_space_above(self.source, between, *indent) {
            let place = self.source.place(data.span);
            self.diagnostics.push(problem::collection_key(place));
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(Content<'s>, Style), Box<Diagnostic>> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            _ => Style::Quoted,
        };
        let content = match tag {
            None if style == Style::Plain => scalar::resolve(&text),
            None => None,
            Some(tag) => match tag.core_suffix() {
                Some("str") => None,
                Some(kind @ ("int" | "float" | "bool" | "null")) => {
                    let content = scalar::resolve_as(kind, &text);
                    if content.is_none() {
                        let place = self.source.place(span);
                        self.diagnostics
                            .push(problem::not_of_tag(place, kind, &text));
                    }
                    content
                }
                _ => {
                    self.foreign_tag(tag, span)?;
                    None
                }
            },
        };
        Ok((content.unwrap_or(Content::Text(text)), style))
    }

    fn collection_tag(&mut self, tag: Option<&Tag>, own: &str, span: Span) -> Outcome {
        match tag {
            Some(tag) if tag.core_suffix() != Some(own) => self.foreign_tag(tag, span),
            _ => Ok(()),
        }
    }

    fn foreign_tag(&mut self, tag: &Tag, span: Span) -> Outcome {
        let place = self.source.place(span);
        let (handle, name) = (tag.handle(), tag.suffix());
        if handle == "tag:yaml.org,2002:" && problem::NOT_JSON_TAGS.contains(&name) {
            return Err(Box::new(problem::not_json(place, name)));
        }
        // `!` alone only says "not resolved".
        if !(handle.is_empty() || handle == "!") || !matches!(name, "" | "!") {
            self.diagnostics
                .push(problem::unknown_tag(place, &tag.original()));
        }
        Ok(())
    }

    fn push(
        &mut self,
        content: Content<'s>,
        style: Style,
        span: Span,
    ) -> Result<Id, Box<Diagnostic>> {
        self.count(1, span)?;
        let id = Id::from_index(self.arena.nodes.len());
        self.arena.nodes.push(Data {
            content,
            span,
            style,
        });
        Ok(id)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Outcome {
        self.expanded = self.expanded.saturating_add(nodes);
        LimitExceeded::check("YAML nodes", self.expanded, self.limits.nodes).map_err(|limit| {
            self.exhausted = true;
            Box::new(limit.diagnostic(self.source.place(span)))
        })
    }

    fn node(&self, id: Id) -> Option<&Data<'s>> {
        self.arena.node(id)
    }

    fn node_mut(&mut self, id: Id) -> Option<&mut Data<'s>> {
        self.arena.nodes.get_mut(id.index())
    }
}
