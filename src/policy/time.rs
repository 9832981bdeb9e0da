//! Points in time and spans of time, as policies and requests write them. The core has no clock.

use std::fmt::{self, Display, Formatter};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(pub i64);

/// A number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(pub i64);

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl Instant {
    /// Reads RFC 3339: `2026-12-31T18:00:00Z`, `2026-12-31T18:00+01:00`. Seconds may be left out, parts
    /// of a second are. Without an offset it would mean a different time on every machine: refused.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Scanner(text);
        let year = rest.digits(4)?;
        rest.one_of("-")?;
        let month = rest.number(2, 1..=12)?;
        rest.one_of("-")?;
        let day = rest.number(2, 1..=days_in(year, month))?;
        rest.one_of("Tt ")?;
        let hour = rest.number(2, 0..=23)?;
        rest.one_of(":")?;
        let minute = rest.number(2, 0..=59)?;
        let mut second = 0;
        if rest.one_of(":").is_some() {
            // 60 is a leap second, which no clock of a computer knows
            second = rest.number(2, 0..=60)?.min(59);
            if rest.one_of(".").is_some() {
                rest.fraction()?;
            }
        }
        let offset = rest.offset()?;
        let minutes = (days_since_epoch(year, month, day) * 24 + hour) * 60 + minute - offset;
        rest.0.is_empty().then_some(Self(minutes * 60 + second))
    }

    /// After a span of time.
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Display for Instant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

impl Duration {
    /// Reads `30m`, `4h`, `2d`, and sums such as `1h30m`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Scanner(text);
        let mut total: i64 = 0;
        while !rest.0.is_empty() {
            let count = rest.fraction()?.parse::<i64>().ok()?;
            let unit = match rest.one_of("smhd")? {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                _ => DAY,
            };
            total = total.checked_add(count.checked_mul(unit)?)?;
        }
        (total > 0).then_some(Self(total))
    }
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        for (unit, name) in [(DAY, "d"), (3600, "h"), (60, "m"), (1, "s")] {
            if rest >= unit {
                write!(f, "{}{name}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

/// What is left of a text.
pub struct Scanner<'t>(pub &'t str);

impl<'t> Scanner<'t> {
    /// One of some characters, if it is next.
    pub fn one_of(&mut self, chars: &str) -> Option<char> {
        let next = self.0.chars().next().filter(|&c| chars.contains(c))?;
        self.0 = self.0.strip_prefix(next)?;
        Some(next)
    }

    /// Two digits or more within a range.
    pub fn number(&mut self, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        self.digits(digits).filter(|number| range.contains(number))
    }

    /// `Z`, `+02:00`, `-0330`: minutes east of Greenwich.
    pub fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of("Zz+-")? {
            '+' => 1,
            '-' => -1,
            _ => return Some(0),
        };
        let hour = self.number(2, 0..=23)?;
        let _ = self.one_of(":");
        let minute = self.number(2, 0..=59)?;
        Some(sign * (hour * 60 + minute))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let is_number = number.bytes().all(|b| b.is_ascii_digit());
        number.parse().ok().filter(|_| is_number)
    }

    /// As many digits as there are, at least one.
    fn fraction(&mut self) -> Option<&'t str> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self.0.strip_suffix(rest)?;
        self.0 = rest;
        (!digits.is_empty()).then_some(digits)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years begin in March here, so that the
/// leap day is the last one.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

/// The date so many days after 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year_of_era + next_year, month, day)
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_and_written_as_rfc_3339() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-24T12:00:00Z", 1_795_521_600),
            ("2026-11-24T12:00Z", 1_795_521_600),
            ("2026-11-24t13:00:00.75+01:00", 1_795_521_600),
            ("2024-02-29 23:59:60-00:30", 1_709_252_999),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(Instant::parse(text), Some(Instant(seconds)), "{text}");
        }
        for text in [
            "",
            "2026-11-24",
            "2026-11-24T12:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T12:00:00.Z",
            "2026-11-24T12:00:00Z ",
            "+026-11-24T12:00:00Z",
            "2026-11-2éT12:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        for day in -146_097..146_097 {
            let noon = Instant(day * DAY + DAY / 2);
            assert_eq!(Instant::parse(&noon.to_string()), Some(noon));
        }
    }

    #[test]
    fn spans_are_sums_of_units() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("1h30m", Some(5400)),
            ("2d", Some(172_800)),
            ("0h", None),
            ("4", None),
            ("h", None),
            ("", None),
            ("99999999999999999d", None),
            ("-1h", None),
        ] {
            assert_eq!(Duration::parse(text), seconds.map(Duration), "{text}");
        }
        assert_eq!(Duration(93_784).to_string(), "1d2h3m4s");
    }
}
