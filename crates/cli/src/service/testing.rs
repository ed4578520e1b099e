//! A local Secrets Manager for the tests of commands: its one job is played by the test.

use clap::{FromArgMatches, Subcommand};
use credjob_emulator::{Emulator, Options};
use serde_json::{Value, json};

/// What the played job publishes; no output may hold it.
pub(crate) const CANARY: &str = "canary-cli-published-token";

const JOB: &str = r#"{ "job_env_variables": [ { "name": "SMOUT_TOKEN", "value": "type:string, required:true" } ] }"#;

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) secret: String,
    pub(crate) task: String,
}

impl World {
    /// A secret whose first task is `processing`.
    pub(crate) async fn new() -> Self {
        let emulator = Emulator::start(Options::default()).await.expect("a free port");
        emulator.register_job_by_hand("job", JOB).expect("sound declarations");
        emulator.create_configuration("job", "job", None).await.expect("a configuration");
        let prototype = json!({ "secret_type": "custom_credentials", "name": "web", "configuration": "job" });
        let (status, secret) = emulator.call("POST", "/api/v2/secrets", Some(prototype)).await;
        assert_eq!(status, 201, "{secret:#}");
        let text = |key: &str| secret[key].as_str().expect("a text").to_owned();
        Self { secret: text("id"), task: text("processing_task_id"), emulator }
    }

    /// The same, and the task is done.
    pub(crate) async fn active() -> Self {
        let world = Self::new().await;
        let body = json!({ "status": "credentials_created", "credentials": { "id": "tok-1", "payload": { "token": CANARY } } });
        assert_eq!(world.report(body).await, 200);
        world
    }

    /// Reports as the job of the first task.
    pub(crate) async fn report(&self, body: Value) -> u16 {
        let path = format!("/api/v2/secrets/{}/tasks/{}", self.secret, self.task);
        self.emulator.call_as_job(&self.task, "PUT", &path, Some(body)).await.0
    }

    /// The environment of somebody who pasted the export lines.
    pub(crate) fn lookup(&self) -> impl Fn(&str) -> Option<String> + use<> {
        variables(self.emulator.url(), self.emulator.api_key())
    }

    /// The environment of somebody who logs in as a job.
    pub(crate) fn job_lookup(&self) -> impl Fn(&str) -> Option<String> + use<> {
        variables(self.emulator.url(), &self.emulator.job_api_key())
    }
}

fn variables(url: &str, key: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let (url, key) = (url.to_owned(), key.to_owned());
    move |name| match name {
        "SECRETS_MANAGER_URL" => Some(url.clone()),
        "SECRETS_MANAGER_APIKEY" => Some(key.clone()),
        _ => None,
    }
}

/// Parses a command line, given after `credjob`.
pub(crate) fn parse<C: Subcommand + FromArgMatches>(words: &[&str]) -> C {
    let command = C::augment_subcommands(clap::Command::new("credjob"));
    let matches = command.try_get_matches_from(std::iter::once("credjob").chain(words.iter().copied()));
    C::from_arg_matches(&matches.unwrap_or_else(|error| panic!("{error}"))).expect("a subcommand")
}

/// A file that is gone with the test.
pub(crate) struct File(std::path::PathBuf);

impl File {
    pub(crate) fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("credjob-cli-{}-{name}", std::process::id()));
        std::fs::write(&path, content).expect("written");
        Self(path)
    }

    /// `@FILE`.
    pub(crate) fn flag(&self) -> String {
        format!("@{}", self.0.display())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
