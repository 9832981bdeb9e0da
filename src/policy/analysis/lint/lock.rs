//! A policy against what the plugins say of themselves at `/.well-known/backstage/permissions/metadata`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::super::claims::Claims;
use super::super::super::condition::Condition;
use super::super::super::conditions::{Conditions, Template};
use super::super::super::criteria::Criteria;
use super::super::super::model::{Model, Rule, When};
use super::super::super::permission::{Action, Permission, Selector};
use crate::diagnostic::Diagnostic;
use crate::suggest;

/// The metadata of all plugins at one time, kept in a file.
#[derive(Debug, Deserialize)]
pub struct PolicyLock {
    /// The plugins.
    pub plugins: Vec<Plugin>,
}

/// One plugin's permissions and rules.
#[derive(Debug, Deserialize)]
pub struct Plugin {
    /// Its id.
    pub id: String,
    /// Its permissions, as it answers.
    #[serde(default)]
    pub permissions: Vec<LockedPermission>,
    /// Its rules, as it answers.
    #[serde(default)]
    pub rules: Vec<LockedRule>,
}

/// A permission as Backstage writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockedPermission {
    name: String,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default)]
    resource_type: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Attributes {
    #[serde(default)]
    action: Option<Action>,
}

/// A permission rule as Backstage writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockedRule {
    name: String,
    resource_type: String,
    #[serde(default)]
    params_schema: Option<Value>,
}

impl PolicyLock {
    /// Reports the permissions, rules and parameters that no plugin has.
    pub fn check(&self, model: &Model, diagnostics: &mut Vec<Diagnostic>) {
        let permissions: Vec<Permission> = self.permissions().collect();
        for rule in &model.rules {
            for selector in &rule.permissions {
                if !permissions.iter().any(|p| selector.selects(p)) {
                    diagnostics.push(not_installed(rule, selector, &permissions));
                }
            }
            let selected = |p: &&Permission| rule.permissions.iter().any(|s| s.selects(p));
            let mut about = model.permissions.iter().filter(selected);
            let about = about.find_map(|p| p.resource_type.as_deref());
            let mut conditions = Vec::new();
            rule.when
                .iter()
                .for_each(|when| collect(when, about, &mut conditions));
            for used in &conditions {
                diagnostics.extend(self.check_condition(rule, used));
            }
        }
    }

    fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.plugins.iter().flat_map(|plugin| {
            plugin.permissions.iter().map(|permission| Permission {
                name: permission.name.clone(),
                action: permission.attributes.action,
                resource_type: permission.resource_type.clone(),
                plugin_id: Some(plugin.id.clone()),
            })
        })
    }

    fn check_condition(&self, rule: &Rule, used: &Used) -> Vec<Diagnostic> {
        let of_type = || {
            let rules = self.plugins.iter().flat_map(|plugin| &plugin.rules);
            rules.filter(|locked| locked.resource_type == used.resource_type)
        };
        let Some(locked) = of_type().find(|locked| locked.name == used.name) else {
            let near = suggest::nearest(&used.name, of_type().map(|locked| locked.name.as_str()));
            let message = format!(
                "no plugin has a rule `{}` for `{}`, which rule `{}` needs",
                used.name, used.resource_type, rule.id
            );
            return vec![
                Diagnostic::error("policy/condition-not-installed", rule.at.clone(), message)
                    .why("Backstage fails on a decision with a rule that it does not know")
                    .help(did_you_mean(near)),
            ];
        };
        locked.check_params(rule, used)
    }
}

impl LockedRule {
    fn check_params(&self, rule: &Rule, used: &Used) -> Vec<Diagnostic> {
        let Some(schema) = &self.params_schema else {
            return Vec::new();
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let known = || {
            properties
                .into_iter()
                .flat_map(Map::keys)
                .map(String::as_str)
        };
        let mut found = Vec::new();
        let mut report = |message: String, help: String| {
            found.push(
                Diagnostic::error("policy/wrong-parameter", rule.at.clone(), message)
                    .why(format!("the plugin's schema of `{}` says so", self.name))
                    .help(help),
            );
        };
        for name in used.params.keys() {
            if !known().any(|known| known == name) {
                report(
                    format!(
                        "`{}` in rule `{}` has no parameter `{name}`",
                        self.name, rule.id
                    ),
                    did_you_mean(suggest::nearest(name, known())),
                );
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !used.params.contains_key(name) {
                report(
                    format!(
                        "`{}` in rule `{}` lacks parameter `{name}`",
                        self.name, rule.id
                    ),
                    format!("add `{name}` to its `params`"),
                );
            }
        }
        for (name, value) in &used.params {
            let type_ = properties.and_then(|known| known.get(name)?.get("type")?.as_str());
            if let Some(type_) = type_.filter(|type_| !is_of_type(value, type_)) {
                report(
                    format!(
                        "`{name}` of `{}` in rule `{}` is no {type_}",
                        self.name, rule.id
                    ),
                    format!("write a value of type {type_}"),
                );
            }
        }
        found
    }
}

/// A permission rule in a condition.
struct Used {
    resource_type: String,
    name: String,
    params: Map<String, Value>,
}

impl Used {
    /// A rule that goldenpath knows, for a type of resource, with sets for the refs of users.
    fn known(condition: &Condition, about: Option<&str>) -> Self {
        let about = about.unwrap_or_else(|| condition.resource_type());
        let criteria = Criteria::Is(condition.clone());
        let template = std::sync::Arc::new(Template::of(&criteria, about));
        let json = Conditions::new(template, Claims::default()).to_string();
        let criteria: Option<Value> = serde_json::from_str(&json).ok();
        let params = criteria.and_then(|mut criteria| Some(criteria.get_mut("params")?.take()));
        Self {
            resource_type: about.to_owned(),
            name: condition.rule().to_owned(),
            params: match params {
                Some(Value::Object(params)) => params,
                _ => Map::new(),
            },
        }
    }
}

fn collect(when: &When, about: Option<&str>, found: &mut Vec<Used>) {
    let mut known = |condition: &Condition| found.push(Used::known(condition, about));
    match when {
        When::AllOf(children) | When::AnyOf(children) => {
            for child in children {
                collect(child, about, found);
            }
        }
        When::Not(child) => collect(child, about, found),
        When::Owner(_) => known(&Condition::EntityOwner([].into())),
        When::CreatedBy(_) => known(&Condition::TaskOwner([].into())),
        When::PropertyIn { key, .. } => {
            known(&Condition::ActionProperty {
                key: key.clone(),
                value: super::super::super::condition::PropertyValue::Text(None),
            });
        }
        When::Custom {
            resource_type,
            rule,
            params,
        } => found.push(Used {
            resource_type: resource_type.as_ref().to_owned(),
            name: rule.as_ref().to_owned(),
            params: params.clone(),
        }),
        When::Is(condition) => known(condition),
        When::Time { .. } | When::Context { .. } => {}
    }
}

/// Whether a value is of a JSON Schema type; `$ownership` becomes a list.
fn is_of_type(value: &Value, type_: &str) -> bool {
    match type_ {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array() || value.as_str() == Some("$ownership"),
        "object" => value.is_object(),
        _ => true,
    }
}

fn not_installed(rule: &Rule, selector: &Selector, known: &[Permission]) -> Diagnostic {
    let (what, near) = match selector {
        Selector::Name(name) => {
            let names = known.iter().map(|permission| permission.name.as_str());
            (
                format!("permission `{name}`"),
                suggest::nearest(name, names),
            )
        }
        Selector::Attributes { resource_type, .. } => {
            let of = match resource_type {
                Some(resource_type) => format!(" about `{resource_type}`"),
                None => String::new(),
            };
            (format!("such a permission{of}"), None)
        }
    };
    let message = format!("no plugin has {what}, which rule `{}` is about", rule.id);
    Diagnostic::warning("policy/permission-not-installed", rule.at.clone(), message)
        .why("the rule does nothing in this Backstage")
        .help(did_you_mean(near))
}

fn did_you_mean(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "install the plugin, or fetch the metadata anew if it is installed".to_owned(),
    }
}
