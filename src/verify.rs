//! Whether rendered files are what their names promise: syntax, and the structure without which the
//! tool that reads the file refuses it.

mod hcl;
mod kubernetes;
mod workflow;

use serde::Deserialize;

use crate::catalog::{self, CatalogOptions};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::{SourceText, Span};
use crate::yaml::{self, Node};

/// What to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// `*.yaml`, `*.yml`: it can be read.
    Yaml,
    /// `*.json`: it can be read.
    Json,
    /// `*.tf`, `*.tfvars`, `*.hcl`: blocks, attributes, brackets and texts are complete.
    Hcl,
    /// `.github/workflows/*`: triggers, jobs, steps and needs.
    Workflow,
    /// `catalog-info*.yaml`: the catalogue would take it.
    Entity,
    /// Objects of Kubernetes in YAML files: names, labels, selectors and containers.
    Kubernetes,
}

/// All that is wrong with a file in the sight of the checks that are about its name.
pub fn check(source: &SourceText, checks: &[Check]) -> Vec<Diagnostic> {
    let name = Name::of(source.name());
    let has = |check| checks.contains(&check);
    let mut found = Vec::new();
    match name {
        Name::Json if has(Check::Json) => found.extend(json(source)),
        Name::Hcl if has(Check::Hcl) => found.extend(hcl::check(source)),
        Name::Entity if has(Check::Entity) => found.extend(entity(source)),
        Name::Workflow if has(Check::Workflow) => yaml(source, &mut found, workflow::check),
        Name::Yaml if has(Check::Kubernetes) => yaml(source, &mut found, kubernetes::check),
        Name::Yaml | Name::Workflow | Name::Entity if has(Check::Yaml) => {
            yaml(source, &mut found, |_, _, _| {});
        }
        _ => {}
    }
    found
}

/// What a file is by its name.
enum Name {
    Json,
    Hcl,
    Entity,
    Workflow,
    Yaml,
    Other,
}

impl Name {
    fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "tf" | "tfvars" | "hcl" => Self::Hcl,
            "yaml" | "yml" if name.starts_with("catalog-info") => Self::Entity,
            "yaml" | "yml" if is_workflow(path) => Self::Workflow,
            "yaml" | "yml" => Self::Yaml,
            _ => Self::Other,
        }
    }
}

fn is_workflow(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder == ".github/workflows" || folder.ends_with("/.github/workflows")
}

fn json(source: &SourceText) -> Option<Diagnostic> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(source.text()).err()?;
    let lines = source.text().split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = (before + error.column().saturating_sub(1)).min(source.text().len());
    // serde says the place again at the end
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    Some(
        Diagnostic::error(
            "verify/json-syntax",
            source.place(Span::new(at, at)),
            format!("this is not JSON: {message}"),
        )
        .why("the file's name ends with `.json`"),
    )
}

fn entity(source: &SourceText) -> Vec<Diagnostic> {
    let report = catalog::check(source, &CatalogOptions::default());
    let documents = report.documents.into_iter();
    let mut found = report.diagnostics;
    found.extend(documents.flat_map(|document| document.diagnostics));
    found
}

fn yaml(
    source: &SourceText,
    found: &mut Vec<Diagnostic>,
    check: impl Fn(&SourceText, Node, &mut Vec<Diagnostic>),
) {
    let stream = yaml::parse(source, &Limits::default());
    found.extend(stream.diagnostics);
    for mut document in stream.documents {
        found.append(&mut document.diagnostics);
        check(source, document.root(), found);
    }
}

/// An error at a node.
fn error(
    source: &SourceText,
    at: Span,
    code: &'static str,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, source.place(at), message)
}
