use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use credjob_contract::Exit;

use super::*;

fn script(name: &str, text: &str) -> PathBuf {
    let file = std::env::temp_dir().join(format!("credjob-cli-{}-{name}", std::process::id()));
    std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).expect("written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).expect("executable");
    file
}

async fn ending(name: &str, text: &str) -> Ending {
    let file = script(name, text);
    let ending = process::run(&file, &JobEnvironment::default()).await.expect("started");
    std::fs::remove_file(file).expect("removed");
    ending
}

#[tokio::test]
async fn the_exit_code_of_the_job_is_passed_through() {
    assert_eq!(ending("four", "exit 4").await, Ending::Code(4));
    assert!(Ending::Code(4).words().contains(Exit::Orphan.meaning()));
}

#[tokio::test]
async fn a_killed_job_ends_as_a_shell_reports_it() {
    let ending = ending("killed", "kill -9 $$").await;
    assert_eq!(ending, Ending::Signal(9));
    assert!(ending.words().contains("--retry-count 1"));
}

#[tokio::test]
async fn a_job_that_is_missing_is_named() {
    let missing = PathBuf::from("/no/such/job");
    let text = process::run(&missing, &JobEnvironment::default()).await.expect_err("missing").to_string();
    assert!(text.contains("/no/such/job") && text.contains("hint: "), "{text}");
}
