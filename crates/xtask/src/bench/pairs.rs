//! Runs of a job and of the curl beside it, in turns.

use std::path::Path;
use std::process::Command;

use super::figures::{Figures, Line};
use super::offers::Offers;
use super::replay::Replay;
use super::seen::Seen;
use super::servers::Servers;
use super::subject::{Action, Subject};
use super::tools::{Curl, Tools};
use crate::dist;
use crate::failed::Checked;
use crate::instructions::callgrind;
use crate::workspace;

/// A job that can be run, and the same requests for curl.
pub(crate) struct Pairs<'a> {
    subject: Subject,
    tools: &'a Tools,
    servers: &'a Servers,
    job: Command,
    job_size: u64,
    job_seen: Seen,
    curl: Command,
    curl_size: u64,
    curl_seen: Seen,
}

impl<'a> Pairs<'a> {
    /// Runs each once, and checks that curl does what the job does.
    pub(crate) fn new(
        subject: Subject,
        binary: &Path,
        offers: &Offers,
        servers: &'a Servers,
        tools: &'a Tools,
    ) -> Checked<Self> {
        let job = subject.command(Action::Create, binary, servers, offers);
        tools.measure.with(servers, &job)?;
        let job_seen = servers.seen()?;
        job_seen.check()?;
        let authorities = Curl::authorities(servers.wire, &servers.ca_file)?;
        let replay = Replay::of(&tools.curl.path, &job_seen, authorities.as_deref(), &workspace::scratch("bench")?)?;
        let curl_size = dist::size(tools.curl.path.as_ref())?;
        let curl = replay.command();
        tools.measure.with(servers, &curl)?;
        let curl_seen = servers.seen()?;
        job_seen.check_same(&curl_seen)?;
        Ok(Self { subject, tools, servers, job, job_size: dist::size(binary)?, job_seen, curl, curl_size, curl_seen })
    }

    /// Runs both in turns, and `third` after each pair.
    pub(crate) fn run(&self, runs: usize, mut third: impl FnMut() -> Checked) -> Checked<Line> {
        eprintln!("{}, {}: {runs} pairs", self.subject.title(), self.servers.wire.title());
        let (mut jobs, mut curls) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            jobs.push(self.tools.measure.with(self.servers, &self.job)?);
            curls.push(self.tools.measure.with(self.servers, &self.curl)?);
            third()?;
        }
        self.servers.seen()?.check()?;
        Ok(Line {
            subject: self.subject,
            wire: self.servers.wire,
            job: Figures::of(&jobs, self.job_size, &self.job_seen),
            curl: Figures::of(&curls, self.curl_size, &self.curl_seen),
        })
    }

    /// The same, and the instructions of each.
    pub(crate) fn run_and_count(&self, runs: usize) -> Checked<Line> {
        let mut line = self.run(runs, || Ok(()))?;
        line.job.instructions = Some(callgrind::count("bench-job", &self.job)?);
        line.curl.instructions = Some(callgrind::count("bench-curl", &self.curl)?);
        Ok(line)
    }
}
