//! `metadata.tags` are lower-case words.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::syntax::{is_tag, repair};
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let tags = subject.metadata("tags");
    let items = tags.into_iter().flat_map(|tags| tags.value.items());
    for (index, item) in items.into_iter().enumerate() {
        let Some(tag) = item.as_text().filter(|tag| !tag.is_empty() && !is_tag(tag)) else {
            continue;
        };
        let place = subject.place_of(item);
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, ':' | '+' | '#');
        let diagnostic = Diagnostic::error(
            "catalog/invalid-tag",
            place.clone(),
            format!("`{tag}` is no valid tag"),
        )
        .why(
            "a tag is 1 to 63 lower-case letters, digits, `:`, `+` and `#`, \
             in words separated by one `-`",
        )
        .pointer(format!("/metadata/tags/{index}"));
        let near = repair(&tag.to_ascii_lowercase(), allowed, is_tag);
        found.push(match near {
            Some(near) if near.eq_ignore_ascii_case(tag) => diagnostic
                .help(format!("write `{near}`"))
                .fix(format!("write `{near}`"), place, near),
            Some(near) => diagnostic.help(format!("write for example `{near}`")),
            None => diagnostic.help("write it like `java`"),
        });
    }
}
