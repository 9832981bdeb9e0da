//! Users, groups, roles and resources as entities of Cedar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::CedarSnapshot;
use super::formula::{number_text, tags, unknown};
use crate::policy::Policy;
use crate::policy::claims::Claims;
use crate::policy::condition::{Condition, Field, PropertyValue};
use crate::policy::criteria::Criteria;
use crate::policy::evaluate::{Resource, ignores_case};
use crate::policy::members::Members;
use crate::policy::model::{Model, RoleId, Subject};
use crate::policy::property::property;
use crate::policy::search::SearchRows;
use crate::policy::situation::Situation;

/// The group of all users.
const EVERYONE: &str = "everyone";
/// What a basic permission is asked for.
pub const NOTHING: &str = "nothing";

/// Writes everybody and everything of a snapshot.
pub fn write(
    policy: &Policy,
    members: &Members,
    situation: Situation<'_>,
    conditions: &IndexSet<Condition>,
    snapshot: &CedarSnapshot,
) -> Vec<Value> {
    let mut entities = roles(&policy.model);
    let bound = bound(&policy.model, situation);
    let given = |subject: &str| bound.get(subject).cloned().unwrap_or_default();
    entities.push(entity("Group", EVERYONE, &json!({}), given(EVERYONE)));
    groups(members, &given, &mut entities);
    let directory = members.directory();
    for (user, groups) in directory.users() {
        let groups = groups.iter().filter_map(|&id| directory.entity_ref(id));
        let mut parents: Vec<Value> = groups.map(|group| uid("Group", group)).collect();
        parents.push(uid("Group", EVERYONE));
        parents.extend(given(user));
        let ownership = members.user(user, &[], situation).claims().ownership;
        let attrs = json!({ "ref": user, "ownership": ownership });
        entities.push(entity("User", user, &attrs, parents));
    }
    for resource in &snapshot.entities {
        if let Some(id) = entity_ref(resource) {
            entities.push(described(&id, resource, conditions));
        }
    }
    for other in &snapshot.resources {
        entities.push(described(&other.id, &other.resource, conditions));
    }
    entities.push(described(NOTHING, &json!({}), &IndexSet::new()));
    entities
}

/// Roles, certain and possible, with those that they inherit.
fn roles(model: &Model) -> Vec<Value> {
    let mut entities = Vec::new();
    for kind in ["Role", "PossibleRole"] {
        for role in &model.roles {
            let inherited = role
                .inherits
                .iter()
                .filter_map(|&id| role_uid(model, kind, id));
            entities.push(entity(kind, &role.name, &json!({}), inherited.collect()));
        }
    }
    entities
}

/// The roles of each subject of a binding.
fn bound(model: &Model, situation: Situation<'_>) -> BTreeMap<Arc<str>, Vec<Value>> {
    let mut bound: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for binding in &model.bindings {
        let subject = match &binding.to {
            Subject::User(entity_ref) | Subject::Group(entity_ref) => Arc::clone(entity_ref),
            Subject::Everyone => EVERYONE.into(),
            // part of the policies
            Subject::OwnersOfResource => continue,
        };
        let grant = binding.grant.and_then(|id| model.grants.get(id));
        let kind = match grant.map_or(Some(true), |grant| situation.grants(grant)) {
            Some(true) => "Role",
            Some(false) => continue,
            None => "PossibleRole",
        };
        let role = role_uid(model, kind, binding.role);
        bound.entry(subject).or_default().extend(role);
    }
    bound
}

/// Groups below those they are in. Cedar has no cycles: groups in one have a common parent, which has
/// the roles of all.
fn groups(members: &Members, given: &impl Fn(&str) -> Vec<Value>, entities: &mut Vec<Value>) {
    let directory = members.directory();
    let cycles = directory.cycles();
    for cycle in &cycles {
        let refs = cycle.iter().filter_map(|&id| directory.entity_ref(id));
        let refs: Vec<&str> = refs.map(AsRef::as_ref).collect();
        let roles = refs.iter().flat_map(|group| given(group));
        let roles: Vec<Value> = roles.collect();
        let id = cycle_id(&refs);
        for group in &refs {
            entities.push(entity("Group", group, &json!({}), vec![uid("Group", &id)]));
        }
        entities.push(entity("Group", &id, &json!({}), roles));
    }
    for id in 0..directory.group_count() {
        let Some(group) = directory.entity_ref(id) else {
            continue;
        };
        if cycles.iter().any(|cycle| cycle.contains(&id)) {
            continue;
        }
        let parent = directory.parent(id).and_then(|id| directory.entity_ref(id));
        let mut parents: Vec<Value> = parent.map(|p| uid("Group", p)).into_iter().collect();
        parents.extend(given(group));
        entities.push(entity("Group", group, &json!({}), parents));
    }
}

fn cycle_id(refs: &[&str]) -> String {
    format!("cycle of {}", refs.join(", "))
}

/// What the conditions ask of a resource.
fn described(id: &str, resource: &Value, conditions: &IndexSet<Condition>) -> Value {
    let text = |name: &str| {
        resource
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let relations = resource.get("relations").and_then(Value::as_array);
    let owners: BTreeSet<&str> = relations
        .into_iter()
        .flatten()
        .filter(|relation| relation.get("type").and_then(Value::as_str) == Some("ownedBy"))
        .filter_map(|relation| relation.get("targetRef").and_then(Value::as_str))
        .collect();
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut unknowns = BTreeSet::new();
    let reader = Resource::new(resource);
    let rows = SearchRows::of(resource);
    for condition in conditions {
        let asked = match condition {
            // no entity needs to say so
            Condition::Custom { .. } => continue,
            // refs do not matter to what can be known, but one must be there
            Condition::ActionOwner { key, .. } => Condition::ActionProperty {
                key: key.clone(),
                value: PropertyValue::Text(Some(String::new())),
            },
            other => other.clone(),
        };
        let is_known = reader.satisfies(&Criteria::Is(asked), &Claims::default());
        if is_known.is_none() {
            unknowns.insert(unknown(condition));
        } else {
            fill(condition, resource, rows.as_ref(), &mut values);
        }
    }
    let mut described = entity(
        "Resource",
        id,
        &json!({
            "owners": owners,
            "kind": text("kind").to_lowercase(),
            "createdBy": text("createdBy"),
            "action": text("action"),
            "unknown": unknowns,
        }),
        Vec::new(),
    );
    if let Some(fields) = described.as_object_mut() {
        fields.insert("tags".to_owned(), json!(values));
    }
    described
}

/// Adds the tags that a condition looks at, with all their values.
fn fill(
    condition: &Condition,
    resource: &Value,
    rows: Option<&SearchRows>,
    values: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let mut put = |tag: &str, found: Vec<String>| {
        values.entry(tag.to_owned()).or_default().extend(found);
    };
    match condition {
        Condition::EntityField { field, key, value } => {
            let part = match field {
                Field::Annotation => "annotations",
                Field::Label => "labels",
                Field::Metadata | Field::Spec => {
                    let part = if *field == Field::Spec {
                        "spec"
                    } else {
                        "metadata"
                    };
                    let row = format!("{part}.{key}").to_lowercase();
                    let found = rows.and_then(|rows| rows.values(&row));
                    for tag in tags(condition) {
                        if let Some(found) = &found {
                            put(&tag, found.clone());
                        }
                    }
                    return;
                }
            };
            let metadata = resource.get("metadata");
            let entries = metadata.and_then(|metadata| metadata.get(part)?.as_object());
            let of_key = entries.into_iter().flatten();
            let of_key = of_key.filter(|(name, _)| name.to_lowercase() == key.to_lowercase());
            let found: Vec<&Value> = of_key.map(|(_, value)| value).collect();
            if found.is_empty() {
                return;
            }
            let texts: Option<Vec<&str>> = found.into_iter().map(Value::as_str).collect();
            // beside what is no text, what Backstage meets first decides
            let texts = texts.unwrap_or_else(|| match value {
                Some(value) if holds(condition, resource) => vec![value],
                _ => Vec::new(),
            });
            for tag in tags(condition) {
                put(&tag, texts.iter().map(|text| text.to_lowercase()).collect());
            }
        }
        Condition::TemplateTag(_) if holds(condition, resource) => {
            for tag in tags(condition) {
                put(&tag, Vec::new());
            }
        }
        Condition::ActionOwner { key, .. } | Condition::ActionProperty { key, .. } => {
            let input = resource.get("input");
            let Some(found) = input.and_then(|input| property(input, key)) else {
                return;
            };
            let action = resource.get("action").and_then(Value::as_str);
            let is_any_case = ignores_case(action.unwrap_or_default(), key);
            match &*found {
                Value::String(text) if is_any_case => {
                    put(&format!("anycase:{key}"), vec![text.to_lowercase()]);
                }
                Value::String(text) => put(&format!("text:{key}"), vec![text.clone()]),
                Value::Number(number) => {
                    put(&format!("number:{key}"), vec![number_text(number)]);
                }
                Value::Bool(value) => put(&format!("boolean:{key}"), vec![value.to_string()]),
                _ => {}
            }
        }
        _ => {}
    }
}

fn holds(condition: &Condition, resource: &Value) -> bool {
    let is = Criteria::Is(condition.clone());
    Resource::new(resource).satisfies(&is, &Claims::default()) == Some(true)
}

/// `kind:namespace/name` in lower case.
fn entity_ref(entity: &Value) -> Option<String> {
    let metadata = entity.get("metadata")?;
    let kind = entity.get("kind")?.as_str()?;
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    let name = metadata.get("name")?.as_str()?;
    Some(format!("{kind}:{}/{name}", namespace.unwrap_or("default")).to_lowercase())
}

fn role_uid(model: &Model, kind: &str, id: RoleId) -> Option<Value> {
    model.roles.get(id).map(|role| uid(kind, &role.name))
}

fn uid(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

fn entity(kind: &str, id: &str, attrs: &Value, mut parents: Vec<Value>) -> Value {
    // the same role by two bindings
    let mut seen = BTreeSet::new();
    parents.retain(|parent| seen.insert(parent.to_string()));
    json!({ "uid": uid(kind, id), "attrs": attrs, "parents": parents })
}
