//! Real processes as job runs.

use std::time::Duration;

use credjob_emulator::{Emulator, EmulatorError, JobProgram, Options};
use serde_json::json;

use crate::world::{CRM_JOB, Made, World, id};

/// Longer than any of these tests needs; a wait that takes it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn shell(script: &str) -> JobProgram {
    JobProgram::new("/bin/sh").arg("-c").arg(script)
}

async fn world(options: Options, program: JobProgram) -> (World, Made) {
    let world = World::with_program(options, program).await;
    let made = world.create("a1").await;
    (world, made)
}

async fn patiently<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it takes too long")
}

/// Waits until the running process has printed something.
async fn output(world: &World, task: &str) -> String {
    patiently(async {
        loop {
            match world.emulator.job_log(task).filter(|log| log.stdout.contains('\n')) {
                Some(log) => return log.stdout,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    })
    .await
}

fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| !stat.contains(") Z "))
}

async fn until_dead(pid: &str) {
    patiently(async {
        while is_alive(pid) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_run_has_exactly_the_environment_of_the_service() {
    let program = JobProgram::new("/usr/bin/env").env("CREDJOB_IAM_URL", "http://127.0.0.1:1");
    let world = World::with_program(Options::default(), program).await;
    let made = world.create_with("a1", json!({ "parameters": { "tenant": "blue", "dry": false } })).await;
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    let url = world.emulator.url();
    let key = crate::raw_client::job_key(&world.emulator, &made.task);
    let project = world.emulator.instance_id();
    let expected = format!(
        "CE_API_BASE_URL=https://api.private.us-south.codeengine.cloud.ibm.com
CE_DOMAIN=us-south.codeengine.appdomain.cloud
CE_JOB=crm-job
CE_JOBRUN={task}
CE_PROJECT_ID={project}
CE_REGION=us-south
CE_REMOVE_COMPLETED_JOBS=IMMEDIATELY
CE_SUBDOMAIN=emulator
CREDJOB_IAM_URL=http://127.0.0.1:1
HOME=/
HOSTNAME={task}-0-0
JOB_ARRAY_SIZE=1
JOB_INDEX=0
JOB_INDEX_RETRY_COUNT=0
JOB_MODE=task
JOB_RETRY_LIMIT=0
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
PWD=/
SMIN_ADMIN_REF=type:secret_id, required:false
SMIN_DRY=type:boolean, required:false
SMIN_LIFETIME_HOURS=type:integer, required:false
SMIN_TENANT=type:string, required:true
SMOUT_MAX_CALLS=type:integer, required:false
SMOUT_RENEWABLE=type:boolean, required:false
SMOUT_TOKEN=type:string, required:true
SM_ACCESS_APIKEY={key}
SM_ACTION=create_credentials
SM_DRY_VALUE=false
SM_INSTANCE_URL={url}
SM_SECRET_GROUP_ID=default
SM_SECRET_ID={secret}
SM_SECRET_NAME=a1
SM_SECRET_TASK_ID={task}
SM_TENANT_VALUE=blue
SM_TRIGGER=secret_creation",
        task = made.task,
        secret = made.secret,
    );
    let mut found: Vec<&str> = log.stdout.lines().collect();
    found.sort_unstable();
    let mut expected: Vec<&str> = expected.lines().collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn both_value_names_can_be_set() {
    let world = World::with(Options { smin_values: true, ..Options::default() }).await;
    let made = world.create("a1").await;
    let environment = world.emulator.job_environment(&made.task);
    for name in ["SM_TENANT_VALUE", "SMIN_TENANT_VALUE"] {
        assert!(environment.contains(&(name.to_owned(), "blue".to_owned())), "{name}");
    }
}

#[tokio::test]
async fn output_and_exit_code_are_kept() {
    let (world, made) = world(Options::default(), shell("echo out; echo err >&2; exit 3")).await;
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    assert_eq!((log.stdout.as_str(), log.stderr.as_str(), log.exit), ("out\n", "err\n", Some(3)));
    assert!(log.ended.is_some() && log.signal.is_none() && !log.truncated);
    assert_eq!(world.newest(&made.secret).await["status"], "processing", "the task waits for its timeout");
}

#[tokio::test]
async fn a_failed_run_is_started_again_up_to_the_limit() {
    let (world, made) = world(Options::default(), shell("echo $JOB_INDEX_RETRY_COUNT; exit 4").retry_limit(2)).await;
    patiently(world.emulator.wait_job(&made.task)).await;
    let logs = world.emulator.job_logs(&made.task);
    let counts: Vec<(u32, &str)> = logs.iter().map(|log| (log.retry_count, log.stdout.trim())).collect();
    assert_eq!(counts, [(0, "0"), (1, "1"), (2, "2")]);
}

#[tokio::test]
async fn a_run_that_ends_well_is_not_started_again() {
    let (world, made) = world(Options::default(), shell("exit 0").retry_limit(2)).await;
    patiently(world.emulator.wait_job(&made.task)).await;
    assert_eq!(world.emulator.job_logs(&made.task).len(), 1);
}

#[tokio::test]
async fn a_failed_run_can_fail_the_task_at_once() {
    let options = Options { fail_on_nonzero_exit: true, ..Options::default() };
    let (world, made) = world(options, shell("exit 7")).await;
    let task = patiently(world.emulator.wait_task(&made.secret, &made.task)).await;
    assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("job_run_failed")));
}

#[tokio::test]
async fn a_program_that_cannot_start_fails_the_task() {
    let (world, made) = world(Options::default(), JobProgram::new("/nothing/here")).await;
    let task = patiently(world.emulator.wait_task(&made.secret, &made.task)).await;
    assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("job_run_failed")));
}

#[tokio::test]
async fn the_timeout_of_a_task_ends_its_process() {
    let (world, made) = world(Options::default(), shell("echo $$; exec sleep 600")).await;
    let pid = output(&world, &made.task).await;
    world.emulator.clock().advance(Duration::from_secs(15 * 60));
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    assert_eq!((log.exit, log.signal), (None, Some(15)));
    assert!(!is_alive(&pid));
    assert_eq!(world.newest(&made.secret).await["status"], "failed");
}

#[tokio::test]
async fn deleting_a_task_ends_its_process_and_no_re_run_follows() {
    let (world, made) = world(Options::default(), shell("echo $$; exec sleep 600").retry_limit(3)).await;
    let pid = output(&world, &made.task).await;
    world.expect(204, "DELETE", &format!("/secrets/{}/tasks/{}", made.secret, made.task), None).await;
    patiently(world.emulator.wait_job(&made.task)).await;
    assert!(!is_alive(&pid));
    assert_eq!(world.emulator.job_logs(&made.task).len(), 1);
}

#[tokio::test]
async fn a_process_that_ignores_sigterm_is_killed_after_the_grace() {
    let options = Options { kill_grace: Duration::from_millis(100), ..Options::default() };
    let (world, made) = world(options, shell("trap '' TERM; echo $$; while :; do sleep 600; done")).await;
    let pid = output(&world, &made.task).await;
    world.expect(204, "DELETE", &format!("/secrets/{}/tasks/{}", made.secret, made.task), None).await;
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    assert_eq!(log.signal, Some(9));
    assert!(!is_alive(&pid));
}

#[tokio::test]
async fn what_a_process_leaves_behind_ends_with_it() {
    let (world, made) = world(Options::default(), shell("sleep 600 & echo $!")).await;
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    until_dead(&log.stdout).await;
}

#[tokio::test]
async fn stopping_lets_a_job_end_and_starts_no_other() {
    let script = "trap 'echo bye; exit 0' TERM; echo $$; while :; do sleep 0.02; done";
    let (world, made) = world(Options::default(), shell(script).retry_limit(2)).await;
    let pid = output(&world, &made.task).await;
    patiently(world.emulator.stop()).await;
    assert!(!is_alive(&pid));
    let logs = world.emulator.job_logs(&made.task);
    assert_eq!((logs.len(), logs[0].exit), (1, Some(0)));
    assert!(logs[0].stdout.ends_with("bye\n"));
    assert!(tokio::net::TcpStream::connect(world.emulator.url().trim_start_matches("http://")).await.is_err());
}

#[tokio::test]
async fn dropping_the_last_handle_kills_everything() {
    let script = "trap '' TERM; sleep 600 & echo $$ $!; wait";
    let (world, made) = world(Options::default(), shell(script)).await;
    let pids = output(&world, &made.task).await;
    drop(world);
    for pid in pids.split_whitespace() {
        until_dead(pid).await;
    }
}

#[tokio::test]
async fn only_the_end_of_a_long_log_is_kept() {
    let options = Options { log_limit: 8, ..Options::default() };
    let (world, made) = world(options, shell("echo 0123456789; echo end")).await;
    let log = patiently(world.emulator.wait_job(&made.task)).await.expect("a run");
    assert_eq!((log.stdout.as_str(), log.truncated), ("789\nend\n", true));
}

#[tokio::test]
async fn a_run_too_large_for_code_engine_fails() {
    let world = World::new().await;
    let made = world.create_with("a1", json!({ "parameters": { "tenant": "x".repeat(11_000) } })).await;
    let task = world.newest(&made.secret).await;
    assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("job_run_failed")));
}

#[tokio::test]
async fn the_schema_is_asked_from_the_program() {
    let emulator = Emulator::start(Options::default()).await.expect("a free port");
    // `sh -c SCRIPT schema` gives the script the word as `$0`.
    let script = format!("[ \"$0\" = schema ] && printf '%s' '{CRM_JOB}'");
    emulator.register_job("crm-job", shell(&script)).await.expect("a schema");
    let configuration = emulator.create_configuration("crm-provider", "crm-job", None).await.expect("a configuration");
    assert_eq!(configuration["schema"]["parameters"][0]["env_variable_name"], "SM_TENANT_VALUE");
    assert_eq!(configuration["task_timeout"], "10m");
}

#[tokio::test]
async fn a_program_without_a_schema_is_refused() {
    let emulator = Emulator::start(Options::default()).await.expect("a free port");
    assert!(matches!(emulator.register_job("x", shell("exit 1")).await, Err(EmulatorError::Schema { .. })));
    assert!(matches!(emulator.register_job("x", shell("echo nothing")).await, Err(EmulatorError::JobConfig { .. })));
    assert!(matches!(
        emulator.register_job("x", JobProgram::new("/nothing/here")).await,
        Err(EmulatorError::Program { .. })
    ));
    assert!(matches!(
        emulator.create_configuration("x1", "x", None).await,
        Err(EmulatorError::Refused { status: 400, .. })
    ));
}

#[tokio::test]
async fn idle_means_no_task_and_no_process() {
    let options = Options { fail_on_nonzero_exit: true, ..Options::default() };
    let (world, made) = world(options, shell("exit 1")).await;
    patiently(world.emulator.wait_idle()).await;
    assert_eq!(id(&world.newest(&made.secret).await), made.task);
    assert_eq!(world.newest(&made.secret).await["status"], "failed");
}
