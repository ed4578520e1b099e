//! The targets of issue 3, and whether they are met.

use super::figures::{Figures, Line, megabytes};
use super::latency::Latency;
use super::rsa::Rsa;
use super::subject::Subject;
use super::wire::Wire;

/// One target.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Goal {
    pub(crate) run: &'static str,
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    /// At most this.
    pub(crate) limit: f64,
    /// Better still.
    pub(crate) stretch: Option<f64>,
    pub(crate) measured: f64,
    /// The standard error of a mean; 0 for what is exact or a median.
    pub(crate) error: f64,
}

/// How a figure stands to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Met,
    /// Met, and the stretch as well.
    Stretch,
    /// Not met, but nearer to the target than two standard errors.
    Undecided,
    NotMet,
}

impl Verdict {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Stretch => "met, stretch too",
            Self::Undecided => "undecided: within two standard errors",
            Self::NotMet => "NOT MET",
        }
    }
}

impl Goal {
    pub(crate) fn verdict(&self) -> Verdict {
        if self.stretch.is_some_and(|stretch| self.measured <= stretch) {
            Verdict::Stretch
        } else if self.measured <= self.limit {
            Verdict::Met
        } else if self.measured - 2.0 * self.error <= self.limit {
            Verdict::Undecided
        } else {
            Verdict::NotMet
        }
    }
}

/// What the issue asks of a job.
struct Targets {
    subject: Subject,
    size: f64,
    image: f64,
    memory: f64,
    cpu: f64,
    cpu_stretch: Option<f64>,
    own_wall: f64,
    own_wall_stretch: Option<f64>,
    requests: f64,
    connections: f64,
}

/// Issue 3, "Targets". `jfrog` tries the new token before it publishes it: five requests.
const JFROG: Targets = Targets {
    subject: Subject::Jfrog,
    size: 4.0,
    image: 4.5,
    memory: 5.0,
    cpu: 0.25,
    cpu_stretch: Some(0.20),
    own_wall: 0.30,
    own_wall_stretch: Some(0.20),
    requests: 5.0,
    connections: 3.0,
};
const CERTIFICATE: Targets = Targets {
    subject: Subject::CertificateEcdsa,
    size: 6.3,
    image: 6.8,
    memory: 6.0,
    cpu: 0.28,
    cpu_stretch: None,
    own_wall: 0.32,
    own_wall_stretch: None,
    requests: 2.0,
    connections: 2.0,
};

/// Every target for which there are figures. Shares are of the curl that reads one authority: with the directory it costs ten times as much.
pub(crate) fn goals(lines: &[Line], rsa: Option<&Rsa>, latency: &Latency) -> Vec<Goal> {
    let mut goals = Vec::new();
    for targets in [&JFROG, &CERTIFICATE] {
        let lines: Vec<&Line> = lines.iter().filter(|line| line.subject == targets.subject).collect();
        goals.extend(of_job(targets, &lines));
    }
    goals.extend(rsa.map(of_rsa).into_iter().flatten());
    goals.push(of_latency(latency));
    goals
}

fn of_job(targets: &Targets, lines: &[&Line]) -> Vec<Goal> {
    let goal = |what, unit, limit, measured| exact(targets.subject.title(), what, unit, limit, measured);
    let worst = |figure: fn(&Figures) -> f64| lines.iter().map(|line| figure(&line.job)).fold(0.0, f64::max);
    let size = worst(|job| megabytes(job.size));
    let mut goals = vec![
        goal("static binary, stripped", "MB", targets.size, size),
        // The image holds the binary and nothing else (Containerfile): the root certificates are inside.
        goal("image", "MB", targets.image, size),
        goal("peak memory, any wire", "MB", targets.memory, worst(|job| job.memory.median)),
        goal("requests", "", targets.requests, worst(|job| count(job.requests))),
        goal("connections", "", targets.connections, worst(|job| count(job.connections))),
    ];
    if let Some(line) = lines.iter().find(|line| line.wire == Wire::PrivateAuthority) {
        let share = |figure: fn(&Figures) -> f64| figure(&line.job) / figure(&line.curl);
        let cpu = goal("CPU, share of curl", "", targets.cpu, share(|figures| figures.cpu.median));
        let own = goal("own wall, share of curl", "", targets.own_wall, share(|figures| figures.own_wall.median));
        goals.push(Goal { stretch: targets.cpu_stretch, ..cpu });
        goals.push(Goal { stretch: targets.own_wall_stretch, ..own });
    }
    goals
}

/// The budgets of ECDSA in milliseconds, from the curl of the same runs.
fn of_rsa(rsa: &Rsa) -> [Goal; 5] {
    let Line { job, curl, .. } = &rsa.line;
    let goal = |what, unit, limit, measured| exact(Subject::CertificateRsa.title(), what, unit, limit, measured);
    let (cpu, own) = (rsa.cpu(), rsa.own_wall());
    [
        goal("peak memory", "MB", CERTIFICATE.memory, job.memory.median),
        goal("requests", "", CERTIFICATE.requests, count(job.requests)),
        goal("connections", "", CERTIFICATE.connections, count(job.connections)),
        Goal {
            error: cpu.error,
            ..goal("CPU less a bare key, mean", "ms", CERTIFICATE.cpu * curl.cpu.mean, cpu.value)
        },
        Goal {
            error: own.error,
            ..goal("own wall less a bare key, mean", "ms", CERTIFICATE.own_wall * curl.own_wall.mean, own.value)
        },
    ]
}

/// A run that waited for the token before it made its key, or after, would take a whole key generation more.
fn of_latency(latency: &Latency) -> Goal {
    let (title, limit) = (Subject::CertificateRsa.title(), latency.key.median / 2.0);
    exact(title, "own wall beyond two round trips of 150 ms: half a key", "ms", limit, latency.beyond)
}

fn exact(run: &'static str, what: &'static str, unit: &'static str, limit: f64, measured: f64) -> Goal {
    Goal { run, what, unit, limit, stretch: None, measured, error: 0.0 }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(measured: f64, error: f64) -> Verdict {
        Goal { stretch: Some(0.2), error, ..exact("a", "b", "", 0.3, measured) }.verdict()
    }

    #[test]
    fn a_target_is_met_up_to_its_limit() {
        assert_eq!(
            [0.2, 0.3, 0.31].map(|measured| verdict(measured, 0.0)),
            [Verdict::Stretch, Verdict::Met, Verdict::NotMet]
        );
    }

    #[test]
    fn a_mean_near_the_limit_is_undecided() {
        assert_eq!(verdict(0.31, 0.01), Verdict::Undecided);
        assert_eq!(verdict(0.33, 0.01), Verdict::NotMet);
    }
}
