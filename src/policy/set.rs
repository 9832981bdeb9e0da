//! [`IdSet`]: small numbers as bits.

/// A set of ids: one bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct IdSet(Vec<u64>);

impl IdSet {
    /// Nothing.
    pub const NONE: Self = Self(Vec::new());

    /// Adds an id; whether it is new.
    pub fn insert(&mut self, id: usize) -> bool {
        let (word, bit) = (id / 64, 1 << (id % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let Some(bits) = self.0.get_mut(word) else {
            return false;
        };
        let is_new = *bits & bit == 0;
        *bits |= bit;
        is_new
    }

    /// Whether an id is in it.
    pub fn contains(&self, id: usize) -> bool {
        self.0
            .get(id / 64)
            .is_some_and(|bits| bits & (1 << (id % 64)) != 0)
    }

    /// Takes memory for so many ids.
    pub fn reserve(&mut self, ids: usize) {
        self.0
            .reserve(ids.div_ceil(64).saturating_sub(self.0.len()));
    }

    /// Adds all of another set.
    pub fn union_with(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    /// Those that are in another set too.
    pub fn within(&self, other: &Self) -> Self {
        let common = self.0.iter().zip(&other.0).map(|(a, b)| a & b);
        Self::of_words(common.collect())
    }

    /// Its ids in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        ids(self.0.iter().copied())
    }

    /// The ids that are in another set too, in order.
    pub fn common(&self, other: &Self) -> impl Iterator<Item = usize> {
        ids(self.0.iter().zip(&other.0).map(|(a, b)| a & b))
    }

    /// Those that are not in another set.
    pub fn without(&self, other: &Self) -> Self {
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        Self::of_words(self.0.iter().zip(others).map(|(a, b)| a & !b).collect())
    }

    /// Whether one is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Splits off those that are not below a number.
    pub fn split_off(&mut self, end: usize) -> Self {
        let mut rest = Self::default();
        for id in self.iter().filter(|&id| id >= end) {
            rest.insert(id);
        }
        *self = self.without(&rest);
        rest
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its bits, 64 a word; equal sets have equal words.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    fn of_words(mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }
}

/// The numbers of the bits that are set.
pub fn ids(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    Ids {
        words,
        bits: 0,
        next_word: 0,
    }
}

struct Ids<W> {
    words: W,
    /// What is left of the last word.
    bits: u64,
    next_word: usize,
}

impl<W: Iterator<Item = u64>> Iterator for Ids<W> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.bits = self.words.next()?;
            self.next_word += 1;
        }
        let bit = usize::try_from(self.bits.trailing_zeros()).unwrap_or(0);
        self.bits &= self.bits - 1;
        Some((self.next_word - 1) * 64 + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_in_order_and_split() {
        let mut set = IdSet::default();
        for id in [3, 64, 63, 200, 0] {
            set.insert(id);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 200]);
        let rest = set.split_off(64);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63]);
        assert_eq!(rest.iter().collect::<Vec<_>>(), [64, 200]);
        assert_eq!(set.words(), [1 << 63 | 0b1001]);
    }
}
