//! Settings that the job's owner puts on the Code Engine job (DESIGN 8).

use std::path::PathBuf;
use std::time::Duration;

use super::variables::{Findings, Variables};
use crate::codes;
use crate::inputs::Problem;

/// The deadline of a run unless `CREDJOB_DEADLINE` says otherwise: the service's default task timeout of 10 minutes
/// less a margin for the start of the container (DESIGN 6, PROTOCOL 2.2).
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(9 * 60);

/// The shortest deadline; below it a run has no time to report anything, which is a usage error (DESIGN 6).
pub const MIN_DEADLINE: Duration = Duration::from_secs(2);

/// The longest deadline: the service's longest task timeout (PROTOCOL 2.2).
pub const MAX_DEADLINE: Duration = Duration::from_secs(24 * 60 * 60);

/// Settings of the job's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `CREDJOB_DEADLINE`: how long the run may take, [`MIN_DEADLINE`] to [`MAX_DEADLINE`].
    pub deadline: Duration,
    /// `CREDJOB_ALLOWED_HOSTS`: hosts that parameters may name, as written.
    pub allowed_hosts: Option<String>,
    /// `CREDJOB_CA_FILE`: a file with further trusted certificates.
    pub ca_file: Option<PathBuf>,
    /// `SSL_CERT_FILE`: a file with trusted certificates that replace the bundled ones.
    pub ssl_cert_file: Option<PathBuf>,
    /// `CREDJOB_LOG`: the log filter, as written.
    pub log: Option<String>,
}

pub(super) fn read(variables: &Variables, findings: &mut Findings) -> Settings {
    let deadline = deadline(variables, findings);
    let mut text = |name| match variables.other(name) {
        Ok(value) => value.map(str::to_owned),
        Err(problem) => {
            findings.report(codes::BAD_ENVIRONMENT, problem);
            None
        }
    };
    let allowed_hosts = text("CREDJOB_ALLOWED_HOSTS");
    let ca_file = text("CREDJOB_CA_FILE").map(PathBuf::from);
    let ssl_cert_file = text("SSL_CERT_FILE").map(PathBuf::from);
    // A log filter that cannot be read costs log lines, not the rotation.
    let log = variables.other("CREDJOB_LOG").unwrap_or_else(|problem| {
        findings.warn(problem);
        None
    });
    Settings { deadline, allowed_hosts, ca_file, ssl_cert_file, log: log.map(str::to_owned) }
}

fn deadline(variables: &Variables, findings: &mut Findings) -> Duration {
    const NAME: &str = "CREDJOB_DEADLINE";
    let text = match variables.other(NAME) {
        Ok(Some(text)) => text,
        Ok(None) => return DEFAULT_DEADLINE,
        Err(problem) => {
            findings.report(codes::BAD_ENVIRONMENT, problem);
            return DEFAULT_DEADLINE;
        }
    };
    match parse_duration(text.trim()) {
        Some(deadline) if deadline < MIN_DEADLINE => {
            findings.fatal(Problem::new(NAME, "is below 2 s, too short for a run that can report anything"));
            DEFAULT_DEADLINE
        }
        Some(deadline) if deadline <= MAX_DEADLINE => deadline,
        _ => {
            findings.report(
                codes::BAD_ENVIRONMENT,
                Problem::new(
                    NAME,
                    "is not a number of seconds, or a number with unit `s`, `m` or `h`, of at most 24 hours",
                ),
            );
            DEFAULT_DEADLINE
        }
    }
}

/// `540`, `540s`, `9m` or `1h`: digits only, no sign, no fraction.
fn parse_duration(text: &str) -> Option<Duration> {
    let (digits, unit) = match text.as_bytes().last()? {
        b's' => (&text[..text.len() - 1], 1),
        b'm' => (&text[..text.len() - 1], 60),
        b'h' => (&text[..text.len() - 1], 60 * 60),
        _ => (text, 1),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit).map(Duration::from_secs)
}
