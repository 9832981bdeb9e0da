//! The owner is of the right kind, and exists.

use super::expectation::missing;
use super::pattern::Many;
use super::{Complaint, Findout, Need};
use crate::catalog::entity::Subject;
use crate::catalog::placeholder::placeholder;
use crate::catalog::reference::parse_ref;

/// Where an owner stands.
const OWNER: &str = "/spec/owner";

pub(super) fn check(subject: &Subject, kinds: &Many<String>, out: &mut Findout) {
    let Some((_, owner)) = subject.root.at(OWNER).filter(|(_, owner)| !owner.is_null()) else {
        out.complaints
            .push(missing(subject, OWNER, &example(kinds)));
        return;
    };
    if placeholder(owner).is_some() {
        out.is_unknown = true;
        return;
    }
    let Some(parsed) = owner.as_text().map(parse_ref) else {
        out.is_said_elsewhere = true;
        return;
    };
    let Ok(reference) = parsed else {
        out.is_said_elsewhere = true;
        return;
    };
    // as Backstage reads an owner
    let kind = reference.kind.unwrap_or("group");
    let complaint = |message, help| Complaint {
        place: subject.place_of(owner),
        pointer: OWNER.to_owned(),
        message,
        help,
    };
    if !kinds.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind)) {
        let message = format!("the owner is a {kind}, not a {}", shown(kinds));
        let help = format!("write {}", example(kinds));
        out.complaints.push(complaint(message, help));
        return;
    }
    let namespace = reference
        .namespace
        .or_else(|| subject.text("/metadata/namespace"));
    let namespace = namespace.unwrap_or("default");
    let full = format!("{kind}:{namespace}/{}", reference.name).to_lowercase();
    let message = format!("the owner `{full}` does not exist");
    let help = "name one that exists, or add it in the same change".to_owned();
    out.needs
        .push((Need::Entity(full), complaint(message, help)));
}

fn shown(kinds: &Many<String>) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.to_lowercase()).collect();
    kinds.join(" or ")
}

fn example(kinds: &Many<String>) -> String {
    let kinds: Vec<String> = kinds
        .iter()
        .map(|kind| format!("`{}:default/name`", kind.to_lowercase()))
        .collect();
    kinds.join(" or ")
}
