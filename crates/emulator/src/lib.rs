//! A local IBM IAM, Secrets Manager v2 and job runner: a library first, a thin server second.
//!
//! The emulator keeps the state of one Secrets Manager instance in memory, answers the service's HTTP API on a loopback
//! port, and starts the real job binary of a provider for every secret task, with exactly the environment that Secrets
//! Manager and Code Engine give it. It refuses what the service refuses: a wrong transition gets the service's answer.
//! What the service leaves unsaid, and what the emulator does about it, stands in [`fidelity`].
//!
//! ```no_run
//! use credjob_emulator::{Emulator, JobProgram, Options};
//! use serde_json::json;
//!
//! # async fn tour() -> Result<(), credjob_emulator::EmulatorError> {
//! let emulator = Emulator::start(Options::default()).await?;
//! let program = JobProgram::new("target/debug/certificate").env("CREDJOB_IAM_URL", emulator.iam_url());
//! emulator.register_job("certificate", program).await?;
//! emulator.create_configuration("certificates", "certificate", None).await?;
//!
//! let prototype = json!({
//!     "secret_type": "custom_credentials", "name": "web", "configuration": "certificates",
//!     "parameters": { "common_name": "example.com" },
//! });
//! let (status, secret) = emulator.call("POST", "/api/v2/secrets", Some(prototype)).await;
//! assert_eq!(status, 201);
//! let task = emulator.wait_task(secret["id"].as_str().unwrap_or(""), secret["processing_task_id"].as_str().unwrap_or("")).await;
//! assert_eq!(task["status"], "credentials_created");
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Time is a clock that can be moved ([`EmulatorClock::advance`]), and faults are scripted per call ([`Faults::script`]).
//! The crate shares no wire type with the client: it spells every variable name and wire word itself.

mod answer;
mod ask;
mod call;
mod changes;
mod clock;
mod emulator;
mod emulator_error;
mod errors;
mod fault;
mod faults;
pub mod fidelity;
mod fields;
mod handlers;
mod iam;
mod job;
mod options;
mod patterns;
mod port;
mod principal;
mod random;
mod rate_limit;
mod requests;
mod role;
mod router;
mod runner;
mod schema;
mod server;
mod service;
mod shared;
mod state;
mod time_travel;
mod times;

pub use call::Call;
pub use clock::EmulatorClock;
pub use emulator::Emulator;
pub use emulator_error::EmulatorError;
pub use fault::Fault;
pub use faults::{FaultScript, FaultScriptError, Faults};
pub use job::{JobLog, JobProgram};
pub use options::{JobScope, Options};
pub use requests::{RequestCaller, RequestRecord};
pub use role::Role;
