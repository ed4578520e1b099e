//! The checks, one for each test that the macro makes.

mod creating;
mod declared;
mod deleting;
mod faults;
mod kills;
mod neighbours;
mod secrets;

pub use creating::*;
pub use declared::*;
pub use deleting::*;
pub use faults::*;
pub use kills::*;
pub use neighbours::*;
pub use secrets::*;

use std::time::Duration;

use super::broken::{Broken, Verdict};
use super::mishap::{Mishap, Step};

/// More steps than a sane run has: a check ends here too.
const MOST_STEPS: usize = 60;

/// A method that does not await for so long blocks the job.
const LONGEST_POLL: Duration = Duration::from_millis(1500);

/// Tries every step of a run, until a run has no such step any more.
async fn at_every_step(mut attempt: impl AsyncFnMut(Step) -> Result<bool, Broken>) -> Verdict {
    for kind in [Step::Call, Step::Await] {
        for number in 0..MOST_STEPS {
            if !attempt(kind(number)).await? {
                break;
            }
        }
    }
    Ok(())
}

/// The mishaps that differ at this step: what is no request has no "before" and "after it was applied".
fn distinct(step: Step, mishaps: [Mishap; 2]) -> impl Iterator<Item = Mishap> {
    let count = if matches!(step, Step::Await(_)) { 1 } else { 2 };
    mishaps.into_iter().take(count)
}
