//! A template of a governed type asks the policy before anything else, and uses no action that is not
//! on the list.
//!
//! The scaffolder runs whatever a template says, so the guard holds only if the catalogue refuses a
//! template without it. What a placeholder will be is judged at ingestion, when it is resolved.

mod question;

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::options::GovernedTemplates;
use super::super::pointer;
use crate::diagnostic::Diagnostic;
use crate::suggest;
use crate::yaml::{Entry, Kind, Node};

pub(super) const CODES: &[&str] = &[
    "catalog/missing-policy-check",
    question::SKIPPABLE,
    question::LENIENT,
    question::WRONG,
    "catalog/action-not-allowed",
];

/// The action that asks the policy.
const CHECK: &str = "goldenpath:policy:check";

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(template) = Template::of(subject) else {
        return;
    };
    match template.steps().next() {
        Some(first) => template.look_at_first(first, found),
        None if template.has_no_steps() => found.push(template.without_steps()),
        None => {}
    }
    for step in template.steps() {
        if found.is_full() {
            return;
        }
        if let Some(diagnostic) = template.forbidden_action(step) {
            found.push(diagnostic);
        }
    }
}

/// A template, and the rules of its type.
struct Template<'s, 't> {
    subject: &'s Subject<'t>,
    spec_type: &'t str,
    steps: Entry<'t>,
    rules: Vec<&'s GovernedTemplates>,
}

/// A step with its pointer.
#[derive(Clone, Copy)]
struct Step<'t> {
    index: usize,
    value: Node<'t>,
}

impl<'s, 't> Template<'s, 't> {
    /// What the document is, if it is a template of a governed type that has `steps`.
    fn of(subject: &'s Subject<'t>) -> Option<Self> {
        let text = |entry: Entry<'t>| entry.value.as_text();
        let api_version = subject.field("apiVersion").and_then(text)?;
        let is_template = subject.model.is_some_and(|model| model.kind == "Template");
        if !is_template || !api_version.starts_with("scaffolder.backstage.io/") {
            return None;
        }
        let spec = subject.field("spec")?.value;
        let spec_type = spec.get("type").and_then(text)?;
        let steps = spec.get("steps")?;
        let rules = subject.options.governed_templates.iter();
        let rules: Vec<_> = rules.filter(|rule| rule.are_for(spec_type)).collect();
        (!rules.is_empty()).then_some(Self {
            subject,
            spec_type,
            steps,
            rules,
        })
    }

    fn steps(&self) -> impl Iterator<Item = Step<'t>> {
        let items = self.steps.value.items().into_iter().enumerate();
        items.map(|(index, value)| Step { index, value })
    }

    fn has_no_steps(&self) -> bool {
        matches!(self.steps.value.kind(), Kind::Sequence(items) if items.is_empty())
    }

    /// The first step is the question, put so that no answer can be missed.
    fn look_at_first(&self, first: Step<'t>, found: &mut Findings) {
        let Some((action, id)) = first.action() else {
            return;
        };
        if id == CHECK {
            question::check(self, first, action, found);
        } else {
            found.push(self.begins_with_another(first, action, id));
        }
    }

    fn without_steps(&self) -> Diagnostic {
        let place = self.subject.place(self.steps);
        let message = format!("a template without steps does not ask the policy with `{CHECK}`");
        Diagnostic::error("catalog/missing-policy-check", place, message)
            .why(self.why())
            .help(self.begin())
            .pointer("/spec/steps")
    }

    fn begins_with_another(&self, first: Step<'t>, action: Entry<'t>, id: &str) -> Diagnostic {
        let place = self.subject.place(action);
        let message = format!("the first step is `{id}`, not `{CHECK}`");
        let diagnostic = Diagnostic::error("catalog/missing-policy-check", place.clone(), message)
            .why(self.why())
            .pointer(first.pointer("action"));
        let mut actions = self.steps().filter_map(Step::action);
        if let Some((later, _)) = actions.find(|&(_, id)| id == CHECK) {
            return diagnostic
                .help("move the question to the front")
                .related("the policy is asked only here", self.subject.place(later));
        }
        match suggest::nearest(id, [CHECK]) {
            Some(_) => diagnostic.help(format!("did you mean `{CHECK}`?")).fix(
                format!("write `{CHECK}`"),
                place,
                CHECK,
            ),
            None => diagnostic.help(self.begin()),
        }
    }

    fn forbidden_action(&self, step: Step<'t>) -> Option<Diagnostic> {
        let (action, id) = step.action().filter(|&(_, id)| id != CHECK)?;
        let place = self.subject.place(action);
        let error = |message| {
            Diagnostic::error("catalog/action-not-allowed", place.clone(), message)
                .pointer(step.pointer("action"))
        };
        if is_expression(id) {
            return Some(
                error(format!(
                    "the action `{id}` is not known before the template runs"
                ))
                .why("the scaffolder takes the id of an action as it is written")
                .help("write the id; choose between steps with `if`"),
            );
        }
        let rule = self.rules.iter().find(|rule| !rule.allow(id))?;
        let list = rule.actions.iter().flatten().map(String::as_str);
        let message = format!(
            "templates of type `{}` may not use the action `{id}`",
            self.spec_type
        );
        let known = list.clone().filter(|action| !action.contains('*'));
        let near = suggest::nearest(id, known.chain([CHECK]));
        if near == Some(CHECK) && step.index == 0 {
            // already said of the first step
            return None;
        }
        let Some(near) = near else {
            let list: Vec<&str> = list.chain([CHECK]).collect();
            return Some(error(message).help(format!("allowed are `{}`", list.join("`, `"))));
        };
        let diagnostic = error(message).help(format!("did you mean `{near}`?"));
        Some(diagnostic.fix(format!("write `{near}`"), place.clone(), near))
    }

    /// The permissions that must be asked for.
    fn permissions(&self) -> impl Iterator<Item = &'s str> {
        let rules = self.rules.iter();
        rules.filter_map(|rule| rule.permission.as_deref())
    }

    fn why(&self) -> String {
        let spec_type = self.spec_type;
        format!("a template of type `{spec_type}` must ask the policy before it does anything")
    }

    /// The step to begin with.
    fn begin(&self) -> String {
        let permission = self.permissions().next();
        let permission = permission.unwrap_or("goldenpath.service.create");
        format!(
            "begin with `- {{ id: policy, action: {CHECK}, input: {{ permission: {permission} }} }}`"
        )
    }
}

impl<'t> Step<'t> {
    /// Its action, if that is a text: else it is for the rule `shape`.
    fn action(self) -> Option<(Entry<'t>, &'t str)> {
        let entry = self.value.get("action")?;
        Some((entry, entry.value.as_text()?))
    }

    fn pointer(self, field: &str) -> String {
        pointer::join(&format!("/spec/steps/{}", self.index), field)
    }
}

/// Whether the scaffolder would make another text of it.
fn is_expression(text: &str) -> bool {
    text.contains("${{") || text.contains("{%")
}
