//! YAML with places: text in, a tree whose every key and value knows its bytes out.
//!
//! Scalars, tags, duplicate keys and the alias budget follow npm `yaml` 2.9 with its core schema and
//! without merge keys, because that is what Backstage reads descriptors with. Where npm `yaml` stops
//! at a document's first error, this reads on with the next document.

mod alias;
mod arena;
mod build;
mod document;
mod fast;
mod graft;
mod indent;
mod instance;
mod json;
mod key;
mod mapping;
mod number;
mod problem;
mod scalar;
mod write;

pub use build::{Stream, parse};
pub use document::{Document, Entries, Entry, Kind, Node, Style};
pub use graft::NodeId;
pub use instance::SpannedYaml;
pub use number::{js_number, js_string};
pub use problem::CODES;
pub use write::write;

#[cfg(test)]
pub(crate) use fast::tests::corpus;
