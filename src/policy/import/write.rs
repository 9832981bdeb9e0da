//! [`Rbac`] -> an access policy as YAML, with the line that each part came from.

use indexmap::{IndexMap, IndexSet};

use super::conditions::Conditional;
use super::csv::Line;
use super::selection::{self, Selection};
use super::text::{block, indented, scalar};
use super::{File, ImportOptions, Rbac, sugar};
use crate::diagnostic::Diagnostic;
use crate::policy::model::Effect;
use crate::policy::permission::Permission;
use crate::policy::{self, Policy, PolicyOptions};
use crate::source::{Place, SourceText};

/// The file's name.
const NAME: &str = "imported.yaml";

/// A written policy that remembers where its parts came from.
#[derive(Debug)]
pub struct Written {
    source: SourceText,
    origins: Vec<Origin>,
    /// For each conditional policy, the id of its rule; `None` if it is about nothing that is asked.
    pub rule_ids: Vec<Option<String>>,
}

#[derive(Debug)]
struct Origin {
    offset: usize,
    at: Place,
}

impl Written {
    /// Compiles it; problems are reported at the places of the plugin's files.
    pub fn check(&self, options: &ImportOptions) -> (Option<Policy>, Vec<Diagnostic>) {
        let compilation = policy::compile(
            std::slice::from_ref(&self.source),
            &PolicyOptions {
                permissions: options.permissions.clone(),
                limits: options.limits.clone(),
                ..PolicyOptions::default()
            },
        );
        let mut diagnostics = compilation.diagnostics;
        for diagnostic in &mut diagnostics {
            if let Some(origin) = self.origin(&diagnostic.at) {
                diagnostic.at = origin.clone();
                diagnostic.related.clear();
                diagnostic.fix = None;
            }
        }
        (compilation.policy, diagnostics)
    }

    /// The line that a place of the written file came from.
    pub fn origin(&self, at: &Place) -> Option<&Place> {
        let offset = usize::try_from(at.start.offset).unwrap_or(usize::MAX);
        let next = self.origins.partition_point(|o| o.offset <= offset);
        let origin = next
            .checked_sub(1)
            .and_then(|last| self.origins.get(last))?;
        Some(&origin.at)
    }

    /// The written file.
    pub fn into_file(self) -> File {
        File {
            name: NAME.to_owned(),
            content: self.source.text().to_owned(),
        }
    }
}

/// Writes the policy. What no plugin asks for is left out, and said.
pub fn write(rbac: &Rbac, known: &[Permission], diagnostics: &mut Vec<Diagnostic>) -> Written {
    let mut writer = Writer {
        text: "apiVersion: goldenpath/v1alpha1\nkind: AccessPolicy\n".to_owned(),
        known,
        diagnostics,
        origins: Vec::new(),
        ids: IndexSet::new(),
    };
    writer.roles(rbac);
    writer.bindings(rbac);
    if !(rbac.lines.is_empty() && rbac.conditionals.is_empty()) {
        writer.text.push_str("rules:\n");
    }
    for line in &rbac.lines {
        writer.line(line);
    }
    let rule_ids = rbac.conditionals.iter().map(|c| writer.conditional(c));
    Written {
        rule_ids: rule_ids.collect(),
        source: SourceText::new(NAME, writer.text),
        origins: writer.origins,
    }
}

struct Writer<'w> {
    text: String,
    known: &'w [Permission],
    diagnostics: &'w mut Vec<Diagnostic>,
    origins: Vec<Origin>,
    ids: IndexSet<String>,
}

/// Who has a role, by the lines that say so. A role is named like ours; a user or group that lines
/// speak of has a role of its own.
fn holders(rbac: &Rbac) -> IndexMap<&str, Vec<(&str, &Place)>> {
    let mut holders: IndexMap<&str, Vec<(&str, &Place)>> = IndexMap::new();
    for grant in &rbac.grants {
        let held = holders.entry(&grant.role).or_default();
        held.push((&grant.member, &grant.at));
    }
    for line in &rbac.lines {
        let held = holders.entry(&line.subject).or_default();
        if !line.subject.starts_with("role:") && held.is_empty() {
            held.push((&line.subject, &line.at));
        }
    }
    for conditional in &rbac.conditionals {
        holders.entry(&conditional.role).or_default();
    }
    holders
}

impl Writer<'_> {
    fn roles(&mut self, rbac: &Rbac) {
        let holders = holders(rbac);
        if holders.is_empty() {
            return;
        }
        self.text.push_str("roles:\n");
        for role in holders.keys() {
            let first = first_mention(rbac, role);
            self.item(first, &format!("  {}: {{}}", scalar(&name(role))));
        }
    }

    fn bindings(&mut self, rbac: &Rbac) {
        let holders = holders(rbac);
        if holders.values().all(Vec::is_empty) {
            return;
        }
        self.text.push_str("bindings:\n");
        for (role, held) in &holders {
            for (member, at) in held {
                let (role, member) = (scalar(&name(role)), scalar(member));
                let item = format!("  - {{ role: {role}, to: {member} }}{}", comment(at));
                self.item(Some(at), &item);
            }
        }
    }

    fn line(&mut self, line: &Line) {
        let selection = selection::of_line(self.known, &line.object, &line.action);
        let Some(permissions) = self.selected(selection, &line.object, &line.action, &line.at)
        else {
            return;
        };
        let (effect, suffix) = match line.effect {
            Effect::Allow => ("allow", ""),
            Effect::Deny => ("deny", "-deny"),
        };
        let role = name(&line.subject);
        let id = self.id(&format!("{role}-{}-{}{suffix}", line.object, line.action));
        let text = rule(&id, effect, &role, &permissions, &line.at);
        self.item(Some(&line.at), &text);
    }

    /// The id of the rule it became.
    fn conditional(&mut self, conditional: &Conditional) -> Option<String> {
        let (at, about) = (&conditional.at, &conditional.resource_type);
        let mut permissions = Vec::new();
        for mapping in &conditional.mapping {
            let action = &mapping.action;
            let selection = match &mapping.name {
                Some(name) => selection::of_line(self.known, name, action),
                None => selection::of_type(self.known, about, action),
            };
            let object = mapping.name.as_ref().unwrap_or(about);
            let selected = self.selected(selection, object, action, at);
            permissions.extend(selected.into_iter().flatten());
        }
        if permissions.is_empty() {
            return None;
        }
        let role = name(&conditional.role);
        let id = self.id(&format!("{role}-{about}-where"));
        let when = indented(&block(&sugar::condition(&conditional.conditions)), 6);
        let text = rule(&id, "allow", &role, &permissions, at);
        let text = format!("{text}\n    when:\n{when}");
        self.item(Some(at), &text);
        Some(id)
    }

    /// The permissions, each as YAML; else a line is left out, which is said, and shown by a comment.
    fn selected(
        &mut self,
        selection: Selection,
        object: &str,
        action: &str,
        at: &Place,
    ) -> Option<Vec<String>> {
        let diagnostic = match selection {
            Selection::These(list) => return Some(list),
            // compiling reports it, with the nearest name
            Selection::Unknown => return Some(vec![scalar(object)]),
            Selection::OfThePlugin => {
                let message = format!("`{object}` belongs to Red Hat's plugin itself");
                Diagnostic::warning("policy/rhdh-own-permission", at.clone(), message)
                    .why("goldenpath replaces the plugin, so that nobody asks for it")
                    .help("remove the line")
            }
            Selection::Never(own) => {
                let message = format!("nobody asks for `{object}` with action `{action}`");
                let help = if own == "another action" {
                    format!("remove the line, or name another action than `{action}`")
                } else {
                    format!("write `{own}`, or remove the line")
                };
                Diagnostic::warning("policy/rhdh-never-asked", at.clone(), message)
                    .why("the line was without effect in Red Hat's plugin too")
                    .help(help)
            }
        };
        let left_out = format!("  # left out:{} {}", origin(at), diagnostic.message);
        self.item(Some(at), &left_out);
        self.diagnostics.push(diagnostic);
        None
    }

    fn item(&mut self, at: Option<&Place>, text: &str) {
        if let Some(at) = at {
            self.origins.push(Origin {
                offset: self.text.len(),
                at: at.clone(),
            });
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// An id that no other rule has.
    fn id(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}-{count}");
        }
        id
    }
}

fn rule(id: &str, effect: &str, role: &str, permissions: &[String], at: &Place) -> String {
    let (id, role) = (scalar(id), scalar(role));
    let permissions = match permissions {
        [one] => format!(" [{one}]"),
        many => format!("\n      - {}", many.join("\n      - ")),
    };
    let comment = comment(at);
    format!(
        "  - id: {id}{comment}\n    effect: {effect}\n    role: {role}\n    permissions:{permissions}"
    )
}

/// `role:default/dev` is `dev`, in other namespaces `team/dev`; users and groups keep their refs.
fn name(subject: &str) -> String {
    let role = subject.strip_prefix("role:").unwrap_or(subject);
    role.strip_prefix("default/").unwrap_or(role).to_owned()
}

fn first_mention<'r>(rbac: &'r Rbac, role: &str) -> Option<&'r Place> {
    let grants = rbac.grants.iter().map(|g| (&g.role, &g.at));
    let lines = rbac.lines.iter().map(|l| (&l.subject, &l.at));
    let conditionals = rbac.conditionals.iter().map(|c| (&c.role, &c.at));
    let mut all = grants.chain(lines).chain(conditionals);
    all.find(|(name, _)| *name == role).map(|(_, at)| at)
}

fn comment(at: &Place) -> String {
    format!(" #{}", origin(at))
}

fn origin(at: &Place) -> String {
    // a name with a line break would end the comment
    let file: String = at.file.chars().filter(|c| !c.is_control()).collect();
    format!(" {file}:{}", at.start.line)
}
