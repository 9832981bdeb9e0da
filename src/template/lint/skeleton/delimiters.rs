//! The delimiters of a skeleton, as the step that renders it says them.

use super::super::Linter;
use super::super::model::Step;
use crate::diagnostic::Diagnostic;
use crate::template::syntax::{Tags, check};
use crate::yaml::Node;

/// The step's `tags`; wrong ones are reported, and the usual ones are taken. Unknown names and values that
/// are no text are found with the other inputs.
pub(super) fn read(linter: &mut Linter<'_>, step: &Step<'_>, cookiecutter: bool) -> Tags {
    let Some(node) = step.input("tags") else {
        return Tags::default();
    };
    let text = |name: &str| {
        let entry = node.get(name)?;
        entry.value.as_text().map(str::to_owned)
    };
    let tags = Tags {
        block_start: text("blockStart"),
        block_end: text("blockEnd"),
        variable_start: text("variableStart"),
        variable_end: text("variableEnd"),
        comment_start: text("commentStart"),
        comment_end: text("commentEnd"),
    };
    let Err(message) = check(&tags, cookiecutter) else {
        return tags;
    };
    let place = linter.source.place(Node::span(node));
    linter.diagnostics.push(
        Diagnostic::error("template/bad-delimiters", place, message)
            .why("the step refuses to render with them"),
    );
    Tags::default()
}
