//! A pattern as a list of steps.

use super::class::Class;
use super::pattern::{Node, Pattern};
use crate::template::failure::Failure;

/// A compiled pattern.
pub(super) struct Program {
    pub(super) code: Vec<Step>,
    classes: Vec<Class>,
    pub(super) registers: usize,
    pub groups: usize,
    pub names: Vec<(String, usize)>,
    ignore_case: bool,
    pub(super) multiline: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Unit(u16),
    Any,
    Class(usize),
    /// The three above go left from here on, or right again.
    Direction(bool),
    Start,
    End,
    WordBoundary(bool),
    BackReference(usize),
    Save(usize),
    Jump(usize),
    /// Tries the next step; if that fails, the other.
    Fork(usize),
    /// A loop's counter and the place of its last round.
    Reset(usize),
    Loop(Round),
    /// The beginning of a round: notes the place and forgets the groups within.
    Round(usize, usize, usize),
    /// The end of a round: back to the loop.
    Again(usize, u32, usize),
    /// Tries the steps up to `Accept`, then goes on at the target.
    Look(bool, usize),
    Accept,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    pub(super) register: usize,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) lazy: bool,
    pub(super) exit: usize,
}

impl Program {
    pub(super) fn new(pattern: Pattern, flags: &str) -> Result<Self, Failure> {
        let mut program = Self {
            code: Vec::new(),
            classes: Vec::new(),
            registers: 0,
            groups: pattern.groups,
            names: pattern.names,
            ignore_case: flags.contains('i'),
            multiline: flags.contains('m'),
        };
        program.compile(&pattern.node, false)?;
        program.code.push(Step::Accept);
        Ok(program)
    }

    fn compile(&mut self, node: &Node, back: bool) -> Result<(), Failure> {
        match node {
            Node::Empty => {}
            Node::Unit(unit) => self.code.push(Step::Unit(self.fold(*unit))),
            Node::Any => self.code.push(Step::Any),
            Node::Class(class) => {
                self.code.push(Step::Class(self.classes.len()));
                self.classes.push(class.clone());
            }
            Node::Start => self.code.push(Step::Start),
            Node::End => self.code.push(Step::End),
            Node::WordBoundary { negated } => self.code.push(Step::WordBoundary(*negated)),
            Node::BackReference(index) => self.code.push(Step::BackReference(*index)),
            Node::NamedReference(name) => {
                let found = self.names.iter().find(|(known, _)| known == name);
                let Some(&(_, index)) = found else {
                    return Err(Failure::new(
                        "template/bad-regex",
                        format!("the regular expression has no group `{name}`"),
                    ));
                };
                self.code.push(Step::BackReference(index));
            }
            Node::Sequence(nodes) => {
                if back {
                    nodes.iter().rev().try_for_each(|n| self.compile(n, back))?;
                } else {
                    nodes.iter().try_for_each(|n| self.compile(n, back))?;
                }
            }
            Node::Alternatives(all) => self.alternatives(all, back)?,
            Node::Group(inner, index) => {
                let (first, last) = if back { (1, 0) } else { (0, 1) };
                if let Some(index) = index {
                    self.code.push(Step::Save(index * 2 + first));
                }
                self.compile(inner, back)?;
                if let Some(index) = index {
                    self.code.push(Step::Save(index * 2 + last));
                }
            }
            Node::Look {
                inner,
                behind,
                negated,
            } => {
                let at = self.code.len();
                self.code.push(Step::Look(*negated, 0));
                self.code.push(Step::Direction(*behind));
                self.compile(inner, *behind)?;
                self.code.push(Step::Accept);
                self.patch(at, Step::Look(*negated, self.code.len()));
                self.code.push(Step::Direction(back));
            }
            Node::Repeat {
                inner,
                min,
                max,
                lazy,
                groups,
            } => {
                let register = self.registers;
                self.registers += 1;
                self.code.push(Step::Reset(register));
                let head = self.code.len();
                let mut round = Round {
                    register,
                    min: *min,
                    max: *max,
                    lazy: *lazy,
                    exit: 0,
                };
                self.code.push(Step::Loop(round));
                self.code.push(Step::Round(register, groups.0, groups.1));
                self.compile(inner, back)?;
                self.code.push(Step::Again(register, *min, head));
                round.exit = self.code.len();
                self.patch(head, Step::Loop(round));
            }
        }
        Ok(())
    }

    fn alternatives(&mut self, all: &[Node], back: bool) -> Result<(), Failure> {
        let mut ends = Vec::new();
        for (index, node) in all.iter().enumerate() {
            let fork = self.code.len();
            let is_last = index + 1 == all.len();
            if !is_last {
                self.code.push(Step::Fork(0));
            }
            self.compile(node, back)?;
            if !is_last {
                ends.push(self.code.len());
                self.code.push(Step::Jump(0));
                self.patch(fork, Step::Fork(self.code.len()));
            }
        }
        for end in ends {
            self.patch(end, Step::Jump(self.code.len()));
        }
        Ok(())
    }

    fn patch(&mut self, at: usize, step: Step) {
        if let Some(place) = self.code.get_mut(at) {
            *place = step;
        }
    }

    /// The unit that stands for all that differ from it only by case.
    pub(super) fn fold(&self, unit: u16) -> u16 {
        if !self.ignore_case {
            return unit;
        }
        upper(unit)
    }

    pub(super) fn has(&self, class: usize, unit: u16) -> bool {
        let Some(class) = self.classes.get(class) else {
            return false;
        };
        let within = |unit: u16| {
            let mut ranges = class.ranges.iter();
            ranges.any(|&(low, high)| low <= unit && unit <= high)
        };
        let found =
            within(unit) || (self.ignore_case && (within(upper(unit)) || within(lower(unit))));
        found != class.negated
    }
}

/// `Canonicalize`: the upper case, if it is one unit and does not fall into ASCII.
fn upper(unit: u16) -> u16 {
    single(unit, |c| {
        let mut upper = c.to_uppercase();
        (upper.next(), upper.next())
    })
}

fn lower(unit: u16) -> u16 {
    single(unit, |c| {
        let mut lower = c.to_lowercase();
        (lower.next(), lower.next())
    })
}

fn single(unit: u16, map: impl Fn(char) -> (Option<char>, Option<char>)) -> u16 {
    let Some(c) = char::from_u32(u32::from(unit)) else {
        return unit;
    };
    match map(c) {
        (Some(mapped), None) => match u16::try_from(u32::from(mapped)) {
            Ok(mapped) if unit < 128 || mapped >= 128 => mapped,
            _ => unit,
        },
        _ => unit,
    }
}
