//! Which schedules are tried over sockets, and how their ends are compared.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::super::call::Party;
use super::super::effort::Effort;
use super::super::event::{Event, Twin};
use super::super::fault::Fault;
use super::super::history::{self, History};
use super::super::oracle::{Broken, Excuse};
use super::super::scene::Scene;
use super::super::schedule::{Act, Item, Schedule};
use super::super::service::Status;
use super::SocketsError;

/// Room for two tries to create, which need 10 s before the reserve of half a deadline (DESIGN 6), and not a second more
/// than that: an outage is asked about until the deadline.
const DEADLINE: &str = "30";
/// Nobody has to wait for Code Engine here.
const RESTART: Duration = Duration::from_millis(200);
/// Schedules that take longer in virtual time are left to virtual time.
const LONGEST: Duration = Duration::from_secs(11);
/// So many histories at a time: they wait most of their time.
const AT_ONCE: usize = 50;

/// Schedules out of the explored ones, spread evenly over scenes, calls and kinds of faults, that are tried in both worlds.
///
/// The same scenes and size give the same sample. Left out is what only virtual time can make: replicas that lag, SIGTERM
/// before an answer or at a moment between two calls, events at a token fetch that runs beside something else, and what
/// takes longer than 11 s.
pub struct Sample {
    picks: Vec<Pick>,
}

struct Pick {
    scene: Scene,
    schedule: Schedule,
    took: Duration,
    ending: Ending,
}

/// How a history ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The task's status.
    pub task: &'static str,
    /// The ids of all credentials that work.
    pub live: Vec<String>,
    /// Each process and its exit code; `None` if it was killed.
    pub exits: Vec<(u8, Option<u8>)>,
    /// Why something was left behind.
    pub excuses: Vec<Excuse>,
    /// Broken promises.
    pub broken: Vec<Broken>,
}

/// The end of one schedule in both worlds.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The scene's name.
    pub scene: String,
    /// The schedule.
    pub schedule: Schedule,
    /// In virtual time, without a socket.
    pub in_virtual_time: Ending,
    /// Over sockets, in real time.
    pub over_sockets: Ending,
}

impl Sample {
    /// Picks `size` schedules: singles and pairs in turn, from one scene after the other.
    pub fn of(scenes: &[Scene], size: usize) -> Self {
        let scenes: Vec<Scene> = scenes.iter().map(brisk).collect();
        let mut drawers: Vec<Drawer> = scenes.iter().map(|scene| Drawer::fill(scene.clone())).collect();
        let mut picks = Vec::new();
        let mut known = HashSet::new();
        while picks.len() < size {
            let before = picks.len();
            for drawer in &mut drawers {
                for pairs in [false, true] {
                    picks.extend((picks.len() < size).then(|| drawer.draw(pairs, &mut known)).flatten());
                }
            }
            if picks.len() == before {
                break;
            }
        }
        Self { picks }
    }

    /// How many schedules were picked.
    pub fn size(&self) -> usize {
        self.picks.len()
    }

    /// Every kind of fault and event in it.
    pub fn kinds(&self) -> BTreeSet<String> {
        self.picks.iter().flat_map(|pick| pick.schedule.items()).map(|item| kind(*item)).collect()
    }

    /// Tries all of them over sockets, many at a time.
    ///
    /// # Errors
    /// When sockets or emulators cannot be had.
    pub fn compare(&self) -> Result<Vec<Compared>, SocketsError> {
        let mut order: Vec<usize> = (0..self.picks.len()).collect();
        // The longest first: then none is left alone at the end.
        order.sort_by_key(|at| std::cmp::Reverse(self.picks[*at].took));
        let next = AtomicUsize::new(0);
        let ended = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(order.len()) {
                scope.spawn(|| {
                    while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let compared = self.picks[*at].compare();
                        ended.lock().unwrap_or_else(PoisonError::into_inner).push((*at, compared));
                    }
                });
            }
        });
        let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        ended.sort_by_key(|(at, _)| *at);
        ended.into_iter().map(|(_, compared)| compared).collect()
    }
}

impl Pick {
    fn compare(&self) -> Result<Compared, SocketsError> {
        let over_sockets = Ending::of(&super::live(&self.scene, &self.schedule)?);
        Ok(Compared {
            scene: self.scene.name().to_owned(),
            schedule: self.schedule.clone(),
            in_virtual_time: self.ending.clone(),
            over_sockets,
        })
    }
}

impl Compared {
    /// Whether both worlds came to the same end.
    pub fn agrees(&self) -> bool {
        self.in_virtual_time == self.over_sockets
    }
}

impl Ending {
    fn of(history: &History) -> Self {
        let mut exits: Vec<_> = history.runs.iter().map(|run| (run.process, run.exit)).collect();
        exits.sort_unstable();
        let verdict = &history.verdict;
        let mut excuses = verdict.excuses.clone();
        excuses.sort_unstable();
        Self {
            task: verdict.status.map_or("crashed", Status::as_str),
            live: history.live.clone(),
            exits,
            excuses,
            broken: verdict.broken.clone(),
        }
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scene, schedule, in_virtual_time, over_sockets } = self;
        write!(f, "{scene}: {schedule}\n  in virtual time: {in_virtual_time:?}\n  over sockets:    {over_sockets:?}")
    }
}

/// The scene as it is tried in both worlds.
pub(super) fn brisk(scene: &Scene) -> Scene {
    let mut scene = scene.clone().with("CREDJOB_DEADLINE", DEADLINE);
    scene.restart = RESTART;
    scene
}

/// What can be picked from one scene.
struct Drawer {
    scene: Scene,
    singles: Vec<Schedule>,
    pairs: Vec<Schedule>,
    known: HashSet<String>,
}

impl Drawer {
    fn fill(scene: Scene) -> Self {
        let (first, then) = (Effort::singles(), Effort::quick());
        let empty = Schedule::default();
        let steps = history::live(&scene, &empty).steps;
        let (mut singles, mut pairs) = (Vec::new(), Vec::new());
        for item in first.items(&empty, &steps, scene.protocol).into_iter().filter(|item| is_possible(&scene, *item)) {
            let single = empty.with(item);
            let history = history::live(&scene, &single);
            if took(&history) <= LONGEST {
                let more = then.items(&single, &history.steps, scene.protocol).into_iter();
                pairs.extend(more.filter(|item| is_possible(&scene, *item)).map(|item| single.with(item)));
                singles.push(single);
            }
        }
        Self { scene, singles, pairs, known: HashSet::new() }
    }

    /// The schedule that shows most that no pick of any scene has shown, then that none of this scene has.
    fn draw(&mut self, pairs: bool, known: &mut HashSet<String>) -> Option<Pick> {
        let from = if pairs { &mut self.pairs } else { &mut self.singles };
        loop {
            let news = |schedule: &Schedule, known: &HashSet<String>| {
                schedule.items().iter().filter(|item| !known.contains(&aspect(**item))).count()
            };
            let score = |schedule: &Schedule| (news(schedule, known), news(schedule, &self.known));
            // The first of the best.
            let best = (0..from.len()).max_by_key(|at| (score(&from[*at]), std::cmp::Reverse(*at)))?;
            let schedule = from.remove(best);
            let history = history::live(&self.scene, &schedule);
            if took(&history) > LONGEST {
                continue;
            }
            for aspect in schedule.items().iter().map(|item| aspect(*item)) {
                known.insert(aspect.clone());
                self.known.insert(aspect);
            }
            let (took, ending) = (took(&history), Ending::of(&history));
            return Some(Pick { scene: self.scene.clone(), schedule, took, ending });
        }
    }
}

fn took(history: &History) -> Duration {
    let ended = history.runs.iter().map(|run| run.ended).max();
    let began = history.runs.iter().map(|run| run.started).min();
    ended.zip(began).map_or(Duration::MAX, |(ended, began)| ended - began)
}

/// Whether it means the same over sockets.
fn is_possible(scene: &Scene, item: Item) -> bool {
    // Without a login the token is fetched while the provider works: which call is first is a matter of luck.
    let beside = scene.secrets.is_empty();
    match item.act {
        Act::Fault(fault) => fault != Fault::Lag,
        Act::Event(Event::Term | Event::TermLater) => false,
        Act::Event(_) if beside && item.place.call().is_some_and(|call| call.party() == Party::Iam) => false,
        Act::Event(Event::Twin(twin) | Event::TwinApplied(twin)) => !beside || twin.calls == Twin::TO_THE_END,
        Act::Event(_) => true,
    }
}

/// What a pick shows: this kind of fault at this kind of call.
fn aspect(item: Item) -> String {
    let place = item.place.call().map_or_else(|| item.place.to_string(), |call| call.to_string());
    format!("{place}={}", kind(item))
}

/// The kind of what happens, without seconds.
fn kind(item: Item) -> String {
    item.act.to_string().split(':').next().unwrap_or_default().to_owned()
}
