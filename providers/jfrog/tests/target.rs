//! `examples/target.rs`, as `credjob dry-run` uses it.

#![expect(clippy::expect_used, reason = "a test ends at the first surprise")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Cargo builds the examples along with the tests, into the folder beside the tests' own.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("the profile's folder");
    profile.join("examples").join(format!("jfrog-target{}", std::env::consts::EXE_SUFFIX))
}

fn start() -> Child {
    let path = target();
    Command::new(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
        panic!("cannot start {} ({error}); build it: `cargo build --example jfrog-target`", path.display())
    })
}

#[test]
fn it_says_what_to_pass_serves_and_ends_with_its_input() {
    let mut process = start();
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
    let value = |prefix: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(prefix));
        line.unwrap_or_else(|| panic!("no {prefix} in {lines:?}")).to_owned()
    };
    let address = value("--param jfrog_base_url=http://");
    let login = value("--secret login_secret_id=arbitrary:@");
    assert_eq!(value("--job-env CREDJOB_ALLOWED_HOSTS="), "127.0.0.1");

    let token = std::fs::read_to_string(&login).expect("the login file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&login).expect("the login file").permissions().mode() & 0o777, 0o600);
    }
    let body = r#"{"description":"by hand"}"#;
    let mut connection = TcpStream::connect(&address).expect("a connection");
    write!(
        connection,
        "POST /access/api/v1/tokens HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("the request is sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("access_token"), "{answer}");

    drop(process.stdin.take());
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the last line");
    assert_eq!(rest, "live 1\n");
    assert!(process.wait().expect("its end").success());
    assert!(!std::path::Path::new(&login).exists(), "the login file is removed");
}
