//! `credjob deploy` as a person starts it, with a stand-in for `ibmcloud` on the PATH that records its arguments.
#![expect(clippy::expect_used, reason = "everything here is a test or the helper of one")]

mod apply;
mod cloud;
mod failures;
mod script;
mod usage;
