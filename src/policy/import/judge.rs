//! What Red Hat's plugin makes of its files for one user and one permission, and out of which lines.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::conditions::Conditional;
use super::csv::Line;
use super::selection::word;
use super::{Precedence, Rbac};
use crate::policy::directory::Directory;
use crate::policy::model::Effect;
use crate::policy::permission::Permission;

/// The lines by their subjects, and the roles by their members.
#[derive(Debug, Default)]
pub struct Index {
    by_subject: HashMap<String, Vec<usize>>,
    roles_of: HashMap<String, Vec<String>>,
    conditionals_of: HashMap<String, Vec<usize>>,
    /// Roles in the order of the file, which is the order of conditions.
    order: IndexSet<String>,
}

/// A user as the plugin sees them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Their roles.
    pub roles: Vec<String>,
    /// What lines may be about beside roles: the user, their groups and those above.
    pub subjects: Vec<String>,
    /// Whether some of their groups are in a cycle.
    pub is_in_cycle: bool,
}

/// What the plugin decides, and what it looked at.
#[derive(Debug)]
pub struct Judgement<'r> {
    /// The answer.
    pub verdict: Verdict<'r>,
    /// Lines of the user's roles that name the permission.
    pub named: Vec<&'r Line>,
    /// Lines of the user's roles about its type.
    pub typed: Vec<&'r Line>,
    /// Lines about the user and their groups.
    pub direct: Vec<&'r Line>,
    /// Conditional policies of the user's roles.
    pub conditionals: Vec<&'r Conditional>,
}

/// An answer.
#[derive(Debug)]
pub enum Verdict<'r> {
    /// Lines decide: allowed if one of these allows and none denies.
    Lines(Vec<&'r Line>),
    /// Any of these.
    Conditions(Vec<&'r Conditional>),
    /// Denied, because one role has several conditional policies.
    Collision(Vec<&'r Conditional>),
}

impl Index {
    /// Sorts what the files say.
    pub fn new(rbac: &Rbac) -> Self {
        let mut index = Self::default();
        for (id, line) in rbac.lines.iter().enumerate() {
            let lines = index.by_subject.entry(line.subject.clone()).or_default();
            lines.push(id);
        }
        for grant in &rbac.grants {
            let roles = index.roles_of.entry(grant.member.clone()).or_default();
            roles.push(grant.role.clone());
            index.order.insert(grant.role.clone());
        }
        for (id, conditional) in rbac.conditionals.iter().enumerate() {
            let key = conditional.role.clone();
            index.conditionals_of.entry(key).or_default().push(id);
        }
        index
    }

    /// A user by their lower-case ref.
    pub fn holder(&self, directory: &Directory, user: &str) -> Holder {
        let mut groups = IndexSet::new();
        let mut is_in_cycle = false;
        for &direct in directory.groups_of(user) {
            let mut path = IndexSet::new();
            let mut next = Some(direct);
            while let Some(group) = next {
                if !path.insert(group) {
                    is_in_cycle = true;
                    break;
                }
                next = directory.parent(group);
            }
            groups.extend(path);
        }
        let mut subjects = vec![user.to_owned()];
        if !is_in_cycle {
            let refs = groups.iter().filter_map(|&id| directory.entity_ref(id));
            subjects.extend(refs.map(|entity_ref| entity_ref.as_ref().to_owned()));
        }
        let mut roles: Vec<String> = Vec::new();
        if !is_in_cycle {
            let granted = subjects.iter().filter_map(|s| self.roles_of.get(s));
            let granted: IndexSet<_> = granted.flatten().collect();
            let mut ordered: Vec<_> = granted.into_iter().collect();
            ordered.sort_by_key(|role| self.order.get_index_of(*role));
            roles = ordered.into_iter().cloned().collect();
        }
        // what nothing is said of makes no difference
        subjects.retain(|subject| self.by_subject.contains_key(subject));
        Holder {
            roles,
            subjects,
            is_in_cycle,
        }
    }

    /// Decides.
    pub fn judge<'r>(
        &self,
        rbac: &'r Rbac,
        holder: &Holder,
        permission: &Permission,
        precedence: Precedence,
    ) -> Judgement<'r> {
        let (name, action) = (permission.name.as_str(), word(permission));
        let lines_of = |subjects: &[String], object: &str| {
            let ids = subjects.iter().filter_map(|s| self.by_subject.get(s));
            let lines = ids.flatten().filter_map(|&id| rbac.lines.get(id));
            lines
                .filter(|line| line.object == object && line.action == action)
                .collect::<Vec<&Line>>()
        };
        let named = lines_of(&holder.roles, name);
        let mut resource_type = permission.resource_type.as_deref();
        // the plugin's own exception
        if name == "policy.entity.create" && named.is_empty() {
            resource_type = Some("policy-entity");
        }
        let typed = resource_type.map_or_else(Vec::new, |t| lines_of(&holder.roles, t));
        let mut direct = lines_of(&holder.subjects, name);
        if let Some(resource_type) = resource_type {
            direct.extend(lines_of(&holder.subjects, resource_type));
        }
        let (conditionals, collision) = match resource_type {
            Some(about) => self.conditionals(rbac, &holder.roles, name, about, action),
            None => (Vec::new(), None),
        };

        let by_lines = || {
            let object = match resource_type {
                Some(about) if named.is_empty() => about,
                _ => name,
            };
            let subjects = match holder.roles.as_slice() {
                [] => &holder.subjects,
                _ => &holder.roles,
            };
            Verdict::Lines(lines_of(subjects, object))
        };
        let has_lines = !(named.is_empty() && typed.is_empty());
        let verdict = match (collision, conditionals.as_slice()) {
            _ if precedence == Precedence::Basic && has_lines => by_lines(),
            (Some(colliding), _) => Verdict::Collision(colliding),
            (None, [_, ..]) => Verdict::Conditions(conditionals.clone()),
            (None, []) if precedence == Precedence::Basic && resource_type.is_some() => {
                Verdict::Lines(Vec::new())
            }
            (None, []) => by_lines(),
        };
        Judgement {
            verdict,
            named,
            typed,
            direct,
            conditionals,
        }
    }

    /// The conditional policies of all roles, and those of a role that has several.
    fn conditionals<'r>(
        &self,
        rbac: &'r Rbac,
        roles: &[String],
        name: &str,
        about: &str,
        action: &str,
    ) -> (Vec<&'r Conditional>, Option<Vec<&'r Conditional>>) {
        let mut all = Vec::new();
        let mut collision = None;
        for role in roles {
            let ids = self.conditionals_of.get(role).into_iter().flatten();
            let own: Vec<_> = ids
                .filter_map(|&id| rbac.conditionals.get(id))
                .filter(|conditional| conditional.is_about(name, about, action))
                .collect();
            if own.len() > 1 && collision.is_none() {
                collision = Some(own.clone());
            }
            all.extend(own);
        }
        (all, collision)
    }
}

impl Judgement<'_> {
    /// Whether lines allow; conditions are neither yes nor no.
    pub fn is_allowed(&self) -> bool {
        match &self.verdict {
            Verdict::Lines(lines) => {
                let has = |effect| lines.iter().any(|line| line.effect == effect);
                has(Effect::Allow) && !has(Effect::Deny)
            }
            Verdict::Conditions(_) | Verdict::Collision(_) => false,
        }
    }
}
