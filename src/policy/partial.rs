//! Partial evaluation: what is left of a rule's condition once the user is known.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::condition::{Condition, PropertyValue};
use super::criteria::Criteria;
use super::index::Reach;
use super::members::User;
use super::model::{Effect, Rule, Term, When};
use super::permission::{CATALOG_ENTITY, SCAFFOLDER_TASK};

/// Puts a user into conditions.
#[derive(Debug)]
pub struct Grounding<'u> {
    user: &'u User<'u>,
    resource_type: Option<&'u str>,
    ownership: OnceCell<BTreeSet<Arc<str>>>,
}

impl<'u> Grounding<'u> {
    /// For one user and one type of resource; `None` for a basic permission.
    pub fn new(user: &'u User<'u>, resource_type: Option<&'u str>) -> Self {
        Self {
            user,
            resource_type,
            ownership: OnceCell::new(),
        }
    }

    /// Of which resources a rule holds. What cannot be known, because a condition is about another
    /// type of resource, counts as false in a rule that allows and as true in one that denies.
    pub fn criteria(&self, rule: &Rule, reach: Reach) -> Criteria {
        let reached = match reach {
            Reach::Everybody | Reach::Role(_) => Some(Criteria::True),
            Reach::OwnerRole(_) => self.owns_resource(),
        };
        let met = match &rule.when {
            None => Some(Criteria::True),
            Some(when) => match when.resource_type() {
                Some(about) if Some(about) != self.resource_type => None,
                _ => Some(self.ground(when)),
            },
        };
        let unknown = || match rule.effect {
            Effect::Allow => Criteria::False,
            Effect::Deny => Criteria::True,
        };
        Criteria::all([reached.unwrap_or_else(unknown), met.unwrap_or_else(unknown)])
    }

    fn owns_resource(&self) -> Option<Criteria> {
        match self.resource_type? {
            CATALOG_ENTITY => Some(self.ground(&When::Owner(vec![Term::Ownership]))),
            SCAFFOLDER_TASK => Some(self.ground(&When::CreatedBy(vec![Term::Myself]))),
            _ => None,
        }
    }

    fn ground(&self, when: &When) -> Criteria {
        match when {
            When::AllOf(children) => Criteria::all(children.iter().map(|c| self.ground(c))),
            When::AnyOf(children) => Criteria::any(children.iter().map(|c| self.ground(c))),
            When::Not(child) => Criteria::not(self.ground(child)),
            When::Owner(terms) => Criteria::is(Condition::EntityOwner(self.refs(terms))),
            When::CreatedBy(terms) => Criteria::is(Condition::TaskOwner(self.refs(terms))),
            When::PropertyIn { key, terms } => {
                // Backstage has no rule that compares a property with a list
                Criteria::any(self.refs(terms).into_iter().map(|entity_ref| {
                    Criteria::is(Condition::ActionProperty {
                        key: key.clone(),
                        value: PropertyValue::Text(Some(entity_ref.as_ref().to_owned())),
                    })
                }))
            }
            When::Custom {
                resource_type,
                rule,
                params,
            } => Criteria::is(Condition::Custom {
                resource_type: Arc::clone(resource_type),
                rule: Arc::clone(rule),
                params: self.params(params),
            }),
            When::Is(condition) => Criteria::is(condition.clone()),
        }
    }

    fn refs(&self, terms: &[Term]) -> BTreeSet<Arc<str>> {
        let mut refs = BTreeSet::new();
        for term in terms {
            match term {
                Term::Ownership => refs.extend(self.ownership().iter().cloned()),
                Term::Myself => refs.extend([Arc::clone(&self.user.entity_ref)]),
                Term::Ref(entity_ref) => refs.extend([Arc::clone(entity_ref)]),
            }
        }
        refs
    }

    fn params(&self, params: &Map<String, Value>) -> Map<String, Value> {
        let text = |entity_ref: &Arc<str>| Value::from(entity_ref.as_ref());
        let ground = |value: &Value| match value {
            Value::String(term) if term == "$self" => text(&self.user.entity_ref),
            Value::String(term) if term == "$ownership" => {
                self.ownership().iter().map(text).collect()
            }
            Value::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    match item.as_str() {
                        Some("$self") => list.push(text(&self.user.entity_ref)),
                        Some("$ownership") => list.extend(self.ownership().iter().map(text)),
                        _ => list.push(item.clone()),
                    }
                }
                Value::Array(list)
            }
            other => other.clone(),
        };
        params
            .iter()
            .map(|(name, value)| (name.clone(), ground(value)))
            .collect()
    }

    fn ownership(&self) -> &BTreeSet<Arc<str>> {
        self.ownership.get_or_init(|| self.user.ownership())
    }
}
