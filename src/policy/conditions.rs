//! [`Conditions`]: criteria for one user as Backstage's `PermissionCriteria`, written straight into the
//! answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::claims::Claims;
use super::condition::{Condition, PropertyValue};
use super::criteria::Criteria;
use super::model::Term;

/// Criteria that are not constant, and the user they are for.
#[derive(Debug, Clone)]
pub struct Conditions {
    criteria: Arc<Criteria>,
    claims: Claims,
}

impl Conditions {
    /// Nothing for a constant, which Backstage has no criteria for.
    pub fn new(criteria: Arc<Criteria>, claims: Claims) -> Option<Self> {
        match *criteria {
            Criteria::True | Criteria::False => None,
            _ => Some(Self { criteria, claims }),
        }
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let claims = &self.claims;
        let criteria = &*self.criteria;
        Grounded { criteria, claims }.serialize(serializer)
    }
}

struct Grounded<'c> {
    criteria: &'c Criteria,
    claims: &'c Claims,
}

struct All<'c> {
    criteria: &'c [Criteria],
    claims: &'c Claims,
}

/// The parameters of a permission rule for some user.
#[derive(Debug, Clone, Copy)]
pub struct Params<'c> {
    /// The rule.
    pub condition: &'c Condition,
    /// The user.
    pub claims: &'c Claims,
}

struct Refs<'c> {
    terms: &'c BTreeSet<Term>,
    claims: &'c Claims,
}

impl Serialize for Grounded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let claims = self.claims;
        let mut map = serializer.serialize_map(None)?;
        match self.criteria {
            Criteria::True | Criteria::False => {}
            Criteria::Is(condition) => {
                map.serialize_entry("rule", condition.rule())?;
                map.serialize_entry("resourceType", condition.resource_type())?;
                map.serialize_entry("params", &Params { condition, claims })?;
            }
            Criteria::Not(criteria) => {
                map.serialize_entry("not", &Grounded { criteria, claims })?
            }
            Criteria::AllOf(criteria) => map.serialize_entry("allOf", &All { criteria, claims })?,
            Criteria::AnyOf(criteria) => map.serialize_entry("anyOf", &All { criteria, claims })?,
        }
        map.end()
    }
}

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let claims = self.claims;
        let each = self.criteria.iter();
        serializer.collect_seq(each.map(|criteria| Grounded { criteria, claims }))
    }
}

impl Serialize for Params<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let claims = self.claims;
        let mut map = serializer.serialize_map(None)?;
        match self.condition {
            Condition::EntityOwner(terms) => {
                map.serialize_entry("claims", &Refs { terms, claims })?;
            }
            Condition::TaskOwner(terms) => {
                map.serialize_entry("createdBy", &Refs { terms, claims })?;
            }
            Condition::EntityKind(kinds) => map.serialize_entry("kinds", kinds)?,
            Condition::EntityField { field, key, value } => {
                map.serialize_entry(field.key_param(), key)?;
                if let Some(value) = value {
                    map.serialize_entry("value", value)?;
                }
            }
            Condition::TemplateTag(tag) => map.serialize_entry("tag", tag)?,
            Condition::ActionId(id) => map.serialize_entry("actionId", id)?,
            Condition::ActionProperty { key, value } => {
                map.serialize_entry("key", key)?;
                match value {
                    PropertyValue::Text(Some(text)) => map.serialize_entry("value", text)?,
                    PropertyValue::Number(Some(number)) => map.serialize_entry("value", number)?,
                    PropertyValue::Bool(Some(value)) => map.serialize_entry("value", value)?,
                    PropertyValue::Text(None)
                    | PropertyValue::Number(None)
                    | PropertyValue::Bool(None) => {}
                }
            }
            // one rule cannot say it: `Criteria::for_user` made several of it
            Condition::ActionOwner { key, .. } => map.serialize_entry("key", key)?,
            Condition::Custom { params, .. } => {
                for (name, value) in claims.params(params) {
                    map.serialize_entry(&name, &value)?;
                }
            }
        }
        map.end()
    }
}

impl Serialize for Refs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_known = |term: &Term| matches!(term, Term::Myself | Term::Ownership);
        if self.terms.contains(&Term::Ownership) && self.terms.iter().all(is_known) {
            // sorted, and the user is among them
            return serializer.collect_seq(&self.claims.ownership);
        }
        serializer.collect_seq(self.claims.refs(self.terms))
    }
}
