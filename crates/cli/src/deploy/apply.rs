//! `--apply`: does it, one call after the other, never through a shell, and stops at the first failure.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use super::answers::{self, Configuration};
use super::commands::{Commands, Fact, Word, typed};
use super::deployment::Deployment;
use super::steps::Step;
use crate::problem::Problem;

/// What `ibmcloud` said to one call.
struct Answer {
    good: bool,
    stdout: String,
    stderr: String,
}

/// A call that failed.
struct Failed {
    what: String,
    said: String,
    hint: &'static str,
}

const HINT_LOGIN: &str = "`ibmcloud login`, and the plug-ins: ibmcloud plugin install code-engine secrets-manager";
const HINT_AGAIN: &str = "mend what is reported above and run the same command again: it goes on where it stopped";
const HINT_FROZEN: &str = "a configuration cannot be changed: give a new job and configuration, --name NAME, and move the \
                           secrets to it; or delete the configuration first";

/// One run of `--apply`.
struct Run<'a> {
    deployment: &'a Deployment,
    commands: Commands<'a>,
    service_id: Option<String>,
    api_key_secret: Option<String>,
    policy: Option<String>,
    verb: &'static str,
    configuration: Option<Configuration>,
    notes: Vec<String>,
}

/// Deploys; the text says what was done.
pub(crate) fn run(deployment: &Deployment) -> Result<String, Problem> {
    let mut run = Run {
        deployment,
        commands: Commands(deployment),
        service_id: None,
        api_key_secret: None,
        policy: None,
        verb: "create",
        configuration: None,
        notes: Vec::new(),
    };
    let steps = Step::all(deployment);
    let mut done = String::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!("{}/{} {}", index + 1, steps.len(), step.title(deployment));
        match run.step(*step) {
            Ok(Ok(outcome)) => {
                let _ = writeln!(done, "{outcome:<10} {}", step.title(deployment));
            }
            Ok(Err(failed)) => return Err(stopped(deployment, &done, &steps[index..], failed)),
            Err(problem) => return Err(problem),
        }
    }
    for note in &run.notes {
        let _ = writeln!(done, "note: {note}");
    }
    Ok(done)
}

/// The end of a run that failed: what was done, what not, why.
fn stopped(deployment: &Deployment, done: &str, left: &[Step], failed: Failed) -> Problem {
    let mut text = failed.said;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let _ = writeln!(text, "\ndone:\n{}", if done.is_empty() { "nothing\n" } else { done }.trim_end());
    let _ = writeln!(text, "\nnot done:");
    for step in left {
        let _ = writeln!(text, "{}", step.title(deployment));
    }
    Problem::failed(failed.what).output(text).hint(failed.hint)
}

type Outcome = Result<Result<&'static str, Failed>, Problem>;

/// What `?` does to a call whose failure ends the step.
macro_rules! attempt {
    ($result:expr) => {
        match $result? {
            Ok(answer) => answer,
            Err(failed) => return Ok(Err(failed)),
        }
    };
}

impl Run<'_> {
    fn step(&mut self, step: Step) -> Outcome {
        let profile = self.deployment.job.trusted_profile.clone().unwrap_or_default();
        match step {
            Step::Target => {
                attempt!(self.must(&self.commands.target_region(), HINT_LOGIN));
                attempt!(self.must(&self.commands.select_project(), HINT_LOGIN));
                Ok(Ok("done"))
            }
            Step::CheckConfiguration => self.check_configuration(),
            Step::Authorization => {
                let policies = attempt!(self.must_list(&Commands::authorizations()));
                if answers::authorizes(&policies, self.deployment) {
                    return Ok(Ok("unchanged"));
                }
                attempt!(self.must(&self.commands.create_authorization(), HINT_AGAIN));
                Ok(Ok("created"))
            }
            Step::ServiceId => self.service_id(),
            Step::Profile => self.if_missing(&Commands::profile(&profile), &self.commands.create_profile(&profile)),
            Step::Link => {
                let links = attempt!(self.must_list(&Commands::links(&profile)));
                if answers::linked(&links, self.deployment) {
                    return Ok(Ok("unchanged"));
                }
                attempt!(self.must(&self.commands.create_link(&profile), HINT_AGAIN));
                Ok(Ok("created"))
            }
            Step::Policy => self.policy(),
            Step::ApiKeySecret => self.api_key_secret(),
            Step::Job => self.job(),
            Step::Configuration => self.configuration(),
            Step::KeepRuns => {
                if self.configuration.is_some() {
                    return Ok(Ok("unchanged"));
                }
                let keep = self.deployment.job.keep_runs.clone().unwrap_or_default();
                attempt!(self.must(&self.commands.keep_runs(&keep), HINT_AGAIN));
                Ok(Ok("updated"))
            }
        }
    }

    /// Before anything is changed: a configuration is frozen, so one that does not fit ends it all.
    fn check_configuration(&mut self) -> Outcome {
        let configurations = attempt!(self.must_json(&self.commands.configurations()));
        let Some(found) = answers::configuration(&configurations, self.deployment) else {
            return Ok(Ok("missing"));
        };
        match Configuration::read(found, self.deployment) {
            Ok(configuration) => {
                self.configuration = Some(configuration);
                Ok(Ok("fits"))
            }
            Err(why) => Ok(Err(Failed {
                what: format!("the configuration {} exists, but {why}", self.deployment.configuration),
                said: String::new(),
                hint: HINT_FROZEN,
            })),
        }
    }

    fn service_id(&mut self) -> Outcome {
        let ask = Commands::service_ids();
        let name = self.deployment.service_id();
        let mut found = answers::service_ids(&attempt!(self.must_list(&ask)), &name);
        let mut outcome = "unchanged";
        if found.is_empty() {
            attempt!(self.must(&self.commands.create_service_id(), HINT_AGAIN));
            found = answers::service_ids(&attempt!(self.must_list(&ask)), &name);
            outcome = "created";
        }
        if found.len() > 1 {
            return Ok(Err(Failed {
                what: format!("there are {} service IDs called {name}", found.len()),
                said: String::new(),
                hint: "delete those that are not in use: ibmcloud iam service-id-delete ID",
            }));
        }
        self.service_id = found.pop();
        if self.service_id.is_some() { Ok(Ok(outcome)) } else { Ok(Err(no_id(&ask))) }
    }

    fn policy(&mut self) -> Outcome {
        let policies = attempt!(self.must_list(&self.commands.policies()));
        let (found, others) = answers::group_policy(&policies, self.deployment);
        if others > 0 {
            self.notes.push(format!(
                "whoever the job works as has {others} more access policies; least privilege wants none: see \
                 `ibmcloud iam service-policies` or `trusted-profile-policies`"
            ));
        }
        let Some(policy) = found else {
            attempt!(self.must(&self.commands.create_policy(), HINT_AGAIN));
            return Ok(Ok("created"));
        };
        if policy.fits {
            return Ok(Ok("unchanged"));
        }
        self.policy = Some(policy.id);
        attempt!(self.must(&self.commands.update_policy(), HINT_AGAIN));
        Ok(Ok("updated"))
    }

    fn api_key_secret(&mut self) -> Outcome {
        let secrets = attempt!(self.must_json(&self.commands.api_key_secrets()));
        self.api_key_secret = answers::api_key_secret(&secrets, self.deployment);
        let mut outcome = "unchanged";
        if self.api_key_secret.is_none() {
            let create = self.commands.create_api_key_secret();
            let created = attempt!(self.must_json(&create));
            self.api_key_secret = answers::created_id(&created);
            if self.api_key_secret.is_none() {
                return Ok(Err(no_id(&create)));
            }
            outcome = "created";
        }
        let of_configuration = self.configuration.as_ref().and_then(|found| found.api_key_ref.as_deref());
        if of_configuration.is_some() && of_configuration != self.api_key_secret.as_deref() {
            self.notes.push(format!(
                "the configuration goes on using another secret for the API key, {}: its rights were not looked at",
                of_configuration.unwrap_or_default()
            ));
        }
        Ok(Ok(outcome))
    }

    /// Whether the job is created or updated is decided by asking. An answer that could not be had leads to `create`, which
    /// fails if the job exists: nothing is overwritten by mistake.
    fn job(&mut self) -> Outcome {
        let answer = self.call(&self.commands.job())?;
        self.verb = if answer.good { "update" } else { "create" };
        let mut words = self.commands.write_job();
        if answer.good {
            let job = answers::json(&answer.stdout).unwrap_or_default();
            for name in answers::stale_variables(&job, self.deployment) {
                words.extend([Word::from("--env-rm"), Word::from(name)]);
            }
        }
        match self.must(&words, HINT_AGAIN)? {
            Ok(_) => Ok(Ok(if answer.good { "updated" } else { "created" })),
            Err(mut failed) => {
                if !answer.good {
                    failed.said = format!("asked for the job: {}\n{}", answer.stderr.trim_end(), failed.said);
                }
                Ok(Err(failed))
            }
        }
    }

    fn configuration(&mut self) -> Outcome {
        match &self.configuration {
            Some(found) if found.timeout_fits => Ok(Ok("unchanged")),
            Some(_) => {
                attempt!(self.must(&self.commands.update_configuration(), HINT_AGAIN));
                Ok(Ok("updated"))
            }
            None => {
                attempt!(self.must(&self.commands.create_configuration(), HINT_AGAIN));
                Ok(Ok("created"))
            }
        }
    }

    fn if_missing(&self, ask: &[Word], create: &[Word]) -> Outcome {
        if self.call(ask)?.good {
            return Ok(Ok("unchanged"));
        }
        attempt!(self.must(create, HINT_AGAIN));
        Ok(Ok("created"))
    }

    fn must_list(&self, words: &[Word]) -> Result<Result<serde_json::Value, Failed>, Problem> {
        let answer = attempt!(self.must(words, HINT_AGAIN));
        Ok(answers::listed(&answer.stdout).ok_or_else(|| not_json(words)))
    }

    fn must_json(&self, words: &[Word]) -> Result<Result<serde_json::Value, Failed>, Problem> {
        let answer = attempt!(self.must(words, HINT_AGAIN));
        Ok(answers::json(&answer.stdout).ok_or_else(|| not_json(words)))
    }

    /// A call that has to succeed.
    fn must(&self, words: &[Word], hint: &'static str) -> Result<Result<Answer, Failed>, Problem> {
        let answer = self.call(words)?;
        if answer.good {
            return Ok(Ok(answer));
        }
        // Standard output is not shown: that of `secret-create` may hold an API key.
        let said =
            if answer.stderr.trim().is_empty() { "it said nothing on standard error\n".into() } else { answer.stderr };
        Ok(Err(Failed { what: format!("`{}` failed", short(words)), said, hint }))
    }

    fn call(&self, words: &[Word]) -> Result<Answer, Problem> {
        let arguments: Vec<OsString> = words.iter().map(|word| self.resolve(word)).collect();
        let output = Command::new("ibmcloud").args(&arguments).stdin(Stdio::null()).output().map_err(|error| {
            Problem::cannot_start(format!("cannot run ibmcloud: {error}"))
                .hint("install the IBM Cloud CLI, https://cloud.ibm.com/docs/cli, or use --output")
        })?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Answer { good: output.status.success(), stdout: text(&output.stdout), stderr: text(&output.stderr) })
    }

    fn resolve(&self, word: &Word) -> OsString {
        let known = |fact: &Option<String>| OsString::from(fact.clone().unwrap_or_default());
        match word {
            Word::Text(text) => text.into(),
            Word::Known(Fact::ServiceId) => known(&self.service_id),
            Word::Known(Fact::ApiKeySecret) => known(&self.api_key_secret),
            Word::Known(Fact::Policy) => known(&self.policy),
            Word::Known(Fact::Verb) => self.verb.into(),
        }
    }
}

fn not_json(words: &[Word]) -> Failed {
    Failed {
        what: format!("`{}` answered with something other than JSON", short(words)),
        said: String::new(),
        hint: "update ibmcloud and its plug-ins: ibmcloud update, ibmcloud plugin update --all",
    }
}

fn no_id(words: &[Word]) -> Failed {
    Failed { what: format!("`{}` answered without an id", short(words)), said: String::new(), hint: HINT_AGAIN }
}

/// The call without its flags: enough to know which one it was.
fn short(words: &[Word]) -> String {
    let flags = words.iter().position(|word| matches!(word, Word::Text(text) if text.starts_with('-')));
    typed(&words[..flags.unwrap_or(words.len())], "", |_| "...".to_owned())
}
