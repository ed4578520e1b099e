//! "did you mean `default`?"

/// What to say about a word that is none of the known ones.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    // Two slips of the pen, but never half of the word.
    let near = known
        .iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= 2 && distance * 2 < candidate.len())
        .min();
    match near {
        Some((_, candidate)) => format!("unknown {what} `{word}`, did you mean `{candidate}`?"),
        None => format!("unknown {what} `{word}`, expected {}", list(known)),
    }
}

/// `a`, `b` or `c`.
fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            rows[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let same = usize::from(left[row - 1] != right[column - 1]);
                let mut best =
                    (rows[row - 1][column - 1] + same).min(rows[row - 1][column] + 1).min(rows[row][column - 1] + 1);
                if row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1] {
                    best = best.min(rows[row - 2][column - 2] + 1);
                }
                best
            };
        }
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["default", "min", "max", "pattern"];

    #[test]
    fn swapped_letters_are_one_slip() {
        assert_eq!(distance("defualt", "default"), 1);
    }

    #[test]
    fn a_near_word_is_suggested() {
        assert_eq!(unknown("attribute", "defualt", KNOWN), "unknown attribute `defualt`, did you mean `default`?");
    }

    #[test]
    fn a_far_word_lists_what_exists() {
        assert_eq!(
            unknown("attribute", "required", KNOWN),
            "unknown attribute `required`, expected `default`, `min`, `max` or `pattern`"
        );
    }

    #[test]
    fn half_of_a_short_word_is_no_slip() {
        assert!(unknown("attribute", "m", KNOWN).contains("expected"));
    }
}
