//! The table that the bench prints.

use std::fmt::Write as _;
use std::time::Duration;

use super::measure::Cost;
use super::server::Seen;

/// One line: the medians of a program.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    name: String,
    size: Option<u64>,
    wall: Duration,
    cpu: Duration,
    memory: u64,
    requests: Option<usize>,
    connections: Option<usize>,
}

impl Row {
    /// The line of a program.
    pub(crate) fn new(name: &str, size: u64, costs: &[Cost], seen: &Seen) -> Self {
        Self {
            size: Some(size),
            requests: Some(seen.requests.len()),
            connections: Some(seen.connections),
            ..Self::floor_of(name, costs)
        }
    }

    /// The line of a program that does nothing: what the measuring itself costs.
    pub(crate) fn floor(costs: &[Cost]) -> Self {
        Self::floor_of("floor (`true`)", costs)
    }

    fn floor_of(name: &str, costs: &[Cost]) -> Self {
        Self {
            name: name.to_owned(),
            size: None,
            wall: median(costs.iter().map(|cost| cost.wall)),
            cpu: median(costs.iter().map(|cost| cost.cpu)),
            memory: median(costs.iter().map(|cost| cost.memory)),
            requests: None,
            connections: None,
        }
    }
}

/// The table as text.
pub(crate) fn text(rows: &[Row], runs: usize) -> String {
    let mut text = format!(
        "Medians of {runs} runs, job and curl in turns\n\n{:<28} {:>10} {:>9} {:>9} {:>9} {:>9} {:>12}\n",
        "", "size kB", "wall ms", "CPU ms", "peak kB", "requests", "connections"
    );
    for row in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:<28} {:>10} {:>9} {:>9} {:>9} {:>9} {:>12}",
            row.name,
            optional(row.size.map(|bytes| bytes / 1024)),
            milliseconds(row.wall),
            milliseconds(row.cpu),
            row.memory / 1024,
            optional(row.requests),
            optional(row.connections),
        );
    }
    text
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1000.0)
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// The middle one; the default when there is none.
pub(crate) fn median<T: Ord + Default + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median([3, 1, 2].into_iter()), 2);
        assert_eq!(median(std::iter::empty::<u64>()), 0);
    }

    #[test]
    fn a_row_shows_kilobytes_and_milliseconds() {
        let cost = Cost { wall: Duration::from_micros(2_340), cpu: Duration::from_micros(1_100), memory: 4_096_000 };
        let row = Row::new("job", 3_072_000, &[cost], &Seen { connections: 2, ..Seen::default() });
        let text = text(&[row], 1);
        let words: Vec<&str> = text.lines().last().expect("a row").split_whitespace().collect();
        assert_eq!(words, ["job", "3000", "2.3", "1.1", "4000", "0", "2"]);
    }
}
