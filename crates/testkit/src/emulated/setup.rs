//! How a provider is put into an emulator.

use std::path::PathBuf;

use credjob_emulator::{Emulator, JobProgram, Options};
use serde_json::json;

use super::{Emulated, EmulatedError, SECRETS, accepted};
use crate::process::Program;
use crate::target::TargetSettings;

/// The name of the job, of its configuration and of the secret.
const NAME: &str = "under-test";

/// What stands in the header of each of the emulator's tokens, and nowhere else: finds a token whatever it says.
const IN_EVERY_TOKEN: &str = r#""kid":"credjob-emulator""#;

/// A provider that is about to be put into an emulator.
#[derive(Clone, Debug)]
pub struct Setup {
    program: PathBuf,
    settings: TargetSettings,
    options: Options,
    retry_limit: u32,
    by_hand: bool,
}

impl Setup {
    pub(super) fn new(program: PathBuf, settings: TargetSettings) -> Self {
        Self { program, settings, options: Options::default(), retry_limit: 0, by_hand: false }
    }

    /// Starts the emulator with these options.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets a variable of the job; it wins over one of the target's settings.
    pub fn job_env(mut self, name: &str, value: &str) -> Self {
        self.settings = self.settings.job_env(name, value);
        self
    }

    /// Sets how often the emulator starts a failed run again.
    pub fn retry_limit(mut self, limit: u32) -> Self {
        self.retry_limit = limit;
        self
    }

    /// The emulator starts no job: the test does.
    pub fn by_hand(mut self) -> Self {
        self.by_hand = true;
        self
    }

    /// Starts the emulator, registers the provider, and stores the login secrets.
    ///
    /// # Errors
    ///
    /// When the emulator cannot be started, the provider answers no schema, or a step is refused.
    pub async fn start(self) -> Result<Emulated, EmulatedError> {
        let emulator = Emulator::start(self.options.clone()).await?;
        let mut job_env = vec![("CREDJOB_IAM_URL".to_owned(), emulator.iam_url().to_owned())];
        job_env.extend(self.settings.job_env.iter().cloned());
        if self.by_hand {
            let schema = Program::new(&self.program).arg("schema").run().await?;
            emulator.register_job_by_hand(NAME, &schema.stdout_text())?;
        } else {
            let mut job = JobProgram::new(&self.program).retry_limit(self.retry_limit);
            job.env.clone_from(&job_env);
            emulator.register_job(NAME, job).await?;
        }
        emulator.create_configuration(NAME, NAME, None).await?;
        let mut params = self.settings.params.clone();
        for (number, secret) in self.settings.secrets.iter().enumerate() {
            let mut prototype = secret.prototype.clone();
            prototype["name"] = json!(format!("login-{number}"));
            let stored = accepted("storing a login secret", emulator.call("POST", SECRETS, Some(prototype)).await)?;
            params.insert(secret.param.clone(), stored["id"].clone());
        }
        let prototype = json!({
            "secret_type": "custom_credentials", "name": NAME, "configuration": NAME, "parameters": params,
        });
        let canaries = self.settings.canaries().with("an IAM token", IN_EVERY_TOKEN);
        Ok(Emulated { emulator, program: self.program, job_env, prototype, canaries })
    }
}
