//! What the command line asks for.

/// How long each target runs unless the command line says otherwise, in seconds: all of them in less than half an hour.
const DEFAULT_SECONDS: u64 = 60;

pub(crate) const HELP: &str = "\
Runs the targets of crates/fuzz with cargo-fuzz (nightly), each for a bounded time

Usage: cargo xtask fuzz [TARGET] [--seconds N]

  TARGET        one target, a folder of crates/fuzz/corpus; all of them without it
  --seconds N   how long each target runs [default: 60]

It prints a table of runs, coverage and results. When a property does not hold, it names the input and how to replay it, and exits 1.
CI needs none of this: it replays the corpus with stable (`cargo test -p credjob-fuzz`).

New inputs are in target/fuzz/corpus/TARGET. To keep those that reach something new:
  cargo +nightly fuzz cmin --fuzz-dir crates/fuzz/fuzz --target-dir target/fuzz TARGET target/fuzz/corpus/TARGET
and then copy the small ones to crates/fuzz/corpus/TARGET under names that say what they are.";

/// Which targets, for how long.
pub(crate) struct Asked {
    /// One target, or all.
    pub(crate) target: Option<String>,
    pub(crate) seconds: u64,
}

impl Asked {
    /// `None` for arguments that nobody understands.
    pub(crate) fn read(arguments: &[&str]) -> Option<Self> {
        let mut asked = Self { target: None, seconds: DEFAULT_SECONDS };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--seconds" => asked.seconds = rest.next()?.parse().ok().filter(|seconds| *seconds > 0)?,
                option if option.starts_with('-') => return None,
                target if asked.target.is_none() => asked.target = Some(target.to_owned()),
                _ => return None,
            }
        }
        Some(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Option<(Option<String>, u64)> {
        Asked::read(arguments).map(|asked| (asked.target, asked.seconds))
    }

    #[test]
    fn everything_is_optional_and_in_any_order() {
        let target = || Some("redactor".to_owned());
        assert_eq!(read(&[]), Some((None, DEFAULT_SECONDS)));
        assert_eq!(read(&["redactor"]), Some((target(), DEFAULT_SECONDS)));
        assert_eq!(read(&["--seconds", "5", "redactor"]), Some((target(), 5)));
        assert_eq!(read(&["redactor", "--seconds", "5"]), Some((target(), 5)));
    }

    #[test]
    fn what_nobody_understands_is_refused() {
        for arguments in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"], &["--fast"], &["a", "b"]] {
            assert_eq!(read(arguments), None, "{arguments:?}");
        }
    }

    #[test]
    fn the_help_names_the_default() {
        assert!(HELP.contains(&format!("[default: {DEFAULT_SECONDS}]")));
    }
}
