//! Price sheets of `OpenCost` (`configs/default.json`): what an hour of each resource costs.

use std::collections::BTreeMap;

use super::quantity;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::source::SourceText;
use crate::yaml::{self, Kind};

/// The prices of one hour: of a core, of a GiB of memory or disk, of a card, of a load balancer.
#[derive(Debug, Clone)]
pub struct PriceSheet {
    /// What it is called in messages.
    pub name: String,
    /// ISO 4217, as `USD`.
    pub currency: String,
    rates: BTreeMap<String, f64>,
}

impl PriceSheet {
    /// `OpenCost`'s own prices, for who has no others.
    #[must_use]
    pub fn opencost() -> Self {
        const NAME: &str = "OpenCost's default prices";
        let sheet = include_bytes!("schemas/opencost-default.json");
        // without prices everything would be refused, which a test would see
        Self::read(NAME, sheet).unwrap_or_else(|_| Self::empty(NAME))
    }

    /// Reads a sheet: an object of prices, as texts or numbers. An empty price is none; keys that are
    /// not needed may hold anything, as in `OpenCost`'s own files.
    pub fn read(name: &str, content: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let source = SourceText::from_bytes(name, content, &Limits::default())
            .map_err(|diagnostic| vec![*diagnostic])?;
        let mut stream = yaml::parse(&source, &Limits::default());
        let mut found = std::mem::take(&mut stream.diagnostics);
        for document in &mut stream.documents {
            found.append(&mut document.diagnostics);
        }
        let mut sheet = Self::empty(name);
        let root = stream.documents.first().map(yaml::Document::root);
        if !root.is_some_and(yaml::Node::is_mapping) && found.is_empty() {
            let place = source.place(root.map(yaml::Node::span).unwrap_or_default());
            found.push(
                Diagnostic::error("cost/not-a-price-sheet", place, "it is no price sheet")
                    .help("write an object such as `{\"CPU\": \"0.031611\"}`, as OpenCost's `default.json` is"),
            );
        }
        for entry in root.into_iter().flat_map(yaml::Node::entries) {
            match (entry.name, entry.value.kind()) {
                ("currencyCode", Kind::Text(code)) if !code.is_empty() => {
                    code.clone_into(&mut sheet.currency);
                }
                (key, _) if !is_rate(key) => {}
                (_, Kind::Text("") | Kind::Null) => {}
                (key, kind) => {
                    let rate = match kind {
                        Kind::Number(number) => Some(number),
                        Kind::Text(text) => text.trim().parse().ok(),
                        _ => None,
                    };
                    match rate.filter(|rate: &f64| quantity::is_countable(*rate)) {
                        Some(rate) => {
                            sheet.rates.insert(key.to_owned(), rate);
                        }
                        None => found.push(
                            Diagnostic::error(
                                "cost/bad-price",
                                source.place(entry.span()),
                                format!("`{key}` is no price"),
                            )
                            .why("a price that cannot be read would make things look free")
                            .help("write the price of an hour, such as \"0.031611\""),
                        ),
                    }
                }
            }
        }
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        Ok(sheet)
    }

    fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            currency: "USD".to_owned(),
            rates: BTreeMap::new(),
        }
    }

    /// The price of an hour by its name in `OpenCost`'s sheets.
    pub(super) fn rate(&self, key: &str) -> Option<f64> {
        self.rates.get(key).copied()
    }
}

fn is_rate(key: &str) -> bool {
    super::cost::RATES.contains(&key)
}
