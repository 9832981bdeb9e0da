//! Conditions on the moment of a request: its time, and what the host says of it.

use super::condition::{Conditions, every};
use super::reader::{Reader, key};
use crate::diagnostic::Diagnostic;
use crate::policy::model::When;
use crate::policy::schedule::Schedule;
use crate::policy::time::{Duration, Instant};
use crate::yaml::{Entry, Kind, Node};

/// `{within: …}` or `{outside: …}`.
pub fn time(c: &mut Conditions<'_, '_>, entry: Entry<'_>) -> Option<When> {
    const WAYS: [&str; 2] = ["within", "outside"];
    let value = c.reader.mapping("`time`", entry.value, &WAYS, &[])?;
    let mut said = WAYS.iter().filter_map(|way| value.get(way));
    let (Some(way), None) = (said.next(), said.next()) else {
        let wanted = "an object with either `within` or `outside`";
        c.reader
            .wrong_value("`time`", "not clear", wanted, entry.span());
        return None;
    };
    let items = c.reader.one_or_more(&key(way.name), way);
    let schedules = every(&items, |item| schedule(c.reader, &key(way.name), item))?;
    let outside = way.name == "outside";
    Some(When::Time { schedules, outside })
}

fn schedule(reader: &mut Reader<'_>, what: &str, node: Node<'_>) -> Option<Schedule> {
    let text = reader.text(what, node)?;
    match Schedule::parse(text) {
        Ok(schedule) => Some(schedule),
        Err(misread) => {
            let place = reader.place(node.span());
            let message = format!("`{text}` is no schedule");
            reader.report(
                Diagnostic::error("policy/bad-schedule", place, message)
                    .why(format!(
                        "where `{}` stands, there should be {}",
                        misread.part, misread.wanted
                    ))
                    .help(
                        "write days, hours and a zone, such as `Mon-Fri 08:00-18:00 Europe/Berlin`",
                    ),
            );
            None
        }
    }
}

/// A fact with one value.
pub fn value(reader: &mut Reader<'_>, name: &str, node: Node<'_>) -> Option<When> {
    if let Kind::Sequence(_) | Kind::Mapping(_) | Kind::Null = node.kind() {
        let wanted = "a text, a number or a boolean";
        reader.wrong_type(&key(name), wanted, node, node.span());
        return None;
    }
    Some(fact(name, Some(node.to_value())))
}

/// A fact, with any value if none is given.
pub fn fact(key: &str, value: Option<serde_json::Value>) -> When {
    let key = key.to_owned();
    When::Context { key, value }
}

/// A point in time.
pub fn instant(reader: &mut Reader<'_>, what: &str, node: Node<'_>) -> Option<Instant> {
    let text = reader.text(what, node)?;
    let instant = Instant::parse(text);
    if instant.is_none() {
        let place = reader.place(node.span());
        let message = format!("{what} is `{text}`, which is no point in time");
        reader.report(
            Diagnostic::error("policy/bad-time", place, message)
                .why("without a time zone it would mean another time on every machine")
                .help("write it as in RFC 3339: `2026-12-31T18:00:00Z` or `2026-12-31T18:00:00+01:00`"),
        );
    }
    instant
}

/// A span of time.
pub fn duration(reader: &mut Reader<'_>, what: &str, node: Node<'_>) -> Option<Duration> {
    let text = reader.text(what, node)?;
    let duration = Duration::parse(text);
    if duration.is_none() {
        let place = reader.place(node.span());
        let message = format!("{what} is `{text}`, which is no span of time");
        reader.report(
            Diagnostic::error("policy/bad-duration", place, message)
                .help("write a number with `s`, `m`, `h` or `d`, such as `30m`, `4h` or `1d12h`"),
        );
    }
    duration
}
