//! Many trials at once, on one thread: most of their time they wait.

use std::rc::Rc;

use tokio::sync::Semaphore;
use tokio::task::{LocalSet, spawn_local};

/// How many run at a time. Each has an emulator, and up to two processes of 4 MB.
const AT_ONCE: usize = 40;

/// Plays all trials and returns what each came to, in their order. Fails with the names of those that failed.
pub(super) async fn together<R: 'static>(
    trials: impl IntoIterator<Item = (String, impl Future<Output = R> + 'static)>,
) -> Vec<R> {
    let room = Rc::new(Semaphore::new(AT_ONCE));
    let play = |(name, trial)| {
        let room = Rc::clone(&room);
        let playing = spawn_local(async move {
            let _place = room.acquire().await.expect("nobody closes it");
            trial.await
        });
        (name, playing)
    };
    let all = async {
        let playing: Vec<_> = trials.into_iter().map(play).collect();
        let (mut results, mut failed) = (Vec::new(), Vec::new());
        for (name, trial) in playing {
            // The panic itself has been printed.
            trial.await.map_or_else(|_| failed.push(name), |result| results.push(result));
        }
        assert!(failed.is_empty(), "{} failed: {failed:#?}", failed.len());
        results
    };
    LocalSet::new().run_until(all).await
}
