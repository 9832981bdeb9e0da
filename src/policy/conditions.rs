//! [`Conditions`]: criteria as Backstage's `PermissionCriteria`, as JSON with holes for the user's refs.
//!
//! The text is made once for all users whom the same forms of rules reach; a decision copies it.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::claims::Claims;
use super::condition::{Condition, PropertyValue};
use super::criteria::Criteria;
use super::json;
use super::model::Term;

/// Criteria that are not constant, and the user they are for.
#[derive(Debug, Clone)]
pub struct Conditions {
    template: Arc<Template>,
    claims: Claims,
}

impl Conditions {
    /// The criteria for a user.
    pub fn new(template: Arc<Template>, claims: Claims) -> Self {
        Self { template, claims }
    }

    /// Writes the JSON.
    pub fn write(&self, out: &mut String) {
        self.template.write(&self.claims, out);
    }
}

impl Display for Conditions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = RawValue::from_string(self.to_string()).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

/// JSON in which the refs of a user may be missing.
#[derive(Debug, Default)]
pub struct Template {
    text: String,
    /// Where refs go, in order: behind so many bytes of text.
    holes: Vec<(usize, Hole)>,
}

/// A list of refs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hole {
    refs: HoleRefs,
    /// Whether they are compared with who created a task.
    are_creators: bool,
}

/// Whose refs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HoleRefs {
    /// Those of `$ownership`.
    Ownership,
    /// That of `$self`.
    Myself,
}

impl Template {
    /// The JSON of criteria on a type of resource. Sets in which refs that the policy names meet those of the user have to be
    /// grounded before.
    pub fn of(criteria: &Criteria, resource_type: &str) -> Self {
        let mut template = Self::default();
        template.put(criteria, resource_type);
        template.text.shrink_to_fit();
        template
    }

    /// How many bytes it has for a user.
    pub fn bytes(&self, claims: &Claims) -> usize {
        let of = |own: &Arc<str>| own.len() + QUOTES;
        let as_written = claims.as_written.as_ref().map_or(0, of);
        let ownership = claims.ownership.iter().map(of).sum::<usize>();
        self.bytes_with(ownership + as_written, of(&claims.myself) + as_written)
    }

    /// How many bytes it has if the refs of a user have so many.
    pub fn bytes_with(&self, ownership: usize, myself: usize) -> usize {
        let holes = self.holes.iter().map(|(_, hole)| match hole.refs {
            HoleRefs::Ownership => ownership,
            HoleRefs::Myself => myself,
        });
        self.text.len() + holes.sum::<usize>()
    }

    fn write(&self, claims: &Claims, out: &mut String) {
        let mut rest = self.text.as_str();
        let mut written = 0;
        for (at, hole) in &self.holes {
            let (before, behind) = rest.split_at_checked(at - written).unwrap_or((rest, ""));
            out.push_str(before);
            rest = behind;
            written = *at;
            let refs = match hole.refs {
                HoleRefs::Ownership => claims.ownership.as_slice(),
                HoleRefs::Myself => std::slice::from_ref(&claims.myself),
            };
            let as_written = claims.as_written.iter().filter(|_| hole.are_creators);
            json::list(out, refs.iter().chain(as_written).map(AsRef::as_ref));
        }
        out.push_str(rest);
    }

    fn put(&mut self, criteria: &Criteria, resource_type: &str) {
        match criteria {
            // no conditions: Backstage has no constants
            Criteria::True | Criteria::False => {}
            Criteria::Is(condition) => {
                self.text.push_str("{\"rule\":");
                json::text(&mut self.text, condition.rule());
                self.text.push_str(",\"resourceType\":");
                json::text(&mut self.text, resource_type);
                self.text.push_str(",\"params\":{");
                self.put_params(condition);
                self.text.push_str("}}");
            }
            Criteria::Not(child) => {
                self.text.push_str("{\"not\":");
                self.put(child, resource_type);
                self.text.push('}');
            }
            Criteria::AllOf(children) => self.put_all("allOf", children, resource_type),
            Criteria::AnyOf(children) => self.put_all("anyOf", children, resource_type),
        }
    }

    fn put_all(&mut self, key: &str, children: &[Criteria], resource_type: &str) {
        self.text.extend(["{\"", key, "\":["]);
        for (index, child) in children.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.put(child, resource_type);
        }
        self.text.push_str("]}");
    }

    fn put_params(&mut self, condition: &Condition) {
        match condition {
            Condition::EntityOwner(terms) => self.put_refs("claims", terms, false),
            Condition::TaskOwner(terms) => self.put_refs("createdBy", terms, true),
            Condition::EntityKind(kinds) => {
                json::key(&mut self.text, "kinds");
                json::list(&mut self.text, kinds.iter().map(AsRef::as_ref));
            }
            Condition::EntityField { field, key, value } => {
                self.put_text(field.key_param(), key);
                if let Some(value) = value {
                    self.put_text("value", value);
                }
            }
            Condition::TemplateTag(tag) => self.put_text("tag", tag),
            Condition::ActionId(id) => self.put_text("actionId", id),
            Condition::ActionProperty { key, value } => {
                self.put_text("key", key);
                let value = match value {
                    PropertyValue::Text(text) => text.as_ref().map(|text| text.as_str().into()),
                    PropertyValue::Number(number) => number.clone().map(Into::into),
                    PropertyValue::Bool(value) => value.map(Into::into),
                };
                if let Some(value) = value {
                    self.put_value("value", &value);
                }
            }
            // one rule cannot say it: `Criteria::for_user` makes several of it
            Condition::ActionOwner { key, .. } => self.put_text("key", key),
            Condition::Custom { params, .. } => {
                for (name, value) in params {
                    self.put_value(name, value);
                }
            }
        }
    }

    fn put_text(&mut self, name: &str, text: &str) {
        json::key(&mut self.text, name);
        json::text(&mut self.text, text);
    }

    fn put_value(&mut self, name: &str, value: &serde_json::Value) {
        json::key(&mut self.text, name);
        self.text.push_str(&value.to_string());
    }

    fn put_refs(&mut self, name: &str, terms: &BTreeSet<Term>, are_creators: bool) {
        json::key(&mut self.text, name);
        let refs = if terms.contains(&Term::Ownership) {
            HoleRefs::Ownership
        } else if terms.contains(&Term::Myself) {
            HoleRefs::Myself
        } else {
            let refs = terms.iter().filter_map(|term| match term {
                Term::Ref(entity_ref) => Some(entity_ref.as_ref()),
                Term::Myself | Term::Ownership => None,
            });
            json::list(&mut self.text, refs);
            return;
        };
        let hole = Hole { refs, are_creators };
        self.holes.push((self.text.len(), hole));
    }
}

/// Of a text in a list: its quotes and a comma.
const QUOTES: usize = 3;
