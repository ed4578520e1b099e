//! What the macro's tests call.

use std::marker::PhantomData;

use credjob::CredentialsProvider;

use super::bench::Bench;
use super::broken::{Broken, Verdict};
use crate::target::Target;

/// As much as the main thread of a job has; the futures of a whole life are large in a debug build.
const STACK: usize = 8 << 20;

/// A provider and the kind of target it is tested with. The macro makes one for each test.
#[derive(Debug)]
pub struct Kit<P, T> {
    provider: fn() -> P,
    folder: &'static str,
    target: PhantomData<fn() -> T>,
}

impl<P: CredentialsProvider, T: Target> Kit<P, T> {
    /// A kit for `provider`, whose package is in `folder`.
    pub fn new(provider: fn() -> P, folder: &'static str) -> Self {
        Self { provider, folder, target: PhantomData }
    }

    /// Starts a target of its own and runs a check against it.
    ///
    /// # Errors
    ///
    /// What the provider got wrong.
    pub fn try_check(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict + Send) -> Verdict {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            let checking = thread.spawn_scoped(scope, || self.check_here(check));
            let checking = checking.map_err(|error| Broken::new(format!("no thread: {error}")))?;
            checking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn check_here(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict) -> Verdict {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Broken::new(format!("no runtime: {error}")))?;
        runtime.block_on(async {
            let bench = Bench::start(self.provider, self.folder).await?;
            Box::pin(check(&bench)).await
        })
    }

    /// The same, as a test: panics with what the provider got wrong.
    ///
    /// # Panics
    ///
    /// With the text of the rule that the provider broke.
    #[expect(clippy::panic, reason = "how a test fails")]
    pub fn check(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict + Send) {
        if let Err(broken) = self.try_check(check) {
            panic!("{broken}");
        }
    }
}
