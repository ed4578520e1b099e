//! What a dry run found: one entry per task, and the verdict.

use std::collections::BTreeSet;
use std::time::Duration;

use credjob_contract::Exit;

/// The steps of a secret's life, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Create,
    Rotate,
    DeletePrevious,
    DeleteCurrent,
}

impl Step {
    /// The word for people and for the document.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Rotate => "rotate",
            Self::DeletePrevious => "delete previous",
            Self::DeleteCurrent => "delete current",
        }
    }

    /// The final status of a task that went well.
    pub(crate) fn good_status(self) -> &'static str {
        match self {
            Self::Create | Self::Rotate => CREATED,
            Self::DeletePrevious | Self::DeleteCurrent => DELETED,
        }
    }
}

pub(crate) const CREATED: &str = "credentials_created";
pub(crate) const DELETED: &str = "credentials_deleted";

/// An error that the job reported on the task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportedError {
    pub(crate) code: String,
    pub(crate) description: String,
}

/// One task, ended.
#[derive(Debug, Clone)]
pub(crate) struct TaskReport {
    pub(crate) step: Step,
    pub(crate) task_id: String,
    pub(crate) trigger: String,
    pub(crate) status: String,
    pub(crate) duration: Duration,
    pub(crate) credentials_id: Option<String>,
    pub(crate) errors: Vec<ReportedError>,
    /// `None` when the run was killed by a signal or is not known to have ended.
    pub(crate) exit_code: Option<i32>,
    /// The job's log, only when it was asked for.
    pub(crate) log: Option<Vec<String>>,
}

impl TaskReport {
    /// Whether the task and its run ended as they should.
    pub(crate) fn is_good(&self) -> bool {
        self.status == self.step.good_status() && self.exit_code == Some(0)
    }

    /// What is wrong with it, in words.
    fn problem(&self) -> Option<String> {
        if self.is_good() {
            return None;
        }
        let step = self.step.name();
        if self.status != self.step.good_status() {
            return Some(format!("{step}: the task ended as {}", self.status));
        }
        Some(match self.exit_code {
            Some(code) => format!("{step}: the job ended with exit code {code}{}", meaning(code)),
            None => format!("{step}: the job was killed"),
        })
    }
}

/// What an exit code of the contract says, as ": ...".
fn meaning(code: i32) -> String {
    Exit::ALL
        .iter()
        .find(|exit| i32::from(exit.code()) == code)
        .map(|exit| format!(": {}", exit.meaning()))
        .unwrap_or_default()
}

/// The provider that was tried.
#[derive(Debug, Clone)]
pub(crate) struct ProviderFacts {
    pub(crate) name: String,
    /// What the binary answers to `--version`.
    pub(crate) version: String,
    pub(crate) program: String,
}

/// The whole dry run.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) provider: ProviderFacts,
    pub(crate) tasks: Vec<TaskReport>,
    /// How many credentials live on in the external system, if there is a target that can say so.
    pub(crate) live: Option<u64>,
    /// What went wrong outside of a task.
    pub(crate) other_problems: Vec<String>,
}

impl Report {
    /// Everything that is not as it should be; empty means success.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems: Vec<String> = self.tasks.iter().filter_map(TaskReport::problem).collect();
        problems.extend(self.other_problems.iter().cloned());
        match self.live {
            Some(0) => {}
            Some(1) => problems.push("1 credential is left behind in the target".to_owned()),
            Some(live) => problems.push(format!("{live} credentials are left behind in the target")),
            None => problems.extend(self.undeleted().iter().map(|id| format!("no task deleted the credential {id}"))),
        }
        problems
    }

    /// Whether every task ended as it should and nothing is left behind.
    pub(crate) fn is_good(&self) -> bool {
        self.problems().is_empty()
    }

    /// The credentials that a task created and none deleted.
    fn undeleted(&self) -> BTreeSet<&str> {
        let ids = |status: &str| -> BTreeSet<&str> {
            self.tasks
                .iter()
                .filter(|task| task.status == status)
                .filter_map(|task| task.credentials_id.as_deref())
                .collect()
        };
        let deleted = ids(DELETED);
        ids(CREATED).difference(&deleted).copied().collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn task(step: Step, id: &str) -> TaskReport {
        TaskReport {
            step,
            task_id: format!("sm-task-00000000-0000-4000-8000-00000000000{}", step as u8),
            trigger: match step {
                Step::Create => "secret_creation",
                Step::Rotate => "manual_secret_rotation",
                Step::DeletePrevious | Step::DeleteCurrent => "secret_version_data_deletion",
            }
            .to_owned(),
            status: step.good_status().to_owned(),
            duration: Duration::from_millis(412),
            credentials_id: Some(id.to_owned()),
            errors: Vec::new(),
            exit_code: Some(0),
            log: None,
        }
    }

    pub(crate) fn good() -> Report {
        Report {
            provider: ProviderFacts {
                name: "certificate".into(),
                version: "certificate 0.1.0".into(),
                program: "target/debug/certificate".into(),
            },
            tasks: vec![
                task(Step::Create, "101"),
                task(Step::Rotate, "102"),
                task(Step::DeletePrevious, "101"),
                task(Step::DeleteCurrent, "102"),
            ],
            live: None,
            other_problems: Vec::new(),
        }
    }

    pub(crate) fn failed() -> Report {
        let mut report = good();
        report.tasks.truncate(1);
        let task = &mut report.tasks[0];
        task.status = "failed".into();
        task.credentials_id = None;
        task.errors = vec![ReportedError {
            code: "JFROG_LOGIN_REJECTED".into(),
            description: "the platform refused the login token: renew the login secret".into(),
        }];
        task.log = Some(vec!["{\"level\":\"INFO\",\"event\":\"summary\"}".into()]);
        report.live = Some(0);
        report
    }

    #[test]
    fn a_clean_life_has_no_problems() {
        assert!(good().is_good());
    }

    #[test]
    fn a_failed_task_is_a_problem() {
        assert_eq!(failed().problems(), ["create: the task ended as failed"]);
    }

    #[test]
    fn an_orphan_exit_code_is_a_problem_even_when_the_task_is_good() {
        let mut report = good();
        report.tasks[0].exit_code = Some(i32::from(Exit::Orphan.code()));
        assert!(report.problems()[0].contains("exit code 4: "));
    }

    #[test]
    fn a_killed_job_is_a_problem() {
        let mut report = good();
        report.tasks[3].exit_code = None;
        assert_eq!(report.problems(), ["delete current: the job was killed"]);
    }

    #[test]
    fn a_credential_that_no_task_deleted_is_a_problem() {
        let mut report = good();
        report.tasks.pop();
        assert_eq!(report.problems(), ["no task deleted the credential 102"]);
    }

    #[test]
    fn a_target_that_still_has_credentials_is_a_problem() {
        let mut report = good();
        report.live = Some(2);
        assert_eq!(report.problems(), ["2 credentials are left behind in the target"]);
    }
}
