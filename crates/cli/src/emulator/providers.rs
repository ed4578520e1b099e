//! `--provider NAME=PATH`: which jobs the emulator gets.

use std::path::PathBuf;

use credjob_emulator::{Emulator, EmulatorError, JobProgram};

use crate::problem::Problem;
use crate::text_file;

/// The retry limit of deployed jobs (DESIGN 6): a killed run is cleaned up after.
const RETRY_LIMIT: u32 = 2;

/// A job that is not registered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) name: String,
    job: Job,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    Program(PathBuf),
    /// The text of a `job_config.json`: somebody plays this job.
    ByHand(String),
}

/// Reads every `--provider`. Nothing is started.
pub(crate) fn read(texts: &[String]) -> Result<Vec<Provider>, Problem> {
    let mut providers: Vec<Provider> = Vec::new();
    for text in texts {
        let provider = read_one(text)?;
        if providers.iter().any(|known| known.name == provider.name) {
            return Err(Problem::usage(format!("--provider: `{}` is given twice", provider.name))
                .hint("give each job a name of its own"));
        }
        providers.push(provider);
    }
    Ok(providers)
}

fn read_one(text: &str) -> Result<Provider, Problem> {
    let (name, path) = match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => (name, PathBuf::from(path)),
        _ => {
            return Err(Problem::usage("--provider takes NAME=PATH")
                .hint("for example: --provider certificate=target/debug/certificate"));
        }
    };
    let unusable = |why: &str| {
        Problem::usage(format!("--provider {name}: {} {why}", path.display()))
            .hint("name a job binary (`cargo build` makes one below target/debug), or a job_config.json")
    };
    if !path.is_file() {
        return Err(unusable("is not a file"));
    }
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let job = if is_json {
        Job::ByHand(text_file::read(&path).map_err(|why| unusable(&format!("cannot be read: {why}")))?)
    } else {
        // A bare name would be looked up in the search path; the person means the file that was just found.
        Job::Program(std::path::absolute(&path).unwrap_or(path))
    };
    Ok(Provider { name: name.to_owned(), job })
}

impl Provider {
    /// Whether somebody has to play this job.
    pub(crate) fn is_by_hand(&self) -> bool {
        matches!(self.job, Job::ByHand(_))
    }

    /// Registers the job and creates its configuration.
    pub(crate) async fn register(
        &self,
        emulator: &Emulator,
        job_env: &[(String, String)],
        task_timeout: &str,
    ) -> Result<(), Problem> {
        let refused = |error: EmulatorError| {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Problem::cannot_start(format!("--provider {}: {error}{cause}", self.name)).hint(hint(&error))
        };
        match &self.job {
            Job::Program(path) => {
                let mut program =
                    JobProgram::new(path).retry_limit(RETRY_LIMIT).env("CREDJOB_IAM_URL", emulator.iam_url());
                for (name, value) in job_env {
                    program = program.env(name, value);
                }
                emulator.register_job(&self.name, program).await.map_err(refused)?;
            }
            Job::ByHand(config) => emulator.register_job_by_hand(&self.name, config).map_err(refused)?,
        }
        emulator.create_configuration(&self.name, &self.name, Some(task_timeout)).await.map_err(refused)?;
        Ok(())
    }
}

fn hint(error: &EmulatorError) -> &'static str {
    match error {
        EmulatorError::Program { .. } => "check that the file may be executed on this machine (`chmod +x`)",
        EmulatorError::Schema { .. } => {
            "a job's main.rs is one line, credjob::run!(MyProvider); for a job that cannot answer `schema`, give its job_config.json instead"
        }
        EmulatorError::JobConfig { .. } => "mend the declarations named above",
        _ => "names have letters, digits, dashes, dots and underscores; a task timeout is 5m to 24h",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        read(&[text.to_owned()]).expect_err("refused").to_string()
    }

    #[test]
    fn a_provider_needs_a_name_and_a_file() {
        for text in ["certificate", "=x", "x="] {
            assert!(refusal(text).contains("--provider takes NAME=PATH"), "{text}");
        }
        let text = refusal("certificate=/no/such/file");
        assert!(text.contains("/no/such/file is not a file") && text.contains("hint: "), "{text}");
    }

    #[test]
    fn a_name_is_given_once() {
        let text = format!("a={}", env!("CARGO_MANIFEST_DIR").to_owned() + "/Cargo.toml");
        let problem = read(&[text.clone(), text]).expect_err("twice");
        assert!(problem.to_string().contains("`a` is given twice"), "{problem}");
    }
}
