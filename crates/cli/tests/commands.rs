//! The commands as processes: what a person types, sees and gets back.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests may panic")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

const SCHEMA: &str = r#"{"job_env_variables":[{"name":"SMIN_TENANT","value":"type:string, required:false"},{"name":"SMOUT_TOKEN","value":"type:string, required:true"}]}"#;

/// `credjob` with nothing of this process's environment but the search path.
fn credjob() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credjob"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
    command
}

/// A directory that is gone with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("credjob-commands-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("executable");
        path.display().to_string()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running `credjob emulator`.
struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    facts: Value,
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let mut child = credjob()
            .args(["emulator", "--format", "json"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let facts = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut errors = String::new();
            let _ = child.stderr.take().expect("a pipe").read_to_string(&mut errors);
            panic!("{errors}");
        });
        Self { child, stdout, facts }
    }

    fn fact(&self, name: &str) -> &str {
        self.facts[name].as_str().expect("a text")
    }

    /// A command of somebody who pasted the export lines, with this key.
    fn command(&self, key: &str) -> Command {
        let mut command = credjob();
        command.env("SECRETS_MANAGER_URL", self.fact("url")).env("SECRETS_MANAGER_APIKEY", self.fact(key));
        command
    }

    fn json(&self, key: &str, words: &[&str]) -> Value {
        let output = self.command(key).args(words).args(["--format", "json"]).output().expect("run");
        assert!(output.status.success(), "{words:?}: {}", errors(&output));
        serde_json::from_slice(&output.stdout).expect("a document")
    }

    /// A request of somebody with curl.
    fn curl(&self, words: &[&str], path: &str) -> Value {
        let url = format!("{}{path}", self.fact("url"));
        let output = Command::new("curl").args(["-sS"]).args(words).arg(url).output();
        let output = output.expect("curl is needed: apt-get install curl");
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    fn bearer(&self) -> String {
        let form = format!("grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey={}", self.fact("api_key"));
        let answer = self.curl(&["-d", &form], "/identity/token");
        format!("Authorization: Bearer {}", answer["access_token"].as_str().expect("a token"))
    }

    /// Creates a secret; returns its id and that of its task.
    fn create(&self, configuration: &str) -> (String, String) {
        let prototype = json!({ "secret_type": "custom_credentials", "name": "web", "configuration": configuration });
        let secret = self.curl(&["-H", &self.bearer(), "-d", &prototype.to_string()], "/api/v2/secrets");
        let text = |key: &str| secret[key].as_str().unwrap_or_else(|| panic!("{secret:#}")).to_owned();
        (text("id"), text("processing_task_id"))
    }

    /// Ctrl-C. Returns what standard error and the rest of standard output held.
    fn stop(mut self) -> (Option<i32>, String) {
        signal(&self.child, Signal::INT);
        let mut said = String::new();
        self.stdout.read_to_string(&mut said).expect("text");
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut said).expect("text");
        }
        (self.child.wait().expect("ended").code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process id");
    kill_process(pid, signal).expect("signalled");
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_emulator_prints_lines_to_paste_and_stops_cleanly() {
    let mut child =
        credjob().args(["emulator"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = [String::new(), String::new(), String::new(), String::new()];
    for line in &mut lines {
        stdout.read_line(line).expect("a line");
    }
    for (line, name) in lines.iter().zip(["URL", "AUTH_URL", "AUTH_TYPE", "APIKEY"]) {
        assert!(line.starts_with(&format!("export SECRETS_MANAGER_{name}=")), "{line}");
    }
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().expect("ended").code(), Some(0));
}

#[test]
fn a_task_is_played_by_hand_from_start_to_end() {
    let directory = Directory::new("by-hand");
    let schema = directory.file("job_config.json", SCHEMA);
    let server = Server::start(&["--provider", &format!("job={schema}")]);
    let (secret, task) = server.create("job");
    let listed = server.json("api_key", &["secret-tasks", "--secret-id", &secret]);
    assert_eq!((&listed["version"], &listed["tasks"][0]["status"]), (&json!(1), &json!("processing")));
    let credentials = directory.file("new.json", r#"{"id":"tok-1","payload":{"token":"canary-cli-by-hand"}}"#);
    let credentials = format!("@{credentials}");
    let words =
        ["secret-task-update", "--secret-id", &secret, "--id", &task, "--task-put-status", "credentials_created"];
    let words: Vec<&str> = words.into_iter().chain(["--task-put-credentials", &credentials]).collect();
    let updated = server.json("job_api_key", &words);
    assert_eq!(updated["task"]["status"], "credentials_created");
    let keys = [server.fact("api_key").to_owned(), server.fact("job_api_key").to_owned()];
    let (code, said) = server.stop();
    assert_eq!(code, Some(0));
    assert!(said.contains(" PUT ") && said.contains(" 200 job"), "{said}");
    assert!(!said.contains("canary-cli-by-hand") && !said.contains(&keys[0]), "the log holds no secret");
}

#[test]
fn the_clock_can_be_moved_with_curl() {
    let server = Server::start(&["--time-travel"]);
    let before = server.curl(&[], "/emulator/clock")["now"].as_str().expect("a date").to_owned();
    let after =
        server.curl(&["-X", "POST"], "/emulator/clock?advance=400d")["now"].as_str().expect("a date").to_owned();
    assert!(after[..4] > before[..4], "{before} {after}");
}

#[test]
fn a_taken_port_and_a_missing_provider_are_told_apart() {
    let server = Server::start(&[]);
    let port = server.fact("url").rsplit(':').next().expect("a port").to_owned();
    let output = credjob().args(["emulator", "--port", &port]).output().expect("run");
    assert_eq!(output.status.code(), Some(3));
    assert!(errors(&output).contains("hint: choose another port"), "{}", errors(&output));
    let output = credjob().args(["emulator", "--provider", "a=/no/such/job"]).output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn run_starts_the_job_once_with_the_environment_of_the_service() {
    let directory = Directory::new("run");
    let schema = directory.file("job_config.json", SCHEMA);
    let server = Server::start(&["--provider", &format!("job={schema}")]);
    let (secret, task) = server.create("job");
    let job = directory
        .file("job", "#!/bin/sh\nenv | sort | grep -v APIKEY\n[ -n \"$SM_ACCESS_APIKEY\" ] || exit 9\nexit 4\n");
    let words = ["run", "--bin", &job, "--secret-id", &secret, "--id", &task, "--param", "tenant=blue"];
    let output =
        server.command("job_api_key").env("AWS_SECRET_ACCESS_KEY", "canary-cli-aws").args(words).output().expect("run");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(4), "{said}{}", errors(&output));
    assert!(errors(&output).contains("exit code 4 (A credential is, or may be, orphaned"), "{}", errors(&output));
    for line in [
        format!("SM_SECRET_TASK_ID={task}"),
        format!("SM_INSTANCE_URL={}", server.fact("url")),
        format!("CREDJOB_IAM_URL={}", server.fact("url")),
        "SM_TENANT_VALUE=blue".to_owned(),
    ] {
        assert!(said.lines().any(|found| found == line), "{line}\nin {said}");
    }
    assert!(!said.contains("canary") && !said.contains("SECRETS_MANAGER"), "{said}");
}

#[test]
fn run_takes_the_key_from_a_file_and_passes_signals_on() {
    let directory = Directory::new("signals");
    let key = format!("@{}", directory.file("key.txt", "canary-cli-key-file\n"));
    let ready = directory.0.join("ready");
    let text = format!(
        "#!/bin/sh\ntrap 'exit 5' TERM\n[ \"$SM_ACCESS_APIKEY\" = canary-cli-key-file ] || exit 9\ntouch {}\nwhile :; do sleep 0.05; done\n",
        ready.display()
    );
    let job = directory.file("job", &text);
    let ids =
        ["--secret-id", "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44", "--id", "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10"];
    let words = ["run", "--bin", &job, "--service-url", "http://127.0.0.1:1", "--api-key", &key];
    let mut child = credjob().args(words).args(ids).stderr(Stdio::null()).spawn().expect("started");
    let begun = Instant::now();
    while !ready.exists() {
        if let Some(status) = child.try_wait().expect("a status") {
            panic!("ended early: {status}");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the job did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().expect("ended").code(), Some(5));
}

#[test]
fn a_service_that_does_not_answer_ends_with_3_and_a_hint() {
    let secret = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
    let words = ["secret-tasks", "--secret-id", secret, "--service-url", "http://127.0.0.1:1", "--format", "json"];
    let output = credjob().env("SECRETS_MANAGER_APIKEY", "canary-cli-nobody").args(words).output().expect("run");
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    assert!(errors(&output).contains("hint: check --service-url"), "{}", errors(&output));
    assert!(!errors(&output).contains("canary") && output.stdout.is_empty());
}
