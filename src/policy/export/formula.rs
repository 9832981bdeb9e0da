//! Criteria as expressions of Cedar.
//!
//! What cannot be known of a resource makes a condition neither true nor false. Cedar has two truth
//! values, so that there are two questions: does a formula certainly hold (for `permit`), and does it
//! possibly hold (for `forbid`)? A negation asks the other one of what it negates.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::literal::{set, string};
use crate::policy::condition::{Condition, Field, PropertyValue};
use crate::policy::criteria::Criteria;
use crate::policy::model::Term;
use crate::yaml::js_number;

/// A question about a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Is it true?
    Certainly,
    /// Is it true or unknown?
    Possibly,
}

/// An expression that is true where the answer is yes.
pub fn expression(criteria: &Criteria, question: Question) -> String {
    let join = |children: &[Criteria], word: &str| {
        let children = children.iter().map(|child| match child {
            Criteria::AllOf(_) | Criteria::AnyOf(_) => format!("({})", expression(child, question)),
            _ => expression(child, question),
        });
        children.collect::<Vec<_>>().join(word)
    };
    match criteria {
        Criteria::True => "true".to_owned(),
        Criteria::False => "false".to_owned(),
        Criteria::Is(condition) => match (test(condition), question) {
            // a rule of another plugin
            (None, Question::Certainly) => "false".to_owned(),
            (None, Question::Possibly) => "true".to_owned(),
            (Some(test), Question::Certainly) => test,
            (Some(test), Question::Possibly) => {
                let unknown = string(&unknown(condition));
                format!("({test} || resource.unknown.contains({unknown}))")
            }
        },
        Criteria::Not(child) => {
            let other = match question {
                Question::Certainly => Question::Possibly,
                Question::Possibly => Question::Certainly,
            };
            let negated = expression(child, other);
            match **child {
                // in parentheses already
                Criteria::Is(_) if negated.starts_with('(') => format!("!{negated}"),
                _ => format!("!({negated})"),
            }
        }
        Criteria::AllOf(children) => join(children, " && "),
        Criteria::AnyOf(children) => join(children, " || "),
    }
}

/// The name under which a resource says that a condition cannot be known of it.
pub fn unknown(condition: &Condition) -> String {
    match condition {
        Condition::EntityOwner(_) => "owner".to_owned(),
        Condition::EntityKind(_) => "kind".to_owned(),
        Condition::EntityField { value: None, .. } => format!("{}:*", tags(condition).join("")),
        Condition::TaskOwner(_) => "createdBy".to_owned(),
        Condition::ActionId(_) => "actionId".to_owned(),
        _ => tags(condition).join(" "),
    }
}

/// The tags of a resource that a condition looks at.
pub fn tags(condition: &Condition) -> Vec<String> {
    let tag = |kind: &str, key: &str| vec![format!("{kind}:{key}")];
    match condition {
        Condition::EntityField { field, key, .. } => {
            let kind = match field {
                Field::Annotation => "annotation",
                Field::Label => "label",
                Field::Metadata => "metadata",
                Field::Spec => "spec",
            };
            tag(kind, &key.to_lowercase())
        }
        Condition::TemplateTag(name) => tag("tag", name),
        Condition::ActionOwner { key, .. } => vec![format!("text:{key}"), format!("anycase:{key}")],
        Condition::ActionProperty { key, value } => match value {
            PropertyValue::Text(_) => vec![format!("text:{key}"), format!("anycase:{key}")],
            PropertyValue::Number(_) => tag("number", key),
            PropertyValue::Bool(_) => tag("boolean", key),
        },
        _ => Vec::new(),
    }
}

/// Whether the condition holds of `principal` and `resource`; `None` if only Backstage can tell.
fn test(condition: &Condition) -> Option<String> {
    Some(match condition {
        Condition::EntityOwner(terms) => of_terms(terms, |refs| match refs {
            Refs::Many(refs) => format!("resource.owners.containsAny({refs})"),
            Refs::One(one) => format!("resource.owners.contains({one})"),
        }),
        Condition::TaskOwner(terms) => of_terms(terms, |refs| match refs {
            Refs::Many(refs) => format!("{refs}.contains(resource.createdBy)"),
            Refs::One(one) => format!("resource.createdBy == {one}"),
        }),
        Condition::EntityKind(kinds) => {
            let kinds = set(kinds.iter().map(AsRef::as_ref));
            format!("{kinds}.contains(resource.kind)")
        }
        Condition::ActionId(id) => format!("resource.action == {}", string(id)),
        Condition::EntityField { value, .. } => {
            let value = value.as_ref().map(|value| value.to_lowercase());
            any_tag(condition, &|_| value.clone())
        }
        Condition::TemplateTag(_) => any_tag(condition, &|_| None),
        Condition::ActionProperty { value, .. } => any_tag(condition, &|tag| match value {
            PropertyValue::Text(Some(text)) if tag.starts_with("anycase:") => {
                Some(text.to_lowercase())
            }
            PropertyValue::Text(text) => text.clone(),
            PropertyValue::Number(number) => number.as_ref().map(number_text),
            PropertyValue::Bool(value) => value.map(|value| value.to_string()),
        }),
        Condition::ActionOwner { terms, .. } => {
            let each = tags(condition).into_iter().map(|tag| {
                let tag = string(&tag);
                let compared = of_terms(terms, |refs| match refs {
                    Refs::Many(refs) => format!("resource.getTag({tag}).containsAny({refs})"),
                    Refs::One(one) => format!("resource.getTag({tag}).contains({one})"),
                });
                format!("(resource.hasTag({tag}) && {compared})")
            });
            format!("({})", each.collect::<Vec<_>>().join(" || "))
        }
        Condition::Custom { .. } => return None,
    })
}

/// A number as JavaScript writes it, so that equal numbers are equal texts.
pub fn number_text(number: &serde_json::Number) -> String {
    js_number(number.as_f64().unwrap_or(f64::NAN))
}

/// Any of the condition's tags is there, with the wanted value if there is one.
fn any_tag(condition: &Condition, wanted: &dyn Fn(&str) -> Option<String>) -> String {
    let tests = tags(condition).into_iter().map(|tag| {
        let name = string(&tag);
        match wanted(&tag) {
            None => format!("resource.hasTag({name})"),
            Some(value) => {
                let value = string(&value);
                format!("(resource.hasTag({name}) && resource.getTag({name}).contains({value}))")
            }
        }
    });
    let tests: Vec<_> = tests.collect();
    match tests.as_slice() {
        [one] => one.clone(),
        _ => format!("({})", tests.join(" || ")),
    }
}

/// What a ref or refs are compared with.
enum Refs {
    One(String),
    Many(String),
}

/// Any of some terms.
fn of_terms(terms: &BTreeSet<Term>, test: impl Fn(Refs) -> String) -> String {
    let named: Vec<&Arc<str>> = terms
        .iter()
        .filter_map(|term| match term {
            Term::Ref(named) => Some(named),
            Term::Myself | Term::Ownership => None,
        })
        .collect();
    let mut tests = Vec::new();
    if terms.contains(&Term::Ownership) {
        // the user is among them
        tests.push(test(Refs::Many("principal.ownership".to_owned())));
    } else if terms.contains(&Term::Myself) {
        tests.push(test(Refs::One("principal.ref".to_owned())));
    }
    match named.as_slice() {
        [] => {}
        [one] => tests.push(test(Refs::One(string(one)))),
        many => tests.push(test(Refs::Many(set(many.iter().map(AsRef::as_ref))))),
    }
    match tests.as_slice() {
        [] => "false".to_owned(),
        [one] => one.clone(),
        _ => format!("({})", tests.join(" || ")),
    }
}
