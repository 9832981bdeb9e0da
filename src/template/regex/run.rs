//! Runs the steps of a pattern: backtracking on a stack of its own, each step paid for.

use super::program::{Program, Round, Step};
use crate::template::eval::{Machine, Outcome};
use crate::template::failure::Failure;

/// Where the groups matched, the whole match first.
pub(super) type Captures = Vec<Option<(usize, usize)>>;

impl Program {
    /// The match that begins at `start`, if there is one.
    pub(super) fn match_at(
        &self,
        machine: &mut Machine<'_>,
        text: &[u16],
        start: usize,
    ) -> Outcome<Option<Captures>> {
        let mut run = Run {
            program: self,
            text,
            at: start,
            back: false,
            saves: vec![None; (self.groups + 1) * 2],
            registers: vec![(0, usize::MAX); self.registers],
            trail: Vec::new(),
            unpaid: 0,
        };
        let matched = run.run(machine, 0)?;
        machine.pay(run.unpaid * COST)?;
        if !matched {
            return Ok(None);
        }
        let end = run.at;
        let group = |index: usize| {
            let bound = |at: usize| run.saves.get(at).copied().flatten();
            Some((bound(index * 2)?, bound(index * 2 + 1)?))
        };
        let groups = (1..=self.groups).map(group);
        Ok(Some(
            std::iter::once(Some((start, end))).chain(groups).collect(),
        ))
    }
}

/// A step costs more than others: a hostile pattern makes them by the million.
const COST: usize = 8;

/// Ways not yet tried; more than this are a hostile pattern.
const MAX_TRAIL: usize = 1_000_000;

struct Run<'a> {
    program: &'a Program,
    text: &'a [u16],
    at: usize,
    /// Going left, within a look behind.
    back: bool,
    saves: Vec<Option<usize>>,
    /// For each loop, its rounds and where the current one began.
    registers: Vec<(u32, usize)>,
    trail: Vec<Trail>,
    unpaid: usize,
}

/// What to undo on the way back to another try.
enum Trail {
    Try { pc: usize, at: usize, back: bool },
    Save(usize, Option<usize>),
    Register(usize, (u32, usize)),
}

impl Run<'_> {
    /// Runs from a step to the next `Accept`; on failure everything is as it was.
    fn run(&mut self, machine: &mut Machine<'_>, start: usize) -> Outcome<bool> {
        let base = self.trail.len();
        let mut pc = start;
        loop {
            self.unpaid += 1;
            if self.unpaid >= 1024 {
                machine.pay(self.unpaid * COST)?;
                self.unpaid = 0;
                if self.trail.len() > MAX_TRAIL {
                    return Err(Failure::limit("tries of a regular expression", MAX_TRAIL));
                }
            }
            let Some(&step) = self.program.code.get(pc) else {
                return Ok(false);
            };
            let next = match step {
                Step::Accept => return Ok(true),
                Step::Look(negated, target) => {
                    self.look(machine, pc + 1, negated)?.then_some(target)
                }
                step => self.step(step, pc),
            };
            match next.or_else(|| self.backtrack(base)) {
                Some(next) => pc = next,
                None => return Ok(false),
            }
        }
    }

    /// One step; the next one's place, or none if it fails.
    fn step(&mut self, step: Step, pc: usize) -> Option<usize> {
        match step {
            Step::Unit(wanted) => {
                let unit = self.take()?;
                (self.program.fold(unit) == wanted).then_some(pc + 1)
            }
            Step::Any => {
                let unit = self.take()?;
                (!is_line_break(Some(unit))).then_some(pc + 1)
            }
            Step::Class(class) => {
                let unit = self.take()?;
                self.program.has(class, unit).then_some(pc + 1)
            }
            Step::Direction(back) => {
                self.back = back;
                Some(pc + 1)
            }
            Step::Start => {
                let line = self.program.multiline && is_line_break(self.before());
                (self.at == 0 || line).then_some(pc + 1)
            }
            Step::End => {
                let line = self.program.multiline && is_line_break(self.after());
                (self.at == self.text.len() || line).then_some(pc + 1)
            }
            Step::WordBoundary(negated) => {
                let boundary = is_word(self.before()) != is_word(self.after());
                (boundary != negated).then_some(pc + 1)
            }
            Step::BackReference(index) => self.repeat_group(index).then_some(pc + 1),
            Step::Save(slot) => {
                self.save(slot, Some(self.at));
                Some(pc + 1)
            }
            Step::Jump(target) => Some(target),
            Step::Fork(other) => {
                self.try_later(other);
                Some(pc + 1)
            }
            Step::Reset(register) => {
                self.set(register, (0, usize::MAX));
                Some(pc + 1)
            }
            Step::Loop(round) => Some(self.round(round, pc)),
            Step::Round(register, from, to) => {
                let (count, _) = self.register(register);
                self.set(register, (count, self.at));
                for slot in from * 2..to * 2 {
                    self.save(slot, None);
                }
                Some(pc + 1)
            }
            Step::Again(register, min, head) => {
                let (count, began) = self.register(register);
                if count >= min && began == self.at {
                    return None;
                }
                self.set(register, (count.saturating_add(1), began));
                Some(head)
            }
            Step::Look(..) | Step::Accept => None,
        }
    }

    fn round(&mut self, round: Round, pc: usize) -> usize {
        let (count, _) = self.register(round.register);
        if count < round.min {
            return pc + 1;
        }
        if count >= round.max {
            return round.exit;
        }
        let (first, other) = if round.lazy {
            (round.exit, pc + 1)
        } else {
            (pc + 1, round.exit)
        };
        self.try_later(other);
        first
    }

    /// A look ahead or behind. It is never entered again once it has succeeded.
    fn look(&mut self, machine: &mut Machine<'_>, pc: usize, negated: bool) -> Outcome<bool> {
        let (base, at, back) = (self.trail.len(), self.at, self.back);
        let found = self.run(machine, pc)?;
        if found && negated {
            while self.undo_to(base).is_some() {}
        } else if found {
            let inner = self.trail.split_off(base);
            let kept = inner
                .into_iter()
                .filter(|entry| !matches!(entry, Trail::Try { .. }));
            self.trail.extend(kept);
        }
        self.at = at;
        self.back = back;
        Ok(found != negated)
    }

    fn backtrack(&mut self, base: usize) -> Option<usize> {
        let (pc, at, back) = self.undo_to(base)?;
        self.at = at;
        self.back = back;
        Some(pc)
    }

    /// Undoes what was done since the last try above `base`; that try, if there is one.
    fn undo_to(&mut self, base: usize) -> Option<(usize, usize, bool)> {
        while self.trail.len() > base {
            match self.trail.pop()? {
                Trail::Try { pc, at, back } => return Some((pc, at, back)),
                Trail::Save(slot, old) => {
                    if let Some(save) = self.saves.get_mut(slot) {
                        *save = old;
                    }
                }
                Trail::Register(register, old) => {
                    if let Some(place) = self.registers.get_mut(register) {
                        *place = old;
                    }
                }
            }
        }
        None
    }

    fn try_later(&mut self, pc: usize) {
        self.trail.push(Trail::Try {
            pc,
            at: self.at,
            back: self.back,
        });
    }

    fn save(&mut self, slot: usize, value: Option<usize>) {
        if let Some(save) = self.saves.get_mut(slot) {
            let old = std::mem::replace(save, value);
            self.trail.push(Trail::Save(slot, old));
        }
    }

    fn register(&self, register: usize) -> (u32, usize) {
        self.registers.get(register).copied().unwrap_or_default()
    }

    fn set(&mut self, register: usize, value: (u32, usize)) {
        if let Some(place) = self.registers.get_mut(register) {
            let old = std::mem::replace(place, value);
            self.trail.push(Trail::Register(register, old));
        }
    }

    fn before(&self) -> Option<u16> {
        self.text.get(self.at.checked_sub(1)?).copied()
    }

    fn after(&self) -> Option<u16> {
        self.text.get(self.at).copied()
    }

    /// The next unit in the current direction.
    fn take(&mut self) -> Option<u16> {
        if self.back {
            let unit = self.before()?;
            self.at -= 1;
            return Some(unit);
        }
        let unit = self.after()?;
        self.at += 1;
        Some(unit)
    }

    fn repeat_group(&mut self, index: usize) -> bool {
        let bound = |at: usize| self.saves.get(at).copied().flatten();
        let (Some(from), Some(to)) = (bound(index * 2), bound(index * 2 + 1)) else {
            return true;
        };
        let wanted = self.text.get(from..to).unwrap_or_default();
        self.unpaid += wanted.len();
        let mut units: Vec<u16> = wanted.to_vec();
        if self.back {
            units.reverse();
        }
        units.into_iter().all(|wanted| {
            let unit = self.take();
            unit.is_some_and(|unit| self.program.fold(unit) == self.program.fold(wanted))
        })
    }
}

fn is_word(unit: Option<u16>) -> bool {
    let c = unit.and_then(|unit| char::from_u32(u32::from(unit)));
    c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_line_break(unit: Option<u16>) -> bool {
    matches!(unit, Some(0x0A | 0x0D | 0x2028 | 0x2029))
}
