//! Scripts of faults, one list per call.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::call::Call;
use crate::fault::Fault;

/// The faults that wait for requests of jobs. Clones share the scripts.
///
/// Each request that a job sends over a socket takes the first fault of its call's list. A call whose list is empty is
/// handled normally. Requests of an administrator, in process or over a socket, take none.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<BTreeMap<Call, VecDeque<Fault>>>>);

impl Faults {
    /// Appends faults to the list of a call: the next request takes the first.
    pub fn script(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.lists().entry(call).or_default().extend(faults);
    }

    /// How many faults of a call no request has taken yet.
    pub fn remaining(&self, call: Call) -> usize {
        self.lists().get(&call).map_or(0, VecDeque::len)
    }

    /// Forgets every fault.
    pub fn clear(&self) {
        self.lists().clear();
    }

    /// The fault for one request of this call.
    pub(crate) fn take(&self, call: Call) -> Option<Fault> {
        self.lists().get_mut(&call).and_then(VecDeque::pop_front)
    }

    fn lists(&self) -> MutexGuard<'_, BTreeMap<Call, VecDeque<Fault>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A script as the command line writes it: `CALL:FAULT[,FAULT...]`, e.g. `task-update:response-lost,status-503`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultScript {
    /// The call whose requests fail.
    pub call: Call,
    /// One fault per request, in order.
    pub faults: Vec<Fault>,
}

/// Why a text is no [`FaultScript`]. The text names every word that would have been right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultScriptError(String);

impl FromStr for FaultScript {
    type Err = FaultScriptError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((call, faults)) = text.split_once(':') else {
            return Err(FaultScriptError(format!(
                "`{text}` is not CALL:FAULT[,FAULT...], for example task-update:response-lost,status-503"
            )));
        };
        let call = call.trim().parse().map_err(FaultScriptError)?;
        let faults =
            faults.split(',').map(|fault| fault.trim().parse()).collect::<Result<_, _>>().map_err(FaultScriptError)?;
        Ok(Self { call, faults })
    }
}

impl fmt::Display for FaultScript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        write!(formatter, "{}:{}", self.call, faults.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_back() {
        let text = "task-update:response-lost,status-503,garbage-after";
        let script: FaultScript = text.parse().unwrap();
        assert_eq!(script.faults, [Fault::ResponseLost, Fault::Status(503), Fault::GarbageAfter]);
        assert_eq!(script.to_string(), text);
    }

    #[test]
    fn a_script_without_faults_is_refused() {
        assert!("task-update".parse::<FaultScript>().is_err());
        assert!("task-update:".parse::<FaultScript>().is_err());
    }

    #[test]
    fn faults_are_taken_in_order_and_once() {
        let faults = Faults::default();
        faults.script(Call::TaskRead, [Fault::Pass, Fault::Html]);
        assert_eq!(faults.take(Call::TaskUpdate), None);
        assert_eq!(faults.take(Call::TaskRead), Some(Fault::Pass));
        assert_eq!(faults.remaining(Call::TaskRead), 1);
        assert_eq!(faults.take(Call::TaskRead), Some(Fault::Html));
        assert_eq!(faults.take(Call::TaskRead), None);
    }
}
