//! The step that asks the policy is always taken, asks for the right permission, and ends the task
//! unless the answer is yes.

use super::super::super::findings::Findings;
use super::super::super::options::OnNeedsApproval;
use super::super::super::placeholder::placeholder;
use super::{CHECK, Step, Template, is_expression};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Entry, Kind, Node};

pub(super) const SKIPPABLE: &str = "catalog/skippable-policy-check";
pub(super) const LENIENT: &str = "catalog/lenient-policy-check";
pub(super) const WRONG: &str = "catalog/wrong-policy-check";

/// Looks at the first step, whose `action` is the question.
pub(super) fn check(template: &Template, step: Step, action: Entry, found: &mut Findings) {
    let question = Question { template, step };
    for entry in step.value.entries() {
        if let Some(why) = why_skipped(entry) {
            found.push(question.skippable(entry, why));
        }
    }
    let input = step.value.get("input").map(|entry| entry.value);
    if input.is_some_and(|input| placeholder(input).is_some()) {
        return;
    }
    if let Some(diagnostic) = question.wrong_permission(input, action) {
        found.push(diagnostic);
    }
    for entry in input.into_iter().flat_map(Node::entries) {
        if placeholder(entry.value).is_none() {
            question.leniency(entry, found);
        }
    }
}

/// Why the scaffolder may go on without the step. Only `if: true` is harmless.
fn why_skipped(entry: Entry) -> Option<&'static str> {
    match (entry.name, entry.value.kind()) {
        ("if", Kind::Bool(true) | Kind::Null) => None,
        ("if", _) => Some("a step whose condition is not met is skipped"),
        ("each", _) => Some("a step for each of no values does not run"),
        ("backstage:permissions", Kind::Mapping(_)) => {
            Some("a step with tags is taken out for users who may not see the tags")
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Question<'q, 's, 't> {
    template: &'q Template<'s, 't>,
    step: Step<'t>,
}

impl<'t> Question<'_, '_, 't> {
    fn skippable(self, entry: Entry<'t>, why: &str) -> Diagnostic {
        let name = entry.name;
        let place = self.template.subject.place_of(entry.key);
        Diagnostic::error(
            SKIPPABLE,
            place,
            format!("`{name}` may leave the question to the policy out"),
        )
        .why(format!("{why}; {}", self.template.why()))
        .help(format!("remove `{name}`"))
        .pointer(self.step.pointer(name))
    }

    fn wrong_permission(self, input: Option<Node<'t>>, action: Entry<'t>) -> Option<Diagnostic> {
        let asked = input.and_then(|input| input.get("permission"));
        if asked.is_some_and(|asked| placeholder(asked.value).is_some()) {
            return None;
        }
        let text = asked.and_then(|asked| asked.value.as_text());
        let mut wanted = self.template.permissions();
        let Some(wanted) = wanted.find(|&wanted| text != Some(wanted)) else {
            return self.permission_of_the_form(asked?);
        };
        let Some(asked) = asked else {
            let place = self.template.subject.place(action);
            let message = format!("`{CHECK}` does not say that it asks for `{wanted}`");
            let diagnostic = Diagnostic::error(WRONG, place, message)
                .why(self.template.why())
                .help(format!("add `permission: {wanted}` to its `input`"))
                .pointer(self.step.pointer("action"));
            return Some(diagnostic);
        };
        let place = self.template.subject.place(asked);
        let message = match text {
            Some(text) if is_expression(text) => {
                format!("`{text}` may be another permission than `{wanted}`")
            }
            Some(text) => format!("the policy is asked for `{text}`, not for `{wanted}`"),
            None => format!("the permission is not the name `{wanted}`"),
        };
        let diagnostic = Diagnostic::error(WRONG, place.clone(), message)
            .why(self.template.why())
            .pointer(self.input_pointer("permission"));
        let help = format!("write `{wanted}`");
        Some(match text {
            Some(_) => diagnostic.help(help.clone()).fix(help, place, wanted),
            None => diagnostic.help(help),
        })
    }

    /// Where any permission will do, it still has to be written: as a name, or as it is declared.
    fn permission_of_the_form(self, asked: Entry<'t>) -> Option<Diagnostic> {
        let parts = asked.value.entries().into_iter().map(|part| part.value);
        let mut texts = parts.chain([asked.value]);
        let (node, text) = texts.find_map(|node| {
            let text = node.as_text().filter(|text| is_expression(text))?;
            Some((node, text))
        })?;
        let place = self.template.subject.place_of(node);
        let message =
            format!("`{text}` is a permission that is not known before the template runs");
        Some(
            Diagnostic::error(WRONG, place, message)
                .why("whoever fills in the form could have the policy asked for something harmless")
                .help("write the name of the permission")
                .pointer(self.input_pointer("permission")),
        )
    }

    /// What makes a no or a missing consent pass.
    fn leniency(self, entry: Entry<'t>, found: &mut Findings) {
        let fails = || entry.value.as_text() == Some("fail");
        let is_for_later = || {
            let mut rules = self.template.rules.iter();
            rules.all(|rule| rule.on_needs_approval == OnNeedsApproval::Output)
        };
        let (message, why, help) = match entry.name {
            "onDeny" if !fails() => (
                "the template may go on although the policy denies it",
                "a no must end the task before anything is done",
                "remove `onDeny`, or write `fail`",
            ),
            "onNeedsApproval" if !fails() && !is_for_later() => (
                "the template may go on although consent is missing",
                "steps that ask others for their consent may as well not wait for it",
                "remove `onNeedsApproval`, or write `fail`",
            ),
            "votes" => (
                "the template itself says who gave their consent",
                "before the first step votes can only come from the template or its form",
                "remove `votes`",
            ),
            _ => return,
        };
        let subject = self.template.subject;
        let place = match entry.value.kind() {
            Kind::Sequence(_) | Kind::Mapping(_) => subject.place_of(entry.key),
            _ => subject.place(entry),
        };
        found.push(
            Diagnostic::error(LENIENT, place, message)
                .why(why)
                .help(help)
                .pointer(self.input_pointer(entry.name)),
        );
    }

    fn input_pointer(self, name: &str) -> String {
        format!("{}/{name}", self.step.pointer("input"))
    }
}
