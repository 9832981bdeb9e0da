//! `catalog.plugins`: plugins that the table of annotations has.

use crate::catalog::annotations::{nearest_plugin, plugin, plugins};
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_PROBLEMS;
use crate::source::SourceText;
use crate::yaml::Node;

pub(super) fn check(source: &SourceText, root: Node, found: &mut Vec<Diagnostic>) {
    let Some((_, list)) = root.at("/catalog/plugins") else {
        return;
    };
    for (index, item) in list.items().into_iter().take(MAX_PROBLEMS).enumerate() {
        let Some(id) = item.as_text().filter(|id| plugin(id).is_none()) else {
            continue;
        };
        let message = format!("no plugin is known as `{id}`");
        found.push(
            Diagnostic::error(
                "settings/unknown-plugin",
                source.place(item.span()),
                message,
            )
            .help(if let Some(near) = nearest_plugin(id) {
                format!("did you mean `{near}`?")
            } else {
                let ids: Vec<&str> = plugins().map(|plugin| plugin.id).collect();
                format!("write one of `{}`", ids.join("`, `"))
            })
            .pointer(format!("/catalog/plugins/{index}")),
        );
    }
}
