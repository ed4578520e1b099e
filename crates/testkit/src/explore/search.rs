//! Tries all schedules of an effort, on all processors.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::effort::Effort;
use super::history;
use super::report::{Report, Tally};
use super::scene::Scene;
use super::schedule::Schedule;
use super::shrink::shrink;

/// Explores the scenes, and says what was found. The same scenes and effort give the same report.
pub fn explore(scenes: &[(Scene, Effort)]) -> Report {
    explore_on(thread::available_parallelism().map_or(2, usize::from), scenes)
}

/// As [`explore`], on so many threads.
pub fn explore_on(threads: usize, scenes: &[(Scene, Effort)]) -> Report {
    let roots: Vec<Root<'_>> =
        scenes.iter().enumerate().flat_map(|(at, (scene, effort))| roots(at, scene, effort)).collect();
    let next = AtomicUsize::new(0);
    let tallies: Mutex<Vec<(usize, usize, Tally)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(root) = roots.get(at) else { return };
                    let mut tally = Tally::default();
                    visit(root.scene, root.effort, &root.schedule, &mut tally);
                    tallies.lock().unwrap_or_else(PoisonError::into_inner).push((at, root.at, tally));
                }
            });
        }
    });
    let mut tallies = tallies.into_inner().unwrap_or_else(PoisonError::into_inner);
    // In the order of the roots, whoever was first: a report is the same each time.
    tallies.sort_by_key(|(at, ..)| *at);
    let mut report = Report::new(scenes.iter().map(|(scene, _)| scene.name().to_owned()));
    for (_, scene, tally) in tallies {
        report.add(scene, tally);
    }
    for (at, (scene, _)) in scenes.iter().enumerate() {
        report.shrink(at, |finding| shrink(scene, &finding.schedule, &finding.broken));
    }
    report
}

/// A part of the work: all schedules that begin like this.
struct Root<'a> {
    at: usize,
    scene: &'a Scene,
    effort: &'a Effort,
    schedule: Schedule,
}

/// The schedule without faults, and each first item.
fn roots<'a>(at: usize, scene: &'a Scene, effort: &'a Effort) -> Vec<Root<'a>> {
    let empty = Schedule::default();
    let history = history::live(scene, &empty);
    let firsts = effort.items(&empty, &history.steps, scene.protocol).into_iter().map(|item| empty.with(item));
    let root = |schedule| Root { at, scene, effort, schedule };
    std::iter::once(empty.clone()).chain(firsts).map(root).collect()
}

/// Lives through a schedule and through all that go on from it. What follows a broken promise says nothing new.
fn visit(scene: &Scene, effort: &Effort, schedule: &Schedule, tally: &mut Tally) {
    let history = history::live(scene, schedule);
    tally.add(scene, schedule, &history);
    if schedule.items().is_empty() || !history.verdict.broken.is_empty() {
        return;
    }
    for item in effort.items(schedule, &history.steps, scene.protocol) {
        visit(scene, effort, &schedule.with(item), tally);
    }
}
