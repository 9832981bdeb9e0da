//! What a value must be like.

use serde::Deserialize;

use super::path::FieldPath;
use super::pattern::{Many, Pattern};
use super::{Complaint, Findout};
use crate::catalog::entity::Subject;
use crate::catalog::placeholder::placeholder;
use crate::catalog::pointer;
use crate::yaml::{Kind, Node, js_number};

/// `true` is any value, `false` none; else a pattern or several, of which one must match.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Expectation {
    /// Whether there must be one at all.
    There(bool),
    /// What it must be like.
    Like(Many<Choice>),
}

/// One thing that a value may be.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Choice {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text that is like that.
    Text(Pattern),
}

impl Expectation {
    /// Whether nothing may be there.
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::There(false))
    }

    /// Whether a value is like that; of a list, every item.
    pub(super) fn accepts(&self, value: Node) -> bool {
        match self {
            Self::There(wanted) => *wanted != is_empty(value),
            Self::Like(choices) => match value.kind() {
                Kind::Sequence(items) => {
                    !items.is_empty() && items.into_iter().all(|item| accepts_one(choices, item))
                }
                _ => accepts_one(choices, value),
            },
        }
    }

    /// What to write.
    pub(super) fn advice(&self) -> String {
        let Self::Like(choices) = self else {
            return "a value".to_owned();
        };
        let shown: Vec<String> = choices.iter().map(Choice::shown).collect();
        shown.join(" or ")
    }

    /// Complains of a field that is not there or is not like that.
    pub(super) fn check_required(&self, subject: &Subject, path: &FieldPath, out: &mut Findout) {
        let pointer = path.pointer();
        match subject.root.at(pointer) {
            Some((_, value)) if !is_empty(value) => self.check_value(subject, pointer, value, out),
            _ if self.is_none() => {}
            _ => out
                .complaints
                .push(missing(subject, pointer, &self.advice())),
        }
    }

    /// Complains of a field that is there, but not like that.
    pub(super) fn check_allowed(&self, subject: &Subject, path: &FieldPath, out: &mut Findout) {
        let pointer = path.pointer();
        if let Some((_, value)) = subject
            .root
            .at(pointer)
            .filter(|(_, value)| !is_empty(*value))
        {
            self.check_value(subject, pointer, value, out);
        }
    }

    pub(super) fn check_value(
        &self,
        subject: &Subject,
        pointer: &str,
        value: Node,
        out: &mut Findout,
    ) {
        if placeholder(value).is_some() {
            out.is_unknown = true;
            return;
        }
        if self.accepts(value) {
            return;
        }
        if let (Self::Like(_), Kind::Sequence(items)) = (self, value.kind())
            && !items.is_empty()
        {
            for (index, item) in items.into_iter().enumerate() {
                self.check_value(subject, &format!("{pointer}/{index}"), item, out);
            }
            return;
        }
        let shown = subject.shown(pointer);
        let place = subject.place_of(value);
        let (message, help) = if self.is_none() {
            (
                format!("`{shown}` may not be there"),
                "remove it".to_owned(),
            )
        } else {
            let what = match value.kind() {
                Kind::Text(text) => format!("`{shown}` may not be `{text}`"),
                Kind::Number(number) => format!("`{shown}` may not be `{}`", js_number(number)),
                Kind::Bool(value) => format!("`{shown}` may not be `{value}`"),
                _ => format!("`{shown}` may not be that"),
            };
            (what, format!("write {}", self.advice()))
        };
        out.complaints.push(Complaint {
            place,
            pointer: pointer.to_owned(),
            message,
            help,
        });
    }
}

impl Choice {
    fn shown(&self) -> String {
        match self {
            Self::Bool(value) => format!("`{value}`"),
            Self::Number(number) => format!("`{}`", js_number(*number)),
            Self::Text(pattern) => match pattern.literal() {
                Some(text) => format!("`{text}`"),
                None => format!("what matches `{pattern}`"),
            },
        }
    }
}

/// A field that should be there, placed at the nearest that is.
pub(super) fn missing(subject: &Subject, pointer: &str, advice: &str) -> Complaint {
    let shown = subject.shown(pointer);
    anchored(
        subject,
        pointer,
        format!("`{shown}` is missing"),
        format!("write {advice} there"),
    )
}

/// A complaint of what is not there, placed at the nearest that is.
pub(super) fn anchored(
    subject: &Subject,
    pointer: &str,
    message: String,
    help: String,
) -> Complaint {
    let mut at = pointer;
    let place = loop {
        match subject.root.at(at) {
            Some((Some(key), _)) => break subject.place_of(key),
            Some((None, value)) if !at.is_empty() => break subject.place_of(value),
            _ => {}
        }
        match at.rsplit_once('/') {
            Some((parent, _)) if !parent.is_empty() => at = parent,
            _ => {
                let first = subject.root.entries().into_iter().next();
                break subject.place_of(first.map_or(subject.root, |entry| entry.key));
            }
        }
    };
    Complaint {
        place,
        pointer: pointer.to_owned(),
        message,
        help,
    }
}

/// The pointer to a property below `metadata`.
pub(super) fn metadata(field: &str, name: &str) -> String {
    pointer::join(&format!("/metadata/{field}"), name)
}

fn accepts_one(choices: &Many<Choice>, value: Node) -> bool {
    choices.iter().any(|choice| match (choice, value.kind()) {
        (Choice::Bool(wanted), Kind::Bool(value)) => *wanted == value,
        #[allow(clippy::float_cmp, reason = "the same number is meant")]
        (Choice::Number(wanted), Kind::Number(value)) => *wanted == value,
        (Choice::Number(wanted), Kind::Text(text)) => js_number(*wanted) == text,
        (Choice::Text(pattern), Kind::Text(text)) => pattern.matches(text),
        _ => false,
    })
}

/// Whether a value is as good as none.
pub(super) fn is_empty(value: Node) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::Text(text) => text.trim().is_empty(),
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
        Kind::Bool(_) | Kind::Number(_) => false,
    }
}
