//! `metadata.name` is a name that Backstage accepts.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::syntax::{MAX_NAME, NAME_RULE, is_object_name, repair, utf16_len};
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let Some(entry) = subject.metadata("name") else {
        return;
    };
    let Some(name) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    if is_object_name(name) {
        return;
    }
    let length = utf16_len(name);
    let message = if length > MAX_NAME {
        format!("the name has {length} characters, {MAX_NAME} are the most")
    } else {
        format!("`{name}` is no valid name")
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let near = repair(name, allowed, is_object_name);
    let ends = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.');
    let trimmed = name.trim_matches(ends);
    let diagnostic = Diagnostic::error("catalog/invalid-name", subject.place(entry), message)
        .why(format!("a name is {NAME_RULE}"))
        .help(match near {
            _ if name.contains("{{") => {
                "render the template first, and check the result".to_owned()
            }
            _ if length > MAX_NAME => "choose a shorter name".to_owned(),
            Some(near) => format!("write for example `{near}`"),
            None => "write it like `my-service`".to_owned(),
        })
        .pointer("/metadata/name");
    found.push(if is_object_name(trimmed) {
        subject.rewrite(diagnostic, entry.value, trimmed)
    } else {
        diagnostic
    });
}
