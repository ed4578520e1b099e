//! Schedules as text, for replays.

use std::fmt;
use std::str::FromStr;

use super::{Act, Item, Place, Schedule, Slot};

/// A text that is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no item of a schedule; write for example 1.update#2=lost, 1.create#1=kill-applied or all-system..=not-sent"
)]
pub struct ScheduleError(String);

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{item}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.place, self.act)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(slot) => write!(f, "{slot}"),
            Self::From(slot) => write!(f, "{slot}.."),
            Self::Always(party) => write!(f, "{}..", party.as_str()),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}#{}", self.process, self.call, self.nth)
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Event(event) => event.fmt(f),
        }
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        words.map(|word| word.parse().map_err(|()| ScheduleError(word.to_owned()))).collect()
    }
}

impl FromStr for Item {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (place, act) = text.split_once('=').ok_or(())?;
        Ok(Self { place: place.parse()?, act: act.parse()? })
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.strip_suffix("..") {
            None => text.parse().map(Self::At),
            Some(from) => from.parse().map(Self::Always).or_else(|()| from.parse().map(Self::From)),
        }
    }
}

impl FromStr for Slot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (process, rest) = text.split_once('.').ok_or(())?;
        let (call, nth) = rest.split_once('#').ok_or(())?;
        let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number > 0).ok_or(());
        let process = process.parse().ok().filter(|process| *process > 0).ok_or(())?;
        Ok(Self { process, call: call.parse()?, nth: number(nth)? })
    }
}

impl FromStr for Act {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().map(Self::Event).or_else(|()| text.parse().map(Self::Fault))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::call::Call;
    use super::super::super::event::Event;
    use super::super::super::fault::{Fault, Protocol};
    use super::*;

    #[test]
    fn the_text_of_a_schedule_reads_back_as_the_same_schedule() {
        let text = "1.update#2=lost 1.create#1..=late:40 all-system..=not-sent 2.read-task#1=503:3 1.update#1=404 \
                    1.delete#1=applied:502 1.verify#1=twin-applied:1:end 1.verify#1=kill 1.list#9=panic-applied";
        let schedule: Schedule = text.parse().unwrap();
        assert_eq!(schedule.items().len(), 9);
        assert_eq!(schedule.to_string(), text);
    }

    #[test]
    fn every_fault_and_event_has_a_text_of_its_own() {
        let mut texts = std::collections::BTreeSet::new();
        let mut count = 0;
        for protocol in [Protocol::Http, Protocol::Driver] {
            for fault in Fault::of(Call::Delete, protocol) {
                assert_eq!(fault.to_string().parse(), Ok(fault));
                texts.insert(fault.to_string());
            }
        }
        for event in Event::simple(true).into_iter().chain(Event::twins(true)) {
            assert_eq!(event.to_string().parse(), Ok(event));
            texts.insert(event.to_string());
            count += 1;
        }
        assert_eq!(count, 8 + 24);
        assert!(texts.len() > 60, "{texts:?}");
    }

    #[test]
    fn what_is_no_schedule_is_named() {
        for text in [
            "update#1=lost",
            "1.update#0=lost",
            "0.update#1=lost",
            "1.update#1",
            "1.update#1=sometimes",
            "all-x..=lost",
        ] {
            let error = format!("1.update#1=lost {text}").parse::<Schedule>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn for_ever_includes_later_processes() {
        let from: Place = "1.update#2..".parse().unwrap();
        let slot = |text: &str| text.parse::<Slot>().unwrap();
        assert!(!from.includes(slot("1.update#1")));
        assert!(from.includes(slot("1.update#7")));
        assert!(from.includes(slot("3.update#1")));
        assert!(!from.includes(slot("3.delete#1")));
    }
}
