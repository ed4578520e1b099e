//! Which crates need a note: all that a job contains, and all that runs while it is built.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::scan::{self, Facts};
use crate::failed::Checked;
use crate::tree::Job;
use crate::workspace;

/// Crates that nobody may wave through on what the scan says, besides those that run while a job is built: they hold secrets or keys, make TLS or randomness, or
/// parse what strangers send. The last list in issue 3, part 5, and its kin.
const READ_IN_ANY_CASE: [&str; 44] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "backon",
    "base64",
    "bytes",
    "chacha20",
    "cmov",
    "ctutils",
    "envy",
    "getrandom",
    "hmac",
    "http",
    "httparse",
    "httpdate",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "idna",
    "md-5",
    "percent-encoding",
    "postgres-protocol",
    "rand",
    "rcgen",
    "reqwest",
    "ring",
    "rustls",
    "rustls-native-certs",
    "rustls-pki-types",
    "rustls-platform-verifier",
    "rustls-webpki",
    "serde_json",
    "sha2",
    "stringprep",
    "subtle",
    "tokio",
    "tokio-postgres",
    "tokio-rustls",
    "tower-http",
    "tracing-subscriber",
    "untrusted",
    "url",
    "webpki-roots",
    "whoami",
    "zeroize",
];

/// One crate in one version, over all jobs.
pub(crate) struct Needed {
    pub(crate) name: String,
    pub(crate) version: String,
    /// What any of the jobs turns on.
    pub(crate) features: BTreeSet<String>,
    pub(crate) is_proc_macro: bool,
    /// The jobs that contain it. Empty: it only runs while they are built.
    pub(crate) linked_into: BTreeSet<String>,
    pub(crate) licence: String,
    pub(crate) facts: Facts,
}

impl Needed {
    /// Whether somebody has to have read at least the parts that matter.
    pub(crate) fn must_be_read(&self) -> bool {
        self.runs_in_the_build() || READ_IN_ANY_CASE.contains(&self.name.as_str())
    }

    /// Whether code of it runs on the machine that builds a job.
    pub(crate) fn runs_in_the_build(&self) -> bool {
        self.linked_into.is_empty() || self.is_proc_macro || self.facts.build_script.is_some()
    }

    /// Where it ends up, for messages.
    pub(crate) fn place(&self) -> String {
        if self.linked_into.is_empty() {
            return "runs while a job is built".to_owned();
        }
        let jobs: Vec<&str> = self.linked_into.iter().map(String::as_str).collect();
        format!("linked into {}", jobs.join(", "))
    }
}

/// What the trees of all jobs say about one crate.
#[derive(Default)]
struct Found {
    features: BTreeSet<String>,
    is_proc_macro: bool,
    linked_into: BTreeSet<String>,
}

/// Collects the crates of all jobs and scans their sources.
pub(crate) fn of(jobs: &[Job], metadata: &Value) -> Checked<Vec<Needed>> {
    let needed = |((name, version), found): ((&str, &str), Found)| {
        let package = workspace::package(metadata, name, version)?;
        Ok(Needed {
            name: name.to_owned(),
            version: version.to_owned(),
            features: found.features,
            is_proc_macro: found.is_proc_macro,
            linked_into: found.linked_into,
            licence: package["license"].as_str().unwrap_or("none named").replace('/', " OR "),
            facts: scan::package(package)?,
        })
    };
    in_trees(jobs).into_iter().map(needed).collect()
}

/// Every crate from a registry, by name and version.
fn in_trees(jobs: &[Job]) -> BTreeMap<(&str, &str), Found> {
    let mut crates: BTreeMap<(&str, &str), Found> = BTreeMap::new();
    for job in jobs {
        for one in job.built.foreign() {
            let found = crates.entry((&one.name, &one.version)).or_default();
            found.features.extend(one.features.iter().cloned());
            found.is_proc_macro |= one.is_proc_macro;
            if job.linked.holds(&one.name, &one.version) {
                found.linked_into.insert(job.name.clone());
            }
        }
    }
    crates
}
