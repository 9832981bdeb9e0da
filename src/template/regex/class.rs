//! Classes: `[a-z]`, `\d` and their kin.

use super::pattern::{Parser, bad};
use crate::template::failure::Failure;

/// A set of code units.
#[derive(Debug, Clone, Default)]
pub(super) struct Class {
    pub ranges: Vec<(u16, u16)>,
    pub negated: bool,
}

impl Parser {
    /// `\d` and its kin.
    pub(super) fn class_escape(&mut self) -> Option<Vec<(u16, u16)>> {
        let c = self.peek()?;
        let ranges: Vec<(u16, u16)> = match c.to_ascii_lowercase() {
            'd' => vec![(0x30, 0x39)],
            'w' => vec![(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
            's' => SPACES.to_vec(),
            _ => return None,
        };
        self.at += 1;
        Some(if c.is_ascii_uppercase() {
            complement(&ranges)
        } else {
            ranges
        })
    }

    /// Behind `[`.
    pub(super) fn class(&mut self) -> Result<Class, Failure> {
        let negated = self.skip("^");
        let mut ranges = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(bad("a class is never closed"));
            };
            if c == ']' {
                self.at += 1;
                return Ok(Class { ranges, negated });
            }
            let low = self.class_atom()?;
            let is_range = self.peek() == Some('-')
                && self
                    .units
                    .get(self.at + 1)
                    .is_some_and(|u| *u != u16::from(b']'));
            if !is_range {
                ranges.extend(low.ranges());
                continue;
            }
            self.at += 1;
            match (low, self.class_atom()?) {
                (Atom::Unit(low), Atom::Unit(high)) if low <= high => ranges.push((low, high)),
                (Atom::Unit(_), Atom::Unit(_)) => return Err(bad("a range out of order")),
                (low, high) => {
                    // a set cannot be an end of a range: the dash is itself
                    ranges.extend(low.ranges());
                    ranges.push((0x2D, 0x2D));
                    ranges.extend(high.ranges());
                }
            }
        }
    }

    fn class_atom(&mut self) -> Result<Atom, Failure> {
        let unit = self.next().ok_or_else(|| bad("a class is never closed"))?;
        if unit != u16::from(b'\\') {
            return Ok(Atom::Unit(unit));
        }
        if self.peek().is_none() {
            return Err(bad("a backslash at the end"));
        }
        if self.skip("b") {
            return Ok(Atom::Unit(8));
        }
        if self.skip("-") {
            return Ok(Atom::Unit(0x2D));
        }
        Ok(match self.class_escape() {
            Some(ranges) => Atom::Set(ranges),
            None => Atom::Unit(self.unit_escape()),
        })
    }
}

/// A member of a class.
enum Atom {
    Unit(u16),
    Set(Vec<(u16, u16)>),
}

impl Atom {
    fn ranges(self) -> Vec<(u16, u16)> {
        match self {
            Self::Unit(unit) => vec![(unit, unit)],
            Self::Set(ranges) => ranges,
        }
    }
}

const SPACES: [(u16, u16); 10] = [
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// What is not in sorted ranges.
fn complement(ranges: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut out = Vec::new();
    let mut from = Some(0);
    for &(low, high) in ranges {
        if let Some(start) = from.filter(|&start| start < low) {
            out.push((start, low - 1));
        }
        from = high.checked_add(1);
    }
    out.extend(from.map(|start| (start, u16::MAX)));
    out
}
