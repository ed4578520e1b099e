//! The report as a section of the evidence page. It holds no time and no path: the same exploration gives the same text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::call::Call;
use super::super::event::Event;
use super::super::fault::{Fault, Protocol};
use super::super::oracle::{Excuse, Hopeless};
use super::Report;
use super::tally::exit_name;

impl Report {
    /// A section with this title and introduction: what was tried, what was left behind, and what one retry saves.
    pub fn to_markdown(&self, title: &str, introduction: &str) -> String {
        let mut text = format!("## {title}\n\n{introduction}\n\n");
        self.write_scenes(&mut text);
        self.write_exits(&mut text);
        self.write_left_behind(&mut text);
        self.write_transient(&mut text);
        text
    }

    fn write_scenes(&self, text: &mut String) {
        text.push_str("| Scene | Schedules | single | pairs | triples | Processes | Calls | Broken |\n");
        text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        let mut total = [0; 7];
        for (name, tally) in &self.scenes {
            let [_, singles, pairs, triples] = tally.by_length;
            let broken = tally.broken.values().sum();
            let counts = [tally.schedules, singles, pairs, triples, tally.runs, tally.calls, broken];
            row(text, &format!("`{name}`"), &counts);
            total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        row(text, "**all**", &total);
    }

    fn write_exits(&self, text: &mut String) {
        let mut exits: BTreeMap<Option<u8>, u64> = BTreeMap::new();
        for (exit, count) in self.scenes.iter().flat_map(|(_, tally)| &tally.exits) {
            *exits.entry(*exit).or_default() += count;
        }
        text.push_str(
            "\nHow the processes ended. Each that ended with 4 or 5 has written one log event `orphaned_credentials` or \
             `outcome_unknown` with the id or the marker; the judge reads it, and calls the promise broken without it.\n\n",
        );
        text.push_str("| Exit code | Processes |\n|---|--:|\n");
        for (exit, count) in exits {
            row(text, &exit_name(exit), &[count]);
        }
    }

    fn write_left_behind(&self, text: &mut String) {
        let mut excuses: BTreeMap<Excuse, (u64, String)> = BTreeMap::new();
        for (name, tally) in &self.scenes {
            for (excuse, (count, example)) in &tally.excuses {
                let first = || (0, format!("{name}: {example}"));
                excuses.entry(*excuse).or_insert_with(first).0 += count;
            }
        }
        text.push_str(
            "\nWhat was left behind after the last run: a credential without an owner, or an open task. Whatever is no limit \
             was named by an exit code 4 or 5 and its log event, or the task stayed open because nobody could be told. A limit \
             is what no job can see: only the events `creating` and `create_again` of its log name the marker.\n\n",
        );
        text.push_str("| Reason | Schedules | For example |\n|---|--:|---|\n");
        for (excuse, (count, example)) in excuses {
            line(text, format_args!("| {excuse} | {count} | `{example}` |"));
        }
    }

    fn write_transient(&self, text: &mut String) {
        let (tried, delivered) = self.delivered();
        line(
            text,
            format_args!(
                "\nA single fault that is over at the next try (a lost request or answer, a hang, 401, 408, 429, 5xx, a body that \
                 cannot be read, a proxy's page), at each call: the first run delivered in {delivered} of {tried}. Where it did \
                 not, the reason is one of these, by rule; a run that one retry could have saved would fail the exploration.\n"
            ),
        );
        let reasons = [Hopeless::LoginRefused, Hopeless::CannotLook, Hopeless::PlainError, Hopeless::AskedAgain];
        line(text, format_args!("| Scene | Tried | Delivered | {} |", reasons.map(Hopeless::as_str).join(" | ")));
        line(text, format_args!("|---|--:|--:|{}", "--:|".repeat(reasons.len())));
        for (name, tally) in self.scenes.iter().filter(|(_, tally)| tally.transient.tried > 0) {
            let transient = &tally.transient;
            let hopeless = |reason| transient.hopeless.get(&reason).map_or(0, Vec::len) as u64;
            let mut counts = vec![transient.tried, transient.delivered];
            counts.extend(reasons.map(hopeless));
            row(text, &format!("`{name}`"), &counts);
        }
    }
}

/// What is tried at each call, as a table: the names of faults and events as schedules write them.
pub fn faults_as_markdown() -> String {
    let mut text =
        String::from("| Call | Faults behind HTTP | with a driver of its own | Events |\n|---|---|---|---|\n");
    for call in Call::ALL {
        let faults = |protocol| words(Fault::of(call, protocol).iter().map(Fault::to_string));
        let events = Event::simple(call.changes()).into_iter().chain(Event::twins(call.changes()));
        let events = words(events.map(|event| event.to_string()));
        let (http, driver) = (faults(Protocol::Http), faults(Protocol::Driver));
        let driver = if driver == http { "the same".to_owned() } else { driver };
        line(&mut text, format_args!("| {call} | {http} | {driver} | {events} |"));
    }
    text
}

/// Words, with all that differ only in numbers behind a colon as one.
fn words(all: impl Iterator<Item = String>) -> String {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for word in all {
        let (name, number) = word.split_once(':').unwrap_or((&word, ""));
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, numbers)) => numbers.push(number.to_owned()),
            None => found.push((name.to_owned(), vec![number.to_owned()])),
        }
    }
    let word = |(name, numbers): (String, Vec<String>)| match numbers.as_slice() {
        [number] if number.is_empty() => name,
        _ => format!("{name} ({})", numbers.len()),
    };
    found.into_iter().map(word).collect::<Vec<_>>().join(", ")
}

fn row(text: &mut String, name: &str, counts: &[u64]) {
    let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
    line(text, format_args!("| {name} | {} |", counts.join(" | ")));
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{what}");
}
