//! `r/…/flags` literals: ECMAScript's regular expressions, with each step paid for, so that no pattern
//! can stall a rendering.

mod class;
mod pattern;
mod program;
mod run;

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use super::eval::{Machine, Outcome};
use super::failure::Failure;
use super::value::Value;
use super::value::convert::{MAX_TEXT, to_text, too_long};
use program::Program;
use run::Captures;

/// A regular expression object.
pub struct Regex {
    source: Rc<str>,
    flags: Rc<str>,
    program: Rc<Program>,
    /// Where `test` and `exec` go on, with the flag `g` or `y`.
    last_index: Cell<usize>,
}

impl Regex {
    /// Reads a literal with its slashes and flags.
    pub(crate) fn parse(literal: &str) -> Result<Self, Failure> {
        let body = literal.strip_prefix("r/").unwrap_or(literal);
        let (source, flags) = body.rsplit_once('/').unwrap_or((body, ""));
        let twice = flags
            .char_indices()
            .any(|(at, flag)| flags.rfind(flag) != Some(at));
        if twice {
            return Err(Failure::new(
                "template/bad-regex",
                format!("a flag stands twice in `{flags}`"),
            ));
        }
        let pattern = pattern::parse(source)?;
        Ok(Self {
            source: if source.is_empty() { "(?:)" } else { source }.into(),
            flags: flags.into(),
            program: Rc::new(Program::new(pattern, flags)?),
            last_index: Cell::new(0),
        })
    }

    /// A new object of the same expression, as each evaluation of a literal gives.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            source: Rc::clone(&self.source),
            flags: Rc::clone(&self.flags),
            program: Rc::clone(&self.program),
            last_index: Cell::new(0),
        }
    }

    /// A property of the object.
    pub(crate) fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "source" => Value::Str(Rc::clone(&self.source)),
            "flags" => Value::Str(Rc::clone(&self.flags)),
            "global" => Value::Bool(self.is_global()),
            "ignoreCase" => Value::Bool(self.flags.contains('i')),
            "multiline" => Value::Bool(self.flags.contains('m')),
            "sticky" => Value::Bool(self.is_sticky()),
            "lastIndex" => Value::count(self.last_index.get()),
            _ => return None,
        })
    }

    /// Whether it stands for all matches.
    pub(crate) fn is_global(&self) -> bool {
        self.flags.contains('g')
    }

    fn is_sticky(&self) -> bool {
        self.flags.contains('y')
    }

    /// `regex.exec(text)`: the match and its groups, or null.
    pub(crate) fn exec(&self, machine: &mut Machine<'_>, text: &str) -> Outcome {
        let units: Vec<u16> = text.encode_utf16().collect();
        let found = self.next_match(machine, &units)?;
        Ok(found.map_or(Value::Null, |captures| groups(&units, &captures)))
    }

    /// `text.match(regex)`.
    pub(crate) fn matches(&self, machine: &mut Machine<'_>, text: &str) -> Outcome {
        if !self.is_global() {
            return self.exec(machine, text);
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        let all = self.all(machine, &units)?;
        if all.is_empty() {
            return Ok(Value::Null);
        }
        let whole = |captures: &Captures| part(&units, captures.first().copied().flatten());
        Ok(Value::array(all.iter().map(whole).collect()))
    }

    /// `text.matchAll(regex)`, as a list.
    pub(crate) fn match_all(&self, machine: &mut Machine<'_>, text: &str) -> Outcome {
        let units: Vec<u16> = text.encode_utf16().collect();
        let all = self.all(machine, &units)?;
        let all = all.iter().map(|captures| groups(&units, captures));
        Ok(Value::array(all.collect()))
    }

    /// `text.search(regex)`.
    pub(crate) fn search(&self, machine: &mut Machine<'_>, text: &str) -> Outcome {
        let units: Vec<u16> = text.encode_utf16().collect();
        let found = self.find(machine, &units, 0)?;
        let start = found.and_then(|captures| captures.first().copied().flatten());
        Ok(start.map_or(Value::Number(-1.0), |(start, _)| Value::count(start)))
    }

    /// `text.replace(regex, new)`; `new` may be a function.
    pub(crate) fn replace(
        &self,
        machine: &mut Machine<'_>,
        text: &str,
        new: &Value,
    ) -> Outcome<String> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let matches = if self.is_global() {
            self.all(machine, &units)?
        } else {
            self.next_match(machine, &units)?.into_iter().collect()
        };
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for captures in matches {
            let Some((start, end)) = captures.first().copied().flatten() else {
                continue;
            };
            out.push_str(&cut(&units, copied, start));
            let replacement = self.replacement(machine, text, &units, &captures, new)?;
            machine.pay_bytes(16 + replacement.len())?;
            out.push_str(&replacement);
            if out.len() > MAX_TEXT {
                return Err(too_long());
            }
            copied = end;
        }
        out.push_str(&cut(&units, copied, units.len()));
        Ok(out)
    }

    fn replacement(
        &self,
        machine: &mut Machine<'_>,
        text: &str,
        units: &[u16],
        captures: &Captures,
        new: &Value,
    ) -> Outcome<String> {
        if let Value::Function(function) = new {
            let mut arguments: Vec<Value> = captures.iter().map(|c| part(units, *c)).collect();
            let start = captures
                .first()
                .copied()
                .flatten()
                .map_or(0, |(start, _)| start);
            arguments.push(Value::count(start));
            arguments.push(Value::text(text));
            let answer = machine.call(function, &arguments)?;
            return Ok(to_text(&answer)?.to_string());
        }
        Ok(self.expand(&to_text(new)?, units, captures))
    }

    /// `GetSubstitution`: `$1`, `$&`, `$<name>` and so on.
    fn expand(&self, new: &str, units: &[u16], captures: &Captures) -> String {
        let (start, end) = captures.first().copied().flatten().unwrap_or_default();
        let text_of = |index: usize| match captures.get(index) {
            Some(Some((from, to))) => cut(units, *from, *to),
            _ => String::new(),
        };
        let mut out = String::with_capacity(new.len());
        let mut rest = new;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let mut chars = after.chars();
            let (first, second) = (chars.next(), chars.next());
            let digit = |c: Option<char>| {
                c.and_then(|c| c.to_digit(10))
                    .and_then(|d| usize::try_from(d).ok())
            };
            let (replacement, length) = match (first, digit(first), digit(second)) {
                (Some('$'), ..) => ("$".to_owned(), 1),
                (Some('&'), ..) => (text_of(0), 1),
                (Some('`'), ..) => (cut(units, 0, start), 1),
                (Some('\''), ..) => (cut(units, end, units.len()), 1),
                (_, Some(tens), Some(ones))
                    if (1..=self.program.groups).contains(&(tens * 10 + ones)) =>
                {
                    (text_of(tens * 10 + ones), 2)
                }
                (_, Some(index), _) if (1..=self.program.groups).contains(&index) => {
                    (text_of(index), 1)
                }
                (Some('<'), ..) if !self.program.names.is_empty() && after.contains('>') => {
                    let name = after.split('>').next().unwrap_or_default();
                    let wanted = name.strip_prefix('<').unwrap_or_default();
                    let mut names = self.program.names.iter();
                    let index = names.find(|(known, _)| known == wanted).map(|(_, i)| *i);
                    (index.map(text_of).unwrap_or_default(), name.len() + 1)
                }
                _ => ("$".to_owned(), 0),
            };
            out.push_str(&replacement);
            rest = after.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// `text.split(regex)`: groups become parts too.
    pub(crate) fn split(&self, machine: &mut Machine<'_>, text: &str) -> Outcome<Vec<Value>> {
        let units: Vec<u16> = text.encode_utf16().collect();
        if units.is_empty() {
            let matched = self.program.match_at(machine, &units, 0)?;
            return Ok(matched.map_or_else(|| vec![Value::text("")], |_| Vec::new()));
        }
        let mut parts = Vec::new();
        let (mut from, mut at) = (0, 0);
        while at < units.len() {
            machine.pay(1)?;
            let matched = self.program.match_at(machine, &units, at)?;
            let end = matched
                .as_ref()
                .and_then(|captures| captures.first().copied().flatten())
                .map(|(_, end)| end)
                .filter(|end| *end != from);
            let (Some(captures), Some(end)) = (matched, end) else {
                at += 1;
                continue;
            };
            parts.push(Value::text(cut(&units, from, at)));
            parts.extend(captures.iter().skip(1).map(|group| part(&units, *group)));
            from = end;
            at = end;
        }
        parts.push(Value::text(cut(&units, from, units.len())));
        Ok(parts)
    }

    /// The match that `test` and `exec` find next.
    fn next_match(&self, machine: &mut Machine<'_>, units: &[u16]) -> Outcome<Option<Captures>> {
        let moves = self.is_global() || self.is_sticky();
        let start = if moves { self.last_index.get() } else { 0 };
        let found = self.find(machine, units, start)?;
        if moves {
            let end = found
                .as_ref()
                .and_then(|captures| captures.first().copied());
            self.last_index.set(end.flatten().map_or(0, |(_, end)| end));
        }
        Ok(found)
    }

    /// The first match from `start` on, or with the flag `y` only there.
    fn find(
        &self,
        machine: &mut Machine<'_>,
        units: &[u16],
        start: usize,
    ) -> Outcome<Option<Captures>> {
        for at in start..=units.len() {
            if let Some(captures) = self.program.match_at(machine, units, at)? {
                return Ok(Some(captures));
            }
            if self.is_sticky() {
                break;
            }
        }
        Ok(None)
    }

    fn all(&self, machine: &mut Machine<'_>, units: &[u16]) -> Outcome<Vec<Captures>> {
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(captures) = self.find(machine, units, at)? {
            let (start, end) = captures.first().copied().flatten().unwrap_or_default();
            at = end + usize::from(start == end);
            all.push(captures);
        }
        self.last_index.set(0);
        Ok(all)
    }
}

/// The text between two positions.
fn cut(units: &[u16], from: usize, to: usize) -> String {
    String::from_utf16_lossy(units.get(from..to).unwrap_or_default())
}

fn part(units: &[u16], range: Option<(usize, usize)>) -> Value {
    range.map_or(Value::Undefined, |(from, to)| {
        Value::text(cut(units, from, to))
    })
}

fn groups(units: &[u16], captures: &Captures) -> Value {
    Value::array(captures.iter().map(|group| part(units, *group)).collect())
}

/// The regular expression that a method of text was given: text is one too.
pub(crate) fn of(value: &Value) -> Outcome<Rc<Regex>> {
    match value {
        Value::Regex(regex) => Ok(Rc::clone(regex)),
        Value::Undefined => Ok(Rc::new(Regex::parse("r//")?)),
        other => Ok(Rc::new(Regex::parse(&format!("r/{}/", to_text(other)?))?)),
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "/{}/{}", self.source, self.flags)
    }
}
