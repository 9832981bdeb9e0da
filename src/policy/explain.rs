//! Reasons in words.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter, Write as _};
use std::sync::Arc;

use serde_json::Value;

use super::Policy;

use super::condition::{Condition, Field, PropertyValue};
use super::decision::Reason;
use super::index::Reach;
use super::members::{BindingId, User};
use super::model::{Binding, Effect, Model, RoleId, Rule, Subject, Term, When};

/// Why a rule took part in a decision about a user.
pub fn reason(policy: &Policy, rule: &Rule, reach: Reach, user: &User<'_>) -> Reason {
    let mut message = way(policy, rule.effect, reach, user);
    if let Some(when) = &rule.when {
        let _ = write!(message, "; where {when}");
    }
    Reason {
        rule: Arc::clone(&rule.id),
        effect: rule.effect,
        message,
        at: rule.at.clone(),
    }
}

/// The binding by which a rule reaches a user: the first that is no matter of the moment, else the first.
pub fn binding<'p>(
    policy: &'p Policy,
    effect: Effect,
    reach: Reach,
    user: &User<'_>,
) -> Option<&'p Binding> {
    let (Reach::Role(role) | Reach::OwnerRole(role)) = reach else {
        return None;
    };
    let bindings = &policy.model.bindings;
    let find = |is_wanted: &dyn Fn(&Binding) -> bool| {
        let is_wanted = |id: BindingId| {
            bindings.get(id).is_some_and(|binding| {
                let closure = policy.closures.get(binding.role);
                closure.is_some_and(|set| set.contains(role)) && is_wanted(binding)
            })
        };
        match reach {
            Reach::OwnerRole(_) => user.first_owner_binding(is_wanted),
            _ => user.first_binding(is_wanted),
        }
    };
    let found = find(&|binding| binding.grant.is_none())
        .or_else(|| find(&|binding| user.is_in_force(binding, effect)));
    bindings.get(found?)
}

/// How a rule reaches a user, in words.
fn way(policy: &Policy, effect: Effect, reach: Reach, user: &User<'_>) -> String {
    let model = &policy.model;
    let binding = binding(policy, effect, reach, user);
    let mut text = match reach {
        Reach::Everybody => "it is for everybody".to_owned(),
        Reach::Role(id) => {
            let mut text = format!("`{}` has role `{}`", user.entity_ref, role_name(model, id));
            if let Some(binding) = binding {
                if binding.role != id {
                    let _ = write!(text, " by role `{}`", role_name(model, binding.role));
                }
                match &binding.to {
                    Subject::Group(group) => {
                        let _ = write!(text, " through `{group}`");
                    }
                    Subject::Everyone => text.push_str(" like everyone"),
                    Subject::User(_) | Subject::OwnersOfResource => {}
                }
            }
            text
        }
        Reach::OwnerRole(id) => {
            format!(
                "owners of the resource have role `{}`",
                role_name(model, id)
            )
        }
    };
    let grant = binding.and_then(|binding| model.grants.get(binding.grant?));
    if let Some(grant) = grant {
        if let Some((until, _)) = &grant.until {
            let _ = write!(text, " until {until}");
        }
        if grant.break_glass.is_some() {
            text.push_str(" in an emergency");
        }
    }
    text
}

fn role_name(model: &Model, id: RoleId) -> &str {
    model.roles.get(id).map_or("", |role| &role.name)
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllOf(children) => join(f, children, " and "),
            Self::AnyOf(children) => join(f, children, " or "),
            Self::Not(child) => write!(f, "not ({child})"),
            Self::Owner(terms) => write!(f, "owner is {}", OneOf(terms)),
            Self::CreatedBy(terms) => write!(f, "creator is {}", OneOf(terms)),
            Self::PropertyIn { key, terms } => write!(f, "input `{key}` is {}", OneOf(terms)),
            Self::Custom { rule, .. } => write!(f, "`{rule}` holds"),
            Self::Is(condition) => condition.fmt(f),
            Self::Time { schedules, outside } => {
                let relation = if *outside { "outside" } else { "within" };
                write!(f, "time is {relation} {}", OneOf(schedules))
            }
            Self::Context { key, value } => compare(f, "context", key, value.as_ref().map(plain)),
        }
    }
}

/// A value as the policy writes it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntityOwner(owners) => write!(f, "owner is {}", OneOf(&list(owners))),
            Self::EntityKind(kinds) => write!(f, "kind is {}", OneOf(&list(kinds))),
            Self::EntityField { field, key, value } => {
                let field = match field {
                    Field::Annotation => "annotation",
                    Field::Label => "label",
                    Field::Metadata => "metadata",
                    Field::Spec => "spec",
                };
                compare(f, field, key, value.as_ref())
            }
            Self::TemplateTag(tag) => write!(f, "tag is `{tag}`"),
            Self::ActionId(id) => write!(f, "action is `{id}`"),
            Self::ActionProperty { key, value } => match value {
                PropertyValue::Text(text) => compare(f, "input", key, text.as_ref()),
                PropertyValue::Number(number) => compare(f, "input", key, number.as_ref()),
                PropertyValue::Bool(value) => compare(f, "input", key, value.as_ref()),
            },
            Self::ActionOwner { key, terms } => {
                write!(f, "input `{key}` is {}", OneOf(&list(terms)))
            }
            Self::TaskOwner(users) => write!(f, "creator is {}", OneOf(&list(users))),
            Self::Custom { rule, .. } => write!(f, "`{rule}` holds"),
        }
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Everyone => "everyone",
            Self::OwnersOfResource => "owners-of-resource",
            Self::User(entity_ref) | Self::Group(entity_ref) => entity_ref,
        })
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ownership => "$ownership",
            Self::Myself => "$self",
            Self::Ref(entity_ref) => entity_ref,
        })
    }
}

fn join(f: &mut Formatter<'_>, children: &[When], word: &str) -> fmt::Result {
    for (index, child) in children.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        let is_mixed = match child {
            When::AllOf(_) => word != " and ",
            When::AnyOf(_) => word != " or ",
            _ => false,
        };
        if is_mixed && children.len() > 1 {
            write!(f, "({child})")?;
        } else {
            child.fmt(f)?;
        }
    }
    Ok(())
}

fn compare(
    f: &mut Formatter<'_>,
    what: &str,
    key: &str,
    value: Option<impl Display>,
) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{what} `{key}` is `{value}`"),
        None => write!(f, "{what} `{key}` is there"),
    }
}

fn list<T: Clone>(set: &BTreeSet<T>) -> Vec<T> {
    set.iter().cloned().collect()
}

struct OneOf<'a, T>(&'a [T]);

impl<T: Display> Display for OneOf<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.len() > 1 {
            f.write_str("one of ")?;
        }
        for (index, item) in self.0.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            write!(f, "{separator}`{item}`")?;
        }
        Ok(())
    }
}
