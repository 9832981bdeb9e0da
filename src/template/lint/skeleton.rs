//! The skeletons that a template's steps render, against the values that the steps pass.

mod delimiters;
mod folder;
mod passed;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::model::{Model, Step};
use super::names::Name;
use super::uses::{Use, Uses};
use super::{File, Linter, did_you_mean, engine, listed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceText, Span};
use crate::template::ast::Template;
use crate::template::engine::Engine;
use crate::template::escape::{Language, Roots};
use crate::template::syntax::Tags;
use folder::{Entry, Found, find};
use passed::{Passed, Values};

/// The actions that render a skeleton.
const RENDERERS: [&str; 2] = ["fetch:template", "goldenpath:template:render"];

/// What the scaffolder has in `template.yaml` only.
const NOT_HERE: [&str; 7] = [
    "parameters",
    "steps",
    "user",
    "secrets",
    "context",
    "each",
    "environment",
];

/// Names that tags give.
const OF_TAGS: [&str; 3] = ["loop", "caller", "super"];

/// Checks all skeletons of a template.
pub(super) fn check(linter: &mut Linter<'_>, model: &Model<'_>, files: &[File]) {
    let mut passed = Passed::default();
    let mut written: HashMap<String, (String, Span)> = HashMap::new();
    for step in &model.steps {
        let is_renderer = |(action, _): &(&str, Span)| RENDERERS.contains(action);
        let Some((action, _)) = step.action.filter(is_renderer) else {
            continue;
        };
        let values = Values::of(step, model);
        match find(linter.source.name(), step, files) {
            Found::Folders(folders) => {
                for entries in folders.values() {
                    let mut skeleton = Skeleton::new(linter, step, action, values.clone());
                    skeleton.read(entries);
                    skeleton.judge();
                    if folders.len() == 1 {
                        skeleton.check_other_steps(&mut written);
                    }
                    passed.note(&values, skeleton.used.as_ref());
                }
            }
            Found::None(at, severity) => {
                passed.note(&values, None);
                let place = linter.source.place(at);
                let message = "the template has no such folder";
                linter.diagnostics.push(
                    Diagnostic::error("template/no-skeleton", place, message)
                        .with_severity(severity)
                        .why(
                            "the path is relative to the template, and a folder needs a file in it",
                        ),
                );
            }
            Found::Elsewhere => passed.note(&values, None),
        }
    }
    passed.report(linter);
}

/// One folder as one step renders it.
struct Skeleton<'l, 'a, 't, 'm> {
    linter: &'l mut Linter<'a>,
    engine: Engine,
    step: &'m Step<'t>,
    action: &'t str,
    values: Values<'t>,
    /// The name by which the values are known.
    root: &'static str,
    is_strict: bool,
    /// What the files use, with the text they are in.
    uses: Vec<(Rc<SourceText>, Use)>,
    own: HashSet<Rc<str>>,
    has_partials: bool,
    names: Vec<(Name, Rc<SourceText>)>,
    /// The values that are used; none if it is not known.
    used: Option<HashSet<String>>,
}

impl<'l, 'a, 't, 'm> Skeleton<'l, 'a, 't, 'm> {
    fn new(
        linter: &'l mut Linter<'a>,
        step: &'m Step<'t>,
        action: &'t str,
        values: Values<'t>,
    ) -> Self {
        let is_cookiecutter = step.input_is_true("cookiecutterCompat");
        let options = linter.options;
        let is_own = action == "goldenpath:template:render";
        let is_strict = is_own
            && step
                .input("strict")
                .is_none_or(|_| step.input_is_true("strict"));
        let tags = if is_own {
            delimiters::read(linter, step, is_cookiecutter)
        } else {
            Tags::default()
        };
        let lock = options.lock.as_ref();
        Self {
            engine: engine(&options.limits, lock, is_cookiecutter, tags),
            linter,
            step,
            action,
            values,
            root: if is_cookiecutter {
                "cookiecutter"
            } else {
                "values"
            },
            is_strict,
            uses: Vec::new(),
            own: HashSet::new(),
            has_partials: false,
            names: Vec::new(),
            used: Some(HashSet::new()),
        }
    }

    fn read(&mut self, entries: &[Entry<'_>]) {
        let extension = self.extension();
        let copied = self.step.input_texts("copyWithoutTemplating");
        let partials = self.step.input_texts("partials");
        let is_escaped = self.step.input_text("escape") == Some("auto");
        for entry in entries {
            let is_marked = extension.as_ref().is_some_and(|e| entry.path.ends_with(e));
            let path = match &extension {
                Some(extension) if is_marked => entry.path.strip_suffix(extension.as_str()),
                _ => None,
            };
            let path = path.unwrap_or(entry.path);
            let is_partial = super::glob::any(&partials, entry.path);
            if !is_partial {
                self.name(entry, path);
            }
            let is_template = match extension {
                Some(_) => is_marked,
                None => !super::glob::any(&copied, entry.path),
            };
            if let Some(content) = entry.content.filter(|_| is_template) {
                let is_workflow = is_escaped && Language::of(path) == Some(Language::Workflow);
                let roots = if is_workflow {
                    let actions = &self.linter.actions;
                    Roots::of(content, self.engine.syntax(), |name| {
                        name == self.root || actions.has_global(name)
                    })
                } else {
                    Roots::default()
                };
                let source = SourceText::new(entry.name, content);
                self.text(&source, roots);
            }
        }
    }

    fn extension(&self) -> Option<String> {
        let node = self.step.input("templateFileExtension")?;
        if self.step.input_is_true("templateFileExtension") {
            return Some(".njk".to_owned());
        }
        let text = node.as_text().filter(|text| !text.is_empty())?;
        Some(if text.starts_with('.') {
            text.to_owned()
        } else {
            format!(".{text}")
        })
    }

    /// A place in the name is none in the file.
    fn name(&mut self, entry: &Entry<'_>, path: &str) {
        let called = format!("{} (name)", entry.name);
        let source = SourceText::new(&called, path);
        self.linter.names.insert(called, path.to_owned());
        let template = self.text(&source, Roots::default());
        if let Some(name) = Name::of(&template) {
            self.collide(name, &template.source);
        }
    }

    fn text(&mut self, source: &SourceText, roots: Roots) -> Rc<Template> {
        let template = self.engine.parsed_source(source, roots);
        let diagnostics = template.diagnostics.iter().cloned();
        self.linter.diagnostics.extend(diagnostics);
        if let Some(used) = &mut self.used
            && template.diagnostics.iter().any(Diagnostic::is_error)
        {
            // what was meant may use them
            let named = self.values.names();
            let named = named.filter(|name| template.source.text().contains(name));
            used.extend(named.map(str::to_owned));
        }
        let found = Uses::of(&template);
        for oddity in found.oddities {
            let diagnostic = oddity.diagnostic(&template.source);
            self.linter
                .diagnostics
                .push(diagnostic.with_severity(Severity::Warning));
        }
        let foreign = found.names.into_iter();
        let foreign = foreign.filter(|each| !found.own.contains(&each.root));
        self.uses
            .extend(foreign.map(|each| (Rc::clone(&template.source), each)));
        self.own.extend(found.own);
        self.has_partials |= found.has_partials;
        template
    }

    fn collide(&mut self, name: Name, source: &Rc<SourceText>) {
        let first = self.names.iter().find(|(known, _)| known.meets(&name));
        if let Some((known, first)) = first {
            let whole = |source: &SourceText| source.place(Span::new(0, source.text().len()));
            let conditions = known.conditions.iter().chain(&name.conditions).min();
            let when = conditions
                .map(|c| format!(" when `{c}`"))
                .unwrap_or_default();
            let message = format!("two files are rendered to `{}`{when}", name.path);
            let why = if self.action == "fetch:template" {
                "the second is left out, and nobody is told"
            } else {
                "the step fails, as only one of them can be there"
            };
            self.linter.diagnostics.push(
                Diagnostic::error("template/path-collision", whole(source), message)
                    .why(why)
                    .related("the other", whole(first)),
            );
        }
        self.names.push((name, Rc::clone(source)));
    }

    /// Two steps that always run, into one folder.
    fn check_other_steps(&mut self, written: &mut HashMap<String, (String, Span)>) {
        let target = self.step.input_text("targetPath").unwrap_or(".");
        let runs_always = ["if", "each"]
            .iter()
            .all(|name| self.step.node.get(name).is_none());
        let is_known = |text: &str| !text.contains("${{") && !text.contains("..");
        if !runs_always || !is_known(target) || !self.step.input_text("url").is_some_and(is_known) {
            return;
        }
        let target = target.trim_start_matches("./").trim_matches(['/', '.']);
        let replaces = self.step.input("replace").is_some();
        for (name, source) in &self.names {
            if !name.is_literal || !name.conditions.is_empty() {
                continue;
            }
            let path = format!("{target}/{}", name.path);
            let Some((first, at)) = written.get(&path) else {
                written.insert(path, (self.step.id.clone(), self.step.at));
                continue;
            };
            if replaces || *first == self.step.id {
                continue;
            }
            let place = source.place(Span::new(0, source.text().len()));
            let message = format!("the step `{first}` has written `{}` before", name.path);
            self.linter.diagnostics.push(
                Diagnostic::warning("template/path-collision", place, message)
                    .why(format!(
                        "without `replace` the step `{}` leaves it as it is",
                        self.step.id
                    ))
                    .related("the first step", self.linter.source.place(*at)),
            );
        }
    }

    fn judge(&mut self) {
        let uses = std::mem::take(&mut self.uses);
        let mut told = HashSet::new();
        for (source, each) in &uses {
            if self.linter.is_full() {
                return;
            }
            let root = &*each.root;
            if root == self.root {
                let Some((name, at)) = each.member(0) else {
                    self.used = None;
                    continue;
                };
                if let Some(used) = &mut self.used {
                    used.insert(name.to_owned());
                }
                if let Some(diagnostic) = self.value(source, each, name, at)
                    && told.insert((diagnostic.at.clone(), name.to_owned()))
                {
                    self.linter.diagnostics.push(diagnostic);
                }
                continue;
            }
            let is_known = OF_TAGS.contains(&root)
                || self.linter.actions.has_global(root)
                || self.root == "cookiecutter" && matches!(root, "True" | "False" | "None")
                || self.has_partials && self.own.contains(root);
            if !is_known && !each.is_optional {
                let diagnostic = self.unknown(source, each);
                self.linter.diagnostics.push(diagnostic);
            }
        }
    }

    fn severity(&self) -> (Severity, &'static str) {
        if self.is_strict {
            (
                Severity::Error,
                "the step fails on a name that is not defined",
            )
        } else {
            (Severity::Warning, "the step renders it as nothing")
        }
    }

    fn value(&self, source: &SourceText, each: &Use, name: &str, at: Span) -> Option<Diagnostic> {
        if each.is_optional || self.values.is_open() || self.values.has(name) {
            return None;
        }
        let (severity, why) = self.severity();
        let known = self.values.names();
        let step = &self.step.id;
        let help = did_you_mean(name, known.clone())
            .unwrap_or_else(|| format!("it passes {}", listed(known)));
        let message = format!("the step `{step}` passes no value `{name}`");
        Some(
            Diagnostic::error("template/missing-value", source.place(at), message)
                .with_severity(severity)
                .why(why)
                .help(help)
                .related("the step", self.linter.source.place(self.step.at)),
        )
    }

    fn unknown(&self, source: &SourceText, each: &Use) -> Diagnostic {
        let (severity, why) = self.severity();
        let root = &*each.root;
        let values = self.root;
        let is_workflow = Language::of(source.name()) == Some(Language::Workflow);
        let help = if is_workflow && Roots::is_context(root) {
            if self.action == "fetch:template" {
                "if it is GitHub's, put it between `{% raw %}` and `{% endraw %}`, or list the file in `copyWithoutTemplating`".to_owned()
            } else {
                "if it is GitHub's, give the step `escape: auto`, or list the file in `copyWithoutTemplating`".to_owned()
            }
        } else if NOT_HERE.contains(&root) {
            format!("the skeleton sees `{values}` only: let the step pass it")
        } else if self.values.has(root) {
            format!("write `{values}.{root}`")
        } else {
            did_you_mean(root, [values]).unwrap_or_else(|| format!("known here: `{values}`"))
        };
        let message = format!("`{root}` is not defined in a skeleton");
        Diagnostic::error("template/unknown-root", source.place(each.at), message)
            .with_severity(severity)
            .why(why)
            .help(help)
    }
}
