//! Reasons in words.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use super::condition::{Condition, Field, PropertyValue};
use super::decision::Reason;
use super::index::Reach;
use super::members::User;
use super::model::{Model, RoleId, Rule, Subject, Term, When};
use super::roles::RoleSet;

/// Why a rule took part in a decision about a user.
pub fn reason(
    model: &Model,
    closures: &[RoleSet],
    rule: &Rule,
    reach: Reach,
    user: &User<'_>,
) -> Reason {
    let mut message = match reach {
        Reach::Everybody => "it is for everybody".to_owned(),
        Reach::Role(id) => holder(model, closures, id, user),
        Reach::OwnerRole(id) => {
            format!(
                "owners of the resource have role `{}`",
                role_name(model, id)
            )
        }
    };
    if let Some(when) = &rule.when {
        message = format!("{message}; where {when}");
    }
    Reason {
        rule: rule.id.as_ref().to_owned(),
        effect: rule.effect,
        message,
        at: rule.at.clone(),
    }
}

/// Through which binding a user has a role.
fn holder(model: &Model, closures: &[RoleSet], id: RoleId, user: &User<'_>) -> String {
    let groups = user.group_refs();
    let reaches = |to: &Subject| match to {
        Subject::Everyone => true,
        Subject::OwnersOfResource => false,
        Subject::User(bound) => *bound == user.entity_ref,
        Subject::Group(bound) => groups.contains(bound),
    };
    let gives = |role: RoleId| closures.get(role).is_some_and(|set| set.contains(id));
    let binding = model
        .bindings
        .iter()
        .find(|binding| gives(binding.role) && reaches(&binding.to));
    let by = match binding {
        Some(binding) if binding.role != id => {
            format!(" by role `{}`", role_name(model, binding.role))
        }
        _ => String::new(),
    };
    let through = match binding.map(|binding| &binding.to) {
        Some(Subject::Group(group)) => format!(" through `{group}`"),
        Some(Subject::Everyone) => " like everyone".to_owned(),
        _ => String::new(),
    };
    format!(
        "`{}` has role `{}`{by}{through}",
        user.entity_ref,
        role_name(model, id)
    )
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
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |set: &BTreeSet<Arc<str>>| set.iter().cloned().collect::<Vec<_>>();
        match self {
            Self::EntityOwner(claims) => write!(f, "owner is {}", OneOf(&list(claims))),
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
            Self::TaskOwner(users) => write!(f, "creator is {}", OneOf(&list(users))),
            Self::Custom { rule, .. } => write!(f, "`{rule}` holds"),
        }
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
    value: Option<&impl Display>,
) -> fmt::Result {
    match value {
        Some(value) => write!(f, "{what} `{key}` is `{value}`"),
        None => write!(f, "{what} `{key}` is there"),
    }
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
