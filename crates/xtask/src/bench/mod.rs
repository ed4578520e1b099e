//! `cargo xtask bench`: what a run of each job costs, beside one curl process that makes the same requests to the same local servers.
//!
//! A job is billed from cold start to exit (DESIGN 12). The binaries are the static ones of the images. Runs of job and curl alternate, so that a
//! busy machine slows both. `postgres` runs against a private server, if that is installed.

mod figures;
mod first_draw;
mod goals;
mod latency;
mod measure;
mod offers;
mod options;
mod pairs;
mod reference;
mod replay;
mod report;
mod rsa;
mod seen;
mod servers;
mod spread;
mod subject;
mod svg;
mod table;
mod target;
mod tools;
mod wire;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::dist;
use crate::failed::{Checked, Failed};
use crate::needs;
use crate::workspace;
use figures::Line;
use latency::Latency;
use options::Format;
use pairs::Pairs;
use report::Report;
use rsa::Rsa;
use target::{Start, Target};
use tools::Tools;

pub(crate) use offers::Offers;
pub(crate) use options::{HELP, Options};
pub(crate) use servers::{Servers, Wishes};
pub(crate) use subject::{Action, Subject};
pub(crate) use tools::{Build, example};
pub(crate) use wire::Wire;

/// Measures the jobs, tells the figures and checks the targets.
pub(crate) fn run(options: &Options) -> Checked {
    needs::bench()?;
    let report = measured(options)?;
    if let Some(file) = &options.svg {
        std::fs::write(file, svg::chart(&report))
            .map_err(|error| Failed::new(format!("cannot write {}: {error}", file.display())))?;
    }
    match options.format {
        Format::Table => println!("{}", table::text(&report)),
        Format::Json => println!("{:#}", report.json()),
    }
    Failed::of("targets that were missed", &report.missed())
}

fn measured(options: &Options) -> Checked<Report> {
    let tools = Tools::ready()?;
    let certificate = binary(Subject::CertificateEcdsa)?;
    let jfrog = binary(Subject::Jfrog)?;

    let mut lines = Vec::new();
    for (subject, binary) in [(Subject::CertificateEcdsa, &certificate), (Subject::Jfrog, &jfrog)] {
        for wire in Wire::ALL {
            let servers = tools.servers(wire, &Wishes::default())?;
            let pairs = Pairs::new(subject, binary, &Offers::default(), &servers, &tools)?;
            lines.push(pairs.run_and_count(options.runs)?);
        }
    }
    let rsa = (options.rsa_runs > 0).then(|| rsa(&certificate, &tools, options.rsa_runs)).transpose()?;
    let latency = Latency::measure(&certificate, &tools, options.runs)?;
    let goals = goals::goals(&lines, rsa.as_ref(), &latency);
    let mut notes = vec![floor(&tools)?, first_draw::check()?];
    match postgres(&tools, options.runs)? {
        Postgres::Measured(line) => {
            lines.push(*line);
            notes.push(OF_POSTGRES.to_owned());
        }
        Postgres::Missing(how) => notes.push(format!("postgres: not measured. {how}")),
    }
    let Options { runs, rsa_runs, .. } = *options;
    Ok(Report { runs, rsa_runs, curl: tools.curl.version, lines, rsa, latency, goals, notes })
}

/// A copy of the job's static binary. What the linker wrote lies in small pieces in the page cache: its start takes 25 page faults more, 5 % of a
/// run, than that of a file that was written in one go, as those of an image are.
fn binary(subject: Subject) -> Checked<PathBuf> {
    let built = dist::build(subject.provider())?;
    let copy = workspace::scratch("bench")?.join(subject.provider());
    std::fs::copy(&built, &copy).map_err(|error| Failed::new(format!("cannot copy {}: {error}", built.display())))?;
    Ok(copy)
}

fn rsa(certificate: &Path, tools: &Tools, runs: usize) -> Checked<Rsa> {
    let servers = tools.servers(Wire::PrivateAuthority, &Wishes::default())?;
    let pairs = Pairs::new(Subject::CertificateRsa, certificate, &Offers::default(), &servers, tools)?;
    Rsa::measure(&pairs, runs)
}

/// What the line of `postgres` cannot show.
const OF_POSTGRES: &str = "postgres: the columns count HTTP, and curl does the HTTP part only. To PostgreSQL, create makes one TLS connection and verify one; \
    wall includes the server's work, on the same cores.";

enum Postgres {
    Measured(Box<Line>),
    /// How to install the server.
    Missing(String),
}

fn postgres(tools: &Tools, runs: usize) -> Checked<Postgres> {
    let provider = Subject::Postgres.provider();
    let target = match Target::start(provider)? {
        Start::Missing(how) => return Ok(Postgres::Missing(how)),
        Start::Ready(target) => target,
    };
    let binary = binary(Subject::Postgres)?;
    let wishes = Wishes { login: target.offers.login.as_ref(), ..Wishes::default() };
    let servers = tools.servers(Wire::Plain, &wishes)?;
    let pairs = Pairs::new(Subject::Postgres, &binary, &target.offers, &servers, tools)?;
    Ok(Postgres::Measured(Box::new(pairs.run(runs, || Ok(()))?)))
}

/// What the measuring itself costs.
fn floor(tools: &Tools) -> Checked<String> {
    let cost = tools.measure.alone(&Command::new("true"))?;
    let (cpu, memory) = (cost.cpu.as_secs_f64() * 1000.0, figures::megabytes(cost.memory));
    Ok(format!("A program that does nothing (`true`): CPU {cpu:.2} ms, peak {memory:.1} MB"))
}
