//! Conditions: one row in [`CONDITIONS`] and one function for each.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Number;

use super::reader::{Reader, key};
use super::searchable::Searched;
use super::{generic, moment, reference};
use crate::policy::condition::{Condition, Field, PropertyValue};
use crate::policy::model::{Term, When};
use crate::policy::permission::{
    CATALOG_ENTITY, SCAFFOLDER_ACTION, SCAFFOLDER_TASK, SCAFFOLDER_TEMPLATE,
};
use crate::source::Span;
use crate::yaml::{Entry, Kind, Node, js_number};

/// Reads the conditions of one rule.
pub struct Conditions<'c, 'r> {
    /// The file.
    pub reader: &'c mut Reader<'r>,
    /// The type of the resources that the rule is about, if that is clear.
    pub resource_type: Option<&'c str>,
    /// The conditions met, where, and the type of resource each is about.
    pub met: Vec<(String, Span, &'static str)>,
    /// Whether any condition is about a resource.
    pub needs_resource: bool,
}

type Read = fn(&mut Conditions<'_, '_>, Entry<'_>) -> Option<When>;

/// A key, the type of resource it is about unless any, and how it is read.
const CONDITIONS: &[(&str, Option<&str>, Read)] = &[
    ("allOf", None, |c, entry| c.children(entry).map(When::AllOf)),
    ("anyOf", None, |c, entry| c.children(entry).map(When::AnyOf)),
    ("not", None, |c, entry| {
        c.condition(entry.value, entry.span())
            .map(|child| When::Not(Box::new(child)))
    }),
    ("owner", Some(CATALOG_ENTITY), |c, entry| {
        c.terms(entry).map(When::Owner)
    }),
    ("kind", Some(CATALOG_ENTITY), kind),
    ("annotation", Some(CATALOG_ENTITY), |c, entry| {
        c.field(Field::Annotation, entry)
    }),
    ("label", Some(CATALOG_ENTITY), |c, entry| {
        c.field(Field::Label, entry)
    }),
    ("metadata", Some(CATALOG_ENTITY), |c, entry| {
        c.field(Field::Metadata, entry)
    }),
    ("spec", Some(CATALOG_ENTITY), |c, entry| {
        c.field(Field::Spec, entry)
    }),
    ("tag", Some(SCAFFOLDER_TEMPLATE), |c, entry| {
        c.texts(entry, Condition::TemplateTag)
    }),
    ("actionId", Some(SCAFFOLDER_ACTION), |c, entry| {
        c.texts(entry, Condition::ActionId)
    }),
    ("stringProperty", Some(SCAFFOLDER_ACTION), |c, entry| {
        c.keyed(entry, &PropertyValue::Text(None), string_property)
    }),
    ("numberProperty", Some(SCAFFOLDER_ACTION), |c, entry| {
        c.keyed(entry, &PropertyValue::Number(None), number_property)
    }),
    ("booleanProperty", Some(SCAFFOLDER_ACTION), |c, entry| {
        c.keyed(entry, &PropertyValue::Bool(None), boolean_property)
    }),
    ("createdBy", Some(SCAFFOLDER_TASK), |c, entry| {
        c.terms(entry).map(When::CreatedBy)
    }),
    ("time", None, moment::time),
    ("context", None, |c, entry| {
        c.entries(entry, |c, entry| match entry {
            Keyed::There(key) => Some(moment::fact(key, None)),
            Keyed::Is(key, item) => moment::value(c.reader, key, item),
        })
    }),
];

impl Conditions<'_, '_> {
    /// One condition: an object of which all entries must hold.
    pub fn condition(&mut self, node: Node<'_>, span: Span) -> Option<When> {
        if node.get("rule").is_some() || node.get("params").is_some() {
            return generic::rule(self, node);
        }
        if node.entries().is_empty() {
            let (what, wanted) = ("a condition", "an object with at least one condition");
            self.reader.wrong_type(what, wanted, node, span);
            return None;
        }
        let mut all = Vec::new();
        let mut complete = true;
        for entry in node.entries() {
            let row = CONDITIONS.iter().find(|(name, ..)| *name == entry.name);
            let Some((name, about, read)) = row else {
                let mut known: Vec<_> = CONDITIONS.iter().map(|(name, ..)| *name).collect();
                known.push("rule");
                self.reader.unknown_key("a condition", entry, &known);
                complete = false;
                continue;
            };
            if let Some(about) = about {
                self.meets(name, entry.key, about);
            }
            match read(self, entry) {
                Some(when) => all.push(when),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        one_or(all, When::AllOf)
    }

    /// Notes a condition, to be checked against the permissions of the rule.
    pub fn meets(&mut self, name: &str, node: Node<'_>, about: &'static str) {
        self.met.push((name.to_owned(), node.span(), about));
        self.needs_resource = true;
    }

    /// Refs, `$ownership` and `$self`.
    pub fn terms(&mut self, entry: Entry<'_>) -> Option<Vec<Term>> {
        let items = self.reader.one_or_more(&key(entry.name), entry);
        every(&items, |item| reference::term(self.reader, item))
    }

    /// Any of some texts.
    pub fn texts(&mut self, entry: Entry<'_>, of: fn(String) -> Condition) -> Option<When> {
        let items = self.reader.one_or_more(&key(entry.name), entry);
        let any = every(&items, |item| {
            let text = self.reader.text(&key(entry.name), item)?;
            Some(When::Is(of(text.to_owned())))
        })?;
        one_or(any, When::AnyOf)
    }

    fn children(&mut self, entry: Entry<'_>) -> Option<Vec<When>> {
        let what = key(entry.name);
        let items = self.reader.list(&what, entry)?;
        if items.is_empty() {
            let wanted = "a list of at least one condition";
            self.reader
                .wrong_value(&what, "empty", wanted, entry.span());
        }
        every(&items, |item| self.condition(item, item.span()))
    }

    /// `label: tier`, `label: {tier: prod}` or `label: {tier: [prod, staging]}`.
    fn field(&mut self, field: Field, entry: Entry<'_>) -> Option<When> {
        let of = |key: &str, value| {
            let key = key.to_owned();
            When::Is(Condition::EntityField { field, key, value })
        };
        let searched = Searched {
            field,
            resource_type: self.resource_type,
        };
        if let Kind::Text(key) = entry.value.kind() {
            searched.key(self.reader, key, entry.value);
        }
        for pair in entry.value.entries() {
            searched.key(self.reader, pair.name, pair.key);
        }
        self.entries(entry, |c, entry| match entry {
            Keyed::There(key) => Some(of(key, None)),
            Keyed::Is(key, item) => {
                let value = match (item.kind(), field) {
                    (Kind::Number(number), Field::Metadata | Field::Spec) => js_number(number),
                    (Kind::Bool(value), Field::Metadata | Field::Spec) => value.to_string(),
                    _ => c.reader.quoted_text(&self::key(key), item)?.to_owned(),
                };
                searched.value(c.reader, &value, item);
                Some(of(key, Some(value)))
            }
        })
    }

    fn keyed(
        &mut self,
        entry: Entry<'_>,
        any: &PropertyValue,
        read: fn(&mut Reader<'_>, &str, Node<'_>) -> Option<When>,
    ) -> Option<When> {
        self.entries(entry, |c, entry| match entry {
            Keyed::There(key) => Some(property(key, any.clone())),
            Keyed::Is(key, item) => read(c.reader, key, item),
        })
    }

    /// The three ways to write keys and values: all keys, and for each any of its values.
    fn entries(
        &mut self,
        entry: Entry<'_>,
        read: impl Fn(&mut Self, Keyed<'_>) -> Option<When>,
    ) -> Option<When> {
        if let Kind::Text(key) = entry.value.kind() {
            return read(self, Keyed::There(key));
        }
        if entry.value.entries().is_empty() {
            let wanted = "a key as a text, or an object of keys and values";
            self.reader
                .wrong_type(&key(entry.name), wanted, entry.value, entry.span());
            return None;
        }
        let entries: Vec<_> = entry.value.entries().into_iter().collect();
        let all = every(&entries, |pair| {
            let items = self.reader.one_or_more(&key(pair.name), pair);
            let any = every(&items, |item| read(self, Keyed::Is(pair.name, item)))?;
            one_or(any, When::AnyOf)
        })?;
        one_or(all, When::AllOf)
    }
}

enum Keyed<'t> {
    There(&'t str),
    Is(&'t str, Node<'t>),
}

fn kind(c: &mut Conditions<'_, '_>, entry: Entry<'_>) -> Option<When> {
    let items = c.reader.one_or_more("`kind`", entry);
    let kinds = every(&items, |item| {
        let kind = c.reader.text("`kind`", item)?;
        Some(Arc::from(kind.to_lowercase()))
    })?;
    let kinds: BTreeSet<Arc<str>> = kinds.into_iter().collect();
    Some(When::Is(Condition::EntityKind(kinds)))
}

/// A text, or refs of the user.
pub fn string_property(reader: &mut Reader<'_>, key: &str, item: Node<'_>) -> Option<When> {
    let text = reader.quoted_text(&self::key(key), item)?;
    let terms = match text {
        "$ownership" => vec![Term::Ownership],
        "$self" => vec![Term::Myself],
        _ => return Some(property(key, PropertyValue::Text(Some(text.to_owned())))),
    };
    let key = key.to_owned();
    Some(When::PropertyIn { key, terms })
}

/// A number.
pub fn number_property(reader: &mut Reader<'_>, key: &str, item: Node<'_>) -> Option<When> {
    if let Kind::Number(number) = item.kind()
        && let Some(number) = json_number(number)
    {
        return Some(property(key, PropertyValue::Number(Some(number))));
    }
    reader.wrong_type(&self::key(key), "a number", item, item.span());
    None
}

/// `true` or `false`.
pub fn boolean_property(reader: &mut Reader<'_>, key: &str, item: Node<'_>) -> Option<When> {
    if let Kind::Bool(value) = item.kind() {
        return Some(property(key, PropertyValue::Bool(Some(value))));
    }
    reader.wrong_type(&self::key(key), "`true` or `false`", item, item.span());
    None
}

/// A condition on a property.
pub fn property(key: &str, value: PropertyValue) -> When {
    let key = key.to_owned();
    When::Is(Condition::ActionProperty { key, value })
}

/// All results, or nothing if one is missing; every item is read, so that every problem is reported.
pub fn every<T: Copy, R>(items: &[T], mut read: impl FnMut(T) -> Option<R>) -> Option<Vec<R>> {
    let results: Vec<_> = items.iter().map(|&item| read(item)).collect();
    if results.is_empty() {
        return None;
    }
    results.into_iter().collect()
}

/// The one condition of a list, or many joined.
pub fn one_or(mut list: Vec<When>, many: fn(Vec<When>) -> When) -> Option<When> {
    match list.len() {
        0 | 1 => list.pop(),
        _ => Some(many(list)),
    }
}

/// Whole numbers without a decimal point, as JSON writes them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "only what is a whole number in range"
)]
fn json_number(number: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Some(Number::from(number as i64));
    }
    Number::from_f64(number)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::CONDITIONS;

    #[test]
    fn every_condition_is_documented_and_has_a_case() {
        let docs = include_str!("../../policy.rs");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/policy");
        let cases: String = fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter_map(|case| fs::read_to_string(case.path().join("policy.yaml")).ok())
            .collect();
        for (name, ..) in CONDITIONS {
            assert!(
                docs.contains(&format!("`{name}:")),
                "`{name}` is not documented"
            );
            assert!(cases.contains(&format!(" {name}:")), "`{name}` has no case");
        }
    }
}
