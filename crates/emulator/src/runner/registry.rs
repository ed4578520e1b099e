//! The jobs of the local Code Engine.

use std::process::Stdio;
use std::time::Duration;

use credjob_contract::JobConfig;
use serde_json::Value;
use tokio::process::Command;

use crate::emulator_error::EmulatorError;
use crate::job::JobProgram;
use crate::runner::environment::DEFAULT_PATH;
use crate::schema::Schema;

/// How long `PROGRAM schema` may take.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(30);

/// A job: its program, unless a test plays it, and its declarations.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) program: Option<JobProgram>,
    /// The variables `SMIN_…` and `SMOUT_…` with their texts.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) schema: Schema,
}

impl Job {
    /// Reads the declarations of a job (PROTOCOL 1.2).
    pub(crate) fn read(name: &str, program: Option<JobProgram>, json: &str) -> Result<Self, EmulatorError> {
        let wrong = |problems: Vec<String>| EmulatorError::JobConfig { job: name.to_owned(), problems };
        JobConfig::parse(json).map_err(|problems| wrong(problems.iter().map(ToString::to_string).collect()))?;
        let variables = declarations(json).ok_or_else(|| wrong(vec!["entries need a name and a value".to_owned()]))?;
        let schema = Schema::read(&variables).map_err(|problem| wrong(vec![problem]))?;
        Ok(Self { program, variables, schema })
    }
}

/// The pairs of a `job_config.json`, word by word.
fn declarations(json: &str) -> Option<Vec<(String, String)>> {
    let config: Value = serde_json::from_str(json).ok()?;
    let pair = |entry: &Value| Some((entry["name"].as_str()?.to_owned(), entry["value"].as_str()?.to_owned()));
    config["job_env_variables"].as_array()?.iter().map(pair).collect()
}

/// Asks `PROGRAM schema` for the declarations.
pub(crate) async fn ask_schema(program: &JobProgram) -> Result<String, EmulatorError> {
    let path = program.program.clone();
    let mut command = Command::new(&path);
    command
        .args(&program.args)
        .arg("schema")
        .env_clear()
        .env("PATH", DEFAULT_PATH)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let problem = |problem: String| EmulatorError::Schema { program: path.clone(), problem };
    let output = match tokio::time::timeout(SCHEMA_TIMEOUT, command.output()).await {
        Err(_) => return Err(problem(format!("did not answer within {} s", SCHEMA_TIMEOUT.as_secs()))),
        Ok(Err(source)) => return Err(EmulatorError::Program { program: path, source }),
        Ok(Ok(output)) => output,
    };
    if !output.status.success() {
        return Err(problem(format!("failed with {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| problem("printed something that is no text".to_owned()))
}
