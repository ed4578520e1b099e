use std::future::pending;

use super::*;

fn timeline(seconds: u64) -> (crate::Stopper, Timeline) {
    let (stopper, stop) = StopSignal::new();
    (stopper, Timeline::start(Duration::from_secs(seconds), stop, Watchdog::off()))
}

async fn spent<T>(step: impl Future<Output = T>) -> Duration {
    let start = Instant::now();
    step.await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn work_ends_where_the_reserve_begins() {
    let (_stopper, timeline) = timeline(540);
    assert_eq!(spent(timeline.work("create", pending::<()>())).await.as_secs(), 480);
}

#[tokio::test(start_paused = true)]
async fn slices_cannot_borrow_from_each_other() {
    let (_stopper, timeline) = timeline(540);
    let _ = timeline.work("create", pending::<()>()).await;
    assert_eq!(spent(timeline.reserve(Slice::Close, pending::<()>())).await.as_secs(), 20);
    assert_eq!(spent(timeline.reserve(Slice::Close, pending::<()>())).await.as_secs(), 0);
    assert_eq!(spent(timeline.reserve(Slice::Look, pending::<()>())).await.as_secs(), 10);
    assert_eq!(spent(timeline.reserve(Slice::Undo, pending::<()>())).await.as_secs(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_slice_used_before_the_reserve_is_free() {
    let (_stopper, timeline) = timeline(540);
    assert_eq!(spent(timeline.reserve(Slice::Undo, pending::<()>())).await.as_secs(), 25);
    assert_eq!(spent(timeline.reserve(Slice::Undo, pending::<()>())).await.as_secs(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_short_deadline_shrinks_every_slice() {
    let (_stopper, timeline) = timeline(60);
    assert_eq!(spent(timeline.work("create", pending::<()>())).await.as_secs(), 30);
    assert_eq!(spent(timeline.reserve(Slice::Close, pending::<()>())).await.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_signal_cuts_work_and_leaves_25_seconds() {
    let (stopper, timeline) = timeline(540);
    stopper.stop();
    assert_eq!(timeline.work("create", pending::<()>()).await, Err(Cut::Stopped));
    assert_eq!(spent(timeline.reserve(Slice::Close, pending::<()>())).await.as_secs(), 8);
    assert_eq!(spent(timeline.reserve(Slice::Look, pending::<()>())).await.as_secs(), 4);
    assert_eq!(spent(timeline.reserve(Slice::Undo, pending::<()>())).await.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_signal_shortens_the_slice_in_use() {
    let (stopper, timeline) = timeline(540);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        stopper.stop();
    });
    assert_eq!(spent(timeline.reserve(Slice::Undo, pending::<()>())).await.as_secs(), 13);
}

#[tokio::test(start_paused = true)]
async fn the_report_of_a_delete_task_lasts_until_the_time_to_log() {
    let (_stopper, timeline) = timeline(540);
    assert_eq!(spent(timeline.reserve(Slice::Report, pending::<()>())).await.as_secs(), 535);
}
