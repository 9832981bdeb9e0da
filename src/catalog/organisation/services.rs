//! Requirements that most organisations have, by the keys that their tools read.

use serde::Deserialize;

use super::Findout;
use super::expectation::{anchored, is_empty};
use super::pattern::Many;
use super::requirements::usable;
use crate::catalog::entity::Subject;
use crate::glob;
use crate::yaml::{Kind, Node};

/// `true` for the usual annotations, or an organisation's own; a `*` stands for any run of characters.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Keys {
    /// Whether it is asked for at all.
    Usual(bool),
    /// The annotations, of which one must be there.
    Own(Many<String>),
}

/// One such requirement: an annotation, or a link of that type or with that word in its title.
pub(super) struct Service {
    what: &'static str,
    annotations: &'static [&'static str],
    link_types: &'static [&'static str],
    words: &'static [&'static str],
}

/// Somebody can be called: an annotation of `PagerDuty`, Opsgenie, Splunk On-Call or iLert.
pub(super) const ON_CALL: Service = Service {
    what: "whom to call",
    annotations: &[
        "pagerduty.com/service-id",
        "pagerduty.com/integration-key",
        "opsgenie.com/component-selector",
        "opsgenie.com/team",
        "splunk.com/on-call-team",
        "splunk.com/on-call-routing-key",
        "ilert.com/integration-key",
    ],
    link_types: &["on-call"],
    words: &["on-call", "on call", "oncall"],
};

/// How good the service must be.
pub(super) const SLO: Service = Service {
    what: "what the service level is",
    annotations: &[],
    link_types: &["slo"],
    words: &["slo", "slos", "service level"],
};

/// What to do when it breaks.
pub(super) const RUNBOOK: Service = Service {
    what: "what to do when it breaks",
    annotations: &[],
    link_types: &["runbook"],
    words: &["runbook", "runbooks", "playbook"],
};

impl Service {
    pub(super) fn check(&self, subject: &Subject, keys: &Keys, out: &mut Findout) {
        let own: Vec<&str>;
        let annotations: &[&str] = match keys {
            Keys::Usual(false) => return,
            Keys::Usual(true) => self.annotations,
            Keys::Own(keys) => {
                own = keys.iter().map(String::as_str).collect();
                &own
            }
        };
        let Ok(map) = usable(subject, "annotations", Node::is_mapping, out) else {
            return;
        };
        let mut entries = map.into_iter().flat_map(Node::entries);
        let is_annotated = entries.any(|entry| {
            !is_empty(entry.value) && annotations.iter().any(|key| glob::matches(key, entry.name))
        });
        let is_list = |node: Node| matches!(node.kind(), Kind::Sequence(_));
        if is_annotated {
            return;
        }
        let Ok(links) = usable(subject, "links", is_list, out) else {
            return;
        };
        let mut links = links.into_iter().flat_map(Node::items);
        if links.any(|link| self.is_about(link)) {
            return;
        }
        let link = self.link_types.first().copied().unwrap_or_default();
        let link = format!("a link of the type `{link}`");
        let help = match annotations {
            [] => format!("add {link} to `metadata.links`"),
            keys => format!(
                "add {link}, or one of the annotations `{}`",
                keys.join("`, `")
            ),
        };
        let message = format!("nothing says {}", self.what);
        out.complaints
            .push(anchored(subject, "/metadata/links", message, help));
    }

    fn is_about(&self, link: Node) -> bool {
        let text = |field| {
            let text = link.get(field).and_then(|entry| entry.value.as_text());
            text.unwrap_or_default().to_lowercase()
        };
        self.link_types.contains(&text("type").as_str())
            || self.words.iter().any(|word| has_word(&text("title"), word))
    }
}

/// Whether a word stands by itself in a text.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.strip_prefix(word).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}
