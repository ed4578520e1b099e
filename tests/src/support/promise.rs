//! The promise (DESIGN 3), judged after the last run of a task: six lines, one function each; and the summary of each run.

use std::time::Duration;

use credjob_emulator::Call;
use credjob_testkit::emulated::Pending;
use credjob_testkit::leak::assert_no_leak;
use credjob_testkit::target::Target;
use serde_json::Value;

use super::trial::{Run, Trial};

/// What a run may take beyond its deadline: the watchdog's grace of half a second, and a busy machine.
const TOLERANCE: Duration = Duration::from_secs(2);

/// Exit codes that admit a credential without a version (DESIGN 6).
const ADMITTED: [i32; 2] = [4, 5];

impl<T: Target> Trial<T> {
    /// Judges all six lines, and that each run that was not killed ends with one summary that tells its exit code.
    pub(crate) async fn judge(&self, pending: &Pending) {
        // First, since what follows prints parts of what is searched here.
        self.no_leak(pending).await;
        let task = self.emulated.task(pending).await;
        self.no_dangling(pending, &task).await;
        self.no_orphan(pending).await;
        self.no_false_delete(&task).await;
        self.always_reported(&task);
        self.bounded();
        for run in self.runs.iter().filter(|run| run.finished.signal.is_none()) {
            let summary = run.finished.summary().expect("a run ends with one summary");
            assert_eq!(Some(summary.exit_code), run.finished.exit.map(i64::from), "the summary tells the exit code");
        }
    }

    /// 5. No secret in any log line, task error or command line.
    async fn no_leak(&self, pending: &Pending) {
        let mut canaries = self.emulated.canaries(&[pending]).await;
        canaries.extend(&self.target.canaries());
        for run in &self.runs {
            assert_no_leak("standard output", &run.finished.stdout, &canaries);
            assert_no_leak("standard error", &run.finished.stderr, &canaries);
            assert_no_leak("the command line", &run.command_line, &canaries);
        }
        let task = self.emulated.task(pending).await;
        assert_no_leak("the task", task.to_string().as_bytes(), &canaries);
    }

    /// 1. Every version that has data names a credential that works.
    async fn no_dangling(&self, pending: &Pending, task: &Value) {
        let versions = self.emulated.versions(&pending.secret_id).await.expect("the versions are listed");
        for version in versions.iter().filter(|version| version["payload_available"] == true) {
            let id = version["id"].as_str().expect("a version has an id");
            // A failed deletion leaves its version as it was, and the credential with it.
            let version = self.emulated.version(&pending.secret_id, id).await.expect("its data can be read");
            let works = self.target.works(&version["credentials_content"]).await.expect("the credential can be tried");
            assert!(works, "dangling: version {id} names a credential that does not work");
        }
        if task["status"] == "credentials_created" {
            let owned = versions.iter().any(|version| version["id"] == task["secret_version_id"]);
            assert!(owned, "the task names no version");
        }
    }

    /// 2. Every live credential belongs to a version, or the last run says with its exit code and in its log what is left.
    ///
    /// A failed deletion is no orphan: Secrets Manager asks again tomorrow.
    async fn no_orphan(&self, pending: &Pending) {
        if self.is_deletion(pending) {
            return;
        }
        let owned = self.owned(pending).await;
        let live = self.live().await;
        let last = self.last();
        let exit = last.finished.exit;
        assert!(
            live <= owned || admits(last),
            "orphan: {live} credentials live, versions own {owned}, exit code {exit:?}"
        );
    }

    /// What the task is for, also when it is gone.
    pub(crate) fn is_deletion(&self, pending: &Pending) -> bool {
        let environment = self.emulated.emulator().job_environment(&pending.task_id);
        environment.contains(&("SM_ACTION".to_owned(), "delete_credentials".to_owned()))
    }

    /// How many credentials the versions of the secret own.
    pub(crate) async fn owned(&self, pending: &Pending) -> usize {
        let versions = self.emulated.versions(&pending.secret_id).await.expect("the versions are listed");
        versions.iter().filter(|version| version["payload_available"] == true).count()
    }

    /// 3. A task that says `credentials_deleted` has no live credential.
    async fn no_false_delete(&self, task: &Value) {
        if task["status"] == "credentials_deleted" {
            assert_eq!(self.live().await, 0, "the task says deleted, the credential lives");
        }
    }

    /// 4. The task is final, unless somebody has deleted it, or the service itself has refused an update for good.
    fn always_reported(&self, task: &Value) {
        let status = task["status"].as_str().unwrap_or("gone");
        let is_final = matches!(status, "credentials_created" | "credentials_deleted" | "failed" | "gone");
        let refused = self.runs.iter().flat_map(|run| self.updates(run)).any(|status| is_for_good(Some(status)));
        assert!(is_final || refused, "not reported: the task is {status} after {} runs", self.runs.len());
    }

    /// 6. No run outlives its deadline, and none sends an update after a definite 400 or 404 to one.
    fn bounded(&self) {
        for run in &self.runs {
            assert!(
                run.finished.took <= run.deadline + TOLERANCE,
                "{:?} with a deadline of {:?}",
                run.finished,
                run.deadline
            );
            let updates: Vec<Option<u16>> = self.updates(run).map(Some).collect();
            let refused = updates.iter().position(|status| is_for_good(*status));
            assert!(
                refused.is_none_or(|place| place + 1 == updates.len()),
                "updates went on after a refusal: {updates:?}"
            );
        }
    }

    /// The statuses of the task updates that a run sent; 0 for one without an answer.
    fn updates(&self, run: &Run) -> impl Iterator<Item = u16> {
        let requests = self.emulated.emulator().requests();
        let sent = requests.into_iter().skip(run.requests.start).take(run.requests.len());
        sent.filter(|request| request.call == Some(Call::TaskUpdate) && request.connection.is_some())
            .map(|request| request.status.unwrap_or(0))
    }
}

fn is_for_good(status: Option<u16>) -> bool {
    matches!(status, Some(400 | 404))
}

/// Whether a run admits what it leaves: its own exit code, and one event with the id or the marker.
fn admits(run: &Run) -> bool {
    let named = |event: &Value| event["credentials_id"].is_string() || event["marker"].is_string();
    let events = run.finished.events();
    let telling = |event: &&Value| event["event"] == "orphaned_credentials" || event["event"] == "outcome_unknown";
    run.finished.exit.is_some_and(|code| ADMITTED.contains(&code)) && events.iter().filter(telling).any(named)
}
