//! `cargo xtask instructions`: a change that makes a job run spend over 3 % more instructions than its budget fails.
//!
//! Times differ from run to run and from machine to machine; instructions of static binaries that do the same work hardly do. Certificates with RSA
//! keys are left out: the search for primes is random.

mod budget;
pub(crate) mod callgrind;

use std::collections::BTreeMap;
use std::process::Command;

use crate::bench::{Action, Build, Offers, Servers, Subject, Wire, Wishes, example};
use crate::command::output;
use crate::dist;
use crate::failed::{Checked, Failed};
use crate::generated::Mode;
use crate::needs;
use budget::{Budget, Standing, TOLERANCE};

/// Runs of each, of which the lowest counts: what comes on top is chance.
const RUNS: usize = 3;

/// What to do about a run that spends more.
const HINT: &str = "spend less, or `cargo xtask instructions --fix` and say in the commit what the instructions are for; \
    `CARGO_PROFILE_RELEASE_STRIP=none cargo xtask instructions` and `callgrind_annotate target/xtask/instructions/RUN.out` name the functions";

/// Counts every run and compares it with its budget, or writes the budget.
pub(crate) fn run(mode: Mode) -> Checked {
    needs::valgrind()?;
    let counted = count_all()?;
    if mode == Mode::Fix {
        counted.write()?;
        println!("wrote crates/xtask/budget.toml");
        return Ok(());
    }
    let budget = Budget::read()?;
    let problems: Vec<String> = counted.runs.iter().filter_map(|(name, count)| judge(&budget, name, *count)).collect();
    Failed::of("instructions", &problems).map_err(|failed| {
        if budget.compiler == counted.compiler {
            return failed.hint(HINT);
        }
        let (then, now) = (&budget.compiler, &counted.compiler);
        failed.hint(format!("the budget was counted with {then}, this is {now}: `cargo xtask instructions --fix` if the compiler is the reason"))
    })
}

/// Prints how a run stands, and returns what fails the check.
fn judge(budget: &Budget, name: &str, count: u64) -> Option<String> {
    let allowed = budget.runs.get(name).copied().unwrap_or_default();
    let told = format!("{name}: {count} instructions, budget {allowed} ({})", change(allowed, count));
    println!("{told}");
    match budget.standing(name, count) {
        Standing::Kept => None,
        Standing::TooHigh => {
            println!(
                "  lower the budget, or the difference can be spent again without a word: cargo xtask instructions --fix"
            );
            None
        }
        Standing::Exceeded => Some(format!("{told}: over {TOLERANCE} % more")),
        Standing::Missing => Some(format!("{name}: {count} instructions, no budget")),
    }
}

/// The difference in percent, as text.
fn change(from: u64, to: u64) -> String {
    let parts = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    if from == 0 { "-".to_owned() } else { format!("{:+.2} %", (parts(to) / parts(from) - 1.0) * 100.0) }
}

/// Every run that has a budget: both actions of both jobs, over plain HTTP and over TLS.
fn count_all() -> Checked<Budget> {
    let servers = example("bench_server", Build::Dev)?;
    let mut runs = BTreeMap::new();
    for subject in [Subject::CertificateEcdsa, Subject::Jfrog] {
        let binary = dist::build(subject.provider())?;
        for (wire, name) in [(Wire::Plain, "plain"), (Wire::FullDirectory, "tls")] {
            let servers = Servers::start(&servers, wire, &Wishes::default())?;
            for action in [Action::Create, Action::Delete] {
                let name = format!("{}-{}-{name}", subject.provider(), action.title());
                let job = subject.command(action, &binary, &servers, &Offers::default());
                let count = lowest(&name, &job, &servers)?;
                runs.insert(name, count);
            }
        }
    }
    Ok(Budget { compiler: output(Command::new("rustc").arg("--version"))?.trim().to_owned(), runs })
}

fn lowest(name: &str, job: &Command, servers: &Servers) -> Checked<u64> {
    let mut lowest = u64::MAX;
    for _ in 0..RUNS {
        lowest = lowest.min(callgrind::count(name, job)?);
        servers.seen()?.check()?;
    }
    Ok(lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_percent() {
        assert_eq!([change(1000, 1031), change(1000, 900), change(0, 1)], ["+3.10 %", "-10.00 %", "-"]);
    }
}
