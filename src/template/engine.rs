//! [`Engine`]: options, the host's filters and globals, and the templates parsed so far.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;

use super::ast::Template;
use super::escape::{self, Escape, Language, Roots};
use super::eval::undo::prepare;
use super::eval::{self, Rendered, Trace};
use super::globals;
use super::parser::{self, Grammar};
use super::path::{self, Verdict};
use super::syntax::Syntax;
use super::value::{Native, Record, Value};

/// How to render.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, named as Backstage names them"
)]
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// `{{ }}` instead of `${{ }}`, and the Jinja additions of Nunjucks.
    pub cookiecutter_compat: bool,
    /// Leaves out the first line break after a block.
    pub trim_blocks: bool,
    /// Leaves out the blanks before a block at the start of a line.
    pub lstrip_blocks: bool,
    /// Makes the use of an undefined name an error.
    pub strict: bool,
    /// Whether values are kept from rewriting the file they are written into.
    pub escape: Escape,
    /// Upper bounds.
    pub limits: Limits,
}

/// What the host adds to the language.
#[derive(Default)]
pub struct Host {
    /// Filters; they replace those of the same name.
    pub filters: HashMap<Rc<str>, Rc<Native>>,
    /// Globals; the context's names come first.
    pub globals: Vec<(Rc<str>, Value)>,
}

/// Values for any number of renderings, none of which changes them for another.
pub struct Context(Record);

impl Context {
    /// A context of these names.
    pub fn new(names: &Record) -> Self {
        prepare(names);
        Self(names.clone())
    }
}

/// The result of one rendering.
#[derive(Debug)]
pub struct Rendering {
    /// The text; none after an error. For a path, also none if the entry is left out.
    pub output: Option<String>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What every part of the engine may look at.
pub(crate) struct Environment {
    pub syntax: Syntax,
    pub strict: bool,
    pub escape: Escape,
    pub limits: Limits,
    pub filters: HashMap<Rc<str>, Rc<Native>>,
    pub filter_names: Vec<Rc<str>>,
    pub globals: IndexMap<Rc<str>, Value>,
}

/// Renders texts and paths.
pub struct Engine {
    environment: Environment,
    templates: RefCell<HashMap<Rc<str>, Rc<Template>>>,
    /// Bytes of the texts in `templates`.
    kept: Cell<usize>,
}

/// Parsed texts are dropped when their sum passes this.
const MAX_KEPT: usize = 16 << 20;

impl Engine {
    /// An engine with the host's filters and globals beside Nunjucks' own.
    pub fn new(options: Options, host: Host) -> Self {
        let mut syntax = Syntax::backstage(options.cookiecutter_compat);
        syntax.trim_blocks = options.trim_blocks;
        syntax.lstrip_blocks = options.lstrip_blocks;
        let mut filter_names: Vec<Rc<str>> = host.filters.keys().cloned().collect();
        filter_names.sort();
        Self {
            environment: Environment {
                syntax,
                strict: options.strict,
                escape: options.escape,
                limits: options.limits,
                filters: host.filters,
                filter_names,
                globals: globals::all().chain(host.globals).collect(),
            },
            templates: RefCell::default(),
            kept: Cell::new(0),
        }
    }

    /// Renders a file's content.
    pub fn render_text(&self, name: &str, bytes: &[u8], context: &Context) -> Rendering {
        self.render_file(name, name, bytes, context)
    }

    /// Renders the content of a file whose path in the target, by which its language is known, is
    /// another than its name.
    pub fn render_file(
        &self,
        name: &str,
        target: &str,
        bytes: &[u8],
        context: &Context,
    ) -> Rendering {
        let language = match self.environment.escape {
            Escape::Auto => Language::of(target),
            Escape::Off => None,
        };
        match SourceText::from_bytes(name, bytes, &self.environment.limits) {
            Ok(source) => {
                if let Some(language) = language {
                    return self.render_escaped(source, context, language);
                }
                let (rendered, diagnostics) =
                    self.render(source, context, Trace::None, Roots::default());
                Rendering {
                    output: rendered.map(|rendered| rendered.text),
                    diagnostics,
                }
            }
            Err(diagnostic) => Rendering {
                output: None,
                diagnostics: vec![*diagnostic],
            },
        }
    }

    /// Renders the relative path of an entry of a skeleton. An entry whose path has an empty part is
    /// left out; a path that leads out of the target is an error.
    pub fn render_path(&self, path: &str, context: &Context) -> Rendering {
        let source = SourceText::new(path, path);
        let (rendered, mut diagnostics) =
            self.render(source, context, Trace::Tags, Roots::default());
        let Some(rendered) = rendered else {
            return Rendering {
                output: None,
                diagnostics,
            };
        };
        let output = match path::judge(path, &rendered) {
            Verdict::Keep(path) => Some(path),
            Verdict::LeaveOut => None,
            Verdict::Refuse(diagnostic) => {
                diagnostics.push(*diagnostic);
                None
            }
        };
        Rendering {
            output,
            diagnostics,
        }
    }

    fn render_escaped(
        &self,
        source: SourceText,
        context: &Context,
        language: Language,
    ) -> Rendering {
        let roots = if language == Language::Workflow {
            let globals = &self.environment.globals;
            Roots::of(source.text(), |name| {
                context.0.has(name) || globals.contains_key(name)
            })
        } else {
            Roots::default()
        };
        let (rendered, mut diagnostics) = self.render(source, context, Trace::Origins, roots);
        let escaped = rendered
            .map(|rendered| escape::escape(rendered, language, &self.environment.limits))
            .transpose();
        let output = escaped.unwrap_or_else(|refusals| {
            diagnostics.extend(refusals);
            crate::diagnostic::sort(&mut diagnostics);
            None
        });
        Rendering {
            output,
            diagnostics,
        }
    }

    fn render(
        &self,
        source: SourceText,
        context: &Context,
        trace: Trace,
        roots: Roots,
    ) -> (Option<Rendered>, Vec<Diagnostic>) {
        let template = self.template(source, roots);
        let mut diagnostics = template.diagnostics.clone();
        if diagnostics.iter().any(Diagnostic::is_error) {
            return (None, diagnostics);
        }
        match eval::render(&self.environment, &template, &context.0, trace) {
            Ok(rendered) => (Some(rendered), diagnostics),
            Err((failure, source)) => {
                let error = failure.diagnostic(&source);
                // the warning about the same thing has become true
                diagnostics.retain(|warning| warning.at != error.at);
                diagnostics.push(error);
                crate::diagnostic::sort(&mut diagnostics);
                (None, diagnostics)
            }
        }
    }

    /// The parsed text, from the store if it is there under the same name.
    fn template(&self, source: SourceText, roots: Roots) -> Rc<Template> {
        if let Some(known) = self.templates.borrow().get(source.text())
            && known.source.name() == source.name()
            && known.roots == roots
        {
            return Rc::clone(known);
        }
        let filters = |name: &str| self.environment.filters.contains_key(name);
        let grammar = Grammar {
            syntax: &self.environment.syntax,
            roots,
            limits: &self.environment.limits,
            strict: self.environment.strict,
            filters: &filters,
            filter_names: &self.environment.filter_names,
        };
        let text: Rc<str> = source.text().into();
        let template = Rc::new(parser::parse(Rc::new(source), &grammar));
        let kept = self.kept.get() + text.len();
        let mut templates = self.templates.borrow_mut();
        if kept > MAX_KEPT {
            templates.clear();
            self.kept.set(text.len());
        } else {
            self.kept.set(kept);
        }
        templates.insert(text, Rc::clone(&template));
        template
    }
}
