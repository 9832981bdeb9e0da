//! [`Selection`]: the rules on one permission, sorted so that a decision looks at what differs between
//! them and not at each of them.
//!
//! Many rules say the same about resources. What they say is a form; a decision is made of the forms
//! that reach a user, of which there are few, and is remembered for the next user whom the same forms
//! reach. The rules themselves are looked at only to give reasons.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexSet;

use super::index::{Reach, RuleId};
use super::members::Held;
use super::model::{Effect, Model, RoleId, Rule, When};
use super::partial::Grounding;
use super::permission::Permission;
use super::roles::RoleSet;
use super::set::IdSet;
use super::situation::Situation;
use super::verdict::{Form, Verdict};

/// The rules on one permission, and what was found out about them before.
#[derive(Debug)]
pub struct Selection {
    permission: Permission,
    rules: Vec<Selected>,
    forms: IndexSet<FormOfRule>,
    denying: IdSet,
    for_everybody: Reached,
    /// What each role brings, as an index in `reached`.
    by_role: Vec<Option<u32>>,
    reached: Vec<Reached>,
    /// The roles that bring something.
    roles: RoleSet,
    /// The conditions that depend on the moment.
    momentary: Vec<When>,
    /// By what is so at the moment, and the forms.
    known: Mutex<HashMap<Box<[u64]>, Arc<Verdict>>>,
}

/// A form's index.
type FormId = usize;

/// A rule on the permission, with its form when it reaches users, and when it reaches owners.
#[derive(Debug)]
struct Selected {
    rule: RuleId,
    form: FormId,
    owner_form: FormId,
}

/// What a rule says, apart from whom it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct FormOfRule {
    effect: Effect,
    only_owners: bool,
    when: Option<When>,
}

/// The rules that one role brings.
#[derive(Debug, Default)]
struct Reached {
    /// Indices of selected rules, in order.
    rules: Vec<usize>,
    forms: IdSet,
    owner_forms: IdSet,
}

/// So many verdicts are remembered for one permission. If there are more, remembering does not pay.
const MAX_KNOWN: usize = 4096;

impl Selection {
    /// Selects the rules on a permission.
    pub fn new(model: &Model, permission: &Permission) -> Self {
        let mut selection = Self {
            permission: permission.clone(),
            rules: Vec::new(),
            forms: IndexSet::new(),
            denying: IdSet::default(),
            for_everybody: Reached::default(),
            by_role: vec![None; model.roles.len()],
            reached: Vec::new(),
            roles: RoleSet::default(),
            momentary: Vec::new(),
            known: Mutex::default(),
        };
        for (id, rule) in model.rules.iter().enumerate() {
            if rule.permissions.iter().any(|s| s.selects(permission)) {
                selection.add(id, rule);
            }
        }
        selection
    }

    fn add(&mut self, id: RuleId, rule: &Rule) {
        let form = self.form(rule, false);
        let owner_form = self.form(rule, true);
        let index = self.rules.len();
        self.rules.push(Selected {
            rule: id,
            form,
            owner_form,
        });
        if rule.roles.is_empty() {
            self.for_everybody.add(index, form, owner_form);
        }
        for &role in &rule.roles {
            if self.roles.insert(role) {
                if let Some(slot) = self.by_role.get_mut(role) {
                    *slot = u32::try_from(self.reached.len()).ok();
                }
                self.reached.push(Reached::default());
            }
            if let Some(reached) = reached_by(&self.by_role, role)
                && let Some(reached) = self.reached.get_mut(reached)
            {
                reached.add(index, form, owner_form);
            }
        }
        if let Some(when) = &rule.when {
            when.visit(&mut |part| {
                if part.is_momentary() && !self.momentary.contains(part) {
                    self.momentary.push(part.clone());
                }
            });
        }
    }

    fn form(&mut self, rule: &Rule, only_owners: bool) -> FormId {
        let (id, _) = self.forms.insert_full(FormOfRule {
            effect: rule.effect,
            only_owners,
            when: rule.when.clone(),
        });
        if rule.effect == Effect::Deny {
            self.denying.insert(id);
        }
        id
    }

    /// Whether it is about a permission with these attributes.
    pub fn is_about(&self, permission: &Permission) -> bool {
        self.permission.action == permission.action
            && self.permission.resource_type == permission.resource_type
    }

    /// The type of the resources that the permission is about; empty if it is about none.
    pub fn resource_type(&self) -> &str {
        self.permission.resource_type.as_deref().unwrap_or_default()
    }

    /// Whether no rule is on the permission.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What is decided for whoever has some roles, at a moment.
    pub fn verdict(&self, held: Held<'_>, situation: Situation<'_>) -> Arc<Verdict> {
        let mut reached = self.for_everybody.forms.clone();
        self.visit(held, &mut |way| {
            if way.only_denies {
                let mut forms = way.forms().within(&self.denying);
                std::mem::swap(&mut forms, &mut reached);
                reached.union_with(&forms);
            } else {
                reached.union_with(way.forms());
            }
        });
        let trits = self
            .momentary
            .iter()
            .map(|part| match situation.holds(part) {
                None => 2,
                Some(holds) => u64::from(holds),
            });
        let key: Vec<u64> = trits.chain(reached.words().iter().copied()).collect();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verdict) = known().get(key.as_slice()) {
            return Arc::clone(verdict);
        }
        let grounding = Grounding::new(self.permission.resource_type.as_deref(), situation);
        let forms = reached.iter().filter_map(|id| {
            let form = self.forms.get_index(id)?;
            Some(Form {
                id,
                effect: form.effect,
                criteria: grounding.criteria(form.effect, form.only_owners, form.when.as_ref()),
            })
        });
        let verdict = Arc::new(Verdict::new(forms.collect()));
        let mut known = known();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(key.into(), Arc::clone(&verdict));
        verdict
    }

    /// The rules of some forms that reach whoever has some roles, in the order of the files, up to a limit; and whether
    /// there are more.
    pub fn rules<'s>(
        &'s self,
        held: Held<'_>,
        forms: &IdSet,
        limit: usize,
    ) -> (Vec<(RuleId, Reach)>, bool) {
        let most = limit.saturating_add(1);
        let mut found: Vec<(usize, Reach)> = Vec::with_capacity(8);
        let mut consider = |way: Way<'s>| {
            if !way.forms().meets(forms) {
                return;
            }
            for &index in &way.reached.rules {
                if found.len() == most && found.last().is_some_and(|(last, _)| *last < index) {
                    break;
                }
                let Some(selected) = self.rules.get(index) else {
                    break;
                };
                let form = match way.reach {
                    Reach::OwnerRole(_) => selected.owner_form,
                    Reach::Everybody | Reach::Role(_) => selected.form,
                };
                let is_reached = !way.only_denies || self.denying.contains(form);
                if !is_reached || !forms.contains(form) {
                    continue;
                }
                // a rule that is reached in several ways is reached in the least conditional one
                match found.binary_search_by_key(&index, |(index, _)| *index) {
                    Ok(at) => {
                        if let Some((_, reach)) = found.get_mut(at) {
                            *reach = way.reach.min(*reach);
                        }
                    }
                    Err(at) => {
                        found.insert(at, (index, way.reach));
                        found.truncate(most);
                    }
                }
            }
        };
        consider(Way {
            reach: Reach::Everybody,
            reached: &self.for_everybody,
            only_denies: false,
        });
        self.visit(held, &mut consider);
        let are_more = found.len() > limit;
        let found = found.into_iter().take(limit).filter_map(|(index, reach)| {
            let selected = self.rules.get(index)?;
            Some((selected.rule, reach))
        });
        (found.collect(), are_more)
    }

    /// All rules that reach whoever has some roles, in the order of the files. One that only may reach them counts if it
    /// denies.
    pub fn reaching(&self, held: Held<'_>) -> Vec<(RuleId, Reach)> {
        let mut all = IdSet::default();
        for form in 0..self.forms.len() {
            all.insert(form);
        }
        self.rules(held, &all, usize::MAX).0
    }

    /// The forms that deny.
    pub fn denying(&self) -> &IdSet {
        &self.denying
    }

    /// Calls `look` with every way, apart from that of everybody, in which rules reach a user.
    fn visit<'s>(&'s self, held: Held<'_>, look: &mut impl FnMut(Way<'s>)) {
        for (roles, is_owner) in [(held.roles, false), (held.as_owner, true)] {
            for (set, only_denies) in [(&roles.certain, false), (&roles.possible, true)] {
                for role in set.common(&self.roles) {
                    let reached = reached_by(&self.by_role, role);
                    if let Some(reached) = reached.and_then(|id| self.reached.get(id)) {
                        look(Way {
                            reach: if is_owner {
                                Reach::OwnerRole(role)
                            } else {
                                Reach::Role(role)
                            },
                            reached,
                            only_denies,
                        });
                    }
                }
            }
        }
    }
}

fn reached_by(by_role: &[Option<u32>], role: RoleId) -> Option<usize> {
    usize::try_from(by_role.get(role).copied().flatten()?).ok()
}

impl Reached {
    fn add(&mut self, index: usize, form: FormId, owner_form: FormId) {
        // a rule may name a role twice
        if self.rules.last() != Some(&index) {
            self.rules.push(index);
        }
        self.forms.insert(form);
        self.owner_forms.insert(owner_form);
    }
}

/// How some rules reach a user.
struct Way<'s> {
    reach: Reach,
    reached: &'s Reached,
    only_denies: bool,
}

impl Way<'_> {
    fn forms(&self) -> &IdSet {
        match self.reach {
            Reach::OwnerRole(_) => &self.reached.owner_forms,
            Reach::Everybody | Reach::Role(_) => &self.reached.forms,
        }
    }
}
