//! `metadata.tags` are lower-case words.

use std::collections::BTreeMap;

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::syntax::{is_tag, repair};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{Entry, Node, Style};

pub(super) const CODES: &[&str] = &["catalog/invalid-tag", "catalog/duplicate-tag"];

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let tags = subject.metadata("tags");
    duplicates(subject, tags, found);
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
            place,
            format!("`{tag}` is no valid tag"),
        )
        .why(
            "a tag is 1 to 63 lower-case letters, digits, `:`, `+` and `#`, \
             in words separated by one `-`",
        )
        .pointer(format!("/metadata/tags/{index}"));
        let lower = tag.trim().to_ascii_lowercase();
        let near = if is_tag(&lower) {
            Some(lower)
        } else {
            repair(&lower, allowed, is_tag)
        };
        found.push(match near {
            Some(near) if near.eq_ignore_ascii_case(tag.trim()) => {
                let diagnostic = diagnostic.help(format!("write `{near}`"));
                subject.rewrite(diagnostic, item, &near)
            }
            Some(near) => diagnostic.help(format!("write for example `{near}`")),
            None => diagnostic.help("write it like `java`"),
        });
    }
}

/// A tag that is there already.
fn duplicates<'t>(subject: &Subject<'t>, tags: Option<Entry<'t>>, found: &mut Findings) {
    let Some(list) = tags.map(|tags| tags.value) else {
        return;
    };
    let mut first: BTreeMap<&str, Node> = BTreeMap::new();
    let mut before: Option<Node> = None;
    for (index, item) in list.items().into_iter().enumerate() {
        // One that is invalid is spoken of as that.
        if let Some(tag) = item.as_text().filter(|tag| is_tag(tag)) {
            if let Some(other) = first.get(tag) {
                let message = format!("the tag `{tag}` is there twice");
                let diagnostic =
                    Diagnostic::warning("catalog/duplicate-tag", subject.place_of(item), message)
                        .why("the page of the entity shows both")
                        .help("remove one of the two")
                        .related("the first", subject.place_of(*other))
                        .pointer(format!("/metadata/tags/{index}"));
                found.push(remove(subject, diagnostic, list, before, item));
            } else {
                first.insert(tag, item);
            }
        }
        before = Some(item);
    }
}

fn remove<'t>(
    subject: &Subject<'t>,
    diagnostic: Diagnostic,
    list: Node<'t>,
    before: Option<Node<'t>>,
    item: Node<'t>,
) -> Diagnostic {
    let title = "remove the second";
    if list.style() == Style::Block {
        return subject.remove(diagnostic, "the second", item.span());
    }
    let Some(before) = before else {
        return diagnostic;
    };
    let (end, start) = (before.span().end, item.span().start);
    let between = subject.source.slice(Span::new(end, start));
    // Nothing but the comma: no comment, and no anchor.
    if between.trim() != "," {
        return diagnostic;
    }
    let span = Span::new(end, item.span().end);
    diagnostic.fix(title, subject.source.place(span), "")
}
