//! Rules as policies of Cedar.

use std::fmt::Write as _;

use indexmap::{IndexMap, IndexSet};

use super::formula::{Question, expression};
use super::literal::{entity, string};
use crate::policy::Policy;
use crate::policy::condition::Condition;
use crate::policy::criteria::Criteria;
use crate::policy::index::Reach;
use crate::policy::members::{Members, Roles};
use crate::policy::model::{Effect, Rule};
use crate::policy::partial::Grounding;
use crate::policy::permission::Permission;
use crate::policy::situation::Situation;

/// Written policies, and what they ask of resources.
pub struct Written {
    /// The policies.
    pub text: String,
    /// Their conditions.
    pub conditions: IndexSet<Condition>,
}

/// Writes every rule.
pub fn write(policy: &Policy, members: &Members, situation: Situation<'_>) -> Written {
    let owner_roles = members.user("", &[], situation).owner_roles.into_owned();
    let mut writer = Writer {
        policy,
        situation,
        owner_roles,
        written: Written {
            text: String::new(),
            conditions: IndexSet::new(),
        },
    };
    for rule in &policy.model.rules {
        writer.rule(rule);
    }
    writer.written
}

struct Writer<'p> {
    policy: &'p Policy,
    situation: Situation<'p>,
    owner_roles: Roles,
    written: Written,
}

impl Writer<'_> {
    fn rule(&mut self, rule: &Rule) {
        // what conditions mean depends on the type of the resource
        let mut by_type: IndexMap<Option<&str>, Vec<&str>> = IndexMap::new();
        for permission in &self.policy.model.permissions {
            if rule.permissions.iter().any(|s| s.selects(permission)) {
                let about = permission.resource_type.as_deref();
                by_type.entry(about).or_default().push(&permission.name);
            }
        }
        let mut count = 0;
        for (about, permissions) in by_type {
            for reach in self.reaches(rule) {
                let grounding = Grounding::new(about, self.situation);
                let only_owners = matches!(reach, Reach::OwnerRole(_));
                let when = rule.when.as_ref();
                let criteria = grounding.criteria(rule.effect, only_owners, when);
                if criteria == Criteria::False {
                    continue;
                }
                count += 1;
                let id = format!("{}#{count}", rule.id);
                self.policy(rule, &id, &permissions, reach, &criteria);
            }
        }
    }

    /// All ways in which a rule may reach somebody.
    fn reaches(&self, rule: &Rule) -> Vec<Reach> {
        if rule.roles.is_empty() {
            return vec![Reach::Everybody];
        }
        let mut reaches = Vec::new();
        for &role in &rule.roles {
            reaches.push(Reach::Role(role));
            let denies = rule.effect == Effect::Deny;
            if self.owner_roles.certain.contains(role)
                || (denies && self.owner_roles.possible.contains(role))
            {
                reaches.push(Reach::OwnerRole(role));
            }
        }
        reaches
    }

    fn policy(
        &mut self,
        rule: &Rule,
        id: &str,
        permissions: &[&str],
        reach: Reach,
        criteria: &Criteria,
    ) {
        let (word, question) = match rule.effect {
            Effect::Allow => ("permit", Question::Certainly),
            Effect::Deny => ("forbid", Question::Possibly),
        };
        let needed = match reach {
            Reach::Role(id) => self.policy.model.roles.get(id),
            Reach::Everybody | Reach::OwnerRole(_) => None,
        };
        let mut tests = Vec::new();
        let principal = match needed {
            None => "principal is User".to_owned(),
            Some(needed) if rule.effect == Effect::Allow => {
                format!("principal is User in {}", entity("Role", &needed.name))
            }
            Some(needed) => {
                let certain = entity("Role", &needed.name);
                let possible = entity("PossibleRole", &needed.name);
                tests.push(format!(
                    "(principal in {certain} || principal in {possible})"
                ));
                "principal is User".to_owned()
            }
        };
        let actions = permissions.iter().map(|name| entity("Action", name));
        let actions: Vec<_> = actions.collect();
        let action = match actions.as_slice() {
            [one] => format!("action == {one}"),
            many => format!("action in [{}]", many.join(", ")),
        };
        if *criteria != Criteria::True {
            tests.push(expression(criteria, question));
        }
        criteria.visit(&mut |condition| {
            self.written.conditions.insert(condition.clone());
        });
        let text = &mut self.written.text;
        let at = format!("{}:{}", rule.at.file, rule.at.start.line);
        // memory does not refuse a write
        let _ = writeln!(text, "@id({})\n@at({})", string(id), string(&at));
        let _ = write!(text, "{word}({principal}, {action}, resource is Resource)");
        for test in tests {
            let _ = write!(text, "\nwhen {{ {test} }}");
        }
        text.push_str(";\n\n");
    }
}

/// The schema of what is exported.
pub fn schema(permissions: &[Permission]) -> String {
    let names: Vec<_> = permissions.iter().map(|p| string(&p.name)).collect();
    let mut schema = "\
entity Role in [Role];
entity PossibleRole in [PossibleRole];
entity Group in [Group, Role, PossibleRole];
entity User in [Group, Role, PossibleRole] { ref: String, ownership: Set<String> };
entity Resource {
  owners: Set<String>,
  kind: String,
  createdBy: String,
  action: String,
  unknown: Set<String>,
} tags Set<String>;
"
    .to_owned();
    if !names.is_empty() {
        let names = names.join(",\n  ");
        // memory does not refuse a write
        let _ = write!(
            schema,
            "action\n  {names}\n  appliesTo {{ principal: [User], resource: [Resource] }};\n"
        );
    }
    schema
}
