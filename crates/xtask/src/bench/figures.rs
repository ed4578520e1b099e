//! What the runs of one program cost.

use super::measure::Cost;
use super::seen::Seen;
use super::spread::Spread;
use super::subject::Subject;
use super::wire::Wire;

/// A job and the curl beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) subject: Subject,
    pub(crate) wire: Wire,
    pub(crate) job: Figures,
    pub(crate) curl: Figures,
}

/// A program.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures {
    /// Milliseconds from start to exit.
    pub(crate) wall: Spread,
    /// The same less the time that the servers were on a CPU meanwhile.
    pub(crate) own_wall: Spread,
    /// Milliseconds on a CPU, of the process and in the kernel for it.
    pub(crate) cpu: Spread,
    /// The most megabytes at a time.
    pub(crate) memory: Spread,
    /// Bytes of the file.
    pub(crate) size: u64,
    pub(crate) requests: usize,
    pub(crate) connections: usize,
    /// By callgrind; `None` where they differ from run to run.
    pub(crate) instructions: Option<u64>,
}

impl Figures {
    /// From the costs of many runs, and from what one run did.
    pub(crate) fn of(costs: &[Cost], size: u64, seen: &Seen) -> Self {
        let spread = |figure: fn(&Cost) -> f64| Spread::of(costs.iter().map(figure));
        Self {
            wall: spread(|cost| cost.wall.as_secs_f64() * 1000.0),
            own_wall: spread(|cost| cost.own_wall.as_secs_f64() * 1000.0),
            cpu: spread(|cost| cost.cpu.as_secs_f64() * 1000.0),
            memory: spread(|cost| megabytes(cost.memory)),
            size,
            requests: seen.requests.len(),
            connections: seen.connections,
            instructions: None,
        }
    }
}

/// Decimal megabytes, to the kilobyte.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn figures_are_milliseconds_and_megabytes() {
        let cost = Cost {
            wall: Duration::from_micros(2_340),
            own_wall: Duration::from_millis(2),
            cpu: Duration::from_micros(1_100),
            memory: 4_096_000,
        };
        let figures = Figures::of(&[cost], 3_072_000, &Seen { connections: 2, ..Seen::default() });
        assert_eq!((figures.wall.median, figures.own_wall.median, figures.cpu.median), (2.34, 2.0, 1.1));
        assert_eq!((figures.memory.median, figures.connections), (4.096, 2));
    }
}
