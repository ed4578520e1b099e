//! A certificate with an RSA key, less the key: the search for two primes takes 20 ms one time and 300 the next, so means are told, and a bare key
//! generation runs after each pair.

use std::path::PathBuf;
use std::process::Command;

use super::figures::Line;
use super::pairs::Pairs;
use super::spread::Spread;
use super::tools::{Build, example};
use crate::command::output;
use crate::failed::{Checked, Failed};

/// The runs, and what as many bare key generations took.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rsa {
    pub(crate) line: Line,
    /// Milliseconds on a CPU.
    pub(crate) key_cpu: Spread,
    /// Milliseconds.
    pub(crate) key_wall: Spread,
}

/// A mean, and how far it may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    /// Its standard error.
    pub(crate) error: f64,
}

impl Rsa {
    /// Runs job, curl and bare key in turns.
    pub(crate) fn measure(pairs: &Pairs<'_>, runs: usize) -> Checked<Self> {
        let key = BareKey::build()?;
        let (mut cpu, mut wall) = (Vec::new(), Vec::new());
        let line = pairs.run(runs, || {
            let (on_cpu, taken) = key.generate()?;
            cpu.push(on_cpu);
            wall.push(taken);
            Ok(())
        })?;
        Ok(Self { line, key_cpu: Spread::of(cpu), key_wall: Spread::of(wall) })
    }

    /// CPU of the job less the key.
    pub(crate) fn cpu(&self) -> Estimate {
        less(&self.line.job.cpu, &self.key_cpu)
    }

    /// Own wall of the job less the key.
    pub(crate) fn own_wall(&self) -> Estimate {
        less(&self.line.job.own_wall, &self.key_wall)
    }
}

/// The program that makes one key.
#[derive(Debug)]
pub(crate) struct BareKey(PathBuf);

impl BareKey {
    pub(crate) fn build() -> Checked<Self> {
        example("rsa_key", Build::Release).map(Self)
    }

    /// Makes a key; how long that alone took on a CPU and by the clock, in milliseconds.
    pub(crate) fn generate(&self) -> Checked<(f64, f64)> {
        let text = output(&mut Command::new(&self.0))?;
        milliseconds(&text).ok_or_else(|| Failed::new("rsa_key printed no two numbers"))
    }
}

/// Two numbers of nanoseconds.
fn milliseconds(text: &str) -> Option<(f64, f64)> {
    let (cpu, wall) = text.trim().split_once(' ')?;
    Some((cpu.parse::<f64>().ok()? / 1e6, wall.parse::<f64>().ok()? / 1e6))
}

fn less(whole: &Spread, part: &Spread) -> Estimate {
    Estimate { value: whole.mean - part.mean, error: whole.error.hypot(part.error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errors_of_two_means_add_up_as_squares() {
        let whole = Spread { mean: 110.0, error: 3.0, ..Spread::of([110.0]) };
        let part = Spread { mean: 100.0, error: 4.0, ..Spread::of([100.0]) };
        assert_eq!(less(&whole, &part), Estimate { value: 10.0, error: 5.0 });
    }

    #[test]
    fn nanoseconds_become_milliseconds() {
        assert_eq!(milliseconds("1500000 2000000\n"), Some((1.5, 2.0)));
        assert_eq!(milliseconds("1500000"), None);
    }
}
