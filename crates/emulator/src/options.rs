//! How an emulator is started.

use std::time::Duration;

use crate::role::Role;

/// Settings of an emulator. Start from [`Options::default`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How many tasks may be `processing` at the same time, over all secrets; at least 1. One secret never has two.
    pub task_concurrency: usize,
    /// How long a task stays `queued` at least, on the emulator's clock.
    pub dispatch_delay: Duration,
    /// Fail a task at once when its last job run ends with another exit code than 0 and reported nothing. Otherwise the
    /// task waits for its timeout (PROTOCOL 7, gap 38).
    pub fail_on_nonzero_exit: bool,
    /// Also set `SMIN_<NAME>_VALUE` beside `SM_<NAME>_VALUE` (PROTOCOL 1.4).
    pub smin_values: bool,
    /// How long IAM refuses a fresh job key, on the emulator's clock (PROTOCOL 3.1: about two seconds in the cloud).
    pub fresh_key_delay: Duration,
    /// The roles of the keys that jobs get.
    pub job_roles: Vec<Role>,
    /// Where those roles hold.
    pub job_scope: JobScope,
    /// Lifetime of IAM tokens, on the emulator's clock.
    pub token_lifetime: Duration,
    /// Real time between SIGTERM and SIGKILL when a job is stopped.
    pub kill_grace: Duration,
    /// How many requests from the network Secrets Manager takes in any second of the emulator's clock; the others are
    /// answered with 429, without `Retry-After`, and meet no scripted fault. `None` takes all. IAM has no limit.
    pub rate_limit: Option<usize>,
    /// Allow `POST /emulator/clock?advance=20d`. [`crate::EmulatorClock::advance`] is always allowed.
    pub time_travel: bool,
    /// Bytes kept of each output stream of a job process; the oldest are dropped.
    pub log_limit: usize,
}

/// Where the roles of a job's key hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobScope {
    /// In the secret group of the secret that the task belongs to, as IBM's instructions recommend.
    SecretGroup,
    /// In the whole instance.
    Instance,
}

/// An IAM token lives at most one hour (PROTOCOL 3.3).
const DEFAULT_TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// A job needs up to 25 s to close and undo after SIGTERM (DESIGN 6); Kubernetes grants 30 s.
const DEFAULT_KILL_GRACE: Duration = Duration::from_secs(30);
/// Throttling is stated without a number (PROTOCOL 2.2); four keep a laptop responsive.
const DEFAULT_TASK_CONCURRENCY: usize = 4;
/// Enough for the log of any sane job run.
const DEFAULT_LOG_LIMIT: usize = 1024 * 1024;

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            task_concurrency: DEFAULT_TASK_CONCURRENCY,
            dispatch_delay: Duration::ZERO,
            fail_on_nonzero_exit: false,
            smin_values: false,
            fresh_key_delay: Duration::ZERO,
            job_roles: vec![Role::SecretTaskUpdater, Role::SecretsReader],
            job_scope: JobScope::SecretGroup,
            token_lifetime: DEFAULT_TOKEN_LIFETIME,
            kill_grace: DEFAULT_KILL_GRACE,
            rate_limit: None,
            time_travel: false,
            log_limit: DEFAULT_LOG_LIMIT,
        }
    }
}
