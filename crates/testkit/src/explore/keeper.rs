//! Who keeps the task of a history: the model of the service, or an emulator.

use std::future::ready;

use credjob::http::BoxFuture;

use super::service::{Service, Status};

/// What the judge and the events of a schedule need of the service.
pub(crate) trait Keeper: Send + Sync {
    /// Where the task stands.
    fn status(&self) -> Status;

    /// The credentials id that the version of this task owns.
    fn owned(&self) -> Option<String>;

    /// The texts of the task's errors.
    fn errors(&self) -> Vec<String>;

    /// The user deletes the task.
    fn cancel(&self) -> BoxFuture<'_, ()>;

    /// The task timeout is over.
    fn time_out(&self) -> BoxFuture<'_, ()>;

    /// Comes before questions: what a keeper in another place says then stays the same.
    fn look(&self) -> BoxFuture<'_, ()>;
}

impl Keeper for Service {
    fn status(&self) -> Status {
        self.status()
    }

    fn owned(&self) -> Option<String> {
        self.owned()
    }

    fn errors(&self) -> Vec<String> {
        self.errors()
    }

    fn cancel(&self) -> BoxFuture<'_, ()> {
        self.cancel();
        Box::pin(ready(()))
    }

    fn time_out(&self) -> BoxFuture<'_, ()> {
        self.time_out();
        Box::pin(ready(()))
    }

    fn look(&self) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }
}
