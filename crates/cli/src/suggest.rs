//! "Did you mean": the nearest known word.

/// Below this likeness (Jaro, 0 to 1) a suggestion confuses more than it helps. The value is clap's own.
const LIKENESS: f64 = 0.7;

/// The known word that `given` most likely stands for.
pub(crate) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (strsim::jaro(given, word), word))
        .filter(|(likeness, _)| *likeness > LIKENESS)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, word)| word)
}

/// A hint: the nearest known word, or all of them.
pub(crate) fn hint(given: &str, known: &[&str]) -> String {
    match nearest(given, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None if known.is_empty() => "there is none to choose from".to_owned(),
        None => format!("one of: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        assert_eq!(hint("comon_name", &["common_name", "org"]), "did you mean `common_name`?");
    }

    #[test]
    fn a_word_that_is_like_none_lists_them_all() {
        assert_eq!(hint("zzz", &["common_name", "org"]), "one of: common_name, org");
    }
}
