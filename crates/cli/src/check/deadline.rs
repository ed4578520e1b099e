//! The job's deadline against the configuration's task timeout: the job must report before the service gives up.

use std::time::Duration;

use credjob_contract::{DEFAULT_DEADLINE, MAX_DEADLINE, MIN_DEADLINE};

use super::finding::{Check, Report};
use crate::deploy::duration;
use crate::problem::Problem;

/// What the start of the container may take (DESIGN 6: the default deadline leaves as much of the default timeout).
const START: Duration = Duration::from_secs(60);

/// Below this, the slices that are held back for the end of a run shrink (DESIGN 6).
const FULL_RESERVE: Duration = Duration::from_secs(120);

/// What `deploy` leaves between the two.
const RECOMMENDED: Duration = Duration::from_secs(90);

/// The longest a Code Engine job runs unless it is told otherwise (PROTOCOL 1.7).
const CODE_ENGINE_TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);

/// `CREDJOB_DEADLINE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline(pub(crate) Duration);

/// The value of `--deadline`.
pub(crate) fn option(text: &str) -> Result<Deadline, Problem> {
    parse(text).filter(|deadline| deadline.0 >= MIN_DEADLINE && deadline.0 <= MAX_DEADLINE).ok_or_else(|| {
        Problem::usage(
            "--deadline takes what CREDJOB_DEADLINE takes: seconds, or a number with unit s, m or h, from 2 s to 24 h",
        )
        .hint("for example: --deadline 9m")
    })
}

/// Reads `540`, `540s`, `9m` or `1h`, as a job does.
pub(crate) fn parse(text: &str) -> Option<Deadline> {
    let text = text.trim();
    duration(text).filter(|_| !text.ends_with('d')).map(Deadline)
}

/// Compares the two. Unknown is not fine: it is not checked.
pub(crate) fn check(deadline: Option<Deadline>, task_timeout: Option<&str>, report: &mut Report) {
    let Some(text) = task_timeout else {
        report.skip(Check::Deadline, "the task timeout is not known: no --config FILE with a task_timeout is given");
        return;
    };
    let Some(timeout) = duration(text) else {
        report.error(
            Check::Deadline,
            "task_timeout",
            format!("`{text}` is no duration"),
            "export the configuration again",
        );
        return;
    };
    let (known, deadline) = match deadline {
        Some(Deadline(deadline)) => ("CREDJOB_DEADLINE", deadline),
        None => ("CREDJOB_DEADLINE (not set, so its default)", DEFAULT_DEADLINE),
    };
    let fix = format!(
        "set CREDJOB_DEADLINE={}s on the job, or raise the task timeout",
        timeout.saturating_sub(RECOMMENDED).as_secs()
    );
    if deadline >= timeout {
        report.error(
            Check::Deadline,
            "CREDJOB_DEADLINE",
            format!(
                "{known} is {} s, but Secrets Manager fails the task after {} s, before the job has reported",
                deadline.as_secs(),
                timeout.as_secs()
            ),
            fix,
        );
    } else if timeout.saturating_sub(deadline) < START {
        report.warning(
            Check::Deadline,
            "CREDJOB_DEADLINE",
            format!(
                "{known} is {} s of the {} s task timeout, which leaves less than {} s for the start of the container",
                deadline.as_secs(),
                timeout.as_secs(),
                START.as_secs()
            ),
            fix,
        );
    }
    if deadline < FULL_RESERVE {
        report.warning(
            Check::Deadline,
            "CREDJOB_DEADLINE",
            format!(
                "{known} is below {} s, so that less time is held back for closing the task and cleaning up",
                FULL_RESERVE.as_secs()
            ),
            "raise it, and the task timeout if need be",
        );
    }
    if timeout > CODE_ENGINE_TIMEOUT {
        report.warning(
            Check::Deadline,
            "task_timeout",
            format!(
                "is {} s, but a Code Engine job ends after {} s unless it is told otherwise",
                timeout.as_secs(),
                CODE_ENGINE_TIMEOUT.as_secs()
            ),
            "set the job's --maxexecutiontime to as much",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severities(deadline: Option<&str>, timeout: &str) -> Vec<&'static str> {
        let mut report = Report::new("acme");
        check(deadline.and_then(parse), Some(timeout), &mut report);
        report.findings().iter().map(|finding| finding.severity.name()).collect()
    }

    #[test]
    fn the_defaults_fit_each_other() {
        assert!(severities(None, "10m").is_empty());
    }

    #[test]
    fn a_deadline_beyond_the_timeout_is_an_error() {
        assert_eq!(severities(None, "5m"), ["error"]);
        assert_eq!(severities(Some("10m"), "10m"), ["error"]);
    }

    #[test]
    fn too_little_room_on_either_side_is_a_warning() {
        assert_eq!(severities(Some("570"), "10m"), ["warning"]);
        assert_eq!(severities(Some("60s"), "10m"), ["warning"]);
        assert_eq!(severities(Some("1h"), "150m"), ["warning"]);
    }

    #[test]
    fn a_timeout_is_read_as_the_service_writes_it() {
        // PROTOCOL 2.2: a number with or without a unit.
        assert!(severities(None, "600").is_empty());
        assert_eq!(severities(None, "1d"), ["warning"]);
        assert_eq!(severities(None, "soon"), ["error"]);
    }

    #[test]
    fn a_deadline_is_read_as_a_job_reads_it() {
        let read = [("540", Some(540)), (" 9m ", Some(540)), ("1h", Some(3600)), ("1d", None), ("", None), ("m", None)];
        for (text, seconds) in read {
            assert_eq!(parse(text).map(|deadline| deadline.0), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn an_option_out_of_range_is_refused() {
        for text in ["1s", "25h", "soon", "99999999999999999999"] {
            assert!(option(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_timeout_is_not_checked() {
        let mut report = Report::new("acme");
        check(None, None, &mut report);
        assert_eq!(report.skipped().len(), 1);
    }
}
