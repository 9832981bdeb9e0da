//! Options of a check.

use serde::Deserialize;

use super::annotations::{self, Plugin};
use super::kinds::{Kinds, OwnKinds};
use super::organisation::{Moment, OrganisationRule, Scorecard};
use super::weight::{Weight, Weights};
use crate::glob;
use crate::limits::Limits;

/// What a caller may change.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogOptions {
    /// How much a field weighs that the kind does not have. Backstage accepts and ignores it.
    pub unknown_fields: Weight,
    /// What templates must be like. One must satisfy every entry that is for its type.
    pub governed_templates: Vec<GovernedTemplates>,
    /// What findings weigh, where it is not the usual.
    pub rules: Weights,
    /// The plugins that the portal has: their annotations are missed where they belong.
    pub plugins: Plugins,
    /// Annotations that plugins of the organisation's own read, `*` standing for any characters.
    pub known_annotations: Vec<String>,
    /// What the organisation asks for.
    pub organisation: Vec<OrganisationRule>,
    /// How far entities are by these rules.
    pub scorecard: Scorecard,
    /// When the check is; without it, every rule has begun and none is due that has a date.
    pub now: Option<Moment>,
    /// Kinds that are added to those that Backstage has.
    pub kinds: OwnKinds,
    /// The kinds of a Backstage, in place of those that it has built in.
    pub model: Option<OwnKinds>,
    /// Bounds on the input.
    pub limits: Limits,
}

impl CatalogOptions {
    /// All kinds that may be written.
    pub fn known_kinds(&self) -> Kinds<'_> {
        Kinds {
            own: &self.kinds,
            model: self.model.as_ref(),
        }
    }
}

impl Default for CatalogOptions {
    fn default() -> Self {
        Self {
            unknown_fields: Weight::Warning,
            governed_templates: Vec::new(),
            rules: Weights::default(),
            plugins: Plugins::default(),
            known_annotations: Vec::new(),
            organisation: Vec::new(),
            scorecard: Scorecard::default(),
            now: None,
            kinds: OwnKinds::default(),
            model: None,
            limits: Limits::default(),
        }
    }
}

/// Templates that must ask the policy before they do anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GovernedTemplates {
    /// The `spec.type`s it is for, whatever their case; `*` is any.
    pub types: Vec<String>,
    /// The permission that the policy must be asked for; any if absent.
    pub permission: Option<String>,
    /// The ids of the actions that may be used besides the question, `*` standing for any run of
    /// characters; any if absent.
    pub actions: Option<Vec<String>>,
    /// Whether a template may go on while consent is missing, to see to that itself.
    #[serde(default)]
    pub on_needs_approval: OnNeedsApproval,
}

/// What the question may do while consent is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnNeedsApproval {
    /// It must end the task.
    #[default]
    Fail,
    /// It may leave that to the steps after it.
    Output,
}

/// Plugins of the table of annotations.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Plugins(pub(super) Vec<&'static Plugin>);

impl TryFrom<Vec<String>> for Plugins {
    type Error = String;

    fn try_from(ids: Vec<String>) -> Result<Self, Self::Error> {
        let plugin = |id: &String| {
            annotations::plugin(id).ok_or_else(|| match annotations::nearest_plugin(id) {
                Some(near) => format!("no plugin is known as `{id}`, did you mean `{near}`?"),
                None => format!("no plugin is known as `{id}`"),
            })
        };
        ids.iter().map(plugin).collect::<Result<_, _>>().map(Self)
    }
}

impl GovernedTemplates {
    /// Whether it is for templates of that `spec.type`. Backstage's search for types ignores case too.
    pub fn are_for(&self, spec_type: &str) -> bool {
        let spec_type = spec_type.to_lowercase();
        self.types
            .iter()
            .any(|known| known == "*" || known.to_lowercase() == spec_type)
    }

    /// Whether an action is on the list.
    pub fn allow(&self, action: &str) -> bool {
        self.actions
            .as_ref()
            .is_none_or(|list| list.iter().any(|glob| glob::matches(glob, action)))
    }
}
