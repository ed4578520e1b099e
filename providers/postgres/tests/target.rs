//! `examples/target.rs`, as `credjob dry-run` uses it.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Cargo builds the examples along with the tests, into the folder beside the tests' own.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("the profile's folder");
    let program = profile.join("examples").join(format!("postgres-target{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is missing; build it: `cargo build --example postgres-target`", program.display());
    program
}

fn start(program: &Path, settings: &[(&str, &str)]) -> Child {
    let mut command = Command::new(program);
    command.envs(settings.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the target starts")
}

#[test]
fn it_says_what_to_pass_serves_and_ends_with_its_input() {
    let program = target();
    let mut process = start(&program, &[]);
    let mut output = BufReader::new(process.stdout.take().expect("its output"));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).expect("a line"), 0, "it ended early: {lines:?}");
        if line == "ready\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    assert_eq!(lines[0], "--param schema_name=app");
    let login = lines[1].strip_prefix("--secret login_secret_id=kv:@").expect("a login").to_owned();
    let credentials: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&login).expect("the login file")).expect("JSON");
    assert!(credentials["connection"]["postgres"]["composed"][0].is_string());

    drop(process.stdin.take());
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the last line");
    assert_eq!(rest, "live 0\n");
    assert!(process.wait().expect("its end").success());
    assert!(!Path::new(&login).exists(), "the login file is removed");

    let without = start(&program, &[("CREDJOB_POSTGRES_BIN", "/nowhere")]);
    let output = without.wait_with_output().expect("its end");
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("apt-get install") && text.contains("postgresql"), "{text}");
}
