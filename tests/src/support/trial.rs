//! The JFrog provider on one task: runs of its real binary against the emulator and the stand-in, and a judge.

use std::ops::Range;
use std::time::Duration;

use credjob_emulator::{Call, Fault};
use credjob_testkit::emulated::{Emulated, Pending};
use credjob_testkit::process::{Finished, Program, Running};
use credjob_testkit::target::Target as _;

use super::jfrog::JfrogTarget;
use super::{JFROG, program};

/// A deadline with room for every step of the promise: two listings are 2 s apart in an undo slice of 25/120 of it, two
/// readings in a look slice of 10/120, and a second attempt needs 10 s before the reserve, which is half of it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// For a run that meets a call without an answer: such a run lasts until its deadline.
pub(crate) const SHORT_DEADLINE: Duration = Duration::from_secs(2);

/// The retry limit of deployed jobs (DESIGN 6).
const RETRY_LIMIT: u32 = 2;

/// A provider, its system, and the runs so far.
pub(crate) struct Trial {
    pub(crate) target: JfrogTarget,
    pub(crate) emulated: Emulated,
    pub(crate) runs: Vec<Run>,
}

/// One run that has ended.
pub(crate) struct Run {
    pub(crate) finished: Finished,
    pub(crate) deadline: Duration,
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
        let target = JfrogTarget::start().await.expect("the stand-in starts");
        let emulated = Emulated::with(program(JFROG), &target.settings()).by_hand().start().await;
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

    /// Makes the platform's next answer to a call go wrong.
    pub(crate) fn platform_fault(&self, (method, path): (&str, &str), fault: Fault) {
        self.target.server.script(method, path, [fault]);
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
        let command_line = process.command_line().await.expect("it has a command line");
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
        let mut deadline = first_deadline;
        for retry in 0..=RETRY_LIMIT {
            if self.run(pending, retry, deadline).await.finished.exit == Some(0) {
                return;
            }
            deadline = DEADLINE;
        }
    }

    /// Re-runs after a run that was killed, as Code Engine makes them.
    pub(crate) async fn re_run_out(&mut self, pending: &Pending) {
        for retry in 1..=RETRY_LIMIT {
            if self.run(pending, retry, DEADLINE).await.finished.exit == Some(0) {
                return;
            }
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

    /// How many credentials live on the platform.
    pub(crate) async fn live(&self) -> usize {
        self.target.live().await.ok().flatten().expect("the stand-in counts")
    }

    /// The status of a task and the codes of its errors, for assertions.
    pub(crate) async fn ended_as(&self, pending: &Pending) -> (String, Vec<String>) {
        let task = self.emulated.task(pending).await;
        let errors = task["errors"].as_array().into_iter().flatten();
        let codes = errors.filter_map(|error| error["code"].as_str().map(str::to_owned)).collect();
        (task["status"].as_str().unwrap_or("gone").to_owned(), codes)
    }
}
