//! Looks for secrets in what a test run printed. Every secret in a test starts with the same prefix, so that this search can find it.

/// How every secret value of every test begins.
const PREFIX: &str = "canary-";

/// How many word characters make it a value. A shorter one is prose about canaries.
const VALUE_LENGTH: usize = 16;

/// The numbers (from 1) of the lines that hold a canary.
pub(crate) fn lines_with_canary(output: &str) -> Vec<usize> {
    let lines = output.lines().enumerate();
    lines.filter(|(_, line)| holds_canary(line)).map(|(index, _)| index + 1).collect()
}

fn holds_canary(line: &str) -> bool {
    line.match_indices(PREFIX).any(|(start, _)| {
        line[start + PREFIX.len()..]
            .chars()
            .take_while(|character| character.is_alphanumeric() || matches!(character, '_' | '-'))
            .count()
            >= VALUE_LENGTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_value_is_found() {
        let output = format!("fine\npanicked: {PREFIX}{}\n", "0123456789abcdef");
        assert_eq!(lines_with_canary(&output), [2]);
    }

    #[test]
    fn a_second_mention_on_a_line_is_found() {
        let output = format!("{PREFIX}x, {PREFIX}{}", "login-0123456789");
        assert_eq!(lines_with_canary(&output), [1]);
    }

    #[test]
    fn prose_is_no_value() {
        assert!(lines_with_canary("test canary-like values ... ok").is_empty());
    }
}
