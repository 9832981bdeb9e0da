//! [`Criteria`]: a formula over conditions that stays small.
//!
//! It is only built through [`Criteria::all`], [`Criteria::any`] and [`Criteria::not`], which fold
//! constants, flatten, drop what adds nothing, and merge conditions that Backstage can test at once.
//! Each `EXISTS` that is not there makes a catalogue query faster, and each byte that is not there
//! lets more resources into one request of Backstage's permission API (100 kB).

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexSet;

use super::claims::Claims;
use super::condition::{Condition, PropertyValue};
use super::model::Term;

/// A formula over conditions. No formula but the two constants holds a constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Criteria {
    /// Holds of every resource.
    True,
    /// Holds of none.
    False,
    /// One condition.
    Is(Condition),
    /// The opposite.
    Not(Box<Criteria>),
    /// Every one of two or more.
    AllOf(Vec<Criteria>),
    /// At least one of two or more.
    AnyOf(Vec<Criteria>),
}

impl Criteria {
    /// A condition by itself; an empty set of owners, kinds or creators holds of nothing.
    pub fn is(condition: Condition) -> Self {
        match &condition {
            Condition::EntityKind(kinds) if kinds.is_empty() => Self::False,
            other if other.terms().is_some_and(BTreeSet::is_empty) => Self::False,
            _ => Self::Is(condition),
        }
    }

    /// The opposite.
    pub fn not(criteria: Self) -> Self {
        match criteria {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// True where every one is.
    pub fn all(children: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = IndexSet::new();
        let mut negated = Vec::new();
        let flattened = children.into_iter().flat_map(|child| match child {
            Self::AllOf(inner) => inner,
            other => vec![other],
        });
        for child in flattened {
            match child {
                Self::True => {}
                Self::False => return Self::False,
                Self::Not(inner) => negated.push(*inner),
                other => {
                    flat.insert(other);
                }
            }
        }
        // not a and not b = not (a or b): one merged refusal
        match Self::not(Self::any(negated)) {
            Self::True => {}
            Self::False => return Self::False,
            other => {
                flat.insert(other);
            }
        }
        let Some(flat) = intersect_kinds(flat) else {
            return Self::False;
        };
        // a and not (a or b) = false
        let refuses = |child: &Self, inner: &Self| match inner {
            Self::AnyOf(refused) => refused.contains(child),
            one => child == one,
        };
        if opposed(&flat, refuses) {
            return Self::False;
        }
        // a and (a or b) = a
        let flat = without_implied(flat, Self::implies);
        Self::of(flat, Self::True, Self::AllOf)
    }

    /// True where at least one is.
    pub fn any(children: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = IndexSet::new();
        for child in children {
            match child {
                Self::False => {}
                Self::True => return Self::True,
                Self::AnyOf(inner) => flat.extend(inner),
                other => {
                    flat.insert(other);
                }
            }
        }
        let flat = unite_sets(flat);
        // a or not (a and b) = true
        let completes = |child: &Self, inner: &Self| match inner {
            Self::AllOf(parts) => parts.contains(child),
            one => child == one,
        };
        if opposed(&flat, completes) {
            return Self::True;
        }
        // a or (a and b) = a
        let flat = without_implied(flat, |kept, other| other.implies(kept));
        Self::of(flat, Self::False, Self::AnyOf)
    }

    /// The same about one user, with what only shows then: a ref that the policy names may be one of
    /// theirs.
    pub fn for_user(&self, claims: &Claims) -> Self {
        let each = |children: &[Self]| {
            let children = children.iter().map(|child| child.for_user(claims));
            children.collect::<Vec<_>>()
        };
        let refs = |terms| claims.refs(terms).into_iter().cloned();
        match self {
            Self::Is(condition) => match condition {
                Condition::EntityOwner(terms) => {
                    Self::is(Condition::EntityOwner(refs(terms).map(Term::Ref).collect()))
                }
                Condition::TaskOwner(terms) => {
                    let creators = claims.creators(terms).into_iter().cloned();
                    Self::is(Condition::TaskOwner(creators.map(Term::Ref).collect()))
                }
                Condition::ActionOwner { key, terms } => Self::any(refs(terms).map(|entity_ref| {
                    Self::is(Condition::ActionProperty {
                        key: key.clone(),
                        value: PropertyValue::Text(Some(entity_ref.as_ref().to_owned())),
                    })
                })),
                Condition::Custom {
                    resource_type,
                    rule,
                    params,
                } => Self::is(Condition::Custom {
                    resource_type: Arc::clone(resource_type),
                    rule: Arc::clone(rule),
                    params: claims.params(params),
                }),
                _ => self.clone(),
            },
            Self::Not(child) => Self::not(child.for_user(claims)),
            Self::AllOf(children) => Self::all(each(children)),
            Self::AnyOf(children) => Self::any(each(children)),
            Self::True | Self::False => self.clone(),
        }
    }

    /// Calls `look` with every condition.
    pub fn visit(&self, look: &mut impl FnMut(&Condition)) {
        match self {
            Self::True | Self::False => {}
            Self::Is(condition) => look(condition),
            Self::Not(child) => child.visit(look),
            Self::AllOf(children) | Self::AnyOf(children) => {
                for child in children {
                    child.visit(look);
                }
            }
        }
    }

    fn of(mut flat: IndexSet<Self>, none: Self, many: fn(Vec<Self>) -> Self) -> Self {
        match flat.len() {
            0 => none,
            1 => flat.pop().unwrap_or(none),
            _ => many(flat.into_iter().collect()),
        }
    }

    /// Whether `other` holds wherever this does, as far as one level of structure shows.
    fn implies(&self, other: &Self) -> bool {
        let single = |a: &Self, b: &Self| match (a, b) {
            (Self::Is(a), Self::Is(b)) => b.follows_from(a),
            (Self::Not(a), Self::Not(b)) => match (a.as_ref(), b.as_ref()) {
                (Self::Is(a), Self::Is(b)) => a.follows_from(b),
                (a, b) => a == b,
            },
            _ => a == b,
        };
        match (self, other) {
            (Self::AllOf(mine), Self::AllOf(theirs)) => theirs
                .iter()
                .all(|their| mine.iter().any(|my| single(my, their))),
            (Self::AnyOf(mine), Self::AnyOf(theirs)) => mine
                .iter()
                .all(|my| theirs.iter().any(|their| single(my, their))),
            (Self::AllOf(mine), _) => mine.iter().any(|my| single(my, other)),
            (_, Self::AnyOf(theirs)) => theirs.iter().any(|their| single(self, their)),
            _ => single(self, other),
        }
    }
}

/// Comparing all pairs is quadratic; a formula this wide is sent as it is.
const MAX_COMPARED: usize = 64;

/// Keeps one of the children where one makes another superfluous.
fn without_implied(
    children: IndexSet<Criteria>,
    superfluous: impl Fn(&Criteria, &Criteria) -> bool,
) -> IndexSet<Criteria> {
    if children.len() > MAX_COMPARED {
        return children;
    }
    let mut kept: Vec<Criteria> = Vec::with_capacity(children.len());
    for child in children {
        if kept.iter().any(|other| superfluous(other, &child)) {
            continue;
        }
        kept.retain(|other| !superfluous(&child, other));
        kept.push(child);
    }
    kept.into_iter().collect()
}

/// Whether some child and the inside of a negated one are in the relation.
fn opposed(children: &IndexSet<Criteria>, relation: impl Fn(&Criteria, &Criteria) -> bool) -> bool {
    if children.len() > MAX_COMPARED {
        return false;
    }
    children
        .iter()
        .filter_map(|child| match child {
            Criteria::Not(inner) => Some(inner.as_ref()),
            _ => None,
        })
        .any(|inner| children.iter().any(|child| relation(child, inner)))
}

/// owner a or owner b = owner a, b; likewise kinds and creators.
fn unite_sets(children: IndexSet<Criteria>) -> IndexSet<Criteria> {
    let mut owners = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    let mut creators = BTreeSet::new();
    let mut rest = IndexSet::with_capacity(children.len());
    for child in children {
        match child {
            Criteria::Is(Condition::EntityOwner(set)) => owners.extend(set),
            Criteria::Is(Condition::EntityKind(set)) => kinds.extend(set),
            Criteria::Is(Condition::TaskOwner(set)) => creators.extend(set),
            other => {
                rest.insert(other);
            }
        }
    }
    let united = [
        Criteria::is(Condition::EntityOwner(owners)),
        Criteria::is(Condition::EntityKind(kinds)),
        Criteria::is(Condition::TaskOwner(creators)),
    ];
    united
        .into_iter()
        .filter(|set| *set != Criteria::False)
        .chain(rest)
        .collect()
}

/// kind a, b and kind b, c = kind b, because an entity has one kind; `None` if no kind is left.
fn intersect_kinds(children: IndexSet<Criteria>) -> Option<IndexSet<Criteria>> {
    let mut common: Option<BTreeSet<_>> = None;
    let mut rest = IndexSet::with_capacity(children.len());
    for child in children {
        match child {
            Criteria::Is(Condition::EntityKind(set)) => {
                common = Some(match common {
                    Some(before) => before.intersection(&set).cloned().collect(),
                    None => set,
                });
            }
            other => {
                rest.insert(other);
            }
        }
    }
    match common {
        None => Some(rest),
        Some(kinds) if kinds.is_empty() => None,
        Some(kinds) => {
            let kinds = Criteria::Is(Condition::EntityKind(kinds));
            Some(std::iter::once(kinds).chain(rest).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::condition::Field;
    use crate::policy::evaluate::Resource;

    /// Every way to join two of 210 formulas means what it says, of every entity that the conditions in
    /// them can tell apart.
    #[test]
    fn simplification_keeps_the_meaning() {
        let entities = entities();
        let resources: Vec<_> = entities.iter().map(Resource::new).collect();
        let meaning = |criteria: &Criteria| -> u32 {
            resources
                .iter()
                .enumerate()
                .fold(0, |bits, (index, resource)| {
                    bits | u32::from(resource.satisfies(criteria, &Claims::default()) == Some(true))
                        << index
                })
        };
        let mut pool: Vec<Criteria> = atoms();
        pool.extend(atoms().into_iter().map(Criteria::not));
        let literals = pool.clone();
        for (a, b) in pairs(&literals) {
            pool.push(Criteria::all([a.clone(), b.clone()]));
            pool.push(Criteria::any([a.clone(), b.clone()]));
        }
        let meanings: Vec<u32> = pool.iter().map(meaning).collect();
        let everywhere = (1 << resources.len()) - 1;
        let known: Vec<_> = pool.iter().zip(&meanings).collect();
        // a part of the 44 100 pairs, with each formula on both sides
        for ((a, x), (b, y)) in pairs(&known).step_by(11) {
            let all = Criteria::all([(*a).clone(), (*b).clone()]);
            assert_eq!(meaning(&all), *x & *y, "all of {a:?} and {b:?}");
            let any = Criteria::any([(*a).clone(), (*b).clone()]);
            assert_eq!(meaning(&any), *x | *y, "any of {a:?} and {b:?}");
            let none = Criteria::not(any);
            assert_eq!(
                meaning(&none),
                everywhere & !(*x | *y),
                "none of {a:?} and {b:?}"
            );
        }
    }

    #[test]
    fn what_adds_nothing_is_dropped() {
        let [a, ab, x, _, label] = <[Criteria; 5]>::try_from(atoms()).unwrap();
        let all = |parts: &[&Criteria]| Criteria::all(parts.iter().map(|c| (*c).clone()));
        let any = |parts: &[&Criteria]| Criteria::any(parts.iter().map(|c| (*c).clone()));
        assert_eq!(any(&[&a, &ab]), ab);
        assert_eq!(all(&[&a, &ab]), a);
        assert_eq!(any(&[&label, &all(&[&label, &x])]), label);
        assert_eq!(all(&[&label, &any(&[&label, &x])]), label);
        assert_eq!(
            any(&[&label, &Criteria::not(label.clone())]),
            Criteria::True
        );
        assert_eq!(
            all(&[&x, &Criteria::not(any(&[&x, &label]))]),
            Criteria::False
        );
        assert_eq!(Criteria::all([]), Criteria::True);
        assert_eq!(Criteria::any([]), Criteria::False);
    }

    fn atoms() -> Vec<Criteria> {
        let set = |items: &[&str]| items.iter().map(|&item| Arc::from(item)).collect();
        let refs = |items: &[&str]| items.iter().map(|&item| Term::Ref(item.into())).collect();
        let label = Condition::EntityField {
            field: Field::Label,
            key: "tier".to_owned(),
            value: None,
        };
        [
            Condition::EntityOwner(refs(&["user:default/a"])),
            Condition::EntityOwner(refs(&["user:default/a", "user:default/b"])),
            Condition::EntityKind(set(&["x"])),
            Condition::EntityKind(set(&["x", "y"])),
            label,
        ]
        .map(Criteria::is)
        .to_vec()
    }

    fn entities() -> Vec<Value> {
        let mut entities = Vec::new();
        for kind in ["x", "y", "z"] {
            for owner in ["a", "b", "c"] {
                for labels in [json!({}), json!({ "tier": "prod" })] {
                    let target = format!("user:default/{owner}");
                    entities.push(json!({
                        "kind": kind,
                        "metadata": { "labels": labels },
                        "relations": [{ "type": "ownedBy", "targetRef": target }],
                    }));
                }
            }
        }
        entities
    }

    fn pairs<T>(items: &[T]) -> impl Iterator<Item = (&T, &T)> {
        items.iter().flat_map(|a| items.iter().map(move |b| (a, b)))
    }
}
