//! The golden paths as pure plans: data in; files, edits of shared files, checks and a price out.

pub mod cost;
pub mod edit;
mod prices;
mod quantity;
mod values;

pub use prices::PriceSheet;
