//! `cargo xtask bench`: what a run of each job costs, beside one curl process that makes the same requests to the same local server.
//!
//! A job is billed from cold start to exit (DESIGN 12). The binaries are the static ones of the images. Runs of job and curl alternate, so that a
//! busy machine slows both; medians are printed. `postgres` runs against a private server, if that is installed.

mod answer;
mod first_draw;
mod measure;
mod offers;
mod replay;
mod request;
mod server;
mod subject;
mod table;
mod target;

use std::process::Command;

use crate::command::{output, program_at_root};
use crate::dist;
use crate::failed::{Checked, Failed};
use crate::workspace;
use measure::Cost;
use offers::Offers;
use server::Server;
use subject::Subject;
use table::Row;
use target::{Start, Target};

pub(crate) use measure::run_measured;

/// Runs of each program; odd, so that the median is a run.
const RUNS: usize = 31;

/// Measures the jobs and checks the first random draw.
pub(crate) fn run() -> Checked {
    let curl = which("curl")?;
    let mut rows = vec![Row::floor(&repeated(|| measure::run(&Command::new("true")))?)];
    let mut notes = Vec::new();
    for subject in Subject::ALL {
        let target = match subject.has_target().then(|| Target::start(subject.provider())).transpose()? {
            Some(Start::Missing(how)) => {
                notes.push(format!("{}: not measured. {how}", subject.provider()));
                continue;
            }
            Some(Start::Ready(target)) => Some(target),
            None => None,
        };
        let offers = target.as_ref().map(|target| target.offers.clone()).unwrap_or_default();
        rows.extend(rows_of(subject, &offers, &curl)?);
        notes.extend(subject.note().map(str::to_owned));
    }
    println!("{}", table::text(&rows, RUNS));
    for note in notes {
        println!("{note}");
    }
    first_draw::check()
}

/// The lines of a job and of the curl beside it.
fn rows_of(subject: Subject, offers: &Offers, curl: &str) -> Checked<[Row; 2]> {
    let binary = dist::build(subject.provider())?;
    let server = Server::start(offers.login.as_ref())?;
    let job = || subject.command(&binary, &server, offers);

    measure::run(&job())?;
    let seen = server.seen();
    seen.check()?;
    let replay = replay::Replay::of(&seen, &workspace::scratch("bench")?)?;
    server.forget();
    measure::run(&replay.command(curl))?;
    let replayed = server.seen();
    replay::same(&seen, &replayed)?;

    let (mut jobs, mut curls) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        jobs.push(measure::run(&job())?);
        curls.push(measure::run(&replay.command(curl))?);
    }
    server.seen().check()?;
    Ok([
        Row::new(subject.title(), dist::size(&binary)?, &jobs, &seen),
        Row::new(subject.curl_title(), dist::size(curl.as_ref())?, &curls, &replayed),
    ])
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
