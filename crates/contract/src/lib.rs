//! Names, types and rules that every credjob crate shares. No I/O, no async runtime, no wire types.
//!
//! - Identifiers of the service: [`TaskId`], [`SecretId`], [`VersionId`], [`SecretGroupId`], [`CredentialsId`],
//!   [`InstanceUrl`].
//! - What a run is told: [`Environment`] with its [`Inputs`]; what a job declares: [`JobConfig`], [`Declaration`],
//!   [`FieldSpec`].
//! - What a provider gets and gives: [`Params`], [`Credentials`], [`Payload`], [`Marker`].
//! - How things end: [`Failure`], [`codes`], [`TaskError`], [`Exit`].
//! - What must not leak: [`Secret`] and the [`redact`] module.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod codes;
mod credentials;
mod declaration;
mod environment;
mod exit;
mod failure;
mod ids;
mod inputs;
mod instance_url;
mod job_config;
mod marker;
mod params;
mod payload;
pub mod redact;
mod secret;
mod spec;
mod task;

pub use credentials::{CredentialValue, Credentials};
pub use declaration::{Declaration, DeclarationError, DeclarationProblem, VariableType};
pub use environment::{
    Address, Auth, DEFAULT_DEADLINE, Environment, IAM_PRIVATE_URL, IAM_PUBLIC_URL, IAM_TEST_URL, MAX_DEADLINE,
    MIN_DEADLINE, ReportableProblem, RunFacts, Settings, TaskFacts,
};
pub use exit::Exit;
pub use failure::{CodeInfo, Failure, FailureCodes};
pub use ids::{CredentialsId, IdError, SecretGroupId, SecretId, TaskId, VersionId};
pub use inputs::{Input, Inputs, Problem};
pub use instance_url::{InstanceUrl, is_loopback_host};
pub use job_config::{ConfigProblem, Direction, JOB_SIZE_LIMIT, JobConfig, Variable};
pub use marker::{Marker, TaskMarker};
pub use params::{Checks, ParamEnum, ParamValue, Params};
pub use payload::{MAX_PAYLOAD_BYTES, MAX_STRING_CHARS, Payload, PayloadValue};
pub use secret::{Secret, SecretContent};
pub use spec::{FieldSpec, TypeSpec};
pub use task::{Action, TaskError, TaskStatus, Trigger, UnknownWord};
