//! The file of conditional policies: YAML documents, each of one role.

use serde_json::Value;

use super::csv::{ACTIONS, check_ref};
use crate::diagnostic::{self, Diagnostic};
use crate::limits::Limits;
use crate::policy::parse::reader::{Reader, key};
use crate::source::{Place, SourceText};
use crate::yaml::{self, Entry, Kind, Node};

/// Lets a role do something where conditions hold.
#[derive(Debug, Clone)]
pub struct Conditional {
    /// The role.
    pub role: String,
    /// The plugin that applies the conditions.
    pub plugin_id: String,
    /// The type of resource.
    pub resource_type: String,
    /// The permissions: any of a type with an action, or one by name.
    pub mapping: Vec<Mapping>,
    /// Backstage's criteria, with `$currentUser` and `$ownerRefs` in it.
    pub conditions: Value,
    /// Its line that names the role.
    pub at: Place,
}

/// A permission of a [`Conditional`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Its name; any of the type, if absent.
    pub name: Option<String>,
    /// Its action; `use` if it has none.
    pub action: String,
}

impl Conditional {
    /// Whether it is asked for a permission.
    pub fn is_about(&self, name: &str, resource_type: &str, action: &str) -> bool {
        self.resource_type == resource_type
            && self.mapping.iter().any(|entry| {
                entry.action == action && entry.name.as_deref().is_none_or(|own| own == name)
            })
    }
}

/// The plugin's own limits.
const MAX_DOCUMENTS: usize = 256;
const MAX_DEPTH: usize = 12;
const MAX_NODES: usize = 256;
const MAX_ITEMS: usize = 64;

/// Reads the documents of a file.
pub fn read(
    source: &SourceText,
    limits: &Limits,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Conditional> {
    let stream = yaml::parse(source, limits);
    diagnostics.extend(stream.diagnostics.iter().cloned());
    let mut conditionals = Vec::new();
    let mut documents = 0;
    for document in &stream.documents {
        diagnostics.extend(document.diagnostics.iter().cloned());
        if document.root().is_null() {
            continue;
        }
        let mut reader = Reader::new(source, diagnostics);
        documents += 1;
        if documents > MAX_DOCUMENTS {
            let wanted = format!("a file has at most {MAX_DOCUMENTS} documents");
            limit(&mut reader, document.root(), &wanted);
            break;
        }
        conditionals.extend(conditional(&mut reader, document.root()));
    }
    diagnostic::sort(diagnostics);
    conditionals.retain(|_| diagnostics.iter().all(|d| !d.is_error()));
    overlaps(&conditionals, diagnostics);
    conditionals
}

fn conditional(reader: &mut Reader<'_>, root: Node<'_>) -> Option<Conditional> {
    const KEYS: [&str; 7] = [
        "result",
        "roleEntityRef",
        "pluginId",
        "resourceType",
        "permissionMapping",
        "conditions",
        "id",
    ];
    let required = KEYS.get(..6).unwrap_or_default();
    let root = reader.mapping("a conditional policy", root, &KEYS, required)?;
    reader.word(
        "`result`",
        root.get("result")?.value,
        &[("CONDITIONAL", ())],
    )?;
    let role_node = root.get("roleEntityRef")?.value;
    let role = reader.text("`roleEntityRef`", role_node)?.to_owned();
    if let Err(reason) = check_ref(&role, &["role"]) {
        let place = reader.place(role_node.span());
        let message = format!("`{role}` is no role");
        reader.report(
            Diagnostic::error("policy/csv-ref", place, message)
                .why(reason)
                .help("write a full ref such as `role:default/name`"),
        );
        return None;
    }
    let mut text = |name: &str| {
        let node = root.get(name)?.value;
        reader.text(&key(name), node).map(str::to_owned)
    };
    let (plugin_id, resource_type) = (text("pluginId")?, text("resourceType")?);
    let mapping = mapping(reader, root.get("permissionMapping")?)?;
    let node = root.get("conditions")?.value;
    let mut criteria = Criteria {
        reader,
        resource_type: &resource_type,
        nodes: 0,
    };
    criteria.check(node, 1)?;
    Some(Conditional {
        at: reader.place(role_node.span()),
        conditions: node.to_value(),
        role,
        plugin_id,
        resource_type,
        mapping,
    })
}

fn mapping(reader: &mut Reader<'_>, entry: Entry<'_>) -> Option<Vec<Mapping>> {
    let mut found: Vec<Mapping> = Vec::new();
    let items = reader.list("`permissionMapping`", entry)?;
    if items.is_empty() {
        let wanted = "at least one action";
        reader.wrong_value("`permissionMapping`", "empty", wanted, entry.span());
    }
    for item in items {
        let name = if item.is_mapping() {
            let keys = ["name", "action"];
            reader.mapping("a permission", item, &keys, &keys)?;
            let name = item.get("name")?.value;
            Some(reader.text("`name`", name)?.to_owned())
        } else {
            None
        };
        let action = item.get("action").map_or(item, |entry| entry.value);
        let action = reader.word("an action", action, &ACTIONS.map(|word| (word, word)))?;
        let entry = Mapping {
            name,
            action: action.to_owned(),
        };
        let mixed = found
            .first()
            .is_some_and(|first| first.name.is_some() != entry.name.is_some());
        if mixed || found.contains(&entry) {
            let place = reader.place(item.span());
            let message = if mixed {
                "actions and named permissions in one list"
            } else {
                "a permission that is there twice"
            };
            reader.report(
                Diagnostic::error("policy/rhdh-mapping", place, message)
                    .why("Red Hat's plugin refuses the file")
                    .help("make a document of its own for it, or remove it"),
            );
            return None;
        }
        found.push(entry);
    }
    (!found.is_empty()).then_some(found)
}

struct Criteria<'c, 'r> {
    reader: &'c mut Reader<'r>,
    resource_type: &'c str,
    nodes: usize,
}

impl Criteria<'_, '_> {
    fn check(&mut self, node: Node<'_>, depth: usize) -> Option<()> {
        self.nodes += 1;
        if depth > MAX_DEPTH {
            let wanted = format!("conditions are at most {MAX_DEPTH} levels deep");
            return limit(self.reader, node, &wanted);
        }
        if self.nodes > MAX_NODES {
            let wanted = format!("one document has at most {MAX_NODES} conditions");
            return limit(self.reader, node, &wanted);
        }
        let criteria = ["allOf", "anyOf", "not"].map(|name| node.get(name));
        let mut found = criteria.into_iter().flatten();
        let (Some(entry), None) = (found.next(), found.next()) else {
            return self.rule(node, depth);
        };
        self.reader
            .mapping("a condition", node, &["allOf", "anyOf", "not"], &[])?;
        if node.entries().len() > 1 {
            return self.rule(node, depth);
        }
        if entry.name == "not" {
            return self.check(entry.value, depth + 1);
        }
        let items = self.reader.list(&key(entry.name), entry)?;
        if items.is_empty() {
            let wanted = "a list of at least one condition";
            self.reader
                .wrong_value(&key(entry.name), "empty", wanted, entry.span());
            return None;
        }
        if items.len() > MAX_ITEMS {
            let wanted = format!("a list has at most {MAX_ITEMS} conditions");
            return limit(self.reader, entry.value, &wanted);
        }
        let checked: Vec<_> = items
            .into_iter()
            .map(|item| self.check(item, depth + 1))
            .collect();
        checked.into_iter().collect()
    }

    fn rule(&mut self, node: Node<'_>, depth: usize) -> Option<()> {
        let keys = ["rule", "resourceType", "params"];
        if node.is_mapping()
            && ["allOf", "anyOf", "not"]
                .iter()
                .any(|c| node.get(c).is_some())
        {
            let place = self.reader.place(node.span());
            let message = "several criteria side by side";
            self.reader.report(
                Diagnostic::error("policy/rhdh-criteria", place, message)
                    .why("Red Hat's plugin refuses the file")
                    .help("nest them in one `allOf` or `anyOf`"),
            );
            return None;
        }
        let what = if depth == 1 {
            "`conditions`"
        } else {
            "a condition"
        };
        self.reader.mapping(what, node, &keys, &keys[..2])?;
        let rule = node.get("rule")?.value;
        let rule = self.reader.text("`rule`", rule)?;
        let about = node.get("resourceType")?.value;
        let text = self.reader.text("`resourceType`", about)?;
        if text != self.resource_type {
            let message = format!("`resourceType` is `{text}`");
            let help = format!("write `{}`, as the document says", self.resource_type);
            let place = self.reader.place(about.span());
            self.reader
                .report(Diagnostic::error("policy/wrong-value", place, message).help(help));
            return None;
        }
        let Some(params) = node.get("params") else {
            return Some(());
        };
        let aliases: Vec<_> = params
            .value
            .entries()
            .into_iter()
            .map(|entry| self.aliases(rule, entry))
            .collect();
        aliases.into_iter().collect()
    }

    /// The plugin puts `$currentUser` for any value, and `$ownerRefs` for items of any list. Ours are
    /// known where refs are compared.
    fn aliases(&mut self, rule: &str, entry: Entry<'_>) -> Option<()> {
        let (in_list, items): (bool, Vec<_>) = match entry.value.kind() {
            Kind::Sequence(items) => (true, items.into_iter().collect()),
            _ => (false, vec![entry.value]),
        };
        let compares_refs = match (rule, entry.name) {
            ("IS_ENTITY_OWNER", "claims") | ("IS_TASK_OWNER", "createdBy") => in_list,
            ("HAS_STRING_PROPERTY", "value") => !in_list,
            _ => !OURS.contains(&rule),
        };
        for item in items {
            let Some(text) = item.as_text().filter(|text| text.starts_with('$')) else {
                continue;
            };
            let why = match text {
                "$currentUser" | "$ownerRefs" if !compares_refs => {
                    format!("`{}` of `{rule}` is not compared with refs", entry.name)
                }
                "$ownerRefs" if !in_list => {
                    "Red Hat's plugin puts refs for it in lists only".to_owned()
                }
                "$currentUser" | "$ownerRefs" => continue,
                _ => "only `$currentUser` and `$ownerRefs` stand for refs".to_owned(),
            };
            let place = self.reader.place(item.span());
            let message = format!("`{text}` cannot stand here");
            self.reader.report(
                Diagnostic::error("policy/rhdh-alias", place, message)
                    .why(why)
                    .help("write what is meant, or remove the condition"),
            );
            return None;
        }
        Some(())
    }
}

/// The permission rules that goldenpath applies itself.
const OURS: [&str; 12] = [
    "IS_ENTITY_OWNER",
    "IS_ENTITY_KIND",
    "HAS_ANNOTATION",
    "HAS_LABEL",
    "HAS_METADATA",
    "HAS_SPEC",
    "HAS_TAG",
    "HAS_ACTION_ID",
    "HAS_STRING_PROPERTY",
    "HAS_NUMBER_PROPERTY",
    "HAS_BOOLEAN_PROPERTY",
    "IS_TASK_OWNER",
];

fn limit(reader: &mut Reader<'_>, node: Node<'_>, wanted: &str) -> Option<()> {
    let place = reader.place(node.span());
    reader.report(
        Diagnostic::error("policy/rhdh-limit", place, wanted)
            .why("Red Hat's plugin refuses the file")
            .help("make it smaller"),
    );
    None
}

/// Two conditional policies of one role for one permission.
fn overlaps(conditionals: &[Conditional], diagnostics: &mut Vec<Diagnostic>) {
    for (index, conditional) in conditionals.iter().enumerate() {
        let before = conditionals.iter().take(index).find(|other| {
            other.role == conditional.role
                && other.resource_type == conditional.resource_type
                && other.mapping.iter().any(|a| {
                    let meets = |b: &Mapping| {
                        a.action == b.action
                            && (a.name.is_none() || b.name.is_none() || a.name == b.name)
                    };
                    conditional.mapping.iter().any(meets)
                })
        });
        if let Some(before) = before {
            let message = format!(
                "a second condition of `{}` for one permission",
                conditional.role
            );
            let diagnostic = Diagnostic::warning(
                "policy/rhdh-overlap",
                conditional.at.clone(),
                message,
            )
            .why("where Red Hat's plugin has both it denies, and from a file it takes the first")
            .help("join the two with `anyOf`")
            .related("the first", before.at.clone());
            diagnostics.push(diagnostic);
        }
    }
}
