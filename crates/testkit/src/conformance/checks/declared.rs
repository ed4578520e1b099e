//! The variables that the provider declares.

use std::path::Path;

use credjob::CredentialsProvider;
use credjob::contract::{Credentials as _, JobConfig, Params as _};

use crate::conformance::bench::Bench;
use crate::conformance::broken::{Broken, Verdict, ensure};
use crate::target::Target;

/// The declared variables obey the service's rules, survive printing and reading, and are those of `job_config.json`.
///
/// # Errors
///
/// What the provider got wrong.
#[cfg_attr(not(test), expect(clippy::unused_async, reason = "every check has one shape"))]
pub async fn the_schema_survives_a_round_trip<P: CredentialsProvider, T: Target>(bench: &Bench<P, T>) -> Verdict {
    let read = |problems: Vec<credjob::contract::ConfigProblem>| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Broken::new(problems.join("; "))
    };
    let config = JobConfig::from_specs(P::Params::FIELDS, P::Credentials::FIELDS);
    let config = config.map_err(|problems| read(problems).at("the declared variables"))?;
    let again = JobConfig::parse(&config.to_json()).map_err(|problems| read(problems).at("the printed schema"))?;
    ensure!(again == config, "the schema changes when it is printed and read");
    let path = Path::new(bench.folder).join("job_config.json");
    if let Ok(file) = std::fs::read_to_string(path) {
        ensure!(file == config.to_json(), "job_config.json is not what the job's `schema` prints; write it anew");
    }
    for name in bench.settings.params.keys() {
        let known = P::Params::FIELDS.iter().any(|field| field.schema_name() == *name);
        ensure!(known, "the target sets the parameter `{name}`, which is not declared");
    }
    Ok(())
}
