//! The one way from a process to the world: every call passes it and meets its fault there.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use credjob::http::BoxFuture;
use tokio::time::{Instant, sleep};

use super::call::Call;
use super::event::Event;
use super::fault::Fault;
use super::ground::{Ground, Told};
use super::schedule::Act;
use super::system::View;

/// SIGTERM arrives this long after the call that it follows.
const SOON: Duration = Duration::from_millis(10);

/// What a call does when it arrives.
pub(crate) trait Effect: Sync {
    type Answer: Send;

    /// Does it.
    fn apply(&self, view: View) -> impl Future<Output = Self::Answer> + Send;

    /// Does it at another time, when nobody listens.
    fn later(&self) -> BoxFuture<'static, ()>;

    /// The status of an answer, if it has one.
    fn status(answer: &Self::Answer) -> Option<u16>;
}

/// How a call ended for the one who made it.
pub(crate) enum Passed<A> {
    Answer(A),
    NotSent,
    Lost,
    Status(u16, Option<u32>),
    Garbled,
    Page,
}

/// The world as one process reaches it.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) ground: Arc<Ground>,
    pub(crate) process: u8,
}

impl Gate {
    /// Makes a call. It ends within `timeout`, unless the process is gone: then it never does.
    pub(crate) async fn pass<E: Effect>(&self, call: Call, timeout: Duration, effect: &E) -> Passed<E::Answer> {
        self.ground.wait_for_turn(self.process, timeout).await;
        let Some(begun) = self.ground.begin(self.process, call).await else { return pending().await };
        let mut fault = None;
        let mut event_after = None;
        for act in &begun.acts {
            match act {
                Act::Fault(happens) => fault = Some(*happens),
                Act::Event(event) => {
                    if let Some(cut) = self.before(*event, call, timeout, effect).await {
                        self.end::<E>(call, begun.step, &cut);
                        return cut;
                    }
                    event_after = Some(*event);
                }
            }
        }
        let passed = self.meet(fault, call, timeout, effect).await;
        self.end::<E>(call, begun.step, &passed);
        if let Some(event) = event_after {
            self.after(event, timeout).await;
        }
        passed
    }

    /// What an event does before the request arrives; an ending, if the call ends by it.
    async fn before<E: Effect>(
        &self,
        event: Event,
        call: Call,
        timeout: Duration,
        effect: &E,
    ) -> Option<Passed<E::Answer>> {
        match event {
            Event::Kill => self.die().await,
            Event::Term => self.ground.stop(self.process),
            Event::TermCut | Event::TermCutApplied => {
                if event == Event::TermCutApplied {
                    self.apply(call, effect).await;
                }
                self.ground.stop(self.process);
                sleep(timeout).await;
                return Some(Passed::Lost);
            }
            Event::Cancel | Event::TimeOut => self.ground.task_event(event).await,
            Event::Twin(twin) => {
                self.ground.start_twin(self.process, twin);
                self.ground.wait_for_turn(self.process, timeout).await;
            }
            Event::KillApplied | Event::TermLater | Event::TwinApplied(_) => {}
        }
        None
    }

    /// What an event does after the request was applied, before its answer arrives.
    async fn after(&self, event: Event, timeout: Duration) {
        match event {
            Event::KillApplied => self.die().await,
            Event::TermLater => {
                let (ground, process) = (Arc::clone(&self.ground), self.process);
                tokio::spawn(async move {
                    sleep(SOON).await;
                    ground.stop(process);
                });
            }
            Event::TwinApplied(twin) => {
                self.ground.start_twin(self.process, twin);
                self.ground.wait_for_turn(self.process, timeout).await;
            }
            _ => {}
        }
    }

    async fn die(&self) {
        self.ground.kill(self.process);
        pending::<()>().await;
    }

    async fn meet<E: Effect>(
        &self,
        fault: Option<Fault>,
        call: Call,
        timeout: Duration,
        effect: &E,
    ) -> Passed<E::Answer> {
        let Some(fault) = fault else {
            let answer = self.apply(call, effect).await;
            if call == Call::List {
                self.ground.looked();
            }
            return Passed::Answer(answer);
        };
        match fault {
            Fault::NotSent => Passed::NotSent,
            Fault::Lost => Passed::Lost,
            Fault::Hang => {
                sleep(timeout).await;
                Passed::Lost
            }
            Fault::Status(status) => Passed::Status(status, None),
            Fault::Busy(status, seconds) => Passed::Status(status, Some(seconds)),
            Fault::Page => Passed::Page,
            Fault::Late(seconds) => {
                self.ground.later(self.process, call, seconds, false, effect.later());
                Passed::Lost
            }
            Fault::Lag => Passed::Answer(effect.apply(View::Lagging).await),
            #[expect(clippy::panic, reason = "the fault is a panic in the provider's code")]
            Fault::Panic => panic!("a programming error before {call}"),
            applied => {
                let answer = self.apply(call, effect).await;
                match applied {
                    Fault::HangApplied => {
                        sleep(timeout).await;
                        Passed::Lost
                    }
                    Fault::Twice(seconds) => {
                        self.ground.later(self.process, call, seconds, true, effect.later());
                        Passed::Answer(answer)
                    }
                    Fault::Applied(status) => Passed::Status(status, None),
                    Fault::Garbled => Passed::Garbled,
                    #[expect(clippy::panic, reason = "the fault is a panic in the provider's code")]
                    Fault::PanicApplied => panic!("a programming error after {call}"),
                    _ => Passed::Lost,
                }
            }
        }
    }

    async fn apply<E: Effect>(&self, call: Call, effect: &E) -> E::Answer {
        let answer = effect.apply(View::Current).await;
        if call == Call::Create {
            self.ground.note_births(self.process, Instant::now(), false);
        }
        answer
    }

    fn end<E: Effect>(&self, call: Call, step: usize, passed: &Passed<E::Answer>) {
        let told = match passed {
            Passed::Answer(answer) => Told::Answer(E::status(answer)),
            Passed::NotSent => Told::NotSent,
            Passed::Lost => Told::Lost,
            Passed::Status(status, _) => Told::Answer(Some(*status)),
            Passed::Garbled | Passed::Page => Told::Unreadable,
        };
        self.ground.end(self.process, call, step, told);
    }
}
