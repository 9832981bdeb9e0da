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

/// Tells why rules took part in a decision about a user.
pub struct Narrator<'p, 'u> {
    policy: &'p Policy,
    user: &'u User<'u>,
    /// How rules reach the user, as far as it was told.
    ways: Vec<((Reach, Effect), Arc<str>)>,
}

impl<'p, 'u> Narrator<'p, 'u> {
    /// About one user.
    pub fn new(policy: &'p Policy, user: &'u User<'u>) -> Self {
        let ways = Vec::new();
        Self { policy, user, ways }
    }

    /// Why a rule took part.
    pub fn reason(&mut self, rule: &Arc<Rule>, reach: Reach) -> Reason {
        let key = (reach, rule.effect);
        let known = self.ways.iter().find(|(known, _)| *known == key);
        let way = if let Some((_, way)) = known {
            Arc::clone(way)
        } else {
            let way: Arc<str> = way(self.policy, rule.effect, reach, self.user).into();
            self.ways.push((key, Arc::clone(&way)));
            way
        };
        let rule = Arc::clone(rule);
        Reason { rule, way }
    }
}

/// The binding by which a rule reaches a user: the first that is no matter of the moment, else the first.
pub fn binding<'p>(
    policy: &'p Policy,
    effect: Effect,
    reach: Reach,
    user: &User<'_>,
) -> Option<&'p Binding> {
    let (role, is_owner) = match reach {
        Reach::Everybody => return None,
        Reach::Role(role) => (role, false),
        Reach::OwnerRole(role) => (role, true),
    };
    let of = |id: BindingId| policy.model.bindings.get(id);
    let gives = |binding: &Binding| {
        let closure = policy.closures.get(binding.role);
        closure.is_some_and(|set| set.contains(role))
    };
    let lasts = |id| of(id).is_some_and(|binding| binding.grant.is_none() && gives(binding));
    let lasting = if is_owner {
        let mut ids = user.owner_bindings().iter().copied();
        ids.find(|&id| lasts(id))
    } else {
        user.lasting_binding(role, lasts)
    };
    lasting.and_then(of).or_else(|| {
        let ids = if is_owner {
            user.owner_bindings()
        } else {
            user.bindings()
        };
        let mut giving = ids.iter().filter_map(|&id| of(id)).filter(|one| gives(one));
        giving.find(|binding| user.is_in_force(binding, effect))
    })
}

/// How a rule reaches a user, in words.
fn way(policy: &Policy, effect: Effect, reach: Reach, user: &User<'_>) -> String {
    let model = &policy.model;
    let binding = binding(policy, effect, reach, user);
    let mut text = String::with_capacity(160);
    let mut say = |words: &[&str]| words.iter().for_each(|word| text.push_str(word));
    match reach {
        Reach::Everybody => say(&["it is for everybody"]),
        Reach::Role(id) => {
            let role = role_name(model, id);
            say(&["`", &user.entity_ref, "` has role `", role, "`"]);
            if let Some(binding) = binding {
                if binding.role != id {
                    say(&[" by role `", role_name(model, binding.role), "`"]);
                }
                match &binding.to {
                    Subject::Group(group) => say(&[" through `", group, "`"]),
                    Subject::Everyone => say(&[" like everyone"]),
                    Subject::User(_) | Subject::OwnersOfResource => {}
                }
            }
        }
        Reach::OwnerRole(id) => {
            let role = role_name(model, id);
            say(&["owners of the resource have role `", role, "`"]);
        }
    }
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
