//! "Did you mean": the nearest of a set of known names.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// The candidate nearest to `word`, if it is near enough to be a likely slip of the pen.
///
/// Case and the separators `-`, `_` are no difference; otherwise about one edit in three letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = folded_length(word);
    let allowed = (length / 3).clamp(1, 3);
    let mut folded = None;
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        // Each letter more or less is an edit: most candidates are out without being compared.
        .filter(|candidate| folded_length(candidate).abs_diff(length) <= allowed)
        .map(|candidate| {
            let word = folded.get_or_insert_with(|| fold(word));
            let distance = strsim::osa_distance(word, &fold(candidate));
            (distance, candidate)
        })
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters [`fold`] leaves.
fn folded_length(word: &str) -> usize {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_'));
    if word.is_ascii() {
        letters.count()
    } else {
        letters.flat_map(char::to_lowercase).count()
    }
}

/// Whether `word` is `candidate` but for case, separators or a single letter: no other is meant.
pub fn is_slip(word: &str, candidate: &str) -> bool {
    Folded::of(word).is_slip_of(&Folded::of(candidate))
}

/// Words of which one may be meant by a slip, found without comparing each.
#[derive(Debug)]
pub struct Known {
    words: Vec<(Folded, &'static str)>,
    /// Those that are too short to have two ends.
    short: Vec<usize>,
    heads: HashMap<u64, Vec<usize>, FixedState>,
    tails: HashMap<u64, Vec<usize>, FixedState>,
}

impl Known {
    /// Takes the words.
    pub fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let words: Vec<_> = words.map(|word| (Folded::of(word), word)).collect();
        let mut short = Vec::new();
        let mut heads: HashMap<_, Vec<usize>, _> = HashMap::default();
        let mut tails: HashMap<_, Vec<usize>, _> = HashMap::default();
        for (index, (word, _)) in words.iter().enumerate() {
            let Some((head, tail)) = word.ends else {
                short.push(index);
                continue;
            };
            heads.entry(head).or_default().push(index);
            tails.entry(tail).or_default().push(index);
        }
        Self {
            words,
            short,
            heads,
            tails,
        }
    }

    /// The first of the words that differs by a slip; see [`is_slip`].
    pub fn slip(&self, word: &str) -> Option<&'static str> {
        let word = Folded::of(word);
        let Some((head, tail)) = word.ends else {
            let mut words = self.words.iter();
            return words.find_map(|(known, name)| word.is_slip_of(known).then_some(*name));
        };
        let same_head = self.heads.get(&head).into_iter().flatten();
        let same_tail = self.tails.get(&tail).into_iter().flatten();
        let likely = self.short.iter().chain(same_head).chain(same_tail);
        let is_meant = |index: &&usize| {
            let known = self.words.get(**index);
            known.is_some_and(|(known, _)| word.is_slip_of(known))
        };
        let first = likely.filter(is_meant).min()?;
        self.words.get(*first).map(|(_, name)| *name)
    }
}

/// A word that is compared with many: what makes no difference is gone.
#[derive(Debug)]
pub struct Folded {
    text: String,
    /// Its first and its last bytes, if these do not overlap.
    ends: Option<(u64, u64)>,
}

impl Folded {
    /// Folds a word.
    pub fn of(word: &str) -> Self {
        let text = fold(word);
        let end = |bytes: Option<&[u8; END]>| bytes.copied().map(u64::from_le_bytes);
        let bytes = text.as_bytes();
        let ends = end(bytes.first_chunk()).zip(end(bytes.last_chunk()));
        Self {
            ends: ends.filter(|_| bytes.len() > 2 * END),
            text,
        }
    }

    /// Whether it is another but for a single letter: one more, one less, another, or two exchanged.
    pub fn is_slip_of(&self, other: &Self) -> bool {
        if self.text.len().abs_diff(other.text.len()) > 4 {
            return false;
        }
        // One slip is not at both ends, and most words differ there.
        if let Some(((head, tail), (other_head, other_tail))) = self.ends.zip(other.ends)
            && head != other_head
            && tail != other_tail
        {
            return false;
        }
        let (mut ours, mut theirs) = (self.text.chars(), other.text.chars());
        loop {
            let (before, other_before) = (ours.as_str(), theirs.as_str());
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a == b => {}
                (a, b) => {
                    let (rest, other_rest) = (ours.as_str(), theirs.as_str());
                    let are_exchanged = || {
                        let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
                        (ours.next(), theirs.next()) == (b, a) && ours.as_str() == theirs.as_str()
                    };
                    return rest == other_rest
                        || rest == other_before
                        || before == other_rest
                        || are_exchanged();
                }
            }
        }
    }
}

/// Bytes of an end of a [`Folded`] word.
const END: usize = 8;

fn fold(word: &str) -> String {
    if word.is_ascii() {
        let letters = word.bytes().filter(|b| !matches!(b, b'-' | b'_'));
        return letters
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
    }
    word.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_slip, nearest};

    #[test]
    fn a_slip_is_one_letter() {
        assert!(is_slip("project-slgu", "project-slug"));
        assert!(is_slip("projectSlug", "project-slug"));
        assert!(!is_slip("project-key", "project-slug"));
    }

    #[test]
    fn a_slip_is_a_distance_of_one_at_most() {
        let words = [
            "",
            "a",
            "b",
            "ab",
            "ba",
            "abc",
            "acb",
            "xabc",
            "äb",
            "bä",
            "ab\u{1f980}",
            "example.com/project-slug",
            "example.com/projectslugs",
            "example.com/project-slgu",
            "exmaple.com/project-slug",
            "xample.com/project-slug",
            "example.com/project-slug-of",
            "éxample.com/project-slug",
            "example.com/project-sl\u{1f980}g",
            "exampel.com/project-slgu",
        ];
        for word in words {
            let slip = super::Known::of(words.into_iter()).slip(word);
            let first = words.into_iter().find(|other| is_slip(word, other));
            assert_eq!(slip, first, "{word}");
            for other in words {
                let distance = strsim::osa_distance(&super::fold(word), &super::fold(other));
                assert_eq!(is_slip(word, other), distance <= 1, "{word} {other}");
            }
        }
    }

    #[test]
    fn finds_slips_and_refuses_strangers() {
        let known = ["owner", "providesApis", "system", "lifecycle"];
        assert_eq!(nearest("onwer", known), Some("owner"));
        assert_eq!(nearest("providesApi", known), Some("providesApis"));
        assert_eq!(nearest("life-cycle", known), Some("lifecycle"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
