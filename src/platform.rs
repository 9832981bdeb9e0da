//! The golden paths as pure plans: data in; files, edits of shared files, checks and a price out.

pub mod cost;
pub mod edit;
pub mod environment;
mod names;
mod namespace;
pub mod person;
mod prices;
mod quantity;
mod values;
mod write;

pub use prices::PriceSheet;
