//! The values that steps pass, and which of them nobody uses.

use std::collections::{BTreeMap, HashSet};

use super::super::Linter;
use super::super::model::{Model, Step, is_elsewhere};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml::Kind;

/// The values of one step.
#[derive(Clone)]
pub(in super::super) struct Values<'t> {
    /// Names and places; none if an expression makes them.
    known: Option<Vec<(&'t str, Span)>>,
    /// Whether the names are the step's own to use.
    are_own: bool,
}

impl<'t> Values<'t> {
    /// Reads the input `values`.
    pub fn of(step: &Step<'t>, model: &Model<'t>) -> Self {
        let own = |known| Self {
            known: Some(known),
            are_own: true,
        };
        let Some(node) = step.input("values") else {
            return own(Vec::new());
        };
        match node.kind() {
            Kind::Mapping(_) if is_elsewhere(node) => Self {
                known: None,
                are_own: false,
            },
            Kind::Mapping(fields) => {
                let fields = fields.into_iter();
                own(fields.map(|field| (field.name, field.key.span())).collect())
            }
            Kind::Null => own(Vec::new()),
            Kind::Text(text) => {
                let inner = text.trim().strip_prefix("${{");
                let inner = inner.and_then(|text| text.strip_suffix("}}"));
                let are_all = inner.is_some_and(|inner| inner.trim() == "parameters");
                let parameters = &model.parameters;
                let known = are_all && !parameters.is_open;
                let names = parameters.order.iter().map(|name| (*name, node.span()));
                Self {
                    known: known.then(|| names.collect()),
                    are_own: false,
                }
            }
            _ => Self {
                known: None,
                are_own: false,
            },
        }
    }

    /// Whether there may be others.
    pub fn is_open(&self) -> bool {
        self.known.is_none()
    }

    /// Whether there is one of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'t str> + Clone {
        let known: &[(&'t str, Span)] = self.known.as_deref().unwrap_or_default();
        known.iter().map(|(name, _)| *name)
    }
}

/// All values by their places, which steps may share by an alias.
#[derive(Default)]
pub(in super::super) struct Passed<'t>(BTreeMap<Span, (&'t str, bool)>);

impl<'t> Passed<'t> {
    /// Notes what one folder uses; none if that is not known.
    pub fn note(&mut self, values: &Values<'t>, used: Option<&HashSet<String>>) {
        if !values.are_own {
            return;
        }
        for &(name, at) in values.known.as_deref().unwrap_or_default() {
            let is_used = used.is_none_or(|used| used.contains(name));
            self.0.entry(at).or_insert((name, false)).1 |= is_used;
        }
    }

    /// Reports those that are not used.
    pub fn report(self, linter: &mut Linter<'_>) {
        for (at, (name, is_used)) in self.0 {
            if is_used {
                continue;
            }
            let message = format!("no file of the skeleton uses the value `{name}`");
            let place = linter.source.place(at);
            linter.diagnostics.push(
                Diagnostic::warning("template/unused-value", place, message)
                    .with_severity(Severity::Info)
                    .help("take it out, or use it"),
            );
        }
    }
}
