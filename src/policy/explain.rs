//! Reasons in words.

use std::fmt::{self, Display, Formatter};

use super::condition::{Condition, PropertyValue};
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
            Self::Owner(terms) => write!(f, "the owner is {}", Terms(terms)),
            Self::CreatedBy(terms) => write!(f, "it was created by {}", Terms(terms)),
            Self::PropertyIn { key, terms } => write!(f, "input `{key}` is {}", Terms(terms)),
            Self::Custom { rule, .. } => write!(f, "`{rule}` holds"),
            Self::Is(condition) => condition.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let any_of = |set: &std::collections::BTreeSet<std::sync::Arc<str>>| {
            let quoted: Vec<_> = set.iter().map(|item| format!("`{item}`")).collect();
            quoted.join(" or ")
        };
        match self {
            Self::EntityOwner(claims) => write!(f, "the owner is {}", any_of(claims)),
            Self::EntityKind(kinds) => write!(f, "the kind is {}", any_of(kinds)),
            Self::EntityField { field, key, value } => {
                write!(f, "{field} `{key}` is {}", Wanted(value.as_deref()))
            }
            Self::TemplateTag(tag) => write!(f, "it is tagged `{tag}`"),
            Self::ActionId(id) => write!(f, "the action is `{id}`"),
            Self::ActionProperty { key, value } => {
                let value = match value {
                    PropertyValue::Text(text) => text.clone(),
                    PropertyValue::Number(number) => number.as_ref().map(ToString::to_string),
                    PropertyValue::Bool(value) => value.map(|value| value.to_string()),
                };
                write!(f, "input `{key}` is {}", Wanted(value.as_deref()))
            }
            Self::TaskOwner(users) => write!(f, "it was created by {}", any_of(users)),
            Self::Custom { rule, .. } => write!(f, "`{rule}` holds"),
        }
    }
}

impl Display for super::condition::Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Annotation => "annotation",
            Self::Label => "label",
            Self::Metadata => "metadata",
            Self::Spec => "spec",
        })
    }
}

fn join(f: &mut Formatter<'_>, children: &[When], word: &str) -> fmt::Result {
    for (index, child) in children.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        match child {
            When::AllOf(inner) | When::AnyOf(inner) if inner.len() > 1 && children.len() > 1 => {
                write!(f, "({child})")?;
            }
            _ => child.fmt(f)?,
        }
    }
    Ok(())
}

struct Wanted<'a>(Option<&'a str>);

impl Display for Wanted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "`{value}`"),
            None => f.write_str("there"),
        }
    }
}

struct Terms<'a>(&'a [Term]);

impl Display for Terms<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, term) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            match term {
                Term::Ownership => f.write_str("the user or a group of theirs")?,
                Term::Myself => f.write_str("the user")?,
                Term::Ref(entity_ref) => write!(f, "`{entity_ref}`")?,
            }
        }
        Ok(())
    }
}
