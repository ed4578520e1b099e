//! The budget file: how many instructions each run may spend.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::failed::{Checked, Failed};
use crate::workspace;

/// A run may spend this many percent more than its budget: counts of the same code differ by less than half a percent (random numbers and the
/// order in which answers arrive).
pub(crate) const TOLERANCE: u64 = 3;

/// Instructions by the name of a run, and the compiler that made the binaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) compiler: String,
    pub(crate) runs: BTreeMap<String, u64>,
}

/// How a count stands to its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Within the tolerance.
    Kept,
    /// More than the budget and its tolerance.
    Exceeded,
    /// So much less that the budget would let the difference be spent again without a word.
    TooHigh,
    /// There is no budget.
    Missing,
}

impl Budget {
    /// Reads the file.
    pub(crate) fn read() -> Checked<Self> {
        let path = path();
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
        Self::parse(&text).ok_or_else(|| {
            Failed::new(format!("{} is not what `cargo xtask instructions --fix` writes", path.display()))
                .hint("cargo xtask instructions --fix")
        })
    }

    /// Writes the file.
    pub(crate) fn write(&self) -> Checked {
        let path = path();
        std::fs::write(&path, self.text())
            .map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))
    }

    pub(crate) fn standing(&self, run: &str, count: u64) -> Standing {
        match self.runs.get(run) {
            None => Standing::Missing,
            Some(budget) if count * 100 > budget * (100 + TOLERANCE) => Standing::Exceeded,
            Some(budget) if count * 100 < budget * (100 - TOLERANCE) => Standing::TooHigh,
            Some(_) => Standing::Kept,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut table: toml::Table = text.parse().ok()?;
        let compiler = table.remove("compiler")?.as_str()?.to_owned();
        let count = |count: &toml::Value| count.as_integer().and_then(|count| u64::try_from(count).ok());
        let runs = table.into_iter().map(|(name, value)| Some((name, count(&value)?))).collect::<Option<_>>()?;
        Some(Self { compiler, runs })
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# How many instructions each run may spend; {TOLERANCE} percent more fail the check. `cargo xtask instructions --fix` writes this file:\n\
             # say in the commit what the instructions are spent on.\n\
             compiler = \"{}\"\n",
            self.compiler
        );
        for (name, count) in &self.runs {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name} = {}", grouped(*count));
        }
        text
    }
}

/// A number with `_` between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

fn path() -> PathBuf {
    workspace::root().join("crates/xtask/budget.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget { compiler: "rustc 1.95.0".to_owned(), runs: BTreeMap::from([("a-create".to_owned(), 1_000_000)]) }
    }

    #[test]
    fn the_file_is_read_as_it_is_written() {
        assert_eq!(Budget::parse(&budget().text()), Some(budget()));
        assert!(budget().text().ends_with("\na-create = 1_000_000\n"), "{}", budget().text());
    }

    #[test]
    fn three_percent_more_are_kept_and_no_more() {
        let standing = |count| budget().standing("a-create", count);
        assert_eq!(standing(1_030_000), Standing::Kept);
        assert_eq!(standing(1_030_001), Standing::Exceeded);
        assert_eq!(standing(970_000), Standing::Kept);
        assert_eq!(standing(969_999), Standing::TooHigh);
        assert_eq!(budget().standing("b-create", 1), Standing::Missing);
    }

    #[test]
    fn another_file_is_refused() {
        assert_eq!(Budget::parse("a-create = many\n"), None);
        assert_eq!(Budget::parse("[budget]\n"), None);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([grouped(7), grouped(1_000), grouped(22_738_500)], ["7", "1_000", "22_738_500"]);
    }
}
