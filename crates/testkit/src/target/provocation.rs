//! How a failure code comes about.

use std::any::Any;
use std::fmt;

use credjob::http::Response;

use super::TargetSettings;
use crate::server::Call;

/// A job that ends with one certain failure code, or why no test can show that here.
///
/// What is wrong with the system itself, [`Target::provoke`](super::Target::provoke) sets up before it answers: each code gets a system of its own.
pub struct Provocation {
    /// The id to delete; `None` = create.
    pub(crate) delete: Option<String>,
    pub(crate) settings: TargetSettings,
    /// What is answered in place of the system.
    pub(crate) forged: Vec<(Call, Response)>,
    pub(crate) in_log: bool,
    /// Why nothing can be shown.
    pub(crate) excuse: Option<String>,
    /// Lives as long as the job.
    kept: Vec<Box<dyn Any>>,
}

impl Provocation {
    /// A create task with these inputs: [`Target::settings`](super::Target::settings), and what differs from them.
    pub fn create(settings: TargetSettings) -> Self {
        Self { delete: None, settings, forged: Vec::new(), in_log: false, excuse: None, kept: Vec::new() }
    }

    /// A task to delete `id` with these inputs.
    pub fn delete(id: &str, settings: TargetSettings) -> Self {
        Self { delete: Some(id.to_owned()), ..Self::create(settings) }
    }

    /// The code cannot be provoked by a test, and this is why: the operating system would have to fail, say. The test prints the reason, and
    /// `credjob check` shows it. A code that cannot happen at all does not belong into the provider.
    pub fn impossible(why: &str) -> Self {
        Self { excuse: Some(why.to_owned()), ..Self::create(TargetSettings::new()) }
    }

    /// In place of the system, this is answered to every request of this method that the job sends to `path`, or to a path that begins with it if it ends
    /// in `*`. The system does not see these requests. For what goes through [`Job::http`](credjob::Job::http) only.
    pub fn answering(mut self, method: &str, path: &str, answer: Response) -> Self {
        self.forged.push((Call::new(method, path), answer));
        self
    }

    /// Keeps something until the job has ended: a lock, a session, a second server.
    pub fn keeping(mut self, kept: impl Any) -> Self {
        self.kept.push(Box::new(kept));
        self
    }

    /// The code is looked for in the log, because no task is told of it: what `leftovers` ends with, and `delete` when it undoes.
    pub fn in_log(mut self) -> Self {
        self.in_log = true;
        self
    }
}

/// Without the answers and what is kept: they may hold secrets.
impl fmt::Debug for Provocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provocation")
            .field("delete", &self.delete)
            .field("settings", &self.settings)
            .field("in_log", &self.in_log)
            .field("excuse", &self.excuse)
            .finish_non_exhaustive()
    }
}
