//! What a rule may ask for.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::expectation::{Expectation, anchored, is_empty, metadata, missing};
use super::path::FieldPath;
use super::pattern::{Many, Pattern};
use super::services::Keys;
use super::{Complaint, Findout, ownership, services, techdocs};
use crate::catalog::entity::Subject;
use crate::catalog::placeholder::placeholder;
use crate::glob;
use crate::yaml::{Kind, Node};

/// All must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Requirements {
    /// Annotations by key or a glob of keys.
    pub annotations: BTreeMap<String, Expectation>,
    /// Labels by key or a glob of keys.
    pub labels: BTreeMap<String, Expectation>,
    /// Tags: each must be there, or one of several.
    pub tags: Vec<Many<Pattern>>,
    /// Links: each must be there.
    pub links: Vec<WantedLink>,
    /// Fields by their path.
    pub fields: BTreeMap<FieldPath, Expectation>,
    /// The kinds of which the owner must be.
    pub owner: Option<Many<String>>,
    /// That there is documentation.
    pub techdocs: bool,
    /// That somebody can be called.
    pub on_call: Option<Keys>,
    /// That it is said how good the service must be.
    pub slo: Option<Keys>,
    /// That it is said what to do when it breaks.
    pub runbook: Option<Keys>,
}

/// A link: of each that is given, one pattern must match.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WantedLink {
    url: Option<Many<Pattern>>,
    title: Option<Many<Pattern>>,
    icon: Option<Many<Pattern>>,
    #[serde(rename = "type")]
    link_type: Option<Many<Pattern>>,
}

impl Requirements {
    pub(super) fn check(&self, subject: &Subject, out: &mut Findout) {
        keyed(subject, "annotations", &self.annotations, out);
        keyed(subject, "labels", &self.labels, out);
        for tag in &self.tags {
            check_tag(subject, tag, out);
        }
        for link in &self.links {
            check_link(subject, link, out);
        }
        for (path, expectation) in &self.fields {
            expectation.check_required(subject, path, out);
        }
        if let Some(kinds) = &self.owner {
            ownership::check(subject, kinds, out);
        }
        if self.techdocs {
            techdocs::check(subject, out);
        }
        let services = [
            (&services::ON_CALL, &self.on_call),
            (&services::SLO, &self.slo),
            (&services::RUNBOOK, &self.runbook),
        ];
        for (service, keys) in services {
            if let Some(keys) = keys {
                service.check(subject, keys, out);
            }
        }
    }
}

fn keyed(
    subject: &Subject,
    field: &str,
    wanted: &BTreeMap<String, Expectation>,
    out: &mut Findout,
) {
    let map = match usable(subject, field, Node::is_mapping, out) {
        Ok(map) => map,
        Err(Unusable) => return,
    };
    for (key, expectation) in wanted {
        let entries = map.into_iter().flat_map(Node::entries);
        let entries = entries.filter(|entry| glob::matches(key, entry.name));
        let entries: Vec<_> = entries.filter(|entry| !is_empty(entry.value)).collect();
        if expectation.is_none() {
            for entry in entries {
                let pointer = metadata(field, entry.name);
                expectation.check_value(subject, &pointer, entry.value, out);
            }
        } else if let Some(first) = entries.first() {
            if !entries.iter().any(|entry| expectation.accepts(entry.value)) {
                let pointer = metadata(field, first.name);
                expectation.check_value(subject, &pointer, first.value, out);
            }
        } else {
            let pointer = metadata(field, key);
            out.complaints
                .push(missing(subject, &pointer, &expectation.advice()));
        }
    }
}

fn check_tag(subject: &Subject, wanted: &Many<Pattern>, out: &mut Findout) {
    let is_list = |node: Node| matches!(node.kind(), Kind::Sequence(_));
    let Ok(tags) = usable(subject, "tags", is_list, out) else {
        return;
    };
    let mut tags = tags.into_iter().flat_map(Node::items);
    let is_wanted = |tag: Node| {
        tag.as_text()
            .is_some_and(|tag| wanted.iter().any(|one| one.matches(tag)))
    };
    if !tags.any(is_wanted) {
        out.complaints.push(anchored(
            subject,
            "/metadata/tags",
            format!("no tag is {}", wanted.shown()),
            "add one to `metadata.tags`".to_owned(),
        ));
    }
}

fn check_link(subject: &Subject, wanted: &WantedLink, out: &mut Findout) {
    let is_list = |node: Node| matches!(node.kind(), Kind::Sequence(_));
    let Ok(links) = usable(subject, "links", is_list, out) else {
        return;
    };
    let mut links = links.into_iter().flat_map(Node::items);
    if !links.any(|link| wanted.is(link)) {
        out.complaints.push(wanted.missing(subject));
    }
}

impl WantedLink {
    fn parts(&self) -> [(&'static str, Option<&Many<Pattern>>); 4] {
        [
            ("type", self.link_type.as_ref()),
            ("title", self.title.as_ref()),
            ("icon", self.icon.as_ref()),
            ("url", self.url.as_ref()),
        ]
    }

    fn is(&self, link: Node) -> bool {
        self.parts().into_iter().all(|(field, patterns)| {
            let Some(patterns) = patterns else {
                return true;
            };
            let text = link.get(field).and_then(|entry| entry.value.as_text());
            text.is_some_and(|text| patterns.iter().any(|one| one.matches_any_case(text)))
        })
    }

    fn missing(&self, subject: &Subject) -> Complaint {
        let parts = self.parts().into_iter();
        let parts = parts
            .filter_map(|(field, patterns)| Some(format!("the {field} {}", patterns?.shown())));
        let parts: Vec<String> = parts.collect();
        anchored(
            subject,
            "/metadata/links",
            format!("no link has {}", parts.join(" and ")),
            "add one to `metadata.links`".to_owned(),
        )
    }
}

/// Nothing can be said of a value of another type, or of one that is written elsewhere.
pub(super) struct Unusable;

/// A property of `metadata`, if it is there.
pub(super) fn usable<'t>(
    subject: &Subject<'t>,
    field: &str,
    is_usable: impl Fn(Node<'t>) -> bool,
    out: &mut Findout,
) -> Result<Option<Node<'t>>, Unusable> {
    let Some(entry) = subject.metadata(field) else {
        return Ok(None);
    };
    if placeholder(entry.value).is_some() {
        out.is_unknown = true;
        Err(Unusable)
    } else if is_usable(entry.value) {
        Ok(Some(entry.value))
    } else {
        out.is_said_elsewhere = true;
        Err(Unusable)
    }
}
