use super::*;

fn shell(script: &str) -> Program {
    Program::new("/bin/sh").args(["-c", script]).timeout(Duration::from_secs(20))
}

#[tokio::test]
async fn output_and_exit_code_are_collected() {
    let finished = shell("echo out; echo err >&2; exit 3").run().await.unwrap();
    assert_eq!((finished.exit, finished.signal), (Some(3), None));
    assert_eq!((&*finished.stdout, &*finished.stderr), (b"out\n".as_slice(), b"err\n".as_slice()));
}

#[tokio::test]
async fn the_environment_is_exactly_what_was_given() {
    let finished = Program::new("/usr/bin/env").env("ONE", "1").env("TWO", "").run().await.unwrap();
    let text = finished.stdout_text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["ONE=1", "TWO="]);
}

#[tokio::test]
async fn standard_input_is_what_was_given_and_ends() {
    let finished = Program::new("/bin/cat").input("read me").run().await.unwrap();
    assert_eq!(finished.stdout, b"read me");
}

#[tokio::test]
async fn a_program_can_be_terminated() {
    let running = shell("exec sleep 20").start().unwrap();
    running.terminate().unwrap();
    let finished = running.wait().await.unwrap();
    assert_eq!((finished.exit, finished.signal), (None, Some(15)));
}

#[tokio::test]
async fn a_program_can_be_killed() {
    let running = shell("exec sleep 20").start().unwrap();
    running.kill().unwrap();
    assert_eq!(running.wait().await.unwrap().signal, Some(9));
}

#[tokio::test]
async fn the_command_line_is_that_of_the_program() {
    let running = Program::new("/bin/sleep").arg("19").start().unwrap();
    let line = running.command_line().await.unwrap();
    assert!(String::from_utf8_lossy(&line).contains("19"), "{} bytes", line.len());
}

#[tokio::test]
async fn a_program_that_runs_too_long_is_killed() {
    let running = shell("exec sleep 20").timeout(Duration::from_millis(50)).start().unwrap();
    let process = PathBuf::from(format!("/proc/{}/cmdline", running.id()));
    assert!(matches!(running.wait().await, Err(ProcessError::TimedOut { .. })));
    while std::fs::read(&process).is_ok_and(|line| !line.is_empty()) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_cannot_be_started() {
    let error = Program::new("/nowhere/at-all").start().unwrap_err();
    assert_eq!(error.to_string(), "cannot start /nowhere/at-all");
}

#[tokio::test]
async fn the_summary_is_found_among_other_lines() {
    let summary =
        r#"{"event":"summary","outcome":"failed","exit_code":0,"attempts":{"update the task":{"unknown":2}}}"#;
    let finished = shell(&format!("echo 'plain words' >&2; echo '{{\"event\":\"x\"}}' >&2; echo '{summary}' >&2"))
        .run()
        .await
        .unwrap();
    let summary = finished.summary().unwrap();
    assert_eq!((summary.outcome.as_str(), summary.exit_code), ("failed", 0));
    assert_eq!((summary.attempts("update the task", "unknown"), summary.attempts("other", "applied")), (2, 0));
    assert_eq!(finished.events().len(), 2);
    assert_eq!(finished.events_named("x").len(), 1);
}

#[test]
fn two_summaries_are_none() {
    let line = r#"{"event":"summary","outcome":"failed","exit_code":0}"#;
    assert!(Summary::find(line).is_some());
    assert!(Summary::find(&format!("{line}\n{line}")).is_none());
}

#[tokio::test]
async fn debug_shows_no_output() {
    let finished = shell("echo a-secret").run().await.unwrap();
    assert!(!format!("{finished:?}").contains("a-secret"));
}
