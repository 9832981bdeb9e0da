//! `metadata.links` lead to absolute URLs and have texts that can be seen.

use super::super::entity::Subject;
use super::super::findings::Findings;
use super::super::url::is_absolute;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject, found: &mut Findings) {
    let links = subject.metadata("links");
    let items = links.into_iter().flat_map(|links| links.value.items());
    for (index, link) in items.into_iter().enumerate() {
        let text = |name| {
            let entry = link.get(name)?;
            let text = entry.value.as_text().filter(|text| !text.is_empty())?;
            Some((entry, text))
        };
        if let Some((entry, url)) = text("url").filter(|(_, url)| !is_absolute(url)) {
            found.push(
                Diagnostic::error(
                    "catalog/invalid-link",
                    subject.place(entry),
                    format!("`{url}` is no absolute URL"),
                )
                .why("on a page of Backstage a relative address would mean the page's own site")
                .help("write it like `https://example.com/dashboard`")
                .pointer(format!("/metadata/links/{index}/url")),
            );
        }
        for name in ["title", "icon"] {
            if let Some((entry, _)) = text(name).filter(|(_, text)| text.trim().is_empty()) {
                found.push(
                    Diagnostic::error(
                        "catalog/invalid-link",
                        subject.place(entry),
                        format!("the {name} of the link is blank"),
                    )
                    .why("Backstage refuses texts of nothing but space here")
                    .help(format!("write the {name}, or remove the field"))
                    .pointer(format!("/metadata/links/{index}/{name}")),
                );
            }
        }
    }
}
