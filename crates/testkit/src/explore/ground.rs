//! Everything outside the processes of one history: who calls, what is late, and what came to be.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob::Stopper;
use credjob::http::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::call::Call;
use super::event::{Event, Twin};
use super::fault::Fault;
use super::keeper::Keeper;
use super::schedule::{Act, Place, Schedule, Slot};
use super::system::Live;
use super::turns::{Turn, Turns};

/// The world of one history.
pub(crate) struct Ground {
    pub(crate) service: Arc<dyn Keeper>,
    live: Box<dyn Fn() -> Vec<Live> + Send + Sync>,
    schedule: Schedule,
    start: Instant,
    state: Mutex<State>,
    /// Something moved on that a held call may wait for.
    pub(crate) progress: Notify,
    /// There is an order for whoever runs the processes.
    pub(crate) ordered: Notify,
}

#[derive(Default)]
struct State {
    processes: Vec<Process>,
    steps: Vec<Step>,
    late: Vec<Late>,
    births: Vec<Birth>,
    known: Vec<String>,
    last_look: Option<Instant>,
    orders: Vec<Order>,
    turns: Turns,
}

/// What the world knows of a process.
#[derive(Default)]
struct Process {
    counts: [u16; Call::ALL.len()],
    gone: bool,
    stopper: Option<Stopper>,
    stopped_at: Option<Instant>,
    refused_for_good: bool,
    updates_after_refusal: u32,
}

/// One call that was made.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) slot: Slot,
    pub(crate) at: Duration,
    pub(crate) acts: Vec<Act>,
    /// What the caller was told; `None` if the call never ended.
    pub(crate) told: Option<Told>,
}

/// What a caller was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// An answer, with its status if it has one.
    Answer(Option<u16>),
    NotSent,
    Lost,
    Unreadable,
}

/// A request that is applied later.
struct Late {
    at: Instant,
    call: Call,
    process: u8,
    again: bool,
    apply: BoxFuture<'static, ()>,
}

/// A credential that came to be in this history.
#[derive(Debug, Clone)]
pub(crate) struct Birth {
    pub(crate) live: Live,
    pub(crate) at: Instant,
    /// Whose request made it.
    pub(crate) process: u8,
    /// A request that was answered as usual and applied once more.
    pub(crate) again: bool,
}

/// What is to be done with processes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    Kill(u8),
    Start { process: u8, retry: u8 },
}

/// A call that was let in.
pub(crate) struct Begun {
    pub(crate) acts: Vec<Act>,
    pub(crate) step: usize,
}

impl Ground {
    pub(crate) fn new(
        service: Arc<dyn Keeper>,
        live: Box<dyn Fn() -> Vec<Live> + Send + Sync>,
        schedule: Schedule,
    ) -> Self {
        let known = live().into_iter().map(|one| one.id).collect();
        let state = Mutex::new(State { known, ..State::default() });
        let start = Instant::now();
        Self { service, live, schedule, start, state, progress: Notify::new(), ordered: Notify::new() }
    }

    /// A new process; its number.
    pub(crate) fn add_process(&self) -> u8 {
        self.state().add_process()
    }

    pub(crate) fn set_stopper(&self, process: u8, stopper: Stopper) {
        self.state().process(process).stopper = Some(stopper);
    }

    /// The process has ended or was killed: nothing leaves it any more.
    pub(crate) fn end_process(&self, process: u8) {
        self.state().process(process).gone = true;
        self.progress.notify_waiters();
    }

    /// Whether the next call of this kind meets this fault.
    pub(crate) fn meets_next(&self, process: u8, call: Call, fault: Fault) -> bool {
        let nth = self.state().process(process).counts[call as usize] + 1;
        self.schedule.at(Slot { process, call, nth }).any(|act| act == Act::Fault(fault))
    }

    /// Lets a call in; `None` if its process is gone.
    pub(crate) async fn begin(&self, process: u8, call: Call) -> Option<Begun> {
        self.settle(Some(Instant::now())).await;
        let mut state = self.state();
        let at = self.start.elapsed();
        let caller = state.process(process);
        if caller.gone {
            return None;
        }
        let count = &mut caller.counts[call as usize];
        *count += 1;
        let slot = Slot { process, call, nth: *count };
        caller.updates_after_refusal += u32::from(call == Call::Update && caller.refused_for_good);
        let acts: Vec<Act> = self.schedule.at(slot).collect();
        state.steps.push(Step { slot, at, acts: acts.clone(), told: None });
        let step = state.steps.len() - 1;
        Some(Begun { acts, step })
    }

    /// Notes how a call ended.
    pub(crate) fn end(&self, process: u8, call: Call, step: usize, told: Told) {
        let mut state = self.state();
        state.steps[step].told = Some(told);
        if call == Call::Update && matches!(told, Told::Answer(Some(400 | 404))) {
            state.process(process).refused_for_good = true;
        }
    }

    /// Notes that a list was answered truthfully.
    pub(crate) fn looked(&self) {
        self.state().last_look = Some(Instant::now());
    }

    /// Notes what a creating request has brought into the world.
    pub(crate) fn note_births(&self, process: u8, at: Instant, again: bool) {
        let live = (self.live)();
        let mut state = self.state();
        for one in live {
            if !state.known.contains(&one.id) {
                state.known.push(one.id.clone());
                state.births.push(Birth { live: one, at, process, again });
            }
        }
    }

    pub(crate) fn later(&self, process: u8, call: Call, seconds: u32, again: bool, apply: BoxFuture<'static, ()>) {
        let at = Instant::now() + Duration::from_secs(seconds.into());
        self.state().late.push(Late { at, call, process, again, apply });
    }

    /// Applies what is due; everything that is still late, if no time is given.
    pub(crate) async fn settle(&self, until: Option<Instant>) {
        while let Some(late) = self.next_late(until) {
            late.apply.await;
            if late.call == Call::Create {
                self.note_births(late.process, late.at, late.again);
            }
        }
    }

    fn next_late(&self, until: Option<Instant>) -> Option<Late> {
        let late = &mut self.state().late;
        let due = late.iter().enumerate().filter(|(_, late)| until.is_none_or(|until| late.at <= until));
        let (first, _) = due.min_by_key(|(_, late)| late.at)?;
        Some(late.remove(first))
    }

    /// SIGTERM.
    pub(crate) fn stop(&self, process: u8) {
        let mut state = self.state();
        let process = state.process(process);
        process.stopped_at.get_or_insert_with(Instant::now);
        if let Some(stopper) = &process.stopper {
            stopper.stop();
        }
    }

    /// SIGKILL.
    pub(crate) fn kill(&self, process: u8) {
        self.end_process(process);
        self.state().orders.push(Order::Kill(process));
        self.ordered.notify_one();
    }

    /// Starts a second instance beside `first`, once in a history.
    pub(crate) fn start_twin(&self, first: u8, twin: Twin) {
        let mut state = self.state();
        if state.turns.are_taken() {
            return;
        }
        let second = state.add_process();
        state.turns = Turns::of(first, second, twin.calls);
        state.orders.push(Order::Start { process: second, retry: twin.retry });
        self.ordered.notify_one();
    }

    pub(crate) fn take_orders(&self) -> Vec<Order> {
        std::mem::take(&mut self.state().orders)
    }

    /// Whether it is this process's turn to make a call.
    fn has_turn(&self, process: u8) -> bool {
        let state = &mut *self.state();
        let gone = |process: u8| state.processes[usize::from(process) - 1].gone;
        match state.turns.ask(process, gone) {
            Turn::Yes => true,
            Turn::No => false,
            Turn::OthersNow => {
                self.progress.notify_waiters();
                false
            }
        }
    }

    /// Waits for the turn, but not as long as the call may take.
    pub(crate) async fn wait_for_turn(&self, process: u8, timeout: Duration) {
        let until = Instant::now() + timeout * 9 / 10;
        loop {
            let progress = self.progress.notified();
            if self.has_turn(process) {
                return;
            }
            tokio::select! {
                biased;
                () = progress => {}
                () = tokio::time::sleep_until(until) => return,
            }
        }
    }

    /// What happens to the task, for an event that happens to it.
    pub(crate) async fn task_event(&self, event: Event) {
        match event {
            Event::Cancel => self.service.cancel().await,
            Event::TimeOut => self.service.time_out().await,
            _ => {}
        }
    }

    /// Whether calls of this kind fail for ever, from some moment on.
    pub(crate) fn has_outage(&self, fits: impl Fn(Call) -> bool) -> bool {
        self.schedule.items().iter().any(|item| match (item.place, item.act) {
            (Place::From(slot), Act::Fault(fault)) => fault.hides_the_answer() && fits(slot.call),
            (Place::Always(party), Act::Fault(fault)) => {
                fault.hides_the_answer() && Call::ALL.into_iter().any(|call| call.party() == party && fits(call))
            }
            _ => false,
        })
    }

    /// What works now.
    pub(crate) fn live(&self) -> Vec<Live> {
        (self.live)()
    }

    pub(crate) fn births(&self) -> Vec<Birth> {
        self.state().births.clone()
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        self.state().steps.clone()
    }

    pub(crate) fn last_look(&self) -> Option<Instant> {
        self.state().last_look
    }

    pub(crate) fn updates_after_refusal(&self, process: u8) -> u32 {
        self.state().process(process).updates_after_refusal
    }

    pub(crate) fn was_refused_for_good(&self, process: u8) -> bool {
        self.state().process(process).refused_for_good
    }

    pub(crate) fn stopped_at(&self, process: u8) -> Option<Instant> {
        self.state().process(process).stopped_at
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add_process(&mut self) -> u8 {
        self.processes.push(Process::default());
        // A history has a handful of processes.
        u8::try_from(self.processes.len()).unwrap_or(u8::MAX)
    }

    fn process(&mut self, number: u8) -> &mut Process {
        &mut self.processes[usize::from(number) - 1]
    }
}
