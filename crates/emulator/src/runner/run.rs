//! One job run: the processes of one task, and how to stop them.

use std::process::ExitStatus;
use std::time::SystemTime;

use std::os::unix::process::ExitStatusExt as _;
use tokio::sync::watch;

use crate::job::{JobLog, JobProgram};
use crate::principal::Principal;
use crate::runner::output::Output;

/// A job run as the state knows it.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) principal: Principal,
    pub(crate) environment: Vec<(String, String)>,
    /// Place in the order of runs.
    pub(crate) number: u64,
    program: Option<JobProgram>,
    processes: Vec<Process>,
    stop: watch::Sender<bool>,
    ended: bool,
}

#[derive(Debug)]
struct Process {
    stdout: Output,
    stderr: Output,
    started: SystemTime,
    ended: Option<SystemTime>,
    status: Option<ExitStatus>,
}

/// What the runner needs to start the processes of a run.
#[derive(Debug)]
pub(crate) struct StartOrder {
    pub(crate) task_id: String,
    pub(crate) program: JobProgram,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Run {
    /// A run that has not started. Without a program, a test plays the job and the run counts as ended.
    pub(crate) fn new(
        principal: Principal,
        environment: Vec<(String, String)>,
        program: Option<JobProgram>,
        number: u64,
    ) -> Self {
        let ended = program.is_none();
        Self { principal, environment, number, program, processes: Vec::new(), stop: watch::Sender::new(false), ended }
    }

    pub(crate) fn start_order(&self, task_id: &str) -> Option<StartOrder> {
        Some(StartOrder {
            task_id: task_id.to_owned(),
            program: self.program.clone()?,
            environment: self.environment.clone(),
            stop: self.stop.subscribe(),
        })
    }

    /// Asks the process to end, and no other to be started.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Notes that a process starts; its output goes to the returned places (standard output, standard error).
    pub(super) fn process_started(&mut self, log_limit: usize, now: SystemTime) -> (Output, Output) {
        let process = Process {
            stdout: Output::new(log_limit),
            stderr: Output::new(log_limit),
            started: now,
            ended: None,
            status: None,
        };
        let outputs = (process.stdout.clone(), process.stderr.clone());
        self.processes.push(process);
        outputs
    }

    pub(super) fn process_ended(&mut self, status: Option<ExitStatus>, now: SystemTime) {
        if let Some(process) = self.processes.last_mut() {
            process.ended = Some(now);
            process.status = status;
        }
    }

    /// The logs of all processes, oldest first.
    pub(crate) fn logs(&self) -> Vec<JobLog> {
        (0..).zip(&self.processes).map(|(retry_count, process)| process.log(retry_count)).collect()
    }
}

impl Process {
    fn log(&self, retry_count: u32) -> JobLog {
        let (stdout, stdout_cut) = self.stdout.text();
        let (stderr, stderr_cut) = self.stderr.text();
        JobLog {
            stdout,
            stderr,
            truncated: stdout_cut || stderr_cut,
            exit: self.status.and_then(|status| status.code()),
            signal: self.status.and_then(|status| status.signal()),
            retry_count,
            started: self.started,
            ended: self.ended,
        }
    }
}
