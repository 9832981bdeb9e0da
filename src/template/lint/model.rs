//! The parts of a template that the checks are about.

use std::collections::HashMap;

use super::Linter;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{Kind, Node};

/// A document of `kind: Template`.
pub(super) struct Model<'t> {
    pub steps: Vec<Step<'t>>,
    /// Whether there may be others: steps are in another file.
    pub steps_are_open: bool,
    pub output: Option<Node<'t>>,
    pub parameters: Parameters<'t>,
}

/// A step.
pub(super) struct Step<'t> {
    /// As written, or as the scaffolder calls a step without one.
    pub id: String,
    pub at: Span,
    pub node: Node<'t>,
    pub action: Option<(&'t str, Span)>,
    pub input: Option<Node<'t>>,
}

/// The fields of the form.
#[derive(Default)]
pub(super) struct Parameters<'t> {
    pub declared: HashMap<&'t str, Span>,
    /// In the order of the file.
    pub order: Vec<&'t str>,
    /// Those on which other fields depend.
    pub decide: Vec<&'t str>,
    /// Whether there may be others: a schema is elsewhere, or says so.
    pub is_open: bool,
}

impl<'t> Model<'t> {
    /// Reads a document; none if it is not of the scaffolder.
    pub fn of(root: Node<'t>) -> Option<Self> {
        let text = |name: &str| root.get(name)?.value.as_text();
        let is_template = text("kind") == Some("Template")
            && text("apiVersion").is_some_and(|v| v.starts_with("scaffolder.backstage.io/"));
        if !is_template {
            return None;
        }
        let spec = root.get("spec")?.value;
        let steps = spec.get("steps").map(|entry| entry.value);
        let steps_are_open = steps.is_some_and(|steps| {
            is_elsewhere(steps) || steps.items().into_iter().any(is_elsewhere)
        });
        let steps = steps.map(Node::items);
        let mut parameters = Parameters::default();
        if let Some(entry) = spec.get("parameters") {
            match entry.value.kind() {
                Kind::Sequence(pages) => pages.into_iter().for_each(|page| parameters.read(page)),
                _ => parameters.read(entry.value),
            }
        }
        Some(Self {
            steps: steps
                .into_iter()
                .flatten()
                .enumerate()
                .map(|(index, node)| Step::of(index, node))
                .collect(),
            steps_are_open,
            output: spec.get("output").map(|entry| entry.value),
            parameters,
        })
    }

    /// A step and its number.
    pub fn step(&self, id: &str) -> Option<(usize, &Step<'t>)> {
        let mut steps = self.steps.iter().enumerate();
        steps.find(|(_, step)| step.id == id)
    }

    /// Reports ids that two steps have.
    pub fn check_ids(&self, linter: &mut Linter<'_>) {
        let mut known: HashMap<&str, Span> = HashMap::new();
        for step in &self.steps {
            let Some(&first) = known.get(step.id.as_str()) else {
                known.insert(&step.id, step.at);
                continue;
            };
            let place = linter.source.place(step.at);
            let message = format!("another step has the id `{}` already", step.id);
            linter.diagnostics.push(
                Diagnostic::error("template/duplicate-step", place, message)
                    .why("the output of the first is lost when the second has run")
                    .related("the first", linter.source.place(first)),
            );
        }
    }
}

impl<'t> Step<'t> {
    fn of(index: usize, node: Node<'t>) -> Self {
        let text = |name: &str| {
            let entry = node.get(name)?;
            Some((entry.value.as_text()?, entry.span()))
        };
        let named = text("id");
        Self {
            id: named.map_or_else(|| format!("step-{}", index + 1), |(id, _)| id.to_owned()),
            at: named.map_or_else(|| node.span(), |(_, at)| at),
            node,
            action: text("action"),
            input: node.get("input").map(|entry| entry.value),
        }
    }

    /// An input of the step.
    pub fn input(&self, name: &str) -> Option<Node<'t>> {
        Some(self.input?.get(name)?.value)
    }

    /// The text of an input.
    pub fn input_text(&self, name: &str) -> Option<&'t str> {
        self.input(name)?.as_text()
    }

    /// Whether an input is `true`, and not an expression.
    pub fn input_is_true(&self, name: &str) -> bool {
        matches!(self.input(name).map(Node::kind), Some(Kind::Bool(true)))
    }

    /// The texts of an input that is a list; the text itself of one that is a text.
    pub fn input_texts(&self, name: &str) -> Vec<&'t str> {
        let Some(node) = self.input(name) else {
            return Vec::new();
        };
        match node.as_text() {
            Some(text) => vec![text],
            None => node.items().into_iter().filter_map(Node::as_text).collect(),
        }
    }
}

/// Whether a value is what the catalogue reads from another file.
pub(super) fn is_elsewhere(node: Node<'_>) -> bool {
    let places = ["$yaml", "$json", "$text"];
    places.iter().any(|name| node.get(name).is_some())
}

/// Keywords of JSON Schema that have schemas of the same object.
const BRANCHES: [&str; 6] = ["allOf", "anyOf", "oneOf", "if", "then", "else"];

impl<'t> Parameters<'t> {
    /// The fields of a schema of the form, and of the branches it has.
    fn read(&mut self, schema: Node<'t>) {
        for entry in schema.entries() {
            match entry.name {
                "properties" => {
                    for field in entry.value.entries() {
                        if self.declared.insert(field.name, field.key.span()).is_none() {
                            self.order.push(field.name);
                        } else {
                            // a branch is chosen by it
                            self.decide.push(field.name);
                        }
                    }
                }
                "dependencies" | "dependentSchemas" => {
                    for field in entry.value.entries() {
                        self.decide.push(field.name);
                        self.read(field.value);
                    }
                }
                "$ref" | "$yaml" | "$json" | "$text" | "patternProperties" => self.is_open = true,
                "additionalProperties" => {
                    self.is_open |= !matches!(entry.value.kind(), Kind::Bool(false));
                }
                name if BRANCHES.contains(&name) => {
                    if name == "if" {
                        let fields = entry.value.get("properties").map(|e| e.value.entries());
                        let fields = fields.into_iter().flatten();
                        self.decide.extend(fields.map(|field| field.name));
                    }
                    let branches = entry.value.items();
                    if branches.is_empty() {
                        self.read(entry.value);
                    }
                    branches.into_iter().for_each(|branch| self.read(branch));
                }
                _ => {}
            }
        }
    }
}
