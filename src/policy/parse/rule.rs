//! Rules: what they name, and whether it fits together.

use std::sync::{Arc, OnceLock};

use super::Names;
use super::condition::Conditions;
use super::reader::{Reader, enumerate};
use crate::diagnostic::Diagnostic;
use crate::policy::model::{Effect, RoleId, Rule, When};
use crate::policy::permission::{Action, Permission, Selector, is_a};
use crate::source::Place;
use crate::yaml::{Entry, Node};

const KEYS: [&str; 6] = ["id", "effect", "role", "roles", "permissions", "when"];

/// A rule's id and where it stands.
pub type RuleName = (Arc<str>, Place);

/// Reads an id, and notes it, even if the rest is broken.
pub fn id(reader: &mut Reader<'_>, node: Node<'_>, ids: &mut Vec<RuleName>) -> Option<RuleName> {
    let entry = node.get("id")?;
    let id = reader.text("`id`", entry.value)?;
    let name = (Arc::from(id), reader.place(entry.value.span()));
    ids.push(name.clone());
    Some(name)
}

/// Reads one rule; its id is noted even if the rest is broken.
pub fn rule(
    reader: &mut Reader<'_>,
    names: &Names<'_>,
    node: Node<'_>,
    ids: &mut Vec<RuleName>,
) -> Option<Rule> {
    let node = reader.mapping("a rule", node, &KEYS, &["id", "effect", "permissions"])?;
    let id = id(reader, node, ids);
    let effects = [("allow", Effect::Allow), ("deny", Effect::Deny)];
    let effect = node
        .get("effect")
        .and_then(|entry| reader.word("`effect`", entry.value, &effects));
    let roles = roles(reader, names, node);
    let selection = node
        .get("permissions")
        .and_then(|entry| Selection::read(reader, names.permissions, entry));
    let when = match node.get("when") {
        Some(entry) => {
            let when = condition(reader, names, entry, selection.as_ref());
            Some(when?)
        }
        None => None,
    };
    let (id, at) = id?;
    Some(Rule {
        id,
        effect: effect?,
        roles: roles?,
        permissions: selection?.selectors,
        words: when
            .as_ref()
            .map_or_else(String::new, |when| format!("; where {when}"))
            .into(),
        when,
        at,
        json: OnceLock::new(),
    })
}

fn roles(reader: &mut Reader<'_>, names: &Names<'_>, node: Node<'_>) -> Option<Vec<RoleId>> {
    let entry = match (node.get("role"), node.get("roles")) {
        (Some(_), Some(roles)) => {
            let place = reader.place(roles.key.span());
            reader.report(
                Diagnostic::error("policy/wrong-value", place, "a rule has `role` and `roles`")
                    .help("name all roles under `roles`"),
            );
            return None;
        }
        (Some(role), None) => {
            return Some(vec![names.role(reader, role.value)?]);
        }
        (None, Some(roles)) => roles,
        (None, None) => return Some(Vec::new()),
    };
    let items = reader.one_or_more("`roles`", entry);
    super::condition::every(&items, |item| names.role(reader, item))
}

/// What a rule's `permissions` say.
pub struct Selection<'p> {
    /// As written.
    pub selectors: Vec<Selector>,
    selected: Vec<&'p Permission>,
    at: Place,
}

impl<'p> Selection<'p> {
    /// Reads them; each must select something.
    pub fn read(
        reader: &mut Reader<'_>,
        known: &'p [Permission],
        entry: Entry<'_>,
    ) -> Option<Self> {
        let items = reader.one_or_more("`permissions`", entry);
        let mut selected: Vec<&Permission> = Vec::new();
        let selectors = super::condition::every(&items, |item| {
            let selector = if item.is_mapping() {
                attributes(reader, known, item)?
            } else {
                Selector::Name(reader.text("a permission", item)?.to_owned())
            };
            let found = known
                .iter()
                .filter(|permission| selector.selects(permission));
            let before = selected.len();
            selected.extend(found);
            if selected.len() == before {
                selects_nothing(reader, known, &selector, item);
                return None;
            }
            Some(selector)
        })?;
        Some(Self {
            selectors,
            selected,
            at: reader.place(entry.key.span()),
        })
    }

    /// The type of resource of all permissions, if it is one.
    pub fn resource_type(&self) -> Option<&'p str> {
        let first = self.selected.first()?.resource_type.as_deref()?;
        let same = |p: &&Permission| p.resource_type.as_deref() == Some(first);
        self.selected.iter().all(same).then_some(first)
    }
}

fn attributes(reader: &mut Reader<'_>, known: &[Permission], node: Node<'_>) -> Option<Selector> {
    reader.mapping(
        "a selection of permissions",
        node,
        &["resourceType", "action"],
        &[],
    )?;
    let resource_type = match node.get("resourceType") {
        Some(entry) => {
            let text = reader.text("`resourceType`", entry.value)?;
            let mut types = known.iter().filter_map(|p| p.resource_type.as_deref());
            if !types.clone().any(|known| known == text) {
                let place = reader.place(entry.value.span());
                let message = format!("no known permission has resource type `{text}`");
                let help = reader
                    .did_you_mean(text, &mut types)
                    .unwrap_or_else(|| OTHER_PLUGINS.to_owned());
                reader.report(
                    Diagnostic::error("policy/unknown-resource-type", place, message)
                        .why(NOBODY_ASKS)
                        .help(help),
                );
                return None;
            }
            Some(text.to_owned())
        }
        None => None,
    };
    let action = match node.get("action") {
        Some(entry) => Some(reader.word("`action`", entry.value, &Action::NAMES)?),
        None => None,
    };
    if node.entries().is_empty() {
        let wanted = "an object with `resourceType`, `action` or both";
        reader.wrong_value("a selection of permissions", "empty", wanted, node.span());
    }
    if resource_type.is_none() && action.is_none() {
        return None;
    }
    Some(Selector::Attributes {
        resource_type,
        action,
    })
}

const NOBODY_ASKS: &str = "the rule would be about permissions that nobody asks for";
const OTHER_PLUGINS: &str = "if a plugin of yours declares it, list it in the option `permissions`";

fn selects_nothing(
    reader: &mut Reader<'_>,
    known: &[Permission],
    selector: &Selector,
    node: Node<'_>,
) {
    let place = reader.place(node.span());
    let names = || known.iter().map(|permission| permission.name.as_str());
    let diagnostic = match selector {
        Selector::Name(name) if !name.contains('*') => {
            let help = reader
                .did_you_mean(name, names())
                .unwrap_or_else(|| OTHER_PLUGINS.to_owned());
            let message = format!("unknown permission `{name}`");
            Diagnostic::error("policy/unknown-permission", place, message).help(help)
        }
        Selector::Name(glob) => {
            let message = format!("`{glob}` matches no known permission");
            Diagnostic::error("policy/glob-matches-nothing", place, message).help(OTHER_PLUGINS)
        }
        Selector::Attributes { .. } => {
            let message = "no known permission has this resource type and action";
            Diagnostic::error("policy/glob-matches-nothing", place, message).help(OTHER_PLUGINS)
        }
    };
    reader.report(diagnostic.why(NOBODY_ASKS));
}

/// Reads the condition and checks that it can be asked of what the rule is about.
pub fn condition(
    reader: &mut Reader<'_>,
    names: &Names<'_>,
    entry: Entry<'_>,
    selection: Option<&Selection<'_>>,
) -> Option<When> {
    let about = selection.and_then(Selection::resource_type);
    let key = reader.place(entry.key.span());
    let mut conditions = Conditions {
        reader,
        resource_type: about,
        met: Vec::new(),
        needs_resource: false,
    };
    let when = conditions.condition(entry.value, entry.span());
    let met = conditions.met;
    if !conditions.needs_resource {
        return when;
    }
    let selection = selection?;
    let Some(about) = about else {
        reader.report(not_conditional(selection, key));
        return None;
    };
    if names.plugin_of(about).is_none() {
        let message = format!("it is not known which plugin owns resource type `{about}`");
        reader.report(
            Diagnostic::error("policy/unknown-plugin", key, message)
                .why("a conditional decision names the plugin that applies it")
                .help("give `pluginId` with the permission in the option `permissions`"),
        );
        return None;
    }
    let mut fits = true;
    for (name, span, needs) in met {
        if !is_a(about, needs) {
            fits = false;
            let place = reader.place(span);
            let message = format!("`{name}` is a condition on `{needs}`, not on `{about}`");
            reader.report(
                Diagnostic::error("policy/condition-of-other-type", place, message)
                    .why(format!("the permissions of this rule are about `{about}`"))
                    .help("make a rule of its own for it")
                    .related("these permissions", selection.at.clone()),
            );
        }
    }
    when.filter(|_| fits)
}

fn not_conditional(selection: &Selection<'_>, key: Place) -> Diagnostic {
    let is_basic = |p: &&&Permission| p.resource_type.is_none();
    if let Some(basic) = selection.selected.iter().find(is_basic) {
        let message = format!(
            "a condition on `{}`, which is about no resource",
            basic.name
        );
        return Diagnostic::error("policy/condition-on-basic-permission", key, message)
            .why("Backstage asks for a basic permission without naming a resource")
            .help("move permissions without a resource to a rule without such conditions")
            .related("these permissions", selection.at.clone());
    }
    let mut types: Vec<_> = selection
        .selected
        .iter()
        .filter_map(|permission| permission.resource_type.as_deref())
        .collect();
    types.sort_unstable();
    types.dedup();
    let message = "a condition on permissions about different types of resource";
    Diagnostic::error("policy/mixed-resource-types", key, message)
        .why("a conditional decision is about one type of resource")
        .help(format!(
            "make one rule each for {}",
            enumerate(types, "and")
        ))
        .related("these permissions", selection.at.clone())
}
