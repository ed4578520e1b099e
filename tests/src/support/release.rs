//! The providers as they are deployed: static release binaries.

use std::path::PathBuf;
use std::time::SystemTime;

use credjob_testkit::server::StandInServer;
use credjob_testkit::target::Target;

use super::certificate::CertificateTarget;
use super::jfrog::{CREATE, JfrogTarget, LIST, REVOKE, TRY};
use super::{STATIC_CERTIFICATE, STATIC_JFROG, static_program};

/// A provider, its release binary, and the calls that it makes to its system.
pub(crate) trait Released: Target + 'static {
    /// For tables.
    const NAME: &'static str;

    fn binary() -> PathBuf;

    /// The system, if there is one.
    fn server(&self) -> Option<&StandInServer>;

    /// Every call that the system has applied, and when.
    fn applied(&self) -> Vec<(SystemTime, SystemCall)>;
}

/// A call to a system: what it is for, and how `StandInServer::script` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SystemCall {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

impl SystemCall {
    const fn new(name: &'static str, (method, path): (&'static str, &'static str)) -> Self {
        Self { name, method, path }
    }

    fn is(&self, method: &str, path: &str) -> bool {
        let start = self.path.strip_suffix('*');
        self.method == method && start.map_or(path == self.path, |start| path.starts_with(start))
    }
}

impl Released for JfrogTarget {
    const NAME: &'static str = "jfrog";

    fn binary() -> PathBuf {
        static_program(STATIC_JFROG)
    }

    fn server(&self) -> Option<&StandInServer> {
        Some(&self.server)
    }

    fn applied(&self) -> Vec<(SystemTime, SystemCall)> {
        const CALLS: [SystemCall; 4] = [
            SystemCall::new("create the token", CREATE),
            SystemCall::new("try the token", TRY),
            SystemCall::new("list the tokens", LIST),
            SystemCall::new("revoke the token", REVOKE),
        ];
        let call = |method: &str, path: &str| CALLS.into_iter().find(|call| call.is(method, path));
        let applied = self.applied().into_iter();
        applied
            .map(|(at, method, path)| (at, call(&method, &path).expect("the provider makes no other call")))
            .collect()
    }
}

impl Released for CertificateTarget {
    const NAME: &'static str = "certificate";

    fn binary() -> PathBuf {
        static_program(STATIC_CERTIFICATE)
    }

    fn server(&self) -> Option<&StandInServer> {
        None
    }

    fn applied(&self) -> Vec<(SystemTime, SystemCall)> {
        Vec::new()
    }
}
