//! "Did you mean": the nearest of a set of known names.

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
    let (word, candidate) = (fold(word), fold(candidate));
    word.len().abs_diff(candidate.len()) <= 4 && strsim::osa_distance(&word, &candidate) <= 1
}

fn fold(word: &str) -> String {
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
    fn finds_slips_and_refuses_strangers() {
        let known = ["owner", "providesApis", "system", "lifecycle"];
        assert_eq!(nearest("onwer", known), Some("owner"));
        assert_eq!(nearest("providesApi", known), Some("providesApis"));
        assert_eq!(nearest("life-cycle", known), Some("lifecycle"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
