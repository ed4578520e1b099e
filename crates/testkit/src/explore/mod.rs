//! Tries every fault schedule on a provider's whole life, and judges each by the six lines of the promise (DESIGN 3).
//!
//! A [`Scene`] is a provider, a model of the system that it makes credentials in, and a task. [`explore`] lives through the
//! provider's life in virtual time, without a socket, under every [`Schedule`] of an [`Effort`]: faults of calls, SIGTERM and
//! SIGKILL at each call, a second instance, a task that is cancelled or times out; with the re-runs that Code Engine starts
//! after a non-zero exit code or a kill (retry limit 2). The judge knows only the external system, the task with its version,
//! and what the processes wrote and exited with.
//!
//! ```
//! use credjob_testkit::explore::{Call, Effort, check, models::web};
//!
//! // `web::scene` shows how to write a scene for a provider of your own.
//! check(&[(web::scene("example"), Effort::singles().starting_at(Call::Update))], "cargo test --doc");
//! ```
//!
//! A failing schedule is made as plain as it gets and printed with the command that tells it call by call. The text of
//! schedules: [`Schedule`].
//!
//! # What is judged
//!
//! | Line | Broken when |
//! |---|---|
//! | 1 no dangling | the version of the task names a credential that does not work |
//! | 2 no orphan | a credential of the task has no owner and no run with exit code 4 or 5 has named its id or marker, or one has although a re-run could have deleted it; a run ends with 0 or 3 although something named earlier was there when it looked; exit code 4 or 5 without a name |
//! | 3 no false delete | the task says deleted, the credential works, and no `gave_up` was logged |
//! | 4 always reported | exit code 0 and the task is open without a 400 or 404 to an update; the task stays open although the last run met no fault at IAM or the task |
//! | 5 no leak | a secret in a log line, in the summary or in an error of the task, as it leaves the redactor |
//! | 6 bounded | a run outlives its deadline, or 25 s after SIGTERM; a task update after a 400 or 404 to one |
//!
//! Besides, credentials of others must live on. What the promise allows to be left behind is counted, by [`Excuse`]. Under a
//! single fault that is over at the next try, the first run has to deliver, but for the reasons of [`Hopeless`]:
//! [`Report::assert_saved`].
//!
//! That virtual time tells the truth is shown by a sample of the schedules over real sockets: [`sockets`].
//!
//! # What is not tried
//!
//! Lies that no client can see through: [`OUT_OF_SCOPE`].

mod call;
mod effort;
mod event;
mod fault;
mod gate;
mod ground;
mod history;
mod keeper;
mod line;
mod log;
pub mod models;
mod oracle;
mod quiet;
mod replay;
mod report;
mod roads;
mod scene;
mod schedule;
mod search;
mod service;
mod shrink;
pub mod sockets;
mod system;
mod transport;
mod turns;

pub use call::{Call, Party};
pub use effort::Effort;
pub use event::{Event, Twin};
pub use fault::{Fault, Protocol};
pub use line::{Line, LineError};
pub use oracle::{Broken, Excuse, Hopeless, OUT_OF_SCOPE};
pub use replay::{REPLAY_VARIABLE, ReplayError, check, find, replay};
pub use report::{Finding, Report, faults_as_markdown};
pub use scene::{Ended, Run, Scene, Start};
pub use schedule::{Act, Item, Place, Schedule, ScheduleError, Slot};
pub use search::{explore, explore_on};
pub use service::Asks;
pub use system::{HttpSystem, Live, System, View};
