//! The log of requests, without any body: bodies hold secrets.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::call::Call;
use crate::fault::Fault;

/// One request that reached the emulator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// When it arrived, on the emulator's clock.
    pub at: SystemTime,
    /// Its method.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The call it is, if faults can be scripted for it.
    pub call: Option<Call>,
    /// Who sent it.
    pub caller: RequestCaller,
    /// The number of its TCP connection, counted from 1; `None` for a call in process.
    pub connection: Option<u64>,
    /// The status of the answer; `None` if there was none.
    pub status: Option<u16>,
    /// The scripted fault that hit it.
    pub fault: Option<Fault>,
}

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestCaller {
    /// The administrator, in process or with the key of [`crate::Emulator::api_key`].
    Admin,
    /// A job: the run of this task, or one with a trusted profile or a key of an IAM credentials secret.
    Job {
        /// The task, if the key was issued for one.
        task: Option<String>,
    },
    /// Nobody known: no token, an unknown or an expired one.
    Unknown,
}

/// Requests kept; older ones are dropped, so that an emulator that runs for days does not grow.
const KEPT_REQUESTS: usize = 100_000;

/// The requests of an emulator, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Requests(Mutex<std::collections::VecDeque<RequestRecord>>);

impl Requests {
    pub(crate) fn push(&self, record: RequestRecord) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() == KEPT_REQUESTS {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
