//! `cargo xtask bench`: what a run of each job costs, beside one curl process that makes the same requests to the same local server.
//!
//! A job is billed from cold start to exit (DESIGN 12). The binaries are the static ones of the images. Runs of job and curl alternate, so that a
//! busy machine slows both; medians are printed.

mod first_draw;
mod measure;
mod replay;
mod request;
mod server;
mod subject;
mod table;

use std::process::Command;

use crate::command::{output, program_at_root};
use crate::dist;
use crate::failed::{Checked, Failed};
use crate::workspace;
use measure::Cost;
use server::Server;
use subject::Subject;
use table::Row;

pub(crate) use measure::run_measured;

/// Runs of each program; odd, so that the median is a run.
const RUNS: usize = 31;

/// Measures both jobs and checks the first random draw.
pub(crate) fn run() -> Checked {
    let curl = which("curl")?;
    let mut rows = vec![Row::floor(&repeated(|| measure::run(&Command::new("true")))?)];
    for subject in Subject::ALL {
        let binary = dist::build(subject.provider())?;
        let server = Server::start()?;
        let job = || subject.command(&binary, &server);

        server.forget();
        measure::run(&job())?;
        let seen = server.seen();
        let replay = replay::Replay::of(&seen, &workspace::scratch("bench")?)?;
        server.forget();
        measure::run(&replay.command(&curl))?;
        let replayed = server.seen();
        replay::same(&seen, &replayed)?;

        let (mut jobs, mut curls) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            jobs.push(measure::run(&job())?);
            curls.push(measure::run(&replay.command(&curl))?);
        }
        rows.push(Row::new(subject.title(), dist::size(&binary)?, &jobs, &seen));
        rows.push(Row::new("  one curl", dist::size(curl.as_ref())?, &curls, &replayed));
    }
    println!("{}", table::text(&rows, RUNS));
    first_draw::check()
}

fn repeated(run: impl Fn() -> Checked<Cost>) -> Checked<Vec<Cost>> {
    (0..RUNS).map(|_| run()).collect()
}

fn which(program: &str) -> Checked<String> {
    let found = output(program_at_root("sh").args(["-c", &format!("command -v {program}")]));
    found
        .map(|path| path.trim().to_owned())
        .map_err(|_| Failed::new(format!("{program} is missing")).hint(format!("on Debian: apt-get install {program}")))
}
