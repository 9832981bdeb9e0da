//! A template against itself: `template.yaml`, the skeletons its steps render, and the actions of the
//! instance it is for.
//!
//! The scaffolder hands over the raw text of an expression that fails, and renders what nobody passes as
//! nothing: both are found out here, before somebody uses the template.

mod conditions;
mod glob;
mod inputs;
mod lock;
mod model;
mod names;
mod references;
mod skeleton;
mod text;
mod uses;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{self, Diagnostic};
use crate::limits::{Limits, MAX_PROBLEMS, too_many_problems};
use crate::source::{SourceText, Span};
use crate::yaml;

use super::engine::{Engine, Host, Options};
use super::syntax::Tags;
use lock::Actions;
pub use lock::Lock;
use model::Model;

/// A file of the template's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path, with `/`, beginning as that of the template does.
    pub name: String,
    /// Its text; none of a file that is not text.
    #[serde(default)]
    pub content: Option<String>,
}

/// What to check against.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LintOptions {
    /// The actions of the instance; without it only goldenpath's own are known.
    pub lock: Option<Lock>,
    /// Upper bounds.
    pub limits: Limits,
}

/// All that is wrong with a template, and what is likely not meant. The first file is the template, the
/// others are what is in its folder.
pub fn lint(files: &[File], options: &LintOptions) -> Report {
    let Some((template, rest)) = files.split_first() else {
        return Report::default();
    };
    let source = SourceText::new(&template.name, template.content.clone().unwrap_or_default());
    let stream = yaml::parse(&source, &options.limits);
    let mut linter = Linter {
        source: &source,
        actions: Actions::new(options.lock.as_ref()),
        engine: engine(
            &options.limits,
            options.lock.as_ref(),
            false,
            Tags::default(),
        ),
        options,
        diagnostics: stream.diagnostics,
        names: BTreeMap::new(),
    };
    let mut found = 0;
    for document in &stream.documents {
        linter
            .diagnostics
            .extend(document.diagnostics.iter().cloned());
        let Some(model) = Model::of(document.root()) else {
            continue;
        };
        found += 1;
        model.check_ids(&mut linter);
        references::check(&mut linter, &model);
        conditions::check(&mut linter, &model);
        inputs::check(&mut linter, &model);
        skeleton::check(&mut linter, &model, rest);
    }
    if found == 0 && linter.diagnostics.is_empty() {
        let place = source.place(Span::default());
        linter.diagnostics.push(
            Diagnostic::error("template/no-template", place, "there is no template here")
                .why("no document has `kind: Template` and an `apiVersion` of the scaffolder"),
        );
    }
    let mut diagnostics = linter.diagnostics;
    diagnostic::sort(&mut diagnostics);
    // what an alias repeats, and what is so for two steps
    diagnostics.dedup();
    if diagnostics.len() > MAX_PROBLEMS {
        diagnostics.truncate(MAX_PROBLEMS);
        diagnostics.push(too_many_problems(source.place(Span::default())));
    }
    let is_shown = |name: &str| diagnostics.iter().any(|found| found.mentions(name));
    let names = linter.names.into_iter();
    let sources = names.filter(|(name, _)| is_shown(name));
    Report {
        sources: sources
            .map(|(name, content)| Source { name, content })
            .collect(),
        diagnostics,
    }
}

/// What [`lint`] found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The findings, in order of file and position.
    pub diagnostics: Vec<Diagnostic>,
    /// Names of files that findings are about: a place in a name is none in the file.
    pub sources: Vec<Source>,
}

/// A text that findings are about.
#[derive(Debug, Serialize)]
pub struct Source {
    /// How the findings call it.
    pub name: String,
    /// The text.
    pub content: String,
}

/// What the checks share.
struct Linter<'a> {
    source: &'a SourceText,
    actions: Actions<'a>,
    /// Parses the texts of `template.yaml`.
    engine: Engine,
    options: &'a LintOptions,
    diagnostics: Vec<Diagnostic>,
    /// Names of files by what they are called in diagnostics.
    names: BTreeMap<String, String>,
}

impl Linter<'_> {
    /// Whether there are more problems than anybody reads.
    fn is_full(&self) -> bool {
        self.diagnostics.len() > 4 * MAX_PROBLEMS
    }
}

/// The dialect of the scaffolder. Filters of the instance are known from its lock; without it, an unknown
/// one is a warning only.
fn engine(limits: &Limits, lock: Option<&Lock>, cookiecutter_compat: bool, tags: Tags) -> Engine {
    let known = lock.and_then(|lock| lock.filters.as_ref());
    let options = Options {
        cookiecutter_compat,
        tags,
        strict: known.is_some(),
        limits: limits.clone(),
        ..Options::default()
    };
    let mut host = Host::default();
    for name in known.into_iter().flatten() {
        host.filters.insert(
            name.as_str().into(),
            std::rc::Rc::new(|_: &[super::Value]| Ok(super::Value::Undefined)),
        );
    }
    Engine::new(options, host)
}

/// "did you mean", if something is near.
fn did_you_mean<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let near = crate::suggest::nearest(word, known)?;
    Some(format!("did you mean `{near}`?"))
}

/// Names as a list for people.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter().take(12);
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() {
        return "nothing".to_owned();
    }
    quoted.join(", ")
}
