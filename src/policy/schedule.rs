//! [`Schedule`]: the hours of a week in some time zone, `Mon-Fri 08:00-18:00 Europe/Berlin`.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use super::time::{Instant, Scanner};

/// Windows of a week in one time zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Schedule {
    text: String,
    zone: Zone,
    windows: Vec<Window>,
}

/// What a local time is east of Greenwich.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Zone {
    /// So many minutes, always.
    Fixed(i64),
    /// What the host says of this name: the core knows no zones.
    Named(Arc<str>),
}

/// Begins on some days, at a minute, and lasts less than a week.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Window {
    /// Monday is the first.
    days: [bool; 7],
    from: i64,
    minutes: i64,
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The part that is wrong.
    pub part: String,
    /// What is expected there.
    pub wanted: &'static str,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_OF_DAY: i64 = 24 * 60;

impl Schedule {
    /// Reads days, hours and a zone: `Mon-Thu 08:00-18:00, Fri 08:00-12:00 13:00-15:00 +01:00`. Hours
    /// belong to the days before them, to all days if there are none. Hours that end before they begin
    /// end on the next day.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let misread = |part: &str, wanted| Misread {
            part: part.to_owned(),
            wanted,
        };
        let mut parts: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|part| !part.is_empty())
            .collect();
        let zone = parts.pop().unwrap_or_default();
        let zone = Zone::parse(zone).ok_or_else(|| {
            let wanted = "a time zone at the end: a name such as `Europe/Berlin`, `Z` or `+02:00`";
            misread(zone, wanted)
        })?;
        let mut windows: Vec<Window> = Vec::new();
        let mut days = [false; 7];
        let mut named: Option<&str> = None;
        let mut are_used = false;
        for part in parts {
            if let Some(found) = parse_days(part) {
                if are_used {
                    days = [false; 7];
                    are_used = false;
                }
                for (day, is_found) in days.iter_mut().zip(found) {
                    *day |= is_found;
                }
                named = Some(part);
                continue;
            }
            let (from, minutes) = parse_hours(part).ok_or_else(|| {
                misread(
                    part,
                    "days such as `Mon-Fri` or hours such as `08:00-18:00`",
                )
            })?;
            are_used = true;
            windows.push(Window {
                days: if named.is_some() { days } else { [true; 7] },
                from,
                minutes,
            });
        }
        let unused = named.filter(|_| !are_used);
        if let Some(part) = unused.or_else(|| windows.is_empty().then_some(text)) {
            return Err(misread(
                part,
                "hours behind the days, such as `08:00-18:00`",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            zone,
            windows,
        })
    }

    /// The time zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether a time is within one of the windows, where the clock is so many minutes ahead.
    pub fn contains(&self, time: Instant, offset_minutes: i64) -> bool {
        let minute = time.0.div_euclid(60).saturating_add(offset_minutes);
        let day = minute.div_euclid(MINUTES_OF_DAY);
        let of_day = minute.rem_euclid(MINUTES_OF_DAY);
        // 1970-01-01 was a Thursday
        let begins_on = |window: &Window, day: i64| {
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
            window.days.get(weekday) == Some(&true)
        };
        self.windows.iter().any(|window| {
            let end = window.from + window.minutes;
            let today = (window.from..end).contains(&of_day) && begins_on(window, day);
            let since_yesterday =
                of_day + MINUTES_OF_DAY < end && begins_on(window, day.saturating_sub(1));
            today || since_yesterday
        })
    }
}

impl Display for Schedule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Zone {
    fn parse(text: &str) -> Option<Self> {
        let mut rest = Scanner(text);
        if let Some(minutes) = rest.offset()
            && rest.0.is_empty()
        {
            return Some(Self::Fixed(minutes));
        }
        let is_name_char = |c: char| c.is_ascii_alphanumeric() || "_-+".contains(c);
        let mut names = text.split('/');
        let is_name = names.all(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name_char)
        });
        let is_taken = parse_days(text).is_some();
        match text {
            "UTC" => Some(Self::Fixed(0)),
            _ => (is_name && !is_taken).then(|| Self::Named(text.into())),
        }
    }
}

/// `Mon`, `Mon-Fri`, `Sat-Mon`.
fn parse_days(text: &str) -> Option<[bool; 7]> {
    let day = |name: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(name));
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    let length = (last + 7 - first) % 7;
    let mut days = [false; 7];
    for (index, is_in) in days.iter_mut().enumerate() {
        *is_in = (index + 7 - first) % 7 <= length;
    }
    Some(days)
}

/// `08:00-18:00`: the first minute and how many there are.
fn parse_hours(text: &str) -> Option<(i64, i64)> {
    let mut rest = Scanner(text);
    let mut minute = |last| {
        let hour = rest.number(2, 0..=last)?;
        rest.one_of(":")?;
        let minute = rest.number(2, 0..=59)?;
        let separator = rest.one_of("-");
        Some((hour * 60 + minute, separator.is_some(), rest.0.is_empty()))
    };
    let (from, true, _) = minute(23)? else {
        return None;
    };
    let (to, false, true) = minute(24)? else {
        return None;
    };
    if to > MINUTES_OF_DAY || from == to {
        return None;
    }
    Some((from, (to - from).rem_euclid(MINUTES_OF_DAY))).map(|(from, minutes)| {
        (
            from,
            if minutes == 0 {
                MINUTES_OF_DAY
            } else {
                minutes
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(schedule: &str, time: &str, offset: i64) -> bool {
        let schedule = Schedule::parse(schedule).unwrap();
        schedule.contains(Instant::parse(time).unwrap(), offset)
    }

    #[test]
    fn windows_are_those_of_the_local_clock() {
        // 2026-11-24 is a Tuesday
        for (schedule, time, offset, is_in) in [
            ("Mon-Fri 08:00-18:00 UTC", "2026-11-24T08:00:00Z", 0, true),
            ("Mon-Fri 08:00-18:00 UTC", "2026-11-24T07:59:59Z", 0, false),
            ("Mon-Fri 08:00-18:00 UTC", "2026-11-24T17:59:59Z", 0, true),
            ("Mon-Fri 08:00-18:00 UTC", "2026-11-24T18:00:00Z", 0, false),
            ("Mon-Fri 08:00-18:00 UTC", "2026-11-28T12:00:00Z", 0, false),
            ("08:00-18:00 UTC", "2026-11-28T12:00:00Z", 0, true),
            ("Mon 08:00-18:00 X", "2026-11-24T02:00:00Z", -600, true),
            ("Wed 00:00-06:00 X", "2026-11-24T23:00:00Z", 60, true),
            // over midnight: the day is that of the beginning
            ("Mon 22:00-06:00 UTC", "2026-11-24T05:59:00Z", 0, true),
            ("Mon 22:00-06:00 UTC", "2026-11-24T06:00:00Z", 0, false),
            ("Mon 22:00-06:00 UTC", "2026-11-24T22:00:00Z", 0, false),
            ("Sat-Mon 00:00-24:00 UTC", "2026-11-23T23:59:59Z", 0, true),
            ("Sat-Mon 00:00-24:00 UTC", "2026-11-24T00:00:00Z", 0, false),
            (
                "Mon Wed, Fri 08:00-09:00 UTC",
                "2026-11-25T08:30:00Z",
                0,
                true,
            ),
            (
                "Mon Wed, Fri 08:00-09:00 UTC",
                "2026-11-24T08:30:00Z",
                0,
                false,
            ),
            (
                "Mon 08:00-09:00, Tue 10:00-11:00 12:00-13:00 UTC",
                "2026-11-24T12:30:00Z",
                0,
                true,
            ),
            (
                "Mon 08:00-09:00, Tue 10:00-11:00 12:00-13:00 UTC",
                "2026-11-24T08:30:00Z",
                0,
                false,
            ),
        ] {
            assert_eq!(contains(schedule, time, offset), is_in, "{schedule} {time}");
        }
    }

    #[test]
    fn zones_are_names_or_offsets() {
        let zone = |text| Schedule::parse(text).map(|schedule| schedule.zone);
        assert_eq!(zone("08:00-09:00 Z"), Ok(Zone::Fixed(0)));
        assert_eq!(zone("08:00-09:00 -03:30"), Ok(Zone::Fixed(-210)));
        assert_eq!(
            zone("08:00-09:00 America/Port-au-Prince"),
            Ok(Zone::Named("America/Port-au-Prince".into()))
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, part) in [
            ("", ""),
            ("Europe/Berlin", "Europe/Berlin"),
            ("Mon-Fri", "Mon-Fri"),
            ("Mon-Fri 08:00-18:00", "08:00-18:00"),
            ("Mon-Fri Europe/Berlin", "Mon-Fri"),
            ("Mon-Fri 08:00-09:00 Sat UTC", "Sat"),
            ("Mon-Fry 08:00-18:00 UTC", "Mon-Fry"),
            ("Mon 8:00-18:00 UTC", "8:00-18:00"),
            ("Mon 08:00-25:00 UTC", "08:00-25:00"),
            ("Mon 08:00-24:30 UTC", "08:00-24:30"),
            ("Mon 08:00-08:00 UTC", "08:00-08:00"),
            ("Mon 08:00-18:00- UTC", "08:00-18:00-"),
            ("Mon 08:00-18:00 +2", "+2"),
        ] {
            let misread = Schedule::parse(text).map(|_| ()).unwrap_err();
            assert_eq!(misread.part, part, "{text}");
        }
    }
}
