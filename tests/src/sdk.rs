//! IBM's own Python SDK as the judge of the emulator: `sdk/life.py` lives the life of a secret with it.

use std::time::Duration;

use credjob_emulator::{Emulator, JobProgram, Options};
use credjob_testkit::process::Program;

use crate::support::{CERTIFICATE, PYTHON, program};

/// Importing the SDK alone takes a second or two.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_official_python_sdk_lives_the_life_of_a_secret() {
    let emulator = Emulator::start(Options::default()).await.expect("the emulator starts");
    let job = JobProgram::new(program(CERTIFICATE)).env("CREDJOB_IAM_URL", emulator.iam_url());
    emulator.register_job("certificate-job", job).await.expect("the provider is taken");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/sdk/life.py");
    let python = Program::new(program(PYTHON)).arg(script).timeout(LIMIT);
    // By the environment: arguments can be read by every user of the machine.
    let python =
        python.env("SM_URL", emulator.url()).env("IAM_URL", emulator.iam_url()).env("API_KEY", emulator.api_key());
    let said = python.run().await.expect("python runs");
    assert_eq!(said.exit, Some(0), "{}", said.stderr_text());
    assert_eq!(said.stdout_text().lines().last(), Some("the SDK is content"));
}
