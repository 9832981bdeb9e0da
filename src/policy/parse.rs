//! Files -> [`Model`]. Every problem of every file is found in one run.

mod approval;
mod binding;
mod check;
mod condition;
mod generic;
mod moment;
pub(in crate::policy) mod reader;
mod reference;
mod rule;
mod searchable;
mod test;

pub use reference::canonical;

use std::collections::HashMap;
use std::sync::Arc;

use self::reader::Reader;
use super::model::{Model, Ownership, Role, RoleId};
use super::permission::{Permission, builtin_plugin};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::Limits;
use crate::source::{Place, SourceText, Span};
use crate::yaml::{self, Entry, Node, Stream};

/// The version of the language.
pub const API_VERSION: &str = "goldenpath/v1alpha1";
/// The kind of its documents.
pub const KIND: &str = "AccessPolicy";

/// Sets of roles are bits, of which every group and role has some: this bounds the memory.
const MAX_ROLES: usize = 4096;

/// Reads files that make up one policy. The model is whole only if no diagnostic is an error.
pub fn parse(
    sources: &[SourceText],
    permissions: Vec<Permission>,
    limits: &Limits,
) -> (Model, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let streams: Vec<Stream<'_>> = sources.iter().map(|s| yaml::parse(s, limits)).collect();
    let mut policies = Vec::new();
    for (source, stream) in sources.iter().zip(&streams) {
        diagnostics.extend(stream.diagnostics.iter().cloned());
        for document in &stream.documents {
            diagnostics.extend(document.diagnostics.iter().cloned());
            let mut reader = Reader::new(source, &mut diagnostics);
            if let Some(root) = envelope(&mut reader, document.root()) {
                policies.push((source, root));
            }
        }
    }

    let mut files = Files::default();
    for (source, root) in &policies {
        let mut reader = Reader::new(source, &mut diagnostics);
        files.declare(&mut reader, *root);
    }
    let mut model = Model {
        ownership: files
            .ownership
            .as_ref()
            .map(|(o, _)| *o)
            .unwrap_or_default(),
        permissions,
        ..Model::default()
    };
    let mut ids = Vec::new();
    let mut because = Vec::new();
    let permissions = model.permissions.clone();
    let names = Names {
        roles: &files.roles,
        permissions: &permissions,
    };
    for (source, root) in &policies {
        let mut reader = Reader::new(source, &mut diagnostics);
        for item in list(&mut reader, *root, "bindings") {
            binding::binding(&mut reader, &names, item, &mut model);
        }
        for item in list(&mut reader, *root, "rules") {
            let rule = rule::rule(&mut reader, &names, item, &mut ids);
            model.rules.extend(rule.map(Arc::new));
        }
        for item in list(&mut reader, *root, "approvals") {
            let approval = approval::approval(&mut reader, &names, item, &mut ids);
            model.approvals.extend(approval);
        }
        for item in list(&mut reader, *root, "tests") {
            let test = test::test(&mut reader, &names, item, &mut because);
            model.tests.extend(test);
        }
        inherit(&mut reader, &names, *root, &mut files.inherits);
    }
    model.roles = files.finish();
    check::duplicate_rules(&ids, &mut diagnostics);
    check::known_reasons(&because, &ids, &mut diagnostics);
    check::role_cycles(&model.roles, &files.places, &mut diagnostics);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        check::unreachable_roles(&model, &files.places, &mut diagnostics);
        if model.rules.is_empty() {
            diagnostics.extend(sources.first().map(without_rules));
        }
    }
    diagnostic::sort(&mut diagnostics);
    (model, diagnostics)
}

/// What rules and bindings may refer to.
struct Names<'n> {
    roles: &'n HashMap<Arc<str>, RoleId>,
    permissions: &'n [Permission],
}

impl Names<'_> {
    /// A role by its name.
    fn role(&self, reader: &mut Reader<'_>, node: Node<'_>) -> Option<RoleId> {
        let name = reader.text("a role", node)?;
        let found = self.roles.get(name).copied();
        if found.is_none() {
            let known = self.roles.keys().map(AsRef::as_ref);
            let help = reader
                .did_you_mean(name, known)
                .unwrap_or_else(|| format!("add `{name}: {{}}` to `roles`"));
            let place = reader.place(node.span());
            reader.report(
                Diagnostic::error(
                    "policy/unknown-role",
                    place,
                    format!("unknown role `{name}`"),
                )
                .help(help),
            );
        }
        found
    }

    /// The plugin that owns a type of resource.
    fn plugin_of(&self, resource_type: &str) -> Option<&str> {
        plugin_of(self.permissions, resource_type)
    }
}

/// The plugin that owns a type of resource, as far as permissions say.
pub fn plugin_of<'p>(permissions: &'p [Permission], resource_type: &str) -> Option<&'p str> {
    builtin_plugin(resource_type).or_else(|| {
        let mut of_type = permissions
            .iter()
            .filter(|p| p.resource_type.as_deref() == Some(resource_type));
        of_type.find_map(|permission| permission.plugin_id.as_deref())
    })
}

/// Roles and defaults of all files.
#[derive(Default)]
struct Files {
    ownership: Option<(Ownership, Place)>,
    roles: HashMap<Arc<str>, RoleId>,
    names: Vec<Arc<str>>,
    places: Vec<Place>,
    inherits: HashMap<RoleId, Vec<RoleId>>,
}

impl Files {
    fn declare(&mut self, reader: &mut Reader<'_>, root: Node<'_>) {
        if let Some(defaults) = present(root, "defaults")
            && reader
                .mapping("`defaults`", defaults.value, &["ownership"], &[])
                .is_some()
            && let Some(entry) = defaults.value.get("ownership")
        {
            self.set_ownership(reader, entry);
        }
        let Some(roles) = present(root, "roles") else {
            return;
        };
        if !roles.value.is_mapping() {
            let wanted = "an object of names and roles";
            reader.wrong_type("`roles`", wanted, roles.value, roles.span());
        }
        for entry in roles.value.entries() {
            let place = reader.place(entry.key.span());
            let id = self.names.len();
            let name: Arc<str> = entry.name.into();
            if let Some(first) = self.roles.get(&name).and_then(|&id| self.places.get(id)) {
                let message = format!("role `{name}` is there twice");
                reader.report(
                    Diagnostic::error("policy/duplicate-role", place, message)
                        .why("the files of a policy share their roles")
                        .help("remove one of the two")
                        .related("the first", first.clone()),
                );
                continue;
            }
            if id == MAX_ROLES {
                let message = format!("the policy has more than {MAX_ROLES} roles");
                reader.report(
                    Diagnostic::error("policy/too-many-roles", place, message)
                        .why("every group is kept with the set of its roles")
                        .help("use fewer roles, and conditions with `$ownership`"),
                );
                return;
            }
            self.roles.insert(Arc::clone(&name), id);
            self.names.push(name);
            self.places.push(place);
        }
    }

    fn set_ownership(&mut self, reader: &mut Reader<'_>, entry: Entry<'_>) {
        let Some(mode) = reader.word("`ownership`", entry.value, &Ownership::NAMES) else {
            return;
        };
        let place = reader.place(entry.value.span());
        match &self.ownership {
            Some((before, first)) if *before != mode => {
                let message = "the files of the policy disagree about `ownership`";
                reader.report(
                    Diagnostic::error("policy/conflicting-defaults", place, message)
                        .why("defaults hold for all files of the policy")
                        .help("say it once")
                        .related("the other", first.clone()),
                );
            }
            Some(_) => {}
            None => self.ownership = Some((mode, place)),
        }
    }

    fn finish(&mut self) -> Vec<Role> {
        let names = std::mem::take(&mut self.names).into_iter().enumerate();
        names
            .map(|(id, name)| Role {
                name,
                inherits: self.inherits.remove(&id).unwrap_or_default(),
            })
            .collect()
    }
}

/// An access policy, or nothing for an empty document.
fn envelope<'t>(reader: &mut Reader<'_>, root: Node<'t>) -> Option<Node<'t>> {
    const KEYS: [&str; 8] = [
        "apiVersion",
        "kind",
        "defaults",
        "roles",
        "bindings",
        "rules",
        "approvals",
        "tests",
    ];
    if root.is_null() {
        return None;
    }
    let root = reader.mapping("an access policy", root, &KEYS, &["apiVersion", "kind"])?;
    for (key, wanted) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if let Some(entry) = root.get(key) {
            reader.word(&format!("`{key}`"), entry.value, &[(wanted, ())])?;
        }
    }
    Some(root)
}

fn inherit(
    reader: &mut Reader<'_>,
    names: &Names<'_>,
    root: Node<'_>,
    inherits: &mut HashMap<RoleId, Vec<RoleId>>,
) {
    let roles = present(root, "roles").into_iter();
    for entry in roles.flat_map(|roles| roles.value.entries()) {
        if entry.value.is_null() {
            continue;
        }
        let what = format!("role `{}`", entry.name);
        if reader
            .mapping(&what, entry.value, &["inherits"], &[])
            .is_none()
        {
            continue;
        }
        if let (Some(&id), Some(list)) = (names.roles.get(entry.name), entry.value.get("inherits"))
        {
            let items = reader.one_or_more("`inherits`", list);
            let parents = items
                .into_iter()
                .filter_map(|item| names.role(reader, item));
            inherits.entry(id).or_default().extend(parents);
        }
    }
}

/// The items of a list that may be absent.
fn list<'t>(reader: &mut Reader<'_>, root: Node<'t>, key: &str) -> Vec<Node<'t>> {
    present(root, key)
        .and_then(|entry| reader.list(&format!("`{key}`"), entry))
        .unwrap_or_default()
}

/// A key whose value is not null.
fn present<'t>(node: Node<'t>, key: &str) -> Option<Entry<'t>> {
    node.get(key).filter(|entry| !entry.value.is_null())
}

fn without_rules(source: &SourceText) -> Diagnostic {
    let place = source.place(Span::default());
    Diagnostic::warning("policy/no-rules", place, "the policy has no rules")
        .why("what no rule allows is denied, so that nobody may do anything")
        .help("add `rules:`")
}
