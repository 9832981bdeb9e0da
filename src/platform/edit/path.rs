//! Where an edit is made.

use crate::limits::Limits;

/// A path into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(pub Vec<Segment>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// A key, or the index of an item.
    Key(String),
    /// The item of a list with that member.
    Item { member: String, value: String },
}

impl Path {
    /// Reads a JSON pointer, which leads no deeper than a file may be; a `=` that belongs to a key is
    /// written `~2`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        let unescape = |part: &str| {
            part.replace("~2", "=")
                .replace("~1", "/")
                .replace("~0", "~")
        };
        let segments = text.strip_prefix('/')?.split('/').map(|part| {
            if part.is_empty() {
                return None;
            }
            Some(match part.split_once('=') {
                Some((member, value)) if !member.is_empty() => Segment::Item {
                    member: unescape(member),
                    value: unescape(value),
                },
                _ => Segment::Key(unescape(part)),
            })
        });
        let segments: Vec<Segment> = segments.collect::<Option<_>>()?;
        (segments.len() <= Limits::default().depth).then_some(Self(segments))
    }
}

impl Segment {
    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Key(key) => key.clone(),
            Self::Item { member, value } => format!("{member}={value}"),
        }
    }
}
