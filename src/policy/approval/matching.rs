//! Votes to stages: as many as can count, each person once.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::model::Stage;
use super::electorate::Electorate;

/// Assigns people to the stages that they may vote in. Nobody counts twice, and nobody is used up where
/// somebody else would do: this is a largest bipartite matching, found by augmenting paths. Who comes
/// first stays in.
pub fn assign<'p>(
    people: impl Iterator<Item = &'p Arc<str>>,
    stages: &[Stage],
    electorates: &[Electorate<'_>],
) -> Vec<Vec<Arc<str>>> {
    let mut given: Vec<Vec<Arc<str>>> = vec![Vec::new(); stages.len()];
    let counts: Vec<usize> = stages.iter().map(|stage| stage.count).collect();
    for person in people {
        let may = |who: &str, stage: usize| {
            let electorate = electorates.get(stage);
            electorate.is_some_and(|electorate| electorate.includes(who))
        };
        place(person, &mut given, &counts, &may, &mut HashSet::new());
    }
    for people in &mut given {
        people.sort_unstable();
    }
    given
}

/// Finds a place for somebody, by moving others to other stages if need be.
fn place(
    person: &Arc<str>,
    given: &mut [Vec<Arc<str>>],
    counts: &[usize],
    may: &impl Fn(&str, usize) -> bool,
    tried: &mut HashSet<usize>,
) -> bool {
    for (stage, count) in counts.iter().enumerate() {
        if !may(person, stage) || !tried.insert(stage) {
            continue;
        }
        let present = given.get(stage).cloned().unwrap_or_default();
        let has_place = present.len() < *count;
        let moved = present
            .iter()
            .position(|other| !has_place && place(other, given, counts, may, tried));
        if !has_place && moved.is_none() {
            continue;
        }
        if let Some(people) = given.get_mut(stage) {
            if let Some(left) = moved.and_then(|index| present.get(index)) {
                people.retain(|other| other != left);
            }
            people.push(Arc::clone(person));
        }
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For every way in which four people may vote in two stages, as many count as the best of all
    /// assignments has.
    #[test]
    fn as_many_count_as_can() {
        let people: Vec<Arc<str>> = ["a", "b", "c", "d"].map(Arc::from).to_vec();
        let index = |who: &str| people.iter().position(|known| **known == *who).unwrap();
        for counts in [[1, 1], [1, 2], [2, 2], [3, 1], [2, 0]] {
            for ways in 0..1_usize << 8 {
                let may = |who: &str, stage: usize| ways >> (index(who) * 2 + stage) & 1 == 1;
                let mut given = vec![Vec::new(); 2];
                for person in &people {
                    place(person, &mut given, &counts, &may, &mut HashSet::new());
                }
                let found: usize = given.iter().map(Vec::len).sum();
                assert_eq!(found, best(&people, counts, &may), "{counts:?} {ways:b}");
                for (stage, people) in given.iter().enumerate() {
                    assert!(people.len() <= counts[stage]);
                    assert!(people.iter().all(|who| may(who, stage)));
                }
                let mut all: Vec<_> = given.concat();
                all.sort_unstable();
                all.dedup();
                assert_eq!(all.len(), found, "somebody counts twice");
            }
        }
    }

    /// Tries all.
    fn best(people: &[Arc<str>], counts: [usize; 2], may: &impl Fn(&str, usize) -> bool) -> usize {
        let Some((first, rest)) = people.split_first() else {
            return 0;
        };
        let mut found = best(rest, counts, may);
        for stage in 0..2 {
            let mut left = counts;
            if may(first, stage) && left[stage] > 0 {
                left[stage] -= 1;
                found = found.max(1 + best(rest, left, may));
            }
        }
        found
    }
}
