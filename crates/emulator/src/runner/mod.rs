//! The local Code Engine: jobs, their runs, and the processes of those.

mod engine;
mod environment;
mod output;
mod process;
mod registry;
mod run;

pub(crate) use engine::run_engine;
pub(crate) use environment::{RunFacts, environment, fits_job_run};
pub(crate) use registry::{Job, ask_schema};
pub(crate) use run::{Run, StartOrder};
