//! [`Engine`]: options, the host's filters and globals, and the templates parsed so far.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;

use super::ast::{Expression, Template};
use super::coverage::{self, Answers, Branch};
use super::escape::{self, Escape, Language, Roots};
use super::eval::undo::prepare;
use super::eval::{self, Rendered, Run, Trace};
use super::globals;
use super::path::{self, Verdict};
use super::store::{Loader, Store, Templates};
use super::syntax::{self, Syntax, Tags};
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
    /// Other delimiters; of two that begin alike the longer is seen first.
    pub tags: Tags,
    /// Leaves out the first line break after a block.
    pub trim_blocks: bool,
    /// Leaves out the blanks before a block at the start of a line.
    pub lstrip_blocks: bool,
    /// Makes the use of an undefined name an error.
    pub strict: bool,
    /// Whether values are kept from rewriting the file they are written into.
    pub escape: Escape,
    /// Paths of secret values in the context (`secrets`, `environment.secrets`): names joined by dots.
    pub secrets: Vec<String>,
    /// Whether it is noted which branches are taken: see [`Engine::branches`].
    pub coverage: bool,
    /// Upper bounds.
    pub limits: Limits,
}

impl Options {
    /// What is wrong with the options: what, why and what to do instead, in one sentence.
    pub fn check(&self) -> Result<(), String> {
        syntax::check(&self.tags, self.cookiecutter_compat)
    }
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
    /// Errors and warnings; secrets are masked in them.
    pub diagnostics: Vec<Diagnostic>,
    /// Secret texts and what was made of them, as far as it was used, the longest first: to be masked
    /// where the output is logged.
    pub secrets: Vec<String>,
}

/// What every part of the engine may look at.
pub(crate) struct Environment {
    pub syntax: Syntax,
    pub strict: bool,
    pub escape: Escape,
    pub secrets: Vec<String>,
    pub limits: Limits,
    pub filters: HashMap<Rc<str>, Rc<Native>>,
    pub filter_names: Vec<Rc<str>>,
    pub globals: IndexMap<Rc<str>, Value>,
    pub loader: Option<Rc<Loader>>,
    /// How conditions came out, if that is noted.
    pub answers: Option<Answers>,
    /// The steps that are left to the texts of a value, which share them.
    pub shared_fuel: Cell<Option<u64>>,
}

/// Renders texts and paths.
pub struct Engine {
    environment: Environment,
    store: Store,
}

impl Engine {
    /// An engine with the host's filters and globals beside Nunjucks' own.
    pub fn new(options: Options, host: Host) -> Self {
        let mut syntax = Syntax::backstage(options.cookiecutter_compat, &options.tags);
        syntax.trim_blocks = options.trim_blocks;
        syntax.lstrip_blocks = options.lstrip_blocks;
        let mut filter_names: Vec<Rc<str>> = host.filters.keys().cloned().collect();
        filter_names.sort();
        Self {
            environment: Environment {
                syntax,
                strict: options.strict,
                escape: options.escape,
                secrets: options.secrets,
                limits: options.limits,
                filters: host.filters,
                filter_names,
                globals: globals::all().chain(host.globals).collect(),
                loader: host.loader,
                answers: options.coverage.then(Answers::default),
                shared_fuel: Cell::new(None),
            },
            store: Store::default(),
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
        match SourceText::decode(name, bytes, &self.environment.limits) {
            Ok(text) => {
                let language = match self.environment.escape {
                    Escape::Auto => Language::of_file(target, text),
                    Escape::Off => None,
                };
                if let Some(language) = language {
                    return self.render_escaped(name, text, context, language);
                }
                let roots = Roots::default();
                let (rendered, told) = self.render(name, text, context, Trace::None, roots);
                told.rendering(rendered.map(|rendered| rendered.text))
            }
            Err(diagnostic) => Rendering {
                output: None,
                diagnostics: vec![*diagnostic],
                secrets: Vec::new(),
            },
        }
    }

    /// Renders the relative path of an entry of a skeleton. An entry whose path has an empty part is
    /// left out; a path that leads out of the target is an error.
    pub fn render_path(&self, path: &str, context: &Context) -> Rendering {
        let roots = Roots::default();
        let (rendered, mut told) = self.render(path, path, context, Trace::Tags, roots);
        let output = rendered.and_then(|rendered| match path::judge(path, &rendered) {
            Verdict::Keep(path) => Some(path),
            Verdict::LeaveOut => None,
            Verdict::Refuse(mut diagnostic) => {
                eval::mask(&mut diagnostic, &told.secrets);
                told.diagnostics.push(*diagnostic);
                None
            }
        });
        told.rendering(output)
    }

    /// The conditions of all templates so far and how they came out; none if that is not noted.
    pub fn branches(&self) -> Vec<Branch> {
        let answers = self.environment.answers.as_ref();
        answers.map_or_else(Vec::new, coverage::branches)
    }

    pub(crate) fn syntax(&self) -> &Syntax {
        &self.environment.syntax
    }

    /// All renderings within share the steps of one.
    pub(crate) fn sharing_fuel<T>(&self, work: impl FnOnce() -> T) -> T {
        let shared = &self.environment.shared_fuel;
        let outer = shared.get();
        shared.set(outer.or(Some(self.environment.limits.fuel)));
        let result = work();
        shared.set(outer.and(shared.get()));
        result
    }

    /// The steps that are left to what shares them.
    pub(crate) fn shared_fuel(&self) -> &Cell<Option<u64>> {
        &self.environment.shared_fuel
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.environment.limits
    }

    /// The parsed text; a faulty one too.
    pub(crate) fn parsed(&self, name: &str, text: &str) -> Rc<Template> {
        self.store
            .text(name, text, &self.environment, Roots::default())
    }

    /// The same of a file, in which expressions of GitHub's that begin with these names are text.
    pub(crate) fn parsed_source(&self, source: &SourceText, roots: Roots) -> Rc<Template> {
        self.store
            .text(source.name(), source.text(), &self.environment, roots)
    }

    /// The value of an expression of a parsed text as JSON, empty if it is undefined.
    pub(crate) fn evaluate(
        &self,
        template: &Template,
        expression: &Expression,
        context: &Context,
    ) -> (Option<String>, Told) {
        let templates = self.templates(Roots::default());
        let run = || eval::evaluate(&templates, template, expression, &context.0);
        Told::of(template, run)
    }

    fn render_escaped(
        &self,
        name: &str,
        text: &str,
        context: &Context,
        language: Language,
    ) -> Rendering {
        let roots = if language == Language::Workflow {
            let globals = &self.environment.globals;
            Roots::of(text, &self.environment.syntax, |name| {
                context.0.has(name) || globals.contains_key(name)
            })
        } else {
            Roots::default()
        };
        let (rendered, mut told) = self.render(name, text, context, Trace::Origins, roots);
        let escaped = rendered
            .map(|rendered| escape::escape(rendered, language, &self.environment.limits))
            .transpose();
        let output = escaped.unwrap_or_else(|refusals| {
            told.diagnostics.extend(refusals);
            crate::diagnostic::sort(&mut told.diagnostics);
            None
        });
        told.rendering(output)
    }

    fn render(
        &self,
        name: &str,
        text: &str,
        context: &Context,
        trace: Trace,
        roots: Roots,
    ) -> (Option<Rendered>, Told) {
        let template = self.store.text(name, text, &self.environment, roots);
        let templates = self.templates(roots);
        let run = || eval::render(&templates, &template, &context.0, trace);
        Told::of(&template, run)
    }

    fn templates(&self, roots: Roots) -> Templates<'_> {
        Templates {
            environment: &self.environment,
            store: &self.store,
            roots,
        }
    }
}

/// What a rendering says beside its result.
pub(crate) struct Told {
    pub diagnostics: Vec<Diagnostic>,
    pub secrets: Vec<String>,
}

impl Told {
    /// Runs a template if it has no syntax errors.
    fn of<T>(template: &Template, run: impl FnOnce() -> Run<T>) -> (Option<T>, Self) {
        let mut told = Self {
            diagnostics: template.diagnostics.clone(),
            secrets: Vec::new(),
        };
        if told.diagnostics.iter().any(Diagnostic::is_error) {
            return (None, told);
        }
        let run = run();
        told.secrets = run.secrets;
        told.diagnostics.extend(run.warnings);
        match run.result {
            Ok(result) => (Some(result), told),
            Err(errors) => {
                // a warning about the same thing has become true
                told.diagnostics
                    .retain(|warning| errors.iter().all(|error| error.at != warning.at));
                told.diagnostics.extend(errors);
                crate::diagnostic::sort(&mut told.diagnostics);
                (None, told)
            }
        }
    }

    fn rendering(self, output: Option<String>) -> Rendering {
        Rendering {
            output,
            diagnostics: self.diagnostics,
            secrets: self.secrets,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{Context, Engine, Host, Options};
    use crate::template::{Record, Value};

    #[test]
    fn branches_are_noted_over_all_renderings() {
        let options = Options {
            coverage: true,
            ..Options::default()
        };
        let engine = Engine::new(options, Host::default());
        let text = "{% if a %}x{% endif %}{% for i in b %}${{ 'y' if i else 'z' }}{% endfor %}";
        let shown = |a: bool, b: Vec<Value>| {
            let context = Record::new([
                (Rc::from("a"), Value::Bool(a)),
                (Rc::from("b"), Value::array(b)),
            ]);
            let context = Context::new(&context);
            let rendering = engine.render_text("t", text.as_bytes(), &context);
            assert!(rendering.output.is_some(), "{:?}", rendering.diagnostics);
            let path = engine.render_path("${{ 'p' if a }}", &context);
            assert!(path.diagnostics.is_empty());
            let branches = engine.branches().into_iter();
            branches
                .map(|branch| {
                    let column = branch.at.start.column;
                    (
                        branch.at.file.to_string(),
                        column,
                        branch.was_true,
                        branch.was_false,
                    )
                })
                .collect::<Vec<_>>()
        };
        let name = "${{ 'p' if a }} (name)".to_owned();
        let t = || "t".to_owned();
        assert_eq!(
            shown(true, Vec::new()),
            [
                (name.clone(), 12, true, false),
                (t(), 7, true, false),
                (t(), 35, false, true),
                (t(), 50, false, false),
            ]
        );
        assert_eq!(
            shown(false, vec![Value::Bool(true)]),
            [
                (name, 12, true, true),
                (t(), 7, true, true),
                (t(), 35, true, true),
                (t(), 50, true, false),
            ]
        );
    }
}
