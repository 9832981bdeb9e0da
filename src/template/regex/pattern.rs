//! Patterns of ECMAScript without the flags `u` and `v`, Annex B included where templates may meet it.

use super::class::Class;
use crate::template::failure::Failure;

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Node {
    Empty,
    Unit(u16),
    Any,
    Class(Class),
    Start,
    End,
    WordBoundary {
        negated: bool,
    },
    Group(Box<Node>, Option<usize>),
    BackReference(usize),
    NamedReference(String),
    Look {
        inner: Box<Node>,
        behind: bool,
        negated: bool,
    },
    Sequence(Vec<Node>),
    Alternatives(Vec<Node>),
    Repeat {
        inner: Box<Node>,
        min: u32,
        max: u32,
        lazy: bool,
        /// The groups within: they are forgotten at each round.
        groups: (usize, usize),
    },
}

/// A parsed pattern.
pub(super) struct Pattern {
    pub node: Node,
    /// Groups, the whole match not counted.
    pub groups: usize,
    pub names: Vec<(String, usize)>,
}

/// Parses a pattern.
pub(super) fn parse(text: &str) -> Result<Pattern, Failure> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let total = count_groups(&units);
    let mut parser = Parser {
        units,
        at: 0,
        groups: 0,
        total,
        names: Vec::new(),
        depth: 0,
    };
    let node = parser.alternatives()?;
    if parser.at < parser.units.len() {
        return Err(bad("`)` without `(`"));
    }
    Ok(Pattern {
        node,
        groups: parser.groups,
        names: parser.names,
    })
}

/// More is nested in no regular expression that a person wrote.
const MAX_DEPTH: usize = 50;

/// Reads a pattern from left to right.
pub(super) struct Parser {
    pub(super) units: Vec<u16>,
    pub(super) at: usize,
    groups: usize,
    /// All groups of the pattern: tells `\1` from an octal escape.
    total: usize,
    names: Vec<(String, usize)>,
    depth: usize,
}

pub(super) fn bad(why: &str) -> Failure {
    Failure::new(
        "template/bad-regex",
        format!("the regular expression is not valid: {why}"),
    )
}

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        let unit = self.units.get(self.at)?;
        Some(char::from_u32(u32::from(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    pub(super) fn next(&mut self) -> Option<u16> {
        let unit = self.units.get(self.at).copied()?;
        self.at += 1;
        Some(unit)
    }

    pub(super) fn skip(&mut self, text: &str) -> bool {
        let rest = self.units.get(self.at..).unwrap_or_default();
        let wanted: Vec<u16> = text.encode_utf16().collect();
        let sees = rest.starts_with(&wanted);
        if sees {
            self.at += wanted.len();
        }
        sees
    }

    fn alternatives(&mut self) -> Result<Node, Failure> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(bad("it is nested too deeply"));
        }
        let mut all = vec![self.sequence()?];
        while self.skip("|") {
            all.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 {
            all.pop().unwrap_or(Node::Empty)
        } else {
            Node::Alternatives(all)
        })
    }

    fn sequence(&mut self) -> Result<Node, Failure> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            let before = self.groups;
            let node = self.atom(c)?;
            let node = self.quantified(node, before)?;
            nodes.push(node);
        }
        Ok(Node::Sequence(nodes))
    }

    fn quantified(&mut self, node: Node, before: usize) -> Result<Node, Failure> {
        let at = self.at;
        let (min, max) = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => match self.braces() {
                Some(bounds) => bounds,
                None => return Ok(node),
            },
            _ => return Ok(node),
        };
        if self.at == at {
            self.at += 1;
        }
        let fixed = matches!(
            node,
            Node::Start | Node::End | Node::WordBoundary { .. } | Node::Look { behind: true, .. }
        );
        if fixed || min > max {
            return Err(bad("nothing to repeat, or numbers out of order"));
        }
        let lazy = self.skip("?");
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(bad("nothing to repeat"));
        }
        Ok(Node::Repeat {
            inner: Box::new(node),
            min,
            max,
            lazy,
            groups: (before + 1, self.groups + 1),
        })
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else is text.
    fn braces(&mut self) -> Option<(u32, u32)> {
        let start = self.at;
        self.at += 1;
        let bounds = self.bounds();
        if bounds.is_none() {
            self.at = start;
        }
        bounds
    }

    fn bounds(&mut self) -> Option<(u32, u32)> {
        let min = self.number()?;
        let max = if !self.skip(",") {
            min
        } else if self.peek() == Some('}') {
            u32::MAX
        } else {
            self.number()?
        };
        self.skip("}").then_some((min, max))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        number
    }

    fn atom(&mut self, c: char) -> Result<Node, Failure> {
        if c == '{' {
            let start = self.at;
            if self.braces().is_some() {
                return Err(bad("nothing to repeat"));
            }
            self.at = start;
        }
        let unit = self.next().unwrap_or_default();
        Ok(match c {
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::Any,
            '(' => return self.group(),
            '[' => Node::Class(self.class()?),
            '\\' => return self.escape(),
            '*' | '+' | '?' => return Err(bad("nothing to repeat")),
            _ => Node::Unit(unit),
        })
    }

    fn group(&mut self) -> Result<Node, Failure> {
        let mut index = None;
        let mut look = None;
        if self.skip("?:") {
        } else if self.skip("?=") {
            look = Some((false, false));
        } else if self.skip("?!") {
            look = Some((false, true));
        } else if self.skip("?<=") {
            look = Some((true, false));
        } else if self.skip("?<!") {
            look = Some((true, true));
        } else {
            self.groups += 1;
            index = Some(self.groups);
            if self.skip("?<") {
                let name = self.group_name()?;
                if self.names.iter().any(|(known, _)| *known == name) {
                    return Err(bad("two groups of one name"));
                }
                self.names.push((name, self.groups));
            } else if self.peek() == Some('?') {
                return Err(bad("an unknown kind of group"));
            }
        }
        let inner = Box::new(self.alternatives()?);
        if !self.skip(")") {
            return Err(bad("a group is never closed"));
        }
        Ok(match look {
            Some((behind, negated)) => Node::Look {
                inner,
                behind,
                negated,
            },
            None => Node::Group(inner, index),
        })
    }

    fn group_name(&mut self) -> Result<String, Failure> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == '>' && !name.is_empty() {
                return Ok(name);
            }
            let first = name.is_empty();
            if !(c.is_alphabetic() || c == '_' || c == '$' || (!first && c.is_numeric())) {
                break;
            }
            name.push(c);
        }
        Err(bad("a group's name is not valid"))
    }

    /// After a backslash outside of a class.
    fn escape(&mut self) -> Result<Node, Failure> {
        let Some(c) = self.peek() else {
            return Err(bad("a backslash at the end"));
        };
        if c.is_ascii_digit() && c != '0' {
            let start = self.at;
            let number = self.number().unwrap_or(0);
            let index = usize::try_from(number).unwrap_or(usize::MAX);
            if index <= self.total {
                return Ok(Node::BackReference(index));
            }
            self.at = start;
        }
        if c == 'k' && self.units.get(self.at + 1) == Some(&u16::from(b'<')) {
            let start = self.at;
            self.at += 2;
            match self.group_name() {
                Ok(name) => return Ok(Node::NamedReference(name)),
                Err(_) => self.at = start,
            }
        }
        if c == 'b' || c == 'B' {
            self.at += 1;
            return Ok(Node::WordBoundary { negated: c == 'B' });
        }
        Ok(match self.class_escape() {
            Some(ranges) => Node::Class(Class {
                ranges,
                negated: false,
            }),
            None => Node::Unit(self.unit_escape()),
        })
    }

    /// One code unit after a backslash.
    pub(super) fn unit_escape(&mut self) -> u16 {
        let unit = self.next().unwrap_or_default();
        let c = char::from_u32(u32::from(unit)).unwrap_or_default();
        match c {
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            'x' => self.hex(2).unwrap_or(unit),
            'u' => self.hex(4).unwrap_or(unit),
            'c' => {
                let Some(letter) = self.peek().filter(char::is_ascii_alphabetic) else {
                    // the backslash itself
                    self.at -= 1;
                    return u16::from(b'\\');
                };
                self.at += 1;
                u16::try_from(u32::from(letter) % 32).unwrap_or_default()
            }
            '0'..='7' => {
                let mut value = u16::try_from(c.to_digit(8).unwrap_or(0)).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else {
                        break;
                    };
                    let next = value * 8 + u16::try_from(digit).unwrap_or_default();
                    if next > 0o377 {
                        break;
                    }
                    value = next;
                    self.at += 1;
                }
                value
            }
            _ => unit,
        }
    }

    fn hex(&mut self, digits: usize) -> Option<u16> {
        let text = self.units.get(self.at..self.at + digits)?;
        let text = String::from_utf16(text).ok()?;
        if !text.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        self.at += digits;
        u16::from_str_radix(&text, 16).ok()
    }
}

/// How many groups a pattern captures, counted without parsing it.
fn count_groups(units: &[u16]) -> usize {
    let mut count = 0;
    let mut in_class = false;
    let mut rest = units.iter().copied().map(u32::from).peekable();
    while let Some(unit) = rest.next() {
        match char::from_u32(unit).unwrap_or_default() {
            '\\' => drop(rest.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let mut ahead = rest.clone();
                let next = [ahead.next(), ahead.next(), ahead.next()];
                let [first, second, third] = next.map(|u| u.and_then(char::from_u32));
                let named = second == Some('<') && !matches!(third, Some('=' | '!'));
                count += usize::from(first != Some('?') || named);
            }
            _ => {}
        }
    }
    count
}
