//! The command line of `cargo xtask bench`.

use std::path::PathBuf;

use crate::failed::{Checked, Failed};

pub(crate) const HELP: &str = "\
What a run of each job costs, beside one curl process that makes the same requests

Usage: cargo xtask bench [OPTIONS]

Options:
  --runs N             pairs of job and curl for each line; at least 40 [default: 80]
  --rsa-runs N         runs with an RSA key, of which means are told; 0 leaves them out [default: 300]
  --format FORMAT      table or json (versioned) on standard output [default: table]
  --svg FILE           writes a bar chart as well
  -h, --help           this text

Job and curl take turns, so that a busy machine slows both. Everything runs on this machine: IAM, Secrets Manager and the platform are one
process with a port each, asked over plain HTTP, over TLS with a private authority, and over TLS with the full CA directory. `own wall` is
wall-clock time less the time that this process was on a CPU. It takes about three minutes, most of them for RSA keys.

Exit codes: 0 done and every target met, 1 a target was missed or something failed, 2 wrong usage";

/// Fewer runs give no median to rely on.
const MIN_RUNS: usize = 40;

/// What to measure and how to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) runs: usize,
    pub(crate) rsa_runs: usize,
    pub(crate) format: Format,
    pub(crate) svg: Option<PathBuf>,
}

/// The form of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
}

impl Options {
    /// Reads the arguments.
    pub(crate) fn parse(arguments: &[&str]) -> Checked<Self> {
        let mut options = Self { runs: 80, rsa_runs: 300, format: Format::Table, svg: None };
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { return Err(wrong(&format!("{} has no value", pair.concat()))) };
            let number = || value.parse::<usize>().map_err(|_| wrong(&format!("{name} {value}: no number")));
            match *name {
                "--runs" => options.runs = number()?,
                "--rsa-runs" => options.rsa_runs = number()?,
                "--format" => options.format = format(value)?,
                "--svg" => options.svg = Some(value.into()),
                _ => return Err(wrong(&format!("unknown argument {name}"))),
            }
        }
        if options.runs < MIN_RUNS {
            return Err(wrong(&format!("--runs {}: at least {MIN_RUNS}", options.runs)));
        }
        Ok(options)
    }
}

fn format(text: &str) -> Checked<Format> {
    match text {
        "table" => Ok(Format::Table),
        "json" => Ok(Format::Json),
        _ => Err(wrong(&format!("--format {text}: table or json"))),
    }
}

fn wrong(what: &str) -> Failed {
    Failed::new(what).hint("cargo xtask bench --help")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_read() {
        let options = Options::parse(&["--runs", "40", "--rsa-runs", "0", "--format", "json", "--svg", "x.svg"]);
        let expected = Options { runs: 40, rsa_runs: 0, format: Format::Json, svg: Some("x.svg".into()) };
        assert_eq!(options.expect("known"), expected);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for arguments in [&["--runs"][..], &["--runs", "x"], &["--runs", "39"], &["--format", "xml"], &["--fast", "1"]]
        {
            Options::parse(arguments).expect_err(arguments.first().unwrap_or(&""));
        }
    }
}
