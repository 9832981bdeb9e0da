//! [`Engine`]: options, the host's filters and globals, and the templates parsed so far.

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;

use super::eval::undo::prepare;
use super::eval::{self, Rendered};
use super::globals;
use super::path::{self, Verdict};
use super::store::{Loader, Store, Templates};
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
    /// The texts of the skeleton's files, for `include`, `import` and `extends`.
    pub loader: Option<Rc<Loader>>,
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
    pub limits: Limits,
    pub filters: HashMap<Rc<str>, Rc<Native>>,
    pub filter_names: Vec<Rc<str>>,
    pub globals: IndexMap<Rc<str>, Value>,
    pub loader: Option<Rc<Loader>>,
}

/// Renders texts and paths.
pub struct Engine {
    environment: Environment,
    store: Store,
}

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
                limits: options.limits,
                filters: host.filters,
                filter_names,
                globals: globals::all().chain(host.globals).collect(),
                loader: host.loader,
            },
            store: Store::default(),
        }
    }

    /// Renders a file's content.
    pub fn render_text(&self, name: &str, bytes: &[u8], context: &Context) -> Rendering {
        match SourceText::from_bytes(name, bytes, &self.environment.limits) {
            Ok(source) => {
                let (rendered, diagnostics) = self.render(source, context, false);
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
        let (rendered, mut diagnostics) = self.render(source, context, true);
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

    fn render(
        &self,
        source: SourceText,
        context: &Context,
        trace: bool,
    ) -> (Option<Rendered>, Vec<Diagnostic>) {
        let template = self.store.text(source, &self.environment);
        let mut diagnostics = template.diagnostics.clone();
        if diagnostics.iter().any(Diagnostic::is_error) {
            return (None, diagnostics);
        }
        let templates = Templates {
            environment: &self.environment,
            store: &self.store,
        };
        let (result, warnings) = eval::render(&templates, &template, &context.0, trace);
        diagnostics.extend(warnings);
        match result {
            Ok(rendered) => (Some(rendered), diagnostics),
            Err(errors) => {
                // a warning about the same thing has become true
                diagnostics.retain(|warning| errors.iter().all(|error| error.at != warning.at));
                diagnostics.extend(errors);
                crate::diagnostic::sort(&mut diagnostics);
                (None, diagnostics)
            }
        }
    }
}
