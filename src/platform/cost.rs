//! What resources cost for a time: `OpenCost`'s model, amount × duration × price of an hour.
//!
//! A resource without a known price is refused: a price that is missing must never look like a low one.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::namespace::Allowance;
use super::prices::PriceSheet;
use super::quantity;
use super::values::{Form, Values};
use crate::catalog::schema::Schema;
use crate::diagnostic::Diagnostic;

static FORM: Form = LazyLock::new(|| Schema::compile(include_str!("schemas/cost.json")));

/// The prices that are used, by their names in `OpenCost`'s sheets.
pub(super) const RATES: [&str; 7] = [
    "CPU",
    "spotCPU",
    "RAM",
    "spotRAM",
    "GPU",
    "storage",
    "defaultLBPrice",
];

/// What a price is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    hours: Amount,
    resources: Vec<Resource>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Resource {
    name: Option<String>,
    #[serde(default)]
    cpu: Amount,
    #[serde(default)]
    memory: Amount,
    #[serde(default)]
    storage: Amount,
    #[serde(default)]
    gpu: Amount,
    #[serde(default)]
    load_balancers: Amount,
    replicas: Option<u32>,
    #[serde(default)]
    spot: bool,
}

/// A number in the usual unit, or a text with a unit of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Amount {
    Number(f64),
    Text(String),
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// ISO 4217.
    pub currency: String,
    /// Whose prices.
    pub prices: String,
    /// How long.
    pub hours: f64,
    /// All of it.
    pub total: f64,
    /// One hour of it.
    pub per_hour: f64,
    /// What it is made of.
    pub lines: Vec<Line>,
}

/// One item of an estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The resource's name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What of it.
    pub item: &'static str,
    /// How much, of all replicas.
    pub amount: f64,
    /// Of what: a core, a GiB, a card.
    pub unit: &'static str,
    /// The price of one for an hour.
    pub rate: f64,
    /// Amount × hours × rate.
    pub cost: f64,
}

/// The price of what a file of values lists.
pub fn estimate(
    name: &str,
    content: &[u8],
    prices: &PriceSheet,
) -> Result<Estimate, Vec<Diagnostic>> {
    let (values, request): (Values, Request) = Values::read(name, content, &FORM)?;
    let mut found = Vec::new();
    let hours = request.hours.read(quantity::hours).unwrap_or_else(|| {
        let message = "`hours` is no duration";
        found.push(
            Diagnostic::error("plan/wrong-value", values.place("/hours"), message)
                .help("write hours, or a duration such as `7d`"),
        );
        0.0
    });
    match price(&request.resources, hours, prices, &values, str::to_owned) {
        Ok(estimate) if found.is_empty() => return Ok(estimate),
        Ok(_) => {}
        Err(more) => found.extend(more),
    }
    Err(found)
}

/// The price of resources; `pointer_of` says where in the values an item was asked for, which is where
/// it is told that it has none.
pub(super) fn price(
    resources: &[Resource],
    hours: f64,
    prices: &PriceSheet,
    values: &Values,
    pointer_of: impl Fn(&str) -> String,
) -> Result<Estimate, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        for item in resource.items() {
            let pointer = pointer_of(&format!("/resources/{index}/{}", item.field));
            let Some(amount) = item.amount else {
                let message = format!("`{}` is no amount", item.field);
                found.push(
                    Diagnostic::error("plan/wrong-value", values.place(&pointer), message)
                        .help(format!("write a number of {}s", item.unit)),
                );
                continue;
            };
            if amount <= 0.0 {
                continue;
            }
            match prices.rate(item.price) {
                Some(rate) => lines.push(Line {
                    resource: resource.name.clone(),
                    item: item.field,
                    amount,
                    unit: item.unit,
                    rate,
                    cost: amount * hours * rate,
                }),
                None => found.push(
                    Diagnostic::error(
                        "cost/unknown-price",
                        values.place(&pointer),
                        format!("`{}` has no price", item.field),
                    )
                    .why(format!("there is no `{}` in {}", item.price, prices.name))
                    .help(format!(
                        "add `\"{}\"`, the price of one {} for an hour, to the price sheet",
                        item.price, item.unit
                    ))
                    .pointer(pointer),
                ),
            }
        }
    }
    if !found.is_empty() {
        return Err(found);
    }
    let per_hour = lines.iter().map(|line| line.amount * line.rate).sum();
    Ok(Estimate {
        currency: prices.currency.clone(),
        prices: prices.name.clone(),
        hours,
        total: lines.iter().map(|line| line.cost).sum(),
        per_hour,
        lines,
    })
}

/// A part of a resource with the name of its price.
struct Item {
    field: &'static str,
    amount: Option<f64>,
    unit: &'static str,
    price: &'static str,
}

impl Resource {
    /// One replica that may use that much.
    pub(super) fn of(name: &str, allowance: Allowance) -> Self {
        Self {
            name: Some(name.to_owned()),
            cpu: Amount::Text(allowance.cpu()),
            memory: Amount::Text(allowance.memory()),
            ..Self::default()
        }
    }

    fn items(&self) -> [Item; 5] {
        let replicas = f64::from(self.replicas.unwrap_or(1));
        let each = |amount: Option<f64>| Some(amount? * replicas);
        let (cpu, ram) = if self.spot {
            ("spotCPU", "spotRAM")
        } else {
            ("CPU", "RAM")
        };
        let item = |field, amount, unit, price| Item {
            field,
            amount,
            unit,
            price,
        };
        [
            item("cpu", each(self.cpu.read(quantity::cores)), "core", cpu),
            item(
                "memory",
                each(self.memory.read(quantity::gibibytes)),
                "GiB",
                ram,
            ),
            item(
                "storage",
                each(self.storage.read(quantity::gibibytes)),
                "GiB",
                "storage",
            ),
            item("gpu", each(self.gpu.read(quantity::cores)), "card", "GPU"),
            item(
                "loadBalancers",
                self.load_balancers.read(quantity::cores),
                "load balancer",
                "defaultLBPrice",
            ),
        ]
    }
}

impl Amount {
    fn read(&self, read: fn(&str) -> Option<f64>) -> Option<f64> {
        let number = match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => read(text),
        };
        number.filter(|number| quantity::is_countable(*number))
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::Number(0.0)
    }
}
