//! The checks, one for each test that the macro makes.

mod codes;
mod creating;
mod declared;
mod deleting;
mod faults;
mod kills;
mod neighbours;
mod secrets;
mod verifying;

pub use codes::*;
pub use creating::*;
pub use declared::*;
pub use deleting::*;
pub use faults::*;
pub use kills::*;
pub use neighbours::*;
pub use secrets::*;
pub use verifying::*;

use std::time::Duration;

use super::broken::{Broken, Verdict};
use super::mishap::{Mishap, Step};

/// More steps than a sane run has: creating a role on a real database server has 20. A run with more is not walked through to
/// its end, and the check fails rather than to look at a part of it.
const MOST_STEPS: usize = 500;

/// A method that does not await for so long blocks the job.
const LONGEST_POLL: Duration = Duration::from_millis(1500);

/// Tries every step of a run, whatever it is.
async fn at_every_step(mut attempt: impl AsyncFnMut(Step) -> Result<bool, Broken>) -> Verdict {
    at_each(Step::Call, &mut attempt).await?;
    at_each(Step::Await, &mut attempt).await
}

/// Tries every step of one kind, until a run has no such step any more: `attempt` says whether it came to it.
async fn at_each(kind: impl Fn(usize) -> Step, mut attempt: impl AsyncFnMut(Step) -> Result<bool, Broken>) -> Verdict {
    for number in 0..MOST_STEPS {
        if !attempt(kind(number)).await? {
            return Ok(());
        }
    }
    Err(Broken::new(format!(
        "a run has more than {MOST_STEPS} steps, which are too many to cut it at each; poll less often"
    )))
}

/// The mishaps that differ at this step: what is no request has no "before" and "after it was applied".
fn distinct(step: Step, mishaps: [Mishap; 2]) -> impl Iterator<Item = Mishap> {
    let count = if matches!(step, Step::Await(_)) { 1 } else { 2 };
    mishaps.into_iter().take(count)
}
