//! Rules as formulas: users and resources stay open, so that what is proven holds of all of them.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use indexmap::IndexSet;

use super::super::Policy;
use super::super::condition::{Condition, Field, PropertyValue};
use super::super::directory::{Directory, GroupId};
use super::super::model::{Effect, Ownership, RoleId, Rule, Subject, Term, When};
use super::super::permission::{CATALOG_ENTITY, SCAFFOLDER_TASK, is_a};
use super::super::situation::Situation;
use super::formula::{Formula, Theory};

/// What can be true or false of a user and a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// The user is this one.
    User(Arc<str>),
    /// The user is a member of the group or of one below.
    Member(Arc<str>),
    /// One who is meant owns the entity.
    Owner(Meant),
    /// The entity is of this kind.
    Kind(Arc<str>),
    /// A part of the entity has the key, with the value if one is given.
    Field(Field, String, Option<String>),
    /// The step or page has the tag.
    Tag(String),
    /// The action is this one.
    Action(String),
    /// The input has a text.
    Text(String, Option<Text>),
    /// The input has another value, or any of a type.
    Value(String, PropertyValue),
    /// One who is meant made the task.
    Creator(Meant),
    /// It is known that this holds at the moment of the request, or, if false, that it does not. Both
    /// are false where it is unknown.
    Moment(String, bool),
    /// What nothing is known about.
    Opaque(String),
}

/// A person or group that a condition means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Meant {
    /// `$ownership`
    Ownership,
    /// `$ownership` of another policy, which means others by it.
    OwnershipBefore(Ownership),
    /// `$self`
    Myself,
    /// A ref.
    Ref(Arc<str>),
}

/// A text that a property is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// One that depends on the user.
    Of(Meant),
    /// This one.
    Exactly(String),
}

/// The atoms of some rules.
#[derive(Debug)]
pub struct Symbols<'p> {
    policy: &'p Policy,
    resource_type: Option<&'p str>,
    before: Option<Ownership>,
    now: Situation<'p>,
    atoms: IndexSet<Atom>,
}

impl<'p> Symbols<'p> {
    /// For rules on permissions about one type of resource.
    pub fn new(policy: &'p Policy, resource_type: Option<&'p str>) -> Self {
        Self {
            policy,
            resource_type,
            before: None,
            now: Situation::default(),
            atoms: IndexSet::new(),
        }
    }

    /// Of whom and of what a rule holds.
    pub fn rule(&mut self, rule: &Rule) -> Formula {
        Formula::All(vec![self.reach(rule), self.condition(rule)])
    }

    /// Of what a rule holds, whoever asks. A condition about another type of resource is unknown.
    pub fn condition(&mut self, rule: &Rule) -> Formula {
        match &rule.when {
            None => Formula::TRUE,
            Some(when) => match when.resource_type() {
                Some(about) if !self.resource_type.is_some_and(|of| is_a(of, about)) => {
                    unknown(rule.effect)
                }
                _ => self.when(when, rule.effect == Effect::Deny),
            },
        }
    }

    /// From now on `$ownership` is that of another policy, if one is given.
    pub fn speak_of_before(&mut self, ownership: Option<Ownership>) {
        self.before = ownership;
    }

    /// From now on what this moment says is no question.
    pub fn speak_of_now(&mut self, now: Situation<'p>) {
        self.now = now;
    }

    /// The user owns the resource.
    pub fn owner(&mut self, effect: Effect) -> Formula {
        match self.resource_type {
            Some(about) if is_a(about, CATALOG_ENTITY) => {
                let owner = self.meant(&Term::Ownership);
                self.atom(Atom::Owner(owner))
            }
            Some(SCAFFOLDER_TASK) => self.atom(Atom::Creator(Meant::Myself)),
            _ => unknown(effect),
        }
    }

    fn meant(&self, term: &Term) -> Meant {
        match (term, self.before) {
            (Term::Ownership, None) => Meant::Ownership,
            (Term::Ownership, Some(before)) => Meant::OwnershipBefore(before),
            (Term::Myself, _) => Meant::Myself,
            (Term::Ref(entity_ref), _) => Meant::Ref(Arc::clone(entity_ref)),
        }
    }

    fn reach(&mut self, rule: &Rule) -> Formula {
        if rule.roles.is_empty() {
            return Formula::TRUE;
        }
        let mut ways = Vec::new();
        for binding in &self.policy.model.bindings {
            let closure = self.policy.closures.get(binding.role);
            let gives = |role: &RoleId| closure.is_some_and(|set| set.contains(*role));
            if !rule.roles.iter().any(gives) {
                continue;
            }
            let way = match &binding.to {
                Subject::Everyone => Formula::TRUE,
                Subject::User(user) => self.atom(Atom::User(Arc::clone(user))),
                Subject::Group(group) => self.atom(Atom::Member(Arc::clone(group))),
                Subject::OwnersOfResource => self.owner(rule.effect),
            };
            ways.push(match binding.grant {
                None => way,
                Some(grant) => {
                    let in_force =
                        format!("binding {} of role {} is in force", grant, binding.role);
                    let in_force = self.moment(in_force, rule.effect == Effect::Deny);
                    Formula::All(vec![way, in_force])
                }
            });
        }
        Formula::Any(ways)
    }

    /// What is unknown counts as `unknown`, in a negation as the opposite.
    fn when(&mut self, when: &When, unknown: bool) -> Formula {
        match when {
            When::AllOf(children) => {
                let children = children.iter().map(|child| self.when(child, unknown));
                Formula::All(children.collect())
            }
            When::AnyOf(children) => {
                let children = children.iter().map(|child| self.when(child, unknown));
                Formula::Any(children.collect())
            }
            When::Not(child) => self.when(child, !unknown).negated(),
            When::Time { .. } | When::Context { .. } => match self.now.holds(when) {
                Some(true) => Formula::TRUE,
                Some(false) => Formula::FALSE,
                None => self.moment(when.to_string(), unknown),
            },
            When::Owner(terms) => {
                let owners: Vec<_> = terms.iter().map(|term| self.meant(term)).collect();
                self.any(owners, Atom::Owner)
            }
            When::CreatedBy(terms) => {
                let creators: Vec<_> = terms.iter().map(|term| self.meant(term)).collect();
                self.any(creators, Atom::Creator)
            }
            When::PropertyIn { key, terms } => self.property_in(key, terms),
            When::Is(condition) => self.is(condition),
            custom @ When::Custom { .. } => self.atom(Atom::Opaque(format!("{custom:?}"))),
        }
    }

    fn moment(&mut self, what: String, unknown: bool) -> Formula {
        if unknown {
            self.atom(Atom::Moment(what, false)).negated()
        } else {
            self.atom(Atom::Moment(what, true))
        }
    }

    fn is(&mut self, condition: &Condition) -> Formula {
        match condition {
            Condition::EntityKind(kinds) => self.any(kinds, |kind| Atom::Kind(Arc::clone(kind))),
            Condition::EntityOwner(terms) => {
                let owners: Vec<_> = terms.iter().map(|term| self.meant(term)).collect();
                self.any(owners, Atom::Owner)
            }
            Condition::TaskOwner(terms) => {
                let creators: Vec<_> = terms.iter().map(|term| self.meant(term)).collect();
                self.any(creators, Atom::Creator)
            }
            Condition::ActionOwner { key, terms } => self.property_in(key, terms),
            Condition::EntityField { field, key, value } => {
                // neither rule tells upper from lower case
                let value = value.as_ref().map(|value| value.to_lowercase());
                self.atom(Atom::Field(*field, key.to_lowercase(), value))
            }
            Condition::TemplateTag(tag) => self.atom(Atom::Tag(tag.clone())),
            Condition::ActionId(id) => self.atom(Atom::Action(id.clone())),
            Condition::ActionProperty {
                key,
                value: PropertyValue::Text(text),
            } => self.atom(Atom::Text(key.clone(), text.clone().map(Text::Exactly))),
            Condition::ActionProperty { key, value } => {
                self.atom(Atom::Value(key.clone(), value.clone()))
            }
            Condition::Custom { .. } => self.atom(Atom::Opaque(format!("{condition:?}"))),
        }
    }

    fn property_in<'t>(&mut self, key: &str, terms: impl IntoIterator<Item = &'t Term>) -> Formula {
        let refs: Vec<_> = terms.into_iter().map(|term| self.meant(term)).collect();
        self.any(refs, |meant| {
            let text = match meant {
                Meant::Ref(entity_ref) => Text::Exactly(entity_ref.as_ref().to_owned()),
                other => Text::Of(other),
            };
            Atom::Text(key.to_owned(), Some(text))
        })
    }

    fn any<T>(&mut self, items: impl IntoIterator<Item = T>, atom: impl Fn(T) -> Atom) -> Formula {
        let items = items.into_iter();
        Formula::Any(items.map(|item| self.atom(atom(item))).collect())
    }

    fn atom(&mut self, atom: Atom) -> Formula {
        Formula::Literal(self.atoms.insert_full(atom).0, true)
    }

    /// An atom by its number.
    pub fn get(&self, atom: usize) -> Option<&Atom> {
        self.atoms.get_index(atom)
    }

    /// What is known of the atoms that were met so far.
    pub fn theory(&self) -> Theory {
        let mut theory = Theory::default();
        for lists in [
            &mut theory.implies,
            &mut theory.excludes,
            &mut theory.follows,
        ] {
            lists.resize(self.atoms.len(), Vec::new());
        }
        let directory = self.policy.members.directory();
        let is_direct = self.policy.members.ownership() == Ownership::Direct;
        for (a, one) in self.atoms.iter().enumerate() {
            let groups = one.groups(directory);
            for (b, other) in self.atoms.iter().enumerate() {
                if a == b {
                    continue;
                }
                if one.excludes(other)
                    && let Some(list) = theory.excludes.get_mut(a)
                {
                    list.push(b);
                }
                if one.implies(other, directory, &groups, is_direct) {
                    if let Some(list) = theory.implies.get_mut(a) {
                        list.push(b);
                    }
                    if let Some(list) = theory.follows.get_mut(b) {
                        list.push(a);
                    }
                }
            }
        }
        theory
    }
}

impl Atom {
    /// Whether the two are never true together.
    fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::User(a), Self::User(b))
            | (Self::Kind(a), Self::Kind(b))
            | (Self::Creator(Meant::Ref(a)), Self::Creator(Meant::Ref(b))) => a != b,
            (Self::Action(a), Self::Action(b)) => a != b,
            (Self::Moment(a, holds), Self::Moment(b, other_holds)) => {
                a == b && holds != other_holds
            }
            // a label or annotation is there once; arrays in `spec` and `metadata` have many values
            (Self::Field(f, key, Some(value)), Self::Field(g, other_key, Some(other_value))) => {
                f == g
                    && matches!(f, Field::Label | Field::Annotation)
                    && key == other_key
                    && value != other_value
            }
            (
                Self::Text(key, Some(Text::Exactly(a))),
                Self::Text(other_key, Some(Text::Exactly(b))),
            ) => {
                // hosts differ in whether they tell upper from lower case
                key == other_key && a.to_lowercase() != b.to_lowercase()
            }
            (Self::Text(key, _), Self::Value(other_key, _))
            | (Self::Value(key, _), Self::Text(other_key, _)) => key == other_key,
            (Self::Value(key, a), Self::Value(other_key, b)) => {
                let differ = match (a, b) {
                    (PropertyValue::Number(Some(a)), PropertyValue::Number(Some(b))) => {
                        a.as_f64() != b.as_f64()
                    }
                    (PropertyValue::Bool(Some(a)), PropertyValue::Bool(Some(b))) => a != b,
                    (PropertyValue::Number(_), PropertyValue::Bool(_))
                    | (PropertyValue::Bool(_), PropertyValue::Number(_)) => true,
                    _ => false,
                };
                key == other_key && differ
            }
            _ => false,
        }
    }

    /// The groups that one of whom it is true is a member of.
    fn groups(&self, directory: &Directory) -> IndexSet<GroupId> {
        match self {
            Self::Member(group) => directory.with_ancestors(directory.group(group).as_slice()),
            Self::User(user) => directory.with_ancestors(directory.groups_of(user)),
            _ => IndexSet::new(),
        }
    }

    /// Whether the other is true wherever this is.
    fn implies(
        &self,
        other: &Self,
        directory: &Directory,
        groups: &IndexSet<GroupId>,
        is_direct: bool,
    ) -> bool {
        match (self, other) {
            (_, Self::Member(group)) => directory
                .group(group)
                .is_some_and(|group| groups.contains(&group)),
            // whoever else may own it, the user and direct owners do in every mode
            (
                Self::Owner(Meant::Myself),
                Self::Owner(Meant::Ownership | Meant::OwnershipBefore(_)),
            )
            | (
                Self::Owner(Meant::OwnershipBefore(Ownership::Direct)),
                Self::Owner(Meant::Ownership),
            ) => true,
            (Self::Owner(Meant::Ownership), Self::Owner(Meant::OwnershipBefore(before))) => {
                is_direct && *before != Ownership::Direct
            }
            (Self::Field(f, key, Some(_)), Self::Field(g, other_key, None)) => {
                f == g && key == other_key
            }
            (Self::Text(key, Some(_)), Self::Text(other_key, None)) => key == other_key,
            (Self::Value(key, a), Self::Value(other_key, b)) => {
                key == other_key
                    && matches!(
                        (a, b),
                        (PropertyValue::Number(Some(_)), PropertyValue::Number(None))
                            | (PropertyValue::Bool(Some(_)), PropertyValue::Bool(None))
                    )
            }
            _ => false,
        }
    }
}

impl Display for Meant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ownership => "$ownership",
            Self::OwnershipBefore(_) => "$ownership of the old policy",
            Self::Myself => "$self",
            Self::Ref(entity_ref) => entity_ref,
        })
    }
}

impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user is `{user}`"),
            Self::Member(group) => write!(f, "member of `{group}`"),
            Self::Owner(who) => write!(f, "owner is `{who}`"),
            Self::Kind(kind) => write!(f, "kind is `{kind}`"),
            Self::Field(field, key, value) => Condition::EntityField {
                field: *field,
                key: key.clone(),
                value: value.clone(),
            }
            .fmt(f),
            Self::Tag(tag) => write!(f, "tag is `{tag}`"),
            Self::Action(id) => write!(f, "action is `{id}`"),
            Self::Text(key, None) => write!(f, "input `{key}` is a text"),
            Self::Text(key, Some(Text::Of(who))) => write!(f, "input `{key}` is `{who}`"),
            Self::Text(key, Some(Text::Exactly(text))) => write!(f, "input `{key}` is `{text}`"),
            Self::Value(key, value) => Condition::ActionProperty {
                key: key.clone(),
                value: value.clone(),
            }
            .fmt(f),
            Self::Creator(who) => write!(f, "creator is `{who}`"),
            Self::Moment(what, true) | Self::Opaque(what) => f.write_str(what),
            Self::Moment(what, false) => write!(f, "not ({what})"),
        }
    }
}

/// What cannot be known counts as true in a rule that denies.
fn unknown(effect: Effect) -> Formula {
    match effect {
        Effect::Allow => Formula::FALSE,
        Effect::Deny => Formula::TRUE,
    }
}
