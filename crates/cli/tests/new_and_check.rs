//! `credjob new` and `credjob check` as a person runs them: exit codes, what is written, what is not.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// This checkout, for projects to depend on.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The schema of a job that is a script.
const SCHEMA: &str = r#"{"job_env_variables": [
  {"name": "SMIN_USER_EMAIL", "value": "type:string, required:true"},
  {"name": "SMOUT_TOKEN", "value": "type:string, required:true"}
]}"#;

/// An empty folder of one test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("removed");
    }
    std::fs::create_dir_all(&folder).expect("created");
    folder
}

fn credjob(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credjob"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("the command starts")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("readable").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A job that answers `schema`, and nothing else.
#[cfg(unix)]
fn job(folder: &Path, schema: &str) -> String {
    let path = folder.join("job");
    std::fs::write(folder.join("schema.json"), schema).expect("written");
    executable(&path, "#!/bin/sh\nexec cat \"$(dirname \"$0\")/schema.json\"\n");
    path.display().to_string()
}

#[cfg(unix)]
fn executable(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, script).expect("written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("executable");
}

#[test]
fn a_new_project_stands_alone_below_another_workspace() {
    let folder = folder("stands_alone");
    std::fs::write(folder.join("Cargo.toml"), "[workspace]\nmembers = [\"providers/*\"]\nresolver = \"3\"\n")
        .expect("written");
    std::fs::create_dir(folder.join("providers")).expect("created");
    let member =
        credjob(&folder, &["new", "member", "--path", "providers/member", "--yes", "--credjob-path", CHECKOUT]);
    // Only now does the pattern of the workspace match something, which cargo insists on.
    let alone = credjob(&folder, &["new", "alone", "--yes", "--credjob-path", CHECKOUT]);
    assert!(alone.status.success() && member.status.success(), "{}{}", told(&alone), told(&member));
    let own = |project: &str| {
        std::fs::read_to_string(folder.join(project).join("Cargo.toml"))
            .expect("a manifest")
            .contains("\n[workspace]\n")
    };
    assert!(own("alone"));
    assert!(!own("providers/member"));
}

#[test]
fn a_name_that_is_missing_is_not_asked_for_without_a_terminal() {
    let folder = folder("no_name");
    let output = credjob(&folder, &["new"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("hint: for example: credjob new token-vault"), "{}", told(&output));
}

#[test]
fn a_folder_that_exists_is_never_touched() {
    let folder = folder("exists");
    std::fs::create_dir(folder.join("acme")).expect("created");
    let output = credjob(&folder, &["new", "acme", "--yes", "--credjob-path", CHECKOUT]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(names(&folder.join("acme")).is_empty());
}

#[test]
#[cfg(unix)]
fn a_new_that_is_stopped_half_way_leaves_nothing_behind() {
    let folder = folder("stopped");
    // It is as slow as it takes to be stopped meanwhile.
    executable(&folder.join("rustfmt"), "#!/bin/sh\ntouch begun\nexec sleep 30\n");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").expect("a search path"));
    let place = folder.join("place");
    std::fs::create_dir(&place).expect("created");
    let mut new = Command::new(env!("CARGO_BIN_EXE_credjob"));
    new.args(["new", "acme", "--yes", "--credjob-path", CHECKOUT]).current_dir(&place).env("PATH", path);
    let mut child = new.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    let begun = || names(&place).iter().any(|draft| place.join(draft).join("begun").exists());
    let started = std::time::Instant::now();
    while !begun() {
        assert!(started.elapsed().as_secs() < 20, "rustfmt was not started");
        std::thread::yield_now();
    }
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("signalled");
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    assert!(names(&place).is_empty(), "{:?}", names(&place));
}

#[test]
fn a_contract_with_problems_writes_nothing() {
    let folder = folder("bad_contract");
    std::fs::write(folder.join("bad.json"), r#"{"job_env_variables": [{"name": "x", "value": "type:text"}]}"#)
        .expect("written");
    let output = credjob(&folder, &["new", "acme", "--from", "bad.json", "--yes", "--credjob-path", CHECKOUT]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert_eq!(names(&folder), ["bad.json"]);
}

#[test]
#[cfg(unix)]
fn a_job_beside_its_configuration_is_one_document() {
    let folder = folder("configuration");
    let job = job(&folder, SCHEMA);
    let exported = r#"{"name": "crm", "task_timeout": "5m", "schema": {"parameters": [], "credentials": [
        {"name": "token", "format": "type:string, required:true"}]}}"#;
    std::fs::write(folder.join("exported.json"), exported).expect("written");
    let output = credjob(&folder, &["check", &job, "--config", "exported.json", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let checks: Vec<_> =
        document["findings"].as_array().expect("a list").iter().map(|finding| finding["check"].clone()).collect();
    assert_eq!(checks, ["deadline", "configuration", "personal-data"], "{document:#}");
    assert_eq!((&document["version"], &document["verdict"]["errors"]), (&1.into(), &2.into()));
}

/// The example of PROTOCOL 4.7, which the emulator's tests hold too: what `GET /configurations/NAME` and `ibmcloud ... --output json` answer.
#[test]
#[cfg(unix)]
fn a_configuration_as_the_service_answers_it_fits_its_job() {
    let folder = folder("documented_configuration");
    let variables = [
        ("SMIN_TENANT", "type:string, required:true"),
        ("SMIN_LIFETIME_HOURS", "type:integer, required:false"),
        ("SMOUT_TOKEN", "type:string, required:true"),
    ];
    let variables = variables.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
    let job = job(&folder, &serde_json::json!({ "job_env_variables": variables }).to_string());
    let documented = format!("{CHECKOUT}/crates/emulator/tests/fixtures/configuration.json");
    let configuration: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&documented).expect("the example")).expect("JSON");
    let list = serde_json::json!({ "total_count": 1, "limit": 200, "offset": 0, "configurations": [configuration] });
    std::fs::write(folder.join("list.json"), list.to_string()).expect("written");
    for file in [documented.as_str(), "list.json"] {
        let output = credjob(&folder, &["check", &job, "--config", file, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", told(&output));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
        assert_eq!(document["findings"], serde_json::json!([]), "{file}: {document:#}");
    }
}

#[test]
#[cfg(unix)]
fn warnings_alone_are_no_failure() {
    let folder = folder("warnings");
    let job = job(&folder, SCHEMA);
    let output = credjob(&folder, &["check", &job]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("SMIN_USER_EMAIL"), "{}", told(&output));
}

#[test]
#[cfg(unix)]
fn a_schema_that_breaks_the_rules_is_findings_and_not_an_accident() {
    let folder = folder("bad_schema");
    let job = job(&folder, r#"{"job_env_variables": [{"name": "SMIN_A", "value": "type:string"}]}"#);
    let output = credjob(&folder, &["check", &job]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("at least one `SMOUT_` variable must be `required:true`"), "{}", told(&output));
}

#[test]
fn wrong_usage_ends_with_2_and_a_hint() {
    let folder = folder("usage");
    std::fs::write(folder.join("no.json"), "{}").expect("written");
    for arguments in [
        ["check", "nonsense"].as_slice(),
        &["check"],
        &["check", "--deadline", "soon"],
        &["check", "--config", "no.json"],
    ] {
        let output = credjob(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", told(&output));
        assert!(told(&output).contains("hint: "), "{arguments:?}");
    }
}
