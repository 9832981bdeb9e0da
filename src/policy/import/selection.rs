//! What a line's permission and action mean in terms of the permissions that plugins declare.

use super::csv::ACTIONS;
use super::text::scalar;
use crate::policy::permission::Permission;

/// The permissions of a line, as an access policy selects them.
#[derive(Debug, PartialEq, Eq)]
pub enum Selection {
    /// These, each as YAML.
    These(Vec<String>),
    /// Permissions of Red Hat's plugin itself, which is not there any more.
    OfThePlugin,
    /// No plugin asks for it: the permission has this action.
    Never(&'static str),
    /// No plugin is known to declare it.
    Unknown,
}

/// What `object` and `action` of a line select.
pub fn of_line(known: &[Permission], object: &str, action: &str) -> Selection {
    if object == "policy-entity" || object.starts_with("policy.entity.") {
        return Selection::OfThePlugin;
    }
    if let Some(named) = known.iter().find(|permission| permission.name == object) {
        return match word(named) {
            own if own == action => Selection::These(vec![scalar(object)]),
            own => Selection::Never(own),
        };
    }
    of_type(known, object, action)
}

/// What the action of a resource type selects.
pub fn of_type(known: &[Permission], resource_type: &str, action: &str) -> Selection {
    if resource_type == "policy-entity" {
        return Selection::OfThePlugin;
    }
    let of_type = |p: &&Permission| p.resource_type.as_deref() == Some(resource_type);
    let mut all = known.iter().filter(of_type).peekable();
    if all.peek().is_none() {
        return Selection::Unknown;
    }
    let names: Vec<String> = all
        .filter(|permission| word(permission) == action)
        .map(|permission| scalar(&permission.name))
        .collect();
    match action {
        _ if names.is_empty() => Selection::Never("another action"),
        // the language has no word for "without an action"
        "use" => Selection::These(names),
        _ => {
            let resource_type = scalar(resource_type);
            Selection::These(vec![format!(
                "{{ resourceType: {resource_type}, action: {action} }}"
            )])
        }
    }
}

/// The plugin's word for the action of a permission.
pub fn word(permission: &Permission) -> &'static str {
    use crate::policy::permission::Action;
    let [create, read, update, delete, none] = ACTIONS;
    match permission.action {
        Some(Action::Create) => create,
        Some(Action::Read) => read,
        Some(Action::Update) => update,
        Some(Action::Delete) => delete,
        None => none,
    }
}
