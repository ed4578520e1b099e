//! What happens to a run while one of its calls is held.

use std::fmt;
use std::time::Duration;

use credjob_testkit::emulated::Pending;
use serde_json::json;

use crate::support::release::Released;
use crate::support::trial::{Started, Trial};

/// The deadline of the other runs, which no call can hold up: what they come to must not depend on the load of the machine.
pub(super) const LONG_DEADLINE: Duration = Duration::from_secs(120);

/// The deadline of runs that cannot reach the service: they last to its end. The calls before must fit into half of it.
const DEADLINE_WITHOUT_SERVICE: Duration = Duration::from_secs(4);

/// A moment of the emulator's clock in which nothing falls due.
const A_WHILE: Duration = Duration::from_secs(5 * 60);

/// More than the task timeout of 10 minutes (PROTOCOL 2.2).
const TOO_LATE: Duration = Duration::from_secs(11 * 60);

/// More than the life of an IAM token, which is an hour (PROTOCOL 3.3).
const TOKEN_EXPIRES: Duration = Duration::from_secs(2 * 60 * 60);

/// How long a service is away that fails over. In the cloud it takes up to 30 s (PROTOCOL 6.9).
const FAIL_OVER: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blow {
    /// The process gets SIGTERM.
    Terminate,
    /// The process gets SIGKILL.
    Kill,
    /// The task is deleted; nobody tells the process.
    TaskDeleted,
    /// The service's clock jumps over the task timeout; nobody tells the process.
    TaskTimedOut,
    /// The service's clock jumps, but not over any limit.
    ClockJumps,
    /// The service's clock jumps over the life of an IAM token, but not over the task timeout.
    TokenExpires,
    /// IAM and Secrets Manager drop every connection and are back at once.
    Restart,
    /// They refuse connections for a second.
    FailOver,
    /// They refuse connections until the run has ended.
    AwayForTheRun,
    /// They refuse connections until the last re-run has ended. Then the task times out.
    AwayForGood,
}

impl Blow {
    /// The deadline of the run that is hit.
    pub(super) fn deadline(self) -> Duration {
        match self {
            Self::AwayForTheRun | Self::AwayForGood => DEADLINE_WITHOUT_SERVICE,
            _ => LONG_DEADLINE,
        }
    }

    /// The deadline of its re-runs.
    pub(super) fn deadline_of_re_runs(self) -> Duration {
        if self == Self::AwayForGood { DEADLINE_WITHOUT_SERVICE } else { LONG_DEADLINE }
    }

    /// What has to be so before the task exists.
    pub(super) async fn prepare<T: Released>(self, trial: &Trial<T>) {
        if self == Self::TokenExpires {
            let configuration = "/api/v2/configurations/under-test";
            let longest = json!({ "task_timeout": "24h" });
            assert_eq!(trial.emulated.emulator().call("PATCH", configuration, Some(longest)).await.0, 200);
        }
    }

    /// Strikes, and lets the held call end without an answer if the process is to go on.
    pub(super) async fn strike<T: Released>(self, trial: &Trial<T>, pending: &Pending, started: &Started) {
        match self {
            Self::Terminate => return started.process.terminate().expect("it runs"),
            Self::Kill => return started.process.kill().expect("it runs"),
            _ => self.befall(trial, pending).await,
        }
        let emulator = trial.emulated.emulator();
        emulator.go_offline().await.expect("the port is kept");
        if let Some(server) = trial.target.server() {
            server.disconnect();
        }
        match self {
            Self::AwayForTheRun | Self::AwayForGood => return,
            Self::FailOver => tokio::time::sleep(FAIL_OVER).await,
            _ => {}
        }
        emulator.go_online().expect("the port was kept");
    }

    /// What happens to the task, or to the time.
    pub(super) async fn befall<T>(self, trial: &Trial<T>, pending: &Pending) {
        let emulator = trial.emulated.emulator();
        emulator.clock().advance(self.skips());
        if self == Self::TaskDeleted {
            let path = format!("/api/v2/secrets/{}/tasks/{}", pending.secret_id, pending.task_id);
            assert_eq!(emulator.call("DELETE", &path, None).await.0, 204);
        }
    }

    /// By how much the service's clock jumps.
    pub(super) fn skips(self) -> Duration {
        match self {
            Self::TaskTimedOut => TOO_LATE,
            Self::ClockJumps => A_WHILE,
            Self::TokenExpires => TOKEN_EXPIRES,
            _ => Duration::ZERO,
        }
    }

    /// What happens when the run has ended.
    pub(super) fn after_the_run<T: Released>(self, trial: &Trial<T>) {
        if self == Self::AwayForTheRun {
            trial.emulated.emulator().go_online().expect("the port was kept");
        }
    }

    /// What happens when the last re-run has ended.
    pub(super) fn after_all<T: Released>(self, trial: &Trial<T>) {
        if self == Self::AwayForGood {
            trial.emulated.emulator().go_online().expect("the port was kept");
            trial.emulated.emulator().clock().advance(TOO_LATE);
        }
    }
}

impl fmt::Display for Blow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Terminate => "SIGTERM",
            Self::Kill => "SIGKILL",
            Self::TaskDeleted => "the task is deleted",
            Self::TaskTimedOut => "the task times out",
            Self::ClockJumps => "the clock jumps by 5 minutes",
            Self::TokenExpires => "the clock jumps by 2 hours, the IAM token expires",
            Self::Restart => "restarted at once",
            Self::FailOver => "away for a second",
            Self::AwayForTheRun => "away until the run has ended",
            Self::AwayForGood => "away until the last re-run has ended",
        })
    }
}
