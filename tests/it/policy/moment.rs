//! What random policies say of the moment of a request, and whether it is so: yes, no, or unknown.

use serde_json::{Value, json};

use super::generated::Random;

/// A condition on the moment.
pub enum MomentWhen {
    /// Working hours, or the rest of the week.
    Time { outside: bool, zone: &'static str },
    /// A fact of the host.
    Context(Option<&'static str>),
}

/// How a role is given.
#[derive(Clone, Copy)]
pub enum Term {
    /// Until the end of 2026.
    Until,
    /// In an emergency of at most four hours.
    BreakGlass,
    /// Both.
    Both,
}

/// What a request says of its moment.
pub struct Moment {
    /// Within working hours in Berlin or not; 2026 or 2027.
    now: Option<(bool, bool)>,
    knows_zones: bool,
    tier: Option<&'static str>,
    /// Whether there is an emergency, and whether it is over.
    emergency: Option<bool>,
}

impl MomentWhen {
    pub fn new(random: &mut Random) -> Self {
        if random.below(2) == 0 {
            return Self::Context(random.pick(&[None, Some("prod"), Some("dev")]));
        }
        Self::Time {
            outside: random.below(2) == 0,
            zone: random.pick(&["Europe/Berlin", "+01:00"]),
        }
    }

    pub fn json(&self) -> Value {
        match self {
            Self::Time { outside, zone } => {
                let relation = if *outside { "outside" } else { "within" };
                json!({ "time": { relation: format!("Mon-Fri 08:00-18:00 {zone}") } })
            }
            Self::Context(None) => json!({ "context": "input.tier" }),
            Self::Context(Some(tier)) => json!({ "context": { "input.tier": tier } }),
        }
    }
}

impl Term {
    /// What a binding says of it.
    pub fn yaml(self) -> &'static str {
        match self {
            Self::Until => "until: 2026-12-31T23:59:59Z",
            Self::BreakGlass => "breakGlass: { maxDuration: 4h }",
            Self::Both => "until: 2026-12-31T23:59:59Z, breakGlass: { maxDuration: 4h }",
        }
    }
}

impl Moment {
    pub fn new(random: &mut Random) -> Self {
        let now = (random.below(2) == 0, random.below(2) == 0);
        Self {
            now: (random.below(3) > 0).then_some(now),
            knows_zones: random.below(2) == 0,
            tier: random.pick(&[None, Some("prod"), Some("dev")]),
            emergency: random.pick(&[None, Some(true), Some(false)]),
        }
    }

    /// Adds it to a request.
    pub fn put(&self, request: &mut Value) {
        let mut context = json!({ "input": { "name": "shop" } });
        if let Some(tier) = self.tier {
            context["input"]["tier"] = json!(tier);
        }
        // Tuesdays
        let (day, hour) = match self.now {
            Some((at_work, in_2026)) => (
                if in_2026 { "2026-11-24" } else { "2027-11-23" },
                if at_work { 8 } else { 20 },
            ),
            None => ("2026-11-24", 8),
        };
        if let Some(is_over) = self.emergency {
            let since = hour - if is_over { 5 } else { 3 };
            context["breakGlass"] =
                json!({ "reason": "fire", "since": format!("{day}T{since:02}:00:00Z") });
        }
        request["context"] = context;
        if self.now.is_some() {
            request["now"] = json!(format!("{day}T{hour:02}:00:00Z"));
            if self.knows_zones {
                request["zoneOffsets"] = json!({ "Europe/Berlin": 60 });
            }
        }
    }

    /// Whether a condition holds.
    pub fn holds(&self, when: &MomentWhen) -> Option<bool> {
        match when {
            MomentWhen::Time { outside, zone } => {
                let (at_work, _) = self.now?;
                let is_known = self.knows_zones || *zone == "+01:00";
                is_known.then_some(at_work != *outside)
            }
            MomentWhen::Context(wanted) => {
                let tier = self.tier?;
                Some(wanted.is_none_or(|wanted| wanted == tier))
            }
        }
    }

    /// Whether a role is given.
    pub fn gives(&self, term: Term) -> Option<bool> {
        let in_time = self.now.map(|(_, in_2026)| in_2026);
        let in_emergency = match self.emergency {
            None => Some(false),
            Some(is_over) => self.now.map(|_| !is_over),
        };
        match term {
            Term::Until => in_time,
            Term::BreakGlass => in_emergency,
            Term::Both => super::generated::all([in_time, in_emergency]),
        }
    }
}
