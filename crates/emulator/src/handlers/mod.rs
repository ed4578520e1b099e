//! The handlers of the API, one file per resource.

pub(crate) mod configurations;
pub(crate) mod groups;
pub(crate) mod locks;
mod paging;
mod plain_types;
mod secret_create;
pub(crate) mod secrets;
pub(crate) mod tasks;
pub(crate) mod versions;

use crate::answer::Reply;
use crate::ask::Ask;
use crate::errors::ServiceError;
use crate::state::State;

/// Answers for an endpoint that the emulator does not have.
pub(crate) fn not_implemented(_: &Ask, _: &mut State) -> Reply {
    Err(ServiceError::not_implemented())
}
