//! What the trials came to, counted.

use std::fmt::Write as _;

use super::case::Ended;

const TRIED: usize = 0;
const ORPHANS: usize = 5;
const COLUMNS: [&str; 6] = ["Tried", "Delivered", "Deleted", "Failed", "Task gone", "Orphans, all named"];

/// A count for each column.
type Counts = [usize; COLUMNS.len()];

/// Rows of counts, in the order in which they were first named.
pub(super) struct Tally {
    /// Columns before the counts, as the names of the rows have them.
    heading: &'static str,
    rows: Vec<(String, Counts)>,
}

impl Tally {
    pub(super) fn of(heading: &'static str, trials: impl IntoIterator<Item = (String, Ended)>) -> Self {
        let mut rows: Vec<(String, Counts)> = Vec::new();
        for (name, ended) in trials {
            let place = rows.iter().position(|(known, _)| *known == name).unwrap_or(rows.len());
            if place == rows.len() {
                rows.push((name, Counts::default()));
            }
            let counts = &mut rows[place].1;
            counts[TRIED] += 1;
            counts[column(&ended.status)] += 1;
            counts[ORPHANS] += usize::from(ended.orphan);
        }
        Self { heading, rows }
    }

    /// A Markdown table of all counts, and their sums.
    pub(super) fn table(&self) -> String {
        let mut sums = Counts::default();
        for (sum, column) in sums.iter_mut().zip(0..) {
            *sum = self.rows.iter().map(|(_, counts)| counts[column]).sum();
        }
        let all = format!("**all**{}", " |".repeat(self.heading.matches('|').count()));
        let rows = self.rows.iter().map(|(name, counts)| (name, counts)).chain([(&all, &sums)]);
        self.draw(&COLUMNS, rows.map(|(name, counts)| (name, &counts[..])))
    }

    /// The same with the tries alone.
    pub(super) fn table_of_tries(&self) -> String {
        self.draw(&COLUMNS[..1], self.rows.iter().map(|(name, counts)| (name, &counts[..1])))
    }

    fn draw<'a>(&self, columns: &[&str], rows: impl Iterator<Item = (&'a String, &'a [usize])>) -> String {
        let names = self.heading.matches('|').count() + 1;
        let mut table = format!("| {} | {} |\n", self.heading, columns.join(" | "));
        writeln!(table, "|{}{}", "---|".repeat(names), "--:|".repeat(columns.len())).expect("writing to a text");
        for (name, counts) in rows {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            writeln!(table, "| {name} | {} |", counts.join(" | ")).expect("writing to a text");
        }
        table
    }

    pub(super) fn orphans(&self) -> usize {
        self.rows.iter().map(|(_, counts)| counts[ORPHANS]).sum()
    }
}

fn column(status: &str) -> usize {
    match status {
        "credentials_created" => 1,
        "credentials_deleted" => 2,
        "failed" => 3,
        "gone" => 4,
        status => panic!("the task stays {status}"),
    }
}
