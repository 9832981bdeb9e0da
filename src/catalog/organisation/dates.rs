//! The dates of a rule: a day, or a point in time.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

use crate::policy::time::{DAY, Duration, Instant};

/// The time of a check. The core has no clock: its caller says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Moment(Instant);

/// When a rule begins; with a day, as soon as it is that day in Greenwich.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Since(Date);

/// Until when a rule is a warning; with a day, until it is over in Greenwich.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Due(Date);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Date {
    text: String,
    start: Instant,
    is_day: bool,
}

impl Since {
    /// Whether a rule has begun.
    pub fn is_over(&self, now: Moment) -> bool {
        now.0 >= self.0.start
    }
}

impl Due {
    /// Whether a rule is due.
    pub fn is_over(&self, now: Moment) -> bool {
        now.0 >= self.end()
    }

    /// Whether it comes no later than the rule begins, so that there is no time in between.
    pub fn is_before(&self, since: &Since) -> bool {
        self.end() <= since.0.start
    }

    fn end(&self) -> Instant {
        let length = if self.0.is_day { DAY } else { 0 };
        self.0.start.after(Duration(length))
    }
}

impl Date {
    fn parse(text: String) -> Result<Self, String> {
        let day = Instant::parse(&format!("{text}T00:00:00Z"));
        let start = day.or_else(|| Instant::parse(&text));
        match start {
            Some(start) => Ok(Self {
                text,
                start,
                is_day: day.is_some(),
            }),
            None => Err(format!(
                "`{text}` is no day like `2026-12-31` and no time like `2026-12-31T18:00:00Z`"
            )),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let instant = Instant::parse(&text);
        let refused = || format!("`{text}` is no time like `2026-12-31T18:00:00Z`");
        instant.map(Self).ok_or_else(refused)
    }
}

impl TryFrom<String> for Since {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Date::parse(text).map(Self)
    }
}

impl TryFrom<String> for Due {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Date::parse(text).map(Self)
    }
}

impl Display for Due {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.text.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_and_is_due_when_it_is_over() {
        let now = |text: &str| Moment::try_from(text.to_owned()).unwrap();
        let since = Since::try_from("2026-03-01".to_owned()).unwrap();
        assert!(!since.is_over(now("2026-02-28T23:59:59Z")));
        assert!(since.is_over(now("2026-03-01T00:00:00Z")));
        let due = Due::try_from("2026-03-31".to_owned()).unwrap();
        assert!(!due.is_over(now("2026-03-31T23:59:59Z")));
        assert!(due.is_over(now("2026-04-01T00:00:00Z")));
        let at_noon = Due::try_from("2026-03-31T12:00:00Z".to_owned()).unwrap();
        assert!(at_noon.is_over(now("2026-03-31T12:00:00Z")));
        assert!(Due::try_from("2026-02-30".to_owned()).is_err());
    }
}
