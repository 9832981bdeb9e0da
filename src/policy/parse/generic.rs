//! `{rule, params}`: a permission rule by the name that Backstage gives it. Rules of the catalogue and
//! the scaffolder become the conditions they are; any other is left for its plugin to apply.

use serde_json::{Map, Value};

use super::condition::{
    Conditions, boolean_property, every, number_property, property, string_property,
};
use super::reader::{Reader, key};
use super::searchable::Searched;
use crate::diagnostic::Diagnostic;
use crate::policy::condition::{Condition, Field, PropertyValue};
use crate::policy::model::When;
use crate::policy::permission::{
    CATALOG_ENTITY, SCAFFOLDER_ACTION, SCAFFOLDER_TASK, SCAFFOLDER_TEMPLATE,
};
use crate::yaml::{Kind, Node};

/// Reads `{rule, params}`.
pub fn rule(c: &mut Conditions<'_, '_>, node: Node<'_>) -> Option<When> {
    c.reader
        .mapping("a permission rule", node, &["rule", "params"], &["rule"])?;
    let name_node = node.get("rule")?.value;
    let name = c.reader.text("`rule`", name_node)?;
    let params = node.get("params").map(|entry| entry.value);
    if let Some((_, about, keys, read)) = RULES.iter().find(|(rule, ..)| *rule == name) {
        c.meets(name, name_node, about);
        let what = format!("params of `{name}`");
        let required: Vec<&str> = keys.iter().copied().filter(|key| *key != "value").collect();
        let Some(params) = params else {
            c.reader
                .mapping(&format!("`{name}`"), node, &["rule", "params"], &["params"])?;
            return None;
        };
        c.reader.mapping(&what, params, keys, &required)?;
        return read(c, params);
    }
    warn_if_near(c.reader, name, name_node);
    let params = match params {
        Some(params) => custom_params(c.reader, params)?,
        None => Map::new(),
    };
    c.needs_resource = true;
    // Without a type the rule's permissions are wrong, which is reported there.
    Some(When::Custom {
        resource_type: c.resource_type?.into(),
        rule: name.into(),
        params,
    })
}

type Read = fn(&mut Conditions<'_, '_>, Node<'_>) -> Option<When>;
type Row = (&'static str, &'static str, &'static [&'static str], Read);

/// The permission rules that goldenpath applies itself: name, type of resource, parameters, reading.
const RULES: &[Row] = &[
    (
        "IS_ENTITY_OWNER",
        CATALOG_ENTITY,
        &["claims"],
        |c, params| {
            list(c.reader, params, "claims")?;
            c.terms(params.get("claims")?).map(When::Owner)
        },
    ),
    ("IS_ENTITY_KIND", CATALOG_ENTITY, &["kinds"], |c, params| {
        let kinds = list(c.reader, params, "kinds")?;
        let kinds = every(&kinds, |kind| {
            let kind = c.reader.text("a kind", kind)?;
            Some(std::sync::Arc::from(kind.to_lowercase()))
        })?;
        Some(When::Is(Condition::EntityKind(kinds.into_iter().collect())))
    }),
    (
        "HAS_ANNOTATION",
        CATALOG_ENTITY,
        &["annotation", "value"],
        |c, params| field(c, params, Field::Annotation),
    ),
    (
        "HAS_LABEL",
        CATALOG_ENTITY,
        &["label", "value"],
        |c, params| field(c, params, Field::Label),
    ),
    (
        "HAS_METADATA",
        CATALOG_ENTITY,
        &["key", "value"],
        |c, params| field(c, params, Field::Metadata),
    ),
    (
        "HAS_SPEC",
        CATALOG_ENTITY,
        &["key", "value"],
        |c, params| field(c, params, Field::Spec),
    ),
    ("HAS_TAG", SCAFFOLDER_TEMPLATE, &["tag"], |c, params| {
        let tag = c.reader.text("`tag`", params.get("tag")?.value)?;
        Some(When::Is(Condition::TemplateTag(tag.to_owned())))
    }),
    (
        "HAS_ACTION_ID",
        SCAFFOLDER_ACTION,
        &["actionId"],
        |c, params| {
            let id = c.reader.text("`actionId`", params.get("actionId")?.value)?;
            Some(When::Is(Condition::ActionId(id.to_owned())))
        },
    ),
    (
        "HAS_STRING_PROPERTY",
        SCAFFOLDER_ACTION,
        &["key", "value"],
        |c, params| {
            keyed(
                c.reader,
                params,
                &PropertyValue::Text(None),
                string_property,
            )
        },
    ),
    (
        "HAS_NUMBER_PROPERTY",
        SCAFFOLDER_ACTION,
        &["key", "value"],
        |c, params| {
            keyed(
                c.reader,
                params,
                &PropertyValue::Number(None),
                number_property,
            )
        },
    ),
    (
        "HAS_BOOLEAN_PROPERTY",
        SCAFFOLDER_ACTION,
        &["key", "value"],
        |c, params| {
            keyed(
                c.reader,
                params,
                &PropertyValue::Bool(None),
                boolean_property,
            )
        },
    ),
    (
        "IS_TASK_OWNER",
        SCAFFOLDER_TASK,
        &["createdBy"],
        |c, params| {
            list(c.reader, params, "createdBy")?;
            c.terms(params.get("createdBy")?).map(When::CreatedBy)
        },
    ),
];

/// A list by its name.
fn list<'t>(reader: &mut Reader<'_>, params: Node<'t>, name: &str) -> Option<Vec<Node<'t>>> {
    let entry = params.get(name)?;
    match entry.value.kind() {
        Kind::Sequence(items) if !items.is_empty() => Some(items.into_iter().collect()),
        _ => {
            reader.wrong_type(
                &key(name),
                "a list of at least one text",
                entry.value,
                entry.span(),
            );
            None
        }
    }
}

fn field(c: &mut Conditions<'_, '_>, params: Node<'_>, field: Field) -> Option<When> {
    let searched = Searched {
        field,
        resource_type: c.resource_type,
    };
    let reader = &mut *c.reader;
    let name = field.key_param();
    let node = params.get(name)?.value;
    let key = reader.text(name, node)?.to_owned();
    searched.key(reader, &key, node);
    let value = match params.get("value") {
        Some(entry) => {
            let value = reader.quoted_text("`value`", entry.value)?;
            searched.value(reader, value, entry.value);
            Some(value.to_owned())
        }
        None => None,
    };
    Some(When::Is(Condition::EntityField { field, key, value }))
}

fn keyed(
    reader: &mut Reader<'_>,
    params: Node<'_>,
    any: &PropertyValue,
    read: fn(&mut Reader<'_>, &str, Node<'_>) -> Option<When>,
) -> Option<When> {
    let key = reader.text("`key`", params.get("key")?.value)?;
    match params.get("value") {
        Some(entry) => read(reader, key, entry.value),
        None => Some(property(key, any.clone())),
    }
}

/// Parameters are primitives and lists of primitives, as Backstage's `PermissionRuleParams`.
fn custom_params(reader: &mut Reader<'_>, params: Node<'_>) -> Option<Map<String, Value>> {
    if !params.is_mapping() {
        reader.wrong_type("`params`", "an object", params, params.span());
        return None;
    }
    let is_primitive =
        |node: Node<'_>| !matches!(node.kind(), Kind::Sequence(_) | Kind::Mapping(_));
    let mut read = Map::new();
    for entry in params.entries() {
        let fits = match entry.value.kind() {
            Kind::Sequence(items) => items.into_iter().all(is_primitive),
            _ => is_primitive(entry.value),
        };
        if !fits {
            let wanted = "a text, a number, a boolean or a list of these";
            reader.wrong_type(&key(entry.name), wanted, entry.value, entry.span());
            return None;
        }
        read.insert(entry.name.to_owned(), entry.value.to_value());
    }
    Some(read)
}

/// Other plugins may add rules, so that an unknown name is no error unless it is nearly a known one.
fn warn_if_near(reader: &mut Reader<'_>, name: &str, node: Node<'_>) {
    if let Some(help) = reader.did_you_mean(name, RULES.iter().map(|(rule, ..)| *rule)) {
        let place = reader.place(node.span());
        reader.report(
            Diagnostic::warning(
                "policy/unknown-permission-rule",
                place,
                format!("neither the catalogue nor the scaffolder has a rule `{name}`"),
            )
            .why("a plugin that does not know the rule fails every request it takes part in")
            .help(help),
        );
    }
}
