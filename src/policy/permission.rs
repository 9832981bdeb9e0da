//! Permissions: which exist, and how a rule selects them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::glob;

/// What a permission does, as Backstage's `PermissionAttributes` say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// `create`
    Create,
    /// `read`
    Read,
    /// `update`
    Update,
    /// `delete`
    Delete,
}

impl Action {
    /// Every action, by its name.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("create", Self::Create),
        ("read", Self::Read),
        ("update", Self::Update),
        ("delete", Self::Delete),
    ];
}

/// A permission as plugins declare it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Permission {
    /// Its name, `catalog.entity.read`.
    pub name: String,
    /// What it does; some permissions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// The type of resource it is about. Without one it is basic: yes or no, never a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// The plugin that owns the resource type and applies conditions to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin_id: Option<String>,
}

/// How a rule names permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// One name, or a glob in which `*` stands for any run of characters, dots included.
    Name(String),
    /// All permissions of a resource type, or with an action, or both.
    Attributes {
        /// Must be equal, if given.
        resource_type: Option<String>,
        /// Must be equal, if given.
        action: Option<Action>,
    },
}

impl Selector {
    /// Whether it selects the permission.
    pub fn selects(&self, permission: &Permission) -> bool {
        match self {
            Self::Name(pattern) => glob::matches(pattern, &permission.name),
            Self::Attributes {
                resource_type,
                action,
            } => {
                (resource_type.is_none() || *resource_type == permission.resource_type)
                    && (action.is_none() || *action == permission.action)
            }
        }
    }
}

/// The resource type of entities.
pub const CATALOG_ENTITY: &str = "catalog-entity";
/// The resource type of a template's steps and parameter pages.
pub const SCAFFOLDER_TEMPLATE: &str = "scaffolder-template";
/// The resource type of an action about to run with its input.
pub const SCAFFOLDER_ACTION: &str = "scaffolder-action";
/// The resource type of a run of a template.
pub const SCAFFOLDER_TASK: &str = "scaffolder-task";

/// The resource type of environments, which are entities of the catalogue.
pub const ENVIRONMENT: &str = "goldenpath-environment";

/// Whether resources of a type are of another type too, so that conditions on that can be asked of them.
pub fn is_a(resource_type: &str, other: &str) -> bool {
    resource_type == other || (resource_type == ENVIRONMENT && other == CATALOG_ENTITY)
}

/// Which entities of the catalogue are environments: those with these values, whatever their case. The
/// catalogue finds them by it.
pub const ENVIRONMENT_FIELDS: [(&str, &str); 2] =
    [("kind", "resource"), ("spec.type", "environment")];

/// Whether an entity of the catalogue is an environment.
pub fn is_environment(entity: &Value) -> bool {
    ENVIRONMENT_FIELDS.iter().all(|(path, wanted)| {
        let found = path
            .split('.')
            .try_fold(entity, |value, key| value.get(key));
        let text = found.and_then(Value::as_str);
        text.is_some_and(|text| text.to_lowercase() == *wanted)
    })
}

/// The plugin that owns one of the built-in resource types.
pub fn builtin_plugin(resource_type: &str) -> Option<&'static str> {
    match resource_type {
        CATALOG_ENTITY => Some("catalog"),
        ENVIRONMENT => Some("goldenpath"),
        SCAFFOLDER_TEMPLATE | SCAFFOLDER_ACTION | SCAFFOLDER_TASK => Some("scaffolder"),
        _ => None,
    }
}

/// The permissions of goldenpath and of Backstage's own plugins: catalog-common 1.2,
/// scaffolder-common 2.4, devtools-common 0.1, kubernetes-common 0.9.
///
/// What is done to an environment is a question about its entity in the catalog, but a type of its own: a
/// decision names the plugin that applies it, and the catalogue knows nothing of these permissions.
/// What Terraform describes (`platform`) is asked for at Atlantis, of an entity in the catalog; these have no
/// action, so that `{resourceType: catalog-entity, action: delete}` does not come to mean more than it did.
pub fn builtin() -> impl Iterator<Item = Permission> {
    BUILTIN
        .iter()
        .map(|&(name, action, resource_type)| Permission {
            name: name.to_owned(),
            action,
            resource_type: resource_type.map(str::to_owned),
            plugin_id: resource_type.and_then(builtin_plugin).map(str::to_owned),
        })
}

/// The built-in permissions and others, of which one replaces a built-in one of its name.
pub fn known(others: &[Permission]) -> Vec<Permission> {
    let mut known: Vec<_> = builtin()
        .filter(|permission| others.iter().all(|other| other.name != permission.name))
        .collect();
    known.extend(others.iter().cloned());
    known
}

type Row = (&'static str, Option<Action>, Option<&'static str>);

const BUILTIN: &[Row] = {
    use Action::{Create, Delete, Read, Update};
    &[
        ("catalog.entity.read", Some(Read), Some(CATALOG_ENTITY)),
        ("catalog.entity.create", Some(Create), None),
        ("catalog.entity.delete", Some(Delete), Some(CATALOG_ENTITY)),
        ("catalog.entity.refresh", Some(Update), Some(CATALOG_ENTITY)),
        ("catalog.entity.validate", None, None),
        ("catalog.location.read", Some(Read), None),
        ("catalog.location.create", Some(Create), None),
        ("catalog.location.delete", Some(Delete), None),
        ("catalog.location.analyze", None, None),
        ("catalog.ingestion.read", Some(Read), None),
        ("catalog.ingestion.manage", Some(Update), None),
        ("scaffolder.action.execute", None, Some(SCAFFOLDER_ACTION)),
        (
            "scaffolder.template.parameter.read",
            Some(Read),
            Some(SCAFFOLDER_TEMPLATE),
        ),
        (
            "scaffolder.template.step.read",
            Some(Read),
            Some(SCAFFOLDER_TEMPLATE),
        ),
        ("scaffolder.template.dry-run", None, None),
        ("scaffolder.template.management", None, None),
        ("scaffolder.task.read", Some(Read), Some(SCAFFOLDER_TASK)),
        ("scaffolder.task.create", Some(Create), None),
        ("scaffolder.task.cancel", None, Some(SCAFFOLDER_TASK)),
        ("devtools.administer", Some(Read), None),
        ("devtools.info", Some(Read), None),
        ("devtools.config", Some(Read), None),
        ("devtools.external-dependencies", Some(Read), None),
        ("devtools.scheduler.read", Some(Read), None),
        ("devtools.scheduler.trigger", Some(Update), None),
        ("kubernetes.proxy", None, None),
        ("kubernetes.resources.read", Some(Read), None),
        ("kubernetes.clusters.read", Some(Read), None),
        ("goldenpath.environment.create", Some(Create), None),
        (
            "goldenpath.environment.approve",
            Some(Update),
            Some(ENVIRONMENT),
        ),
        (
            "goldenpath.environment.extend",
            Some(Update),
            Some(ENVIRONMENT),
        ),
        (
            "goldenpath.environment.destroy",
            Some(Delete),
            Some(ENVIRONMENT),
        ),
        ("goldenpath.service.create", Some(Create), None),
        ("goldenpath.policy.read", Some(Read), None),
        ("goldenpath.platform.plan", None, Some(CATALOG_ENTITY)),
        ("goldenpath.platform.apply", None, Some(CATALOG_ENTITY)),
        ("goldenpath.platform.approve", None, Some(CATALOG_ENTITY)),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_select_by_what_is_given() {
        let read = builtin().find(|p| p.name == "catalog.entity.read").unwrap();
        let select = |resource_type: Option<&str>, action| Selector::Attributes {
            resource_type: resource_type.map(str::to_owned),
            action,
        };
        assert!(select(Some(CATALOG_ENTITY), None).selects(&read));
        assert!(select(Some(CATALOG_ENTITY), Some(Action::Read)).selects(&read));
        assert!(select(None, Some(Action::Read)).selects(&read));
        assert!(!select(Some(CATALOG_ENTITY), Some(Action::Delete)).selects(&read));
        assert!(!select(Some(SCAFFOLDER_TASK), None).selects(&read));
    }
}
