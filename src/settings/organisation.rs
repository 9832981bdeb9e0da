//! `catalog.organisation` and `catalog.scorecard`: what a schema cannot say of them.

use std::collections::BTreeMap;

use crate::catalog::organisation::{Due, FieldPath, Pattern, Since};
use crate::catalog::pointer::{join, shown};
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_PROBLEMS;
use crate::source::SourceText;
use crate::suggest;
use crate::yaml::{Kind, Node};

const RULES: &str = "/catalog/organisation";
const LEVELS: &str = "/catalog/scorecard/levels";

/// Where patterns stand in a rule.
const PATTERNS: [&str; 14] = [
    "/for/kind",
    "/for/type",
    "/for/lifecycle",
    "/for/tags",
    "/for/not/kind",
    "/for/not/type",
    "/for/not/lifecycle",
    "/for/not/tags",
    "/require/annotations",
    "/require/labels",
    "/require/tags",
    "/require/links",
    "/require/fields",
    "/allow",
];

pub(super) fn check(source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
    let mut file = File {
        source,
        root,
        found,
    };
    let names = file.check_rules();
    file.check_levels(&names);
}

struct File<'t, 'f> {
    source: &'t SourceText,
    root: Node<'t>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'t> File<'t, '_> {
    /// Checks the rules, and gives their names.
    fn check_rules(&mut self) -> BTreeMap<&'t str, Node<'t>> {
        let mut names = BTreeMap::new();
        for (index, rule) in self.items(RULES).into_iter().enumerate() {
            if self.found.len() > MAX_PROBLEMS {
                break;
            }
            let at = format!("{RULES}/{index}");
            self.check_name(rule, &at, &mut names);
            self.check_asks(rule, &at);
            for patterns in PATTERNS {
                if let Some((_, value)) = rule.at(patterns) {
                    self.check_patterns(value, &format!("{at}{patterns}"));
                }
            }
            for fields in ["/require/fields", "/allow"] {
                self.check_paths(rule, &at, fields);
            }
            self.check_dates(rule, &at);
        }
        names
    }

    fn check_name(&mut self, rule: Node<'t>, at: &str, names: &mut BTreeMap<&'t str, Node<'t>>) {
        let Some((name, text)) = text(rule, "name") else {
            return;
        };
        let at = join(at, "name");
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(is_name) {
            self.error(
                "settings/invalid-name",
                name,
                &at,
                format!("`{text}` is no name of a rule"),
                "write lower-case letters, digits and `-`, as codes have them".to_owned(),
            );
        }
        if let Some(&first) = names.get(text) {
            let diagnostic = self.problem(
                "settings/duplicate-name",
                name,
                &at,
                format!("there are two rules `{text}`"),
            );
            let first = self.source.place(first.span());
            let diagnostic = diagnostic.help("give one another name");
            self.found
                .push(diagnostic.related("the first is here", first));
        } else {
            names.insert(text, name);
        }
    }

    /// A rule that asks nothing is not what was meant.
    fn check_asks(&mut self, rule: Node<'t>, at: &str) {
        let is_something = |entry: &str| {
            let value = rule.get(entry).map(|entry| entry.value);
            value.is_some_and(|value| !value.is_mapping() || !value.entries().is_empty())
        };
        if rule.is_mapping() && !is_something("require") && !is_something("allow") {
            let name = text(rule, "name").map_or(rule, |(name, _)| name);
            self.error(
                "settings/rule-asks-nothing",
                name,
                at,
                "the rule asks nothing".to_owned(),
                "add `require:` or `allow:`".to_owned(),
            );
        }
    }

    /// Every text below is a pattern.
    fn check_patterns(&mut self, value: Node<'t>, at: &str) {
        match value.kind() {
            Kind::Text(text) => {
                if let Err(reason) = Pattern::parse(text) {
                    self.error(
                        "settings/invalid-pattern",
                        value,
                        at,
                        format!("`{text}` is no pattern: {reason}"),
                        "write a regular expression between the slashes, without look-around"
                            .to_owned(),
                    );
                }
            }
            Kind::Sequence(items) => {
                for (index, item) in items.into_iter().enumerate().take(MAX_PROBLEMS) {
                    self.check_patterns(item, &format!("{at}/{index}"));
                }
            }
            Kind::Mapping(entries) => {
                for entry in entries.into_iter().take(MAX_PROBLEMS) {
                    self.check_patterns(entry.value, &join(at, entry.name));
                }
            }
            _ => {}
        }
    }

    fn check_paths(&mut self, rule: Node<'t>, at: &str, fields: &str) {
        let Some((_, map)) = rule.at(fields) else {
            return;
        };
        for entry in map.entries().into_iter().take(MAX_PROBLEMS) {
            if let Err(reason) = FieldPath::parse(entry.name) {
                self.error(
                    "settings/invalid-path",
                    entry.key,
                    &join(&format!("{at}{fields}"), entry.name),
                    format!("`{}` is no path: {reason}", entry.name),
                    "write it like `spec.lifecycle`, `metadata.annotations[\"a.b/c\"]` \
                     or `/spec/lifecycle`"
                        .to_owned(),
                );
            }
        }
    }

    fn check_dates(&mut self, rule: Node<'t>, at: &str) {
        let since = self.date::<Since>(rule, at, "since");
        let due = self.date::<Due>(rule, at, "dueBy");
        if let Some(((_, since), (node, due))) = since.zip(due)
            && due.is_before(&since)
        {
            self.error(
                "settings/wrong-order",
                node,
                &join(at, "dueBy"),
                "the rule is due before it begins".to_owned(),
                "write a `dueBy` after `since`, or leave one of them out".to_owned(),
            );
        }
    }

    fn date<D: TryFrom<String, Error = String>>(
        &mut self,
        rule: Node<'t>,
        at: &str,
        key: &str,
    ) -> Option<(Node<'t>, D)> {
        let (node, text) = text(rule, key)?;
        match D::try_from(text.to_owned()) {
            Ok(date) => Some((node, date)),
            Err(message) => {
                let help = "days are in Greenwich, times have a zone".to_owned();
                self.error("settings/invalid-date", node, &join(at, key), message, help);
                None
            }
        }
    }

    fn check_levels(&mut self, names: &BTreeMap<&'t str, Node<'t>>) {
        let mut levels: Vec<&str> = Vec::new();
        for (index, level) in self.items(LEVELS).into_iter().enumerate() {
            let at = format!("{LEVELS}/{index}");
            if let Some((node, name)) = text(level, "name") {
                if levels.contains(&name) {
                    self.error(
                        "settings/duplicate-name",
                        node,
                        &join(&at, "name"),
                        format!("there are two levels `{name}`"),
                        "give one another name".to_owned(),
                    );
                }
                levels.push(name);
            }
            let rules = level.get("rules").map(|entry| entry.value.items());
            for (index, rule) in rules.into_iter().flatten().enumerate().take(MAX_PROBLEMS) {
                let Some(name) = rule.as_text().filter(|name| !names.contains_key(name)) else {
                    continue;
                };
                let help = match suggest::nearest(name, names.keys().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add it to `{}`", shown(self.root, RULES)),
                };
                self.error(
                    "settings/unknown-rule",
                    rule,
                    &format!("{at}/rules/{index}"),
                    format!("there is no rule `{name}`"),
                    help,
                );
            }
        }
    }

    fn items(&self, pointer: &str) -> Vec<Node<'t>> {
        let list = self.root.at(pointer).map(|(_, list)| list.items());
        list.into_iter().flatten().take(MAX_PROBLEMS).collect()
    }

    fn problem(&self, code: &'static str, at: Node, pointer: &str, message: String) -> Diagnostic {
        let place = self.source.place(at.span());
        Diagnostic::error(code, place, message).pointer(pointer)
    }

    fn error(
        &mut self,
        code: &'static str,
        at: Node,
        pointer: &str,
        message: String,
        help: String,
    ) {
        let diagnostic = self.problem(code, at, pointer, message).help(help);
        self.found.push(diagnostic);
    }
}

/// A property that is a text with something in it: else the schema says what is wrong.
fn text<'t>(node: Node<'t>, key: &str) -> Option<(Node<'t>, &'t str)> {
    let value = node.get(key)?.value;
    Some((value, value.as_text().filter(|text| !text.is_empty())?))
}
