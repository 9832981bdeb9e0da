//! [`Formula`]: propositional formulas over numbered atoms, and a search for a way to make some true.
//!
//! The search is that of Davis, Putnam, Logemann and Loveland, on formulas as they are: what is forced is
//! set, along with what follows from it by the [`Theory`]; then one atom is tried both ways. Policies are
//! long but shallow (many short conjunctions, refused or granted one by one), so that nearly all is forced.

/// An atom's number.
pub type AtomId = usize;

/// A formula whose negations are at its atoms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// An atom, or with `false` its opposite.
    Literal(AtomId, bool),
    /// Every one; true if empty.
    All(Vec<Formula>),
    /// At least one; false if empty.
    Any(Vec<Formula>),
}

impl Formula {
    /// What always holds.
    pub const TRUE: Self = Self::All(Vec::new());
    /// What never holds.
    pub const FALSE: Self = Self::Any(Vec::new());

    /// The opposite.
    pub fn negated(&self) -> Self {
        let all = |children: &[Self]| children.iter().map(Self::negated).collect();
        match self {
            Self::Literal(atom, value) => Self::Literal(*atom, !value),
            Self::All(children) => Self::Any(all(children)),
            Self::Any(children) => Self::All(all(children)),
        }
    }

    /// Whether it is true wherever some atoms are as said.
    pub fn holds_in(&self, model: &[(AtomId, bool)]) -> bool {
        let size = model.iter().map(|(atom, _)| atom + 1).max().unwrap_or(0);
        let mut set = vec![None; size];
        for &(atom, value) in model {
            if let Some(slot) = set.get_mut(atom) {
                *slot = Some(value);
            }
        }
        self.under(&set) == Self::TRUE
    }

    /// What is left of it once some atoms are set.
    fn under(&self, set: &[Option<bool>]) -> Self {
        match self {
            Self::Literal(atom, value) => match set.get(*atom).copied().flatten() {
                Some(found) if found == *value => Self::TRUE,
                Some(_) => Self::FALSE,
                None => self.clone(),
            },
            Self::All(children) => {
                Self::joined(children, set, &Self::TRUE, &Self::FALSE, Self::All)
            }
            Self::Any(children) => {
                Self::joined(children, set, &Self::FALSE, &Self::TRUE, Self::Any)
            }
        }
    }

    fn joined(
        children: &[Self],
        set: &[Option<bool>],
        neutral: &Self,
        decisive: &Self,
        join: fn(Vec<Self>) -> Self,
    ) -> Self {
        let mut left = Vec::new();
        for child in children {
            let child = child.under(set);
            if child == *decisive {
                return child;
            }
            if child != *neutral {
                left.push(child);
            }
        }
        match left.pop() {
            Some(only) if left.is_empty() => only,
            Some(last) => {
                left.push(last);
                join(left)
            }
            None => neutral.clone(),
        }
    }

    fn first_literal(&self) -> Option<(AtomId, bool)> {
        match self {
            Self::Literal(atom, value) => Some((*atom, *value)),
            Self::All(children) | Self::Any(children) => {
                children.iter().find_map(Self::first_literal)
            }
        }
    }
}

/// What is known of atoms beside the formulas.
#[derive(Debug, Default)]
pub struct Theory {
    /// For each atom, those that are true if it is.
    pub implies: Vec<Vec<AtomId>>,
    /// For each atom, those that are false if it is true.
    pub excludes: Vec<Vec<AtomId>>,
    /// For each atom, those of which it follows.
    pub follows: Vec<Vec<AtomId>>,
}

/// The answer of a search.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The formulas are true together if these atoms are as said, whatever the others.
    Model(Vec<(AtomId, bool)>),
    /// They are never true together.
    Nothing,
    /// The search took too long.
    GaveUp,
}

impl Theory {
    /// Looks for a way to make all formulas true. `fuel` are the formulas to look at before giving up.
    pub fn model(&self, formulas: &[Formula], fuel: &mut usize) -> Found {
        let mut set = vec![None; self.implies.len()];
        self.search(formulas.to_vec(), &mut set, fuel)
    }

    fn search(
        &self,
        mut pending: Vec<Formula>,
        set: &mut [Option<bool>],
        fuel: &mut usize,
    ) -> Found {
        loop {
            let mut left = Vec::with_capacity(pending.len());
            let mut forced = Vec::new();
            let mut stack = pending;
            while let Some(formula) = stack.pop() {
                match fuel.checked_sub(1) {
                    Some(rest) => *fuel = rest,
                    None => return Found::GaveUp,
                }
                match formula.under(set) {
                    Formula::All(parts) => stack.extend(parts),
                    Formula::Any(parts) if parts.is_empty() => return Found::Nothing,
                    Formula::Literal(atom, value) => forced.push((atom, value)),
                    open @ Formula::Any(_) => left.push(open),
                }
            }
            if forced.is_empty() {
                pending = left;
                break;
            }
            for (atom, value) in forced {
                if !self.put(atom, value, set) {
                    return Found::Nothing;
                }
            }
            pending = left;
        }
        let Some((atom, value)) = pending.iter().find_map(Formula::first_literal) else {
            let known = set.iter().enumerate();
            return Found::Model(known.filter_map(|(atom, v)| Some((atom, (*v)?))).collect());
        };
        for value in [value, !value] {
            let mut attempt = set.to_vec();
            if !self.put(atom, value, &mut attempt) {
                continue;
            }
            match self.search(pending.clone(), &mut attempt, fuel) {
                Found::Nothing => {}
                found => return found,
            }
        }
        Found::Nothing
    }

    /// Sets an atom and what follows; false on a contradiction.
    fn put(&self, atom: AtomId, value: bool, set: &mut [Option<bool>]) -> bool {
        let mut stack = vec![(atom, value)];
        while let Some((atom, value)) = stack.pop() {
            let Some(slot) = set.get_mut(atom) else {
                return false;
            };
            match *slot {
                Some(before) if before != value => return false,
                Some(_) => continue,
                None => *slot = Some(value),
            }
            let of = |lists: &[Vec<AtomId>]| lists.get(atom).cloned().unwrap_or_default();
            if value {
                stack.extend(of(&self.implies).into_iter().map(|other| (other, true)));
                stack.extend(of(&self.excludes).into_iter().map(|other| (other, false)));
            } else {
                stack.extend(of(&self.follows).into_iter().map(|other| (other, false)));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATOMS: usize = 5;

    /// Of all formulas of a random kind, the search finds a model if and only if one of the 32 ways to
    /// set five atoms is one.
    #[test]
    fn the_search_agrees_with_all_ways_to_set_the_atoms() {
        // 0 excludes 1; 2 implies 3
        let theory = Theory {
            implies: vec![vec![], vec![], vec![3], vec![], vec![]],
            excludes: vec![vec![1], vec![0], vec![], vec![], vec![]],
            follows: vec![vec![], vec![], vec![], vec![2], vec![]],
        };
        let allowed =
            |bits: usize| bits & 0b11 != 0b11 && (bits & 0b100 == 0 || bits & 0b1000 != 0);
        let mut seed = 1;
        let (mut some, mut none) = (0, 0);
        for _ in 0..3000 {
            let formulas: Vec<_> = (0..3).map(|_| random(&mut seed, 3)).collect();
            let expected = (0..1 << ATOMS)
                .any(|bits| allowed(bits) && formulas.iter().all(|f| holds(f, bits)));
            match theory.model(&formulas, &mut 10_000) {
                Found::Nothing => {
                    none += 1;
                    assert!(!expected, "{formulas:?}");
                }
                Found::Model(model) => {
                    some += 1;
                    assert!(expected, "{formulas:?}");
                    let fits =
                        |bits: &usize| model.iter().all(|&(a, v)| (*bits >> a & 1 == 1) == v);
                    let mut ways = (0..1 << ATOMS).filter(fits).filter(|&bits| allowed(bits));
                    assert!(ways.all(|bits| formulas.iter().all(|f| holds(f, bits))));
                }
                Found::GaveUp => assert!(formulas.is_empty(), "out of fuel: {formulas:?}"),
            }
        }
        assert!(some > 100 && none > 100, "{some} {none}");
    }

    #[test]
    fn a_search_ends_when_its_fuel_does() {
        let theory = Theory::default();
        assert_eq!(theory.model(&[Formula::TRUE], &mut 0), Found::GaveUp);
    }

    fn holds(formula: &Formula, bits: usize) -> bool {
        match formula {
            Formula::Literal(atom, value) => (bits >> atom & 1 == 1) == *value,
            Formula::All(children) => children.iter().all(|child| holds(child, bits)),
            Formula::Any(children) => children.iter().any(|child| holds(child, bits)),
        }
    }

    fn random(seed: &mut usize, depth: usize) -> Formula {
        let mut below = |end: usize| {
            *seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (*seed >> 33) % end
        };
        let kind = if depth == 0 { 0 } else { below(3) };
        let (atom, value, count) = (below(ATOMS), below(2) == 0, below(4));
        let children = |seed: &mut usize| (0..count).map(|_| random(seed, depth - 1)).collect();
        match kind {
            0 => Formula::Literal(atom, value),
            1 => Formula::All(children(seed)),
            _ => Formula::Any(children(seed)),
        }
    }
}
