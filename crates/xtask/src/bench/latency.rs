//! A certificate with an RSA key from a service that takes its time: the token is fetched while the key is generated.

use std::path::Path;
use std::time::Duration;

use super::measure::Cost;
use super::offers::Offers;
use super::rsa::BareKey;
use super::servers::Wishes;
use super::spread::Spread;
use super::subject::{Action, Subject};
use super::tools::Tools;
use super::wire::Wire;
use crate::failed::Checked;

/// How long each request waits for its answer (issue 3, "Targets").
pub(crate) const DELAY: Duration = Duration::from_millis(150);

/// A run of the certificate job makes two requests, one after the other.
const ROUND_TRIPS: u32 = 2;

/// How long the job takes, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Latency {
    pub(crate) wall: Spread,
    /// Its own wall-clock time beyond the two round trips: the median.
    pub(crate) beyond: f64,
    /// As many bare key generations.
    pub(crate) key: Spread,
}

impl Latency {
    /// Runs the job against slow servers.
    pub(crate) fn measure(binary: &Path, tools: &Tools, runs: usize) -> Checked<Self> {
        let subject = Subject::CertificateRsa;
        eprintln!("{}, {} ms per request: {runs} runs", subject.title(), DELAY.as_millis());
        let wishes = Wishes { delay: DELAY, ..Wishes::default() };
        let servers = tools.servers(Wire::PrivateAuthority, &wishes)?;
        let job = subject.command(Action::Create, binary, &servers, &Offers::default());
        let key = BareKey::build()?;
        let (mut costs, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            costs.push(tools.measure.with(&servers, &job)?);
            keys.push(key.generate()?.1);
        }
        servers.seen()?.check()?;
        let spread =
            |time: fn(&Cost) -> Duration| Spread::of(costs.iter().map(|cost| time(cost).as_secs_f64() * 1000.0));
        let beyond = spread(|cost| cost.own_wall).median - round_trips();
        Ok(Self { wall: spread(|cost| cost.wall), beyond, key: Spread::of(keys) })
    }
}

/// The milliseconds that cannot be saved.
pub(crate) fn round_trips() -> f64 {
    (DELAY * ROUND_TRIPS).as_secs_f64() * 1000.0
}
