//! Every row of the tables of DESIGN 6, against the scripted transport, in virtual time. `Seen::judge` holds each run
//! to the lines of the promise besides.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod creation;
mod deletion;
mod fake;
mod inputs;
mod model;
mod publishing;
mod reruns;
mod schedules;
mod signals;
