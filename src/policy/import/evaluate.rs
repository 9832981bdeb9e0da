//! [`Rhdh`]: decisions as Red Hat's plugin takes them.

use serde::Serialize;
use serde_json::Value;

use super::aliases::without_aliases;
use super::conditions::Conditional;
use super::csv::Line;
use super::judge::{Holder, Index, Judgement, Verdict};
use super::write::{self, Written};
use super::{Files, ImportOptions, Precedence, Rbac, read};
use crate::diagnostic::{self, Diagnostic};
use crate::policy::Policy;
use crate::policy::criteria::Criteria;
use crate::policy::decision::Request;
use crate::policy::directory::DirectoryData;
use crate::policy::evaluate::Resource;
use crate::policy::model::{Effect, Rule};
use crate::policy::partial::Grounding;
use crate::policy::permission::{self, Permission};
use crate::policy::situation::Situation;
use crate::source::Place;

/// The plugin's files, ready to decide like the plugin, if there is no error.
#[derive(Debug)]
pub struct Compilation {
    /// Absent if a diagnostic is an error.
    pub policy: Option<Rhdh>,
    /// All problems of all files, by file and position.
    pub diagnostics: Vec<Diagnostic>,
}

/// A line of a file that took part in a decision, of the shape of a rule's reason.
#[derive(Debug, Serialize)]
pub struct LineReason {
    /// File and line.
    pub rule: String,
    /// What it does.
    pub effect: Effect,
    /// What it says.
    pub message: String,
    /// Where it stands.
    pub at: Place,
}

/// An answer of the shape of a [`Decision`](crate::policy::Decision), whose conditions are the files' own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RhdhDecision {
    /// `ALLOW`, `DENY` or `CONDITIONAL`.
    pub result: &'static str,
    /// Who applies the conditions, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin_id: Option<String>,
    /// To what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Backstage's criteria tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Value>,
    /// The lines that decided.
    pub reasons: Vec<LineReason>,
}

impl RhdhDecision {
    fn new(is_allowed: bool, reasons: Vec<LineReason>) -> Self {
        Self {
            result: if is_allowed { "ALLOW" } else { "DENY" },
            plugin_id: None,
            resource_type: None,
            conditions: None,
            reasons,
        }
    }
}

/// Decides as Red Hat's plugin does with the same files.
#[derive(Debug)]
pub struct Rhdh {
    pub(super) rbac: Rbac,
    pub(super) index: Index,
    pub(super) precedence: Precedence,
    /// The same as an access policy: its rules hold the conditions.
    pub(super) strict: Policy,
    /// As it was written.
    written: Written,
    /// For each conditional policy, its rule there.
    rules: Vec<Option<usize>>,
}

impl Rhdh {
    /// Reads the files.
    pub fn compile(files: &Files, options: &ImportOptions) -> Compilation {
        let (rbac, mut diagnostics) = read(files, &options.limits);
        let known = permission::known(&options.permissions);
        let written = write::write(&rbac, &known, &mut diagnostics);
        let mut strict = None;
        if !diagnostics.iter().any(Diagnostic::is_error) {
            let (policy, problems) = written.check(options);
            diagnostics.extend(problems);
            strict = policy;
        }
        diagnostic::sort(&mut diagnostics);
        let policy = strict.map(|strict| {
            let position = |id: &String| {
                let mut rules = strict.model.rules.iter();
                rules.position(|rule| rule.id.as_ref() == id)
            };
            let ids = written.rule_ids.iter();
            let rules = ids.map(|id| id.as_ref().and_then(position)).collect();
            Self {
                rules,
                index: Index::new(&rbac),
                precedence: options.precedence,
                rbac,
                written,
                strict,
            }
        });
        Compilation {
            policy,
            diagnostics,
        }
    }

    /// Replaces the users and groups.
    pub fn set_directory(&mut self, directory: &DirectoryData) {
        self.strict.set_directory(directory);
    }

    /// Decides one request. As in the plugin the claims of the token stand for `$ownerRefs`, and give
    /// no role; without claims the directory says who the user's groups are.
    pub fn decide(&self, request: &Request) -> RhdhDecision {
        let Some(subject) = &request.subject else {
            return RhdhDecision::new(false, Vec::new());
        };
        let user = subject.user_entity_ref.to_lowercase();
        let holder = self.holder(&user);
        let judgement = self.judge(&holder, &request.permission);
        let reasons = Self::reasons(&user, &judgement);
        let Verdict::Conditions(conditionals) = &judgement.verdict else {
            return RhdhDecision::new(judgement.is_allowed(), reasons);
        };
        let claims = &subject.ownership_entity_refs;
        let Some(resource) = &request.resource else {
            return self.conditional(&user, claims, conditionals, reasons);
        };
        let known = self.strict.user(subject, Situation::default());
        let about = request.permission.resource_type.as_deref();
        let criteria = self.criteria(about, conditionals);
        // Backstage applies no condition to what is not there
        let holds = !resource.is_null()
            && Resource::new(resource).satisfies(&criteria, &known.claims()) == Some(true);
        RhdhDecision::new(holds, reasons)
    }

    /// A user by their lower-case ref.
    pub(super) fn holder(&self, user: &str) -> Holder {
        self.index.holder(self.strict.members.directory(), user)
    }

    pub(super) fn judge(&self, holder: &Holder, permission: &Permission) -> Judgement<'_> {
        self.index
            .judge(&self.rbac, holder, permission, self.precedence)
    }

    /// Where any of the conditional policies holds, for any user.
    pub(super) fn criteria(&self, about: Option<&str>, conditionals: &[&Conditional]) -> Criteria {
        let grounding = Grounding::new(about, Situation::default());
        let any = conditionals.iter().filter_map(|conditional| {
            let rule = self.rule(conditional)?;
            Some(grounding.criteria(rule.effect, false, rule.when.as_ref()))
        });
        Criteria::any(any)
    }

    /// The line that a place of the access policy came from.
    pub(super) fn origin(&self, at: &Place) -> Option<&Place> {
        self.written.origin(at)
    }

    fn rule(&self, conditional: &Conditional) -> Option<&Rule> {
        let mut all = self.rbac.conditionals.iter();
        let id = all.position(|other| std::ptr::eq(other, conditional))?;
        self.strict.model.rule((*self.rules.get(id)?)?)
    }

    /// The decision, byte for byte as the plugin gives it.
    fn conditional(
        &self,
        user: &str,
        claims: &[String],
        conditionals: &[&Conditional],
        reasons: Vec<LineReason>,
    ) -> RhdhDecision {
        let directory = self.strict.members.directory();
        let groups = directory.groups_of(user).iter();
        let groups = groups.filter_map(|&group| directory.entity_ref(group));
        let known: Vec<String> = std::iter::once(user.to_owned())
            .chain(groups.map(|group| group.as_ref().to_owned()))
            .collect();
        let owner_refs = if claims.is_empty() { &known } else { claims };
        let criteria = conditionals
            .iter()
            .map(|conditional| without_aliases(&conditional.conditions, user, owner_refs));
        let any: Vec<_> = criteria.collect();
        let last = conditionals.last();
        RhdhDecision {
            result: "CONDITIONAL",
            plugin_id: last.map(|last| last.plugin_id.clone()),
            resource_type: last.map(|last| last.resource_type.clone()),
            conditions: Some(serde_json::json!({ "anyOf": any })),
            reasons,
        }
    }

    fn reasons(user: &str, judgement: &Judgement<'_>) -> Vec<LineReason> {
        let by_line = |line: &&Line| {
            let message = if line.subject.starts_with("role:") {
                let (role, object) = (&line.subject, &line.object);
                format!("`{user}` has `{role}`; line about `{object}`")
            } else {
                format!("line about `{}` itself", line.subject)
            };
            LineReason::new(line.effect, message, &line.at)
        };
        match &judgement.verdict {
            Verdict::Lines(lines) => {
                let decisive = if lines.iter().any(|line| line.effect == Effect::Deny) {
                    Effect::Deny
                } else {
                    Effect::Allow
                };
                let lines = lines.iter().filter(|line| line.effect == decisive);
                lines.map(by_line).collect()
            }
            Verdict::Conditions(conditionals) => {
                let by_role = |conditional: &&Conditional| {
                    let message = format!("`{user}` has `{}`, under conditions", conditional.role);
                    LineReason::new(Effect::Allow, message, &conditional.at)
                };
                conditionals.iter().map(by_role).collect()
            }
            Verdict::Collision(conditionals) => {
                let colliding = |conditional: &&Conditional| {
                    let role = &conditional.role;
                    let message = format!("`{role}` has several conditions for this permission");
                    LineReason::new(Effect::Deny, message, &conditional.at)
                };
                conditionals.iter().map(colliding).collect()
            }
        }
    }
}

impl LineReason {
    /// The reason that is a line.
    pub fn new(effect: Effect, message: String, at: &Place) -> Self {
        Self {
            rule: format!("{}:{}", at.file, at.start.line),
            effect,
            message,
            at: at.clone(),
        }
    }
}
