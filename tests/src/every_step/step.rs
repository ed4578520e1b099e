//! The calls of a run, and holding one of them.

use std::fmt;
use std::iter::repeat_n;
use std::time::{Duration, SystemTime};

use credjob_emulator::{Call, Fault};
use credjob_testkit::emulated::Pending;
use credjob_testkit::server::StandInServer;

use super::scenario::Scenario;
use crate::support::release::{Released, SystemCall};
use crate::support::trial::{DEADLINE, Started, Trial};

/// A run comes to each of its calls within milliseconds, or after a pause of two seconds.
const COMES_WITHIN: Duration = Duration::from_secs(20);

/// One call of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) place: Place,
    /// How many calls to the same place come before it.
    pub(super) number: usize,
}

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// IAM or Secrets Manager.
    Service(Call),
    /// The system of the provider.
    System(SystemCall),
}

/// Where a call is held: it gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is not applied.
    Before,
    /// It is applied.
    After,
}

impl Hold {
    pub(super) const BOTH: [Self; 2] = [Self::Before, Self::After];

    pub(super) fn fault(self) -> Fault {
        match self {
            Self::Before => Fault::HangBefore,
            Self::After => Fault::HangAfter,
        }
    }
}

impl Step {
    /// The calls that such a run makes when nothing happens to it, in their order. The promise is judged here too.
    pub(super) async fn all<T: Released>(scenario: Scenario) -> Vec<Self> {
        let mut trial = Trial::<T>::with(T::binary()).await;
        let (pending, retry) = scenario.begin(&mut trial).await;
        let applied_before = trial.target.applied().len();
        let requests = trial.run(&pending, retry, DEADLINE).await.requests.clone();
        trial.judge(&pending).await;
        let made = trial.emulated.emulator().requests().into_iter().skip(requests.start).take(requests.len());
        let of_the_job = made.filter(|request| request.connection.is_some());
        let service = of_the_job.map(|request| (request.at, Place::Service(request.call.expect("a known call"))));
        let system = trial.target.applied().into_iter().skip(applied_before);
        let mut calls: Vec<(SystemTime, Place)> =
            service.chain(system.map(|(at, call)| (at, Place::System(call)))).collect();
        calls.sort_by_key(|(at, _)| *at);
        let places: Vec<Place> = calls.into_iter().map(|(_, place)| place).collect();
        let earlier = |index: usize| places[..index].iter().filter(|place| **place == places[index]).count();
        places.iter().enumerate().map(|(index, place)| Self { place: *place, number: earlier(index) }).collect()
    }

    /// Makes this call of the next run hang.
    pub(super) fn hold<T: Released>(self, trial: &Trial<T>, hold: Hold) {
        let faults = repeat_n(Fault::Pass, self.number).chain([hold.fault()]);
        match self.place {
            Place::Service(call) => trial.emulated.emulator().faults().script(call, faults),
            Place::System(call) => server(trial).script(call.method, call.path, faults),
        }
    }

    /// Waits until the call hangs.
    pub(super) async fn is_held<T: Released>(self, trial: &Trial<T>) {
        let hangs = async {
            while self.faults_left(trial) > 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(COMES_WITHIN, hangs).await.unwrap_or_else(|_| panic!("the run never comes to `{self}`"));
    }

    /// Starts a run and waits until it is held at this call.
    pub(super) async fn start_held<T: Released>(
        self,
        trial: &Trial<T>,
        pending: &Pending,
        retry: u32,
        hold: Hold,
        deadline: Duration,
    ) -> Started {
        self.hold(trial, hold);
        let started = trial.start_run(pending, retry, deadline).await;
        self.is_held(trial).await;
        started
    }

    fn faults_left<T: Released>(self, trial: &Trial<T>) -> usize {
        match self.place {
            Place::Service(call) => trial.emulated.emulator().faults().remaining(call),
            Place::System(_) => server(trial).faults_left(),
        }
    }
}

fn server<T: Released>(trial: &Trial<T>) -> &StandInServer {
    trial.target.server().expect("a provider that calls a system has one")
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Service(call) => write!(f, "{call}")?,
            Place::System(call) => f.write_str(call.name)?,
        }
        match self.number {
            0 => Ok(()),
            number => write!(f, " ({})", number + 1),
        }
    }
}
