//! Everything that is said to the server.

mod facts;
mod grants;
mod leftovers;
mod making;
mod reasons;
mod removal;
mod removal_statements;
mod session;
mod tls;
mod trial;

pub(crate) use leftovers::leftovers;
pub(crate) use making::make;
pub(crate) use removal::remove;
pub(crate) use session::{Place, Server};
pub(crate) use trial::try_role;
