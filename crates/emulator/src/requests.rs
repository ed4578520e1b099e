//! The log of requests, without any body: bodies hold secrets.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::call::Call;
use crate::fault::Fault;
use crate::times::rfc3339;

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

/// One line of a log: date, method, path, status, sender, fault.
impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:<6} {} ", rfc3339(self.at), self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no answer")?,
        }
        write!(f, " {}", self.caller)?;
        match self.fault {
            Some(fault) => write!(f, " fault={fault}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RequestCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin => f.write_str("admin"),
            Self::Job { task: Some(task) } => write!(f, "job of {task}"),
            Self::Job { task: None } => f.write_str("job"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// Requests kept; older ones are dropped, so that an emulator that runs for days does not grow.
const KEPT_REQUESTS: usize = 100_000;

/// The requests of an emulator, oldest first, and who wants to hear of new ones.
#[derive(Debug, Default)]
pub(crate) struct Requests(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    records: VecDeque<RequestRecord>,
    listeners: Vec<UnboundedSender<RequestRecord>>,
}

impl Requests {
    pub(crate) fn push(&self, record: RequestRecord) {
        let mut book = self.book();
        book.listeners.retain(|listener| listener.send(record.clone()).is_ok());
        if book.records.len() == KEPT_REQUESTS {
            book.records.pop_front();
        }
        book.records.push_back(record);
    }

    /// Every request from now on.
    pub(crate) fn listen(&self) -> UnboundedReceiver<RequestRecord> {
        let (sender, receiver) = unbounded_channel();
        self.book().listeners.push(sender);
        receiver
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.book().records.iter().cloned().collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_record_is_one_line() {
        let mut record = RequestRecord {
            at: SystemTime::UNIX_EPOCH + Duration::from_millis(1_772_355_600_120),
            method: "PUT".to_owned(),
            path: "/api/v2/secrets/a/tasks/b".to_owned(),
            call: Some(Call::TaskUpdate),
            caller: RequestCaller::Job { task: Some("b".to_owned()) },
            connection: Some(1),
            status: Some(200),
            fault: None,
        };
        assert_eq!(record.to_string(), "2026-03-01T09:00:00.120Z PUT    /api/v2/secrets/a/tasks/b 200 job of b");
        record.status = None;
        record.fault = Some(Fault::ResponseLost);
        assert!(record.to_string().ends_with(" no answer job of b fault=response-lost"), "{record}");
    }
}
