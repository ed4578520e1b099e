use clap::Parser;

use super::*;

const SCHEMA: &str = r#"{"job_env_variables": [
    {"name": "SMIN_COMMON_NAME", "value": "type:string, required:true"},
    {"name": "SMIN_TIER", "value": "type:enum[$(id)|`id`|${x}|%{y}|it's \"ok\"], required:false"},
    {"name": "SMOUT_TOKEN", "value": "type:string, required:true"}]}"#;

const INSTANCE: &str = "crn:v1:bluemix:public:secrets-manager:us-south:a/0123456789abcdef0123456789abcdef:\
                        6ebc4224-e983-496a-8a54-f40a0bfa9175::";
const PROJECT: &str =
    "crn:v1:bluemix:public:codeengine:eu-de:a/0123456789abcdef0123456789abcdef:2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819::";
const GROUP: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    deploy: DeployArgs,
}

pub(crate) fn arguments(more: &[&str]) -> DeployArgs {
    let words = ["deploy", "--name", "tokens", "--image", "icr.io/team/tokens:1", "--instance", INSTANCE];
    let words = words.iter().chain(&["--project", PROJECT, "--secret-group", GROUP]).chain(more);
    Line::parse_from(words).deploy
}

fn read(more: &[&str], schema: &str) -> Result<Deployment, Problem> {
    let arguments = arguments(more);
    let schema = JobConfig::parse(schema).expect("a good schema");
    Deployment::read(&arguments, Job::read(&arguments, schema, None)?)
}

/// A deployment whose declarations and variables are as hostile as the rules allow.
pub(crate) fn hostile(more: &[&str]) -> Deployment {
    let mut words =
        vec!["--job-env", "CREDJOB_ALLOWED_HOSTS=*.example.com", "--job-env", "NOTE=$(id) '\"`${a}%{b}\nend"];
    words.extend(more);
    read(&words, SCHEMA).expect("a deployment")
}

/// A deployment of a provider that reads secrets.
pub(crate) fn reader(more: &[&str]) -> Deployment {
    let schema = SCHEMA.replace(
        "type:string, required:true\"},\n    {\"name\": \"SMIN_TIER",
        "type:secret_id, required:true\"},\n    {\"name\": \"SMIN_TIER",
    );
    read(more, &schema).expect("a deployment")
}

fn refusal(more: &[&str]) -> String {
    read(more, SCHEMA).expect_err("refused").to_string()
}

#[test]
fn the_deadline_is_the_task_timeout_less_90_seconds() {
    let deployment = hostile(&["--task-timeout", "10m"]);
    assert!(deployment.job.environment().contains(&("CREDJOB_DEADLINE".into(), "510s".into())));
}

#[test]
fn the_roles_are_the_least_that_the_schema_needs() {
    assert_eq!(hostile(&[]).job.roles(), ["SecretTaskUpdater", "Reader"]);
    assert_eq!(reader(&[]).job.roles(), ["SecretTaskUpdater", "SecretsReader"]);
}

#[test]
fn a_run_and_its_re_runs_fit_the_execution_time() {
    assert_eq!(hostile(&[]).job.execution_seconds(), 7_200);
    assert_eq!(hostile(&["--task-timeout", "1h"]).job.execution_seconds(), 10_800);
    assert_eq!(hostile(&["--task-timeout", "1d"]).job.execution_seconds(), 86_400);
}

#[test]
fn runs_are_removed_at_once_unless_they_are_to_be_kept() {
    let value = |deployment: Deployment| {
        let variables = deployment.job.code_engine_environment();
        variables.into_iter().find(|(name, _)| name == KEEP_RUNS).map(|(_, value)| value)
    };
    assert_eq!(value(hostile(&[])).as_deref(), Some("IMMEDIATELY"));
    assert_eq!(value(hostile(&["--keep-runs", "3d"])).as_deref(), Some("3d"));
}

#[test]
fn the_private_endpoint_can_be_chosen() {
    let id = "6ebc4224-e983-496a-8a54-f40a0bfa9175";
    assert_eq!(
        hostile(&["--private"]).job.service_url(),
        format!("https://{id}.private.us-south.secrets-manager.appdomain.cloud")
    );
}

#[test]
fn variables_that_come_from_elsewhere_are_refused_with_the_reason() {
    for (name, reason) in [
        ("SM_ACTION", "Secrets Manager sets it"),
        ("CREDJOB_DEADLINE", "--task-timeout"),
        ("CREDJOB_TRUSTED_PROFILE_ID", "--trusted-profile"),
        ("CE_REMOVE_COMPLETED_JOBS", "--keep-runs"),
        ("JOB_INDEX", "Code Engine sets it"),
    ] {
        let text = refusal(&["--job-env", &format!("{name}=x")]);
        assert!(text.contains(reason), "{text}");
    }
}

#[test]
fn a_malformed_variable_is_refused_and_not_repeated() {
    for bad in ["canary-value", "=canary-value", "A B=canary-value", "A-B=canary-value", "A=canary-value\u{1b}[2J"] {
        let text = refusal(&["--job-env", bad]);
        assert!(!text.contains("canary-value"), "{text}");
    }
}

#[test]
fn a_job_that_is_too_large_is_refused() {
    let long = format!("NOTE={}", "x".repeat(JOB_SIZE_LIMIT));
    assert!(refusal(&["--job-env", &long]).contains("at most 10240"));
}

#[test]
fn two_accounts_are_refused() {
    let mut arguments = arguments(&[]);
    arguments.project = Some(PROJECT.replace("a/0123", "a/9999"));
    let schema = JobConfig::parse(SCHEMA).expect("good");
    let job = Job::read(&arguments, schema, None).expect("a job");
    assert!(Deployment::read(&arguments, job).expect_err("two").to_string().contains("two accounts"));
}

#[test]
fn the_providers_name_becomes_a_job_name() {
    let mut arguments = arguments(&[]);
    arguments.name = None;
    let schema = JobConfig::parse(SCHEMA).expect("good");
    assert_eq!(Job::read(&arguments, schema.clone(), Some("my_Job")).expect("a job").name, "my-job");
    assert!(Job::read(&arguments, schema, None).is_err());
}
