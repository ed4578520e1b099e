//! What the macro's tests call.

use std::marker::PhantomData;

use credjob::CredentialsProvider;

use super::bench::Bench;
use super::broken::{Broken, Verdict};
use super::report::{self, Notice};
use super::rule::Rule;
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

    /// Runs the check of one rule as a test: says what there is to know, and panics with what the provider got wrong.
    ///
    /// # Panics
    ///
    /// With the rule that the provider broke, what was found, and what to do about it.
    #[expect(clippy::panic, reason = "how a test fails")]
    pub fn test(&self, rule: &str, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict + Send) {
        let Some(rule) = Rule::of(rule) else { panic!("the kit has no rule `{rule}`") };
        let (verdict, notices) = self.judged(check);
        report::tell(rule, &verdict, &notices);
        if let Err(broken) = verdict {
            panic!("{broken}\n\n  the rule: {}\n  to do:    {}\n", rule.asserts, broken.fix(rule));
        }
    }

    /// Starts a target of its own and runs a check against it.
    ///
    /// # Errors
    ///
    /// What the provider got wrong.
    pub fn try_check(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict + Send) -> Verdict {
        self.judged(check).0
    }

    /// The same, with what there is to know besides.
    pub(super) fn judged(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict + Send) -> (Verdict, Vec<Notice>) {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            match thread.spawn_scoped(scope, || self.judged_here(check)) {
                Ok(checking) => checking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(error) => (Err(Broken::new(format!("no thread: {error}"))), Vec::new()),
            }
        })
    }

    fn judged_here(&self, check: impl AsyncFnOnce(&Bench<P, T>) -> Verdict) -> (Verdict, Vec<Notice>) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return (Err(Broken::new(format!("no runtime: {error}"))), Vec::new()),
        };
        runtime.block_on(async {
            match Bench::start(self.provider, self.folder).await {
                Ok(bench) => (Box::pin(check(&bench)).await, bench.notices.take()),
                Err(broken) => (Err(broken), Vec::new()),
            }
        })
    }
}
