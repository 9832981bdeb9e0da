//! The core of goldenpath: text and data in, data out.
//!
//! Pure by rule: no file, network, clock, randomness or global state. Parsing never stops at the
//! first problem; it returns what it understood and a list of [`Diagnostic`]s.

pub mod api;
pub mod catalog;
mod diagnostic;
pub mod explain;
pub mod fix;
mod form;
pub mod frame;
mod glob;
mod limits;
pub mod merge;
pub mod platform;
pub mod policy;
pub mod settings;
mod source;
mod suggest;
pub mod template;
pub mod verify;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod yaml;

pub use diagnostic::{Diagnostic, Fix, Related, Severity};
pub use limits::{LimitExceeded, Limits};
pub use source::{Place, Position, SourceText, Span};
