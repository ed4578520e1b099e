//! A provider on one task: runs of its real binary against the emulator and its system, and a judge.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use credjob_emulator::{Call, Fault};
use credjob_testkit::emulated::{Emulated, Pending, Setup};
use credjob_testkit::process::{Finished, Program, Running};
use credjob_testkit::target::Target;

use super::jfrog::JfrogTarget;
use super::{JFROG, program};

/// A deadline with room for every step of the promise: two listings are 2 s apart in an undo slice of 25/120 of it, two
/// readings in a look slice of 10/120, and a second attempt needs 10 s before the reserve, which is half of it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// For a run that meets a call without an answer: such a run lasts until its deadline.
pub(crate) const SHORT_DEADLINE: Duration = Duration::from_secs(2);

/// The retry limit of deployed jobs (DESIGN 6).
pub(crate) const RETRY_LIMIT: u32 = 2;

/// A provider, its system, and the runs so far.
pub(crate) struct Trial<T = JfrogTarget> {
    pub(crate) target: T,
    pub(crate) emulated: Emulated,
    pub(crate) runs: Vec<Run>,
}

/// One run that has ended.
pub(crate) struct Run {
    pub(crate) finished: Finished,
    pub(crate) deadline: Duration,
    /// Empty if nobody could read it in time, or nobody tried: a release binary needs few milliseconds.
    pub(crate) command_line: Vec<u8>,
    /// The emulator's requests while it ran.
    pub(crate) requests: Range<usize>,
}

/// One run under way.
pub(crate) struct Started {
    pub(crate) process: Running,
    deadline: Duration,
    command_line: Vec<u8>,
    first_request: usize,
}

impl Trial {
    /// A platform without tokens, and an emulator whose jobs the test starts itself.
    pub(crate) async fn start() -> Self {
        Self::with(program(JFROG)).await
    }

    /// Makes the platform's next answer to a call go wrong.
    pub(crate) fn platform_fault(&self, (method, path): (&str, &str), fault: Fault) {
        self.target.server.script(method, path, [fault]);
    }
}

impl<T: Target> Trial<T> {
    /// The same with any provider and its system.
    pub(crate) async fn with(binary: PathBuf) -> Self {
        Self::set_up(binary, Setup::by_hand).await
    }

    /// The same, but the emulator starts the jobs, and starts them again when they fail.
    pub(crate) async fn with_runner(binary: PathBuf) -> Self {
        let deadline = format!("{}s", DEADLINE.as_secs());
        let job = |setup: Setup| setup.job_env("CREDJOB_DEADLINE", &deadline).job_env("CREDJOB_LOG", "trace");
        Self::set_up(binary, |setup| job(setup).retry_limit(RETRY_LIMIT)).await
    }

    async fn set_up(binary: PathBuf, how: impl FnOnce(Setup) -> Setup) -> Self {
        let target = T::start().await.expect("the system starts");
        let emulated = how(Emulated::with(binary, &target.settings())).start().await;
        Self { target, emulated: emulated.expect("the emulator takes the provider"), runs: Vec::new() }
    }

    /// A new secret, and the create task that it makes.
    pub(crate) async fn create_task(&self) -> Pending {
        self.emulated.create().await.expect("the secret is taken")
    }

    /// A secret with a credential, and a delete task for it. The run that created is forgotten.
    pub(crate) async fn delete_task(&mut self) -> Pending {
        let created = self.create_task().await;
        let run = self.run(&created, 0, DEADLINE).await;
        assert_eq!(run.finished.exit, Some(0), "the credential to delete is created");
        self.runs.clear();
        self.emulated.delete_data(&created.secret_id, "current").await.expect("the data may be deleted")
    }

    /// Makes the emulator's next answers to a call go wrong.
    pub(crate) fn fault(&self, call: Call, fault: Fault) {
        self.emulated.emulator().faults().script(call, [fault]);
    }

    /// Starts the job as Code Engine would at its start number `retry`.
    pub(crate) async fn start_run(&self, pending: &Pending, retry: u32, deadline: Duration) -> Started {
        let job = self.emulated.job(pending, retry).await.expect("the task is dispatched");
        self.start_job(job, deadline).await
    }

    /// Starts a job with a deadline, and with the most talkative log.
    pub(crate) async fn start_job(&self, job: Program, deadline: Duration) -> Started {
        let job = job.env("CREDJOB_DEADLINE", format!("{}s", deadline.as_secs())).env("CREDJOB_LOG", "trace");
        let first_request = self.emulated.emulator().requests().len();
        let process = job.start().expect("the job starts");
        let command_line = process.command_line().await.unwrap_or_default();
        Started { process, deadline, command_line, first_request }
    }

    /// Waits for the end of a run, and keeps it for the judge.
    pub(crate) async fn end_run(&mut self, started: Started) -> &Run {
        let Started { process, deadline, command_line, first_request } = started;
        let finished = process.wait().await.expect("the run ends");
        let requests = first_request..self.emulated.emulator().requests().len();
        self.runs.push(Run { finished, deadline, command_line, requests });
        self.last()
    }

    /// One run from start to end.
    pub(crate) async fn run(&mut self, pending: &Pending, retry: u32, deadline: Duration) -> &Run {
        let started = self.start_run(pending, retry, deadline).await;
        self.end_run(started).await
    }

    /// The first run with its own deadline, and then re-runs as Code Engine makes them: after every exit code but 0.
    pub(crate) async fn run_out(&mut self, pending: &Pending, first_deadline: Duration) {
        self.run(pending, 0, first_deadline).await;
        self.re_run_out(pending, 1, DEADLINE).await;
    }

    /// Re-runs from start number `retry` on, as Code Engine makes them: while the last run did not end with exit code 0.
    pub(crate) async fn re_run_out(&mut self, pending: &Pending, retry: u32, deadline: Duration) {
        for retry in retry..=RETRY_LIMIT {
            if self.last().finished.exit == Some(0) {
                return;
            }
            self.run(pending, retry, deadline).await;
        }
    }

    /// Waits for the end of a run that the emulator started, and keeps its processes for the judge. `skipped`: by how much the
    /// emulator's clock has jumped meanwhile. The run has made all requests from number `first_request` on.
    pub(crate) async fn runner_ends(&mut self, pending: &Pending, first_request: usize, skipped: Duration) {
        self.emulated.wait(pending).await;
        let emulator = self.emulated.emulator();
        let requests = emulator.requests();
        for log in emulator.job_logs(&pending.task_id) {
            assert!(!log.truncated, "the whole log is kept");
            let ended = log.ended.expect("the run has ended");
            let number_at = |time| requests.partition_point(|request| request.at <= time).max(first_request);
            let requests = number_at(log.started)..number_at(ended);
            let deadline = DEADLINE + skipped;
            self.runs.push(Run { finished: log.into(), deadline, command_line: Vec::new(), requests });
        }
    }

    /// Waits until the emulator has met every fault of a call.
    pub(crate) async fn faults_taken(&self, call: Call) {
        while self.emulated.emulator().faults().remaining(call) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The run that ended last.
    pub(crate) fn last(&self) -> &Run {
        self.runs.last().expect("a run has ended")
    }

    /// How many credentials live in the system; none for a provider that keeps nothing outside Secrets Manager.
    pub(crate) async fn live(&self) -> usize {
        self.target.live().await.expect("the system counts").unwrap_or(0)
    }

    /// The status of a task and the codes of its errors, for assertions.
    pub(crate) async fn ended_as(&self, pending: &Pending) -> (String, Vec<String>) {
        let task = self.emulated.task(pending).await;
        let errors = task["errors"].as_array().into_iter().flatten();
        let codes = errors.filter_map(|error| error["code"].as_str().map(str::to_owned)).collect();
        (task["status"].as_str().unwrap_or("gone").to_owned(), codes)
    }
}
