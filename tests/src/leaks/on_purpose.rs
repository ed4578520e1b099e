//! A provider that says secrets in every place and in every form. What the redactor knows must not get out; what it does not know must be found, or
//! the search proves nothing.

use std::collections::BTreeMap;

use credjob_testkit::emulated::Emulated;
use credjob_testkit::leak::{Canaries, FORMS, canary, find_leaks};
use credjob_testkit::process::Program;
use credjob_testkit::target::TargetSettings;

use super::forms::{echo, forms};
use super::places::Places;
use crate::support::evidence;
use crate::support::trial::Run;

/// The leaky provider, which Cargo builds for these tests.
const LEAKY: &str = env!("CARGO_BIN_EXE_leaky");

/// Where the provider can say something, and where that is found when nothing is redacted.
const SAID: [(&str, &[&str]); 8] = [
    ("OUTPUT", &["standard output"]),
    ("LOG", &["the log"]),
    ("DEBUGGED", &["the log"]),
    ("FAILURE", &["the log", "the task"]),
    ("CAUSE", &["the log"]),
    ("PANIC", &["the log", "panic messages"]),
    ("PANIC_ELSEWHERE", &["the log", "panic messages"]),
    ("PANIC_IN_DROP", &["the log", "panic messages"]),
];

/// Holds what the encodings treat specially.
fn secret(number: usize) -> String {
    canary(&format!("s{number} \"q\"\\/+?=&%ü\u{1f511}"))
}

/// Lets the provider say a text; `known` is the secret that it reads before.
async fn said(
    place: &str,
    text: &str,
    known: Option<&str>,
    canaries: &Canaries,
) -> Vec<(&'static str, String, String)> {
    let mut settings =
        TargetSettings::new().param("place", place).job_env("LEAKY_TEXT", text).job_env("CREDJOB_LOG", "trace");
    if let Some(known) = known {
        settings = settings.secret("login_secret_id", known);
    }
    let emulated = Emulated::with(LEAKY, &settings).by_hand().start().await.expect("the emulator starts");
    let pending = emulated.create().await.expect("the secret is taken");
    let started = emulated.job(&pending, 0).await.expect("dispatched").start().expect("it starts");
    let command_line = started.command_line().await.expect("it runs");
    let finished = started.wait().await.expect("it ends");
    assert_eq!(finished.exit, Some(0), "{place}: the task is failed, and nothing is left");
    let run = Run { deadline: finished.took, finished, command_line, requests: 0..0 };
    let leaks = Places::of(&run, &emulated, &pending).await.leaks(canaries);
    leaks.into_iter().map(|(place, leak)| (place, leak.name, leak.form)).collect()
}

#[tokio::test]
async fn what_the_redactor_knows_is_in_no_place_and_in_no_form() {
    let secret = secret(0);
    let canaries = Canaries::new().with("the secret", &secret);
    let (mut tried, mut found) = (0, 0);
    for (place, _) in SAID.iter().filter(|(place, _)| *place != "OUTPUT") {
        let leaks = said(place, &echo(&secret), Some(&secret), &canaries).await;
        assert!(leaks.is_empty(), "{place}: {leaks:?}");
        tried += 1;
        found += leaks.len();
    }
    let forms = forms("").len();
    let section = format!(
        "\
## That the redactor hides what it knows

The provider that leaks on purpose says a secret that the job has read, in every form and in every way but by printing it, which no job does.

| Ways to leak | Forms | Secrets said | Found |
|--:|--:|--:|--:|
| {tried} | {forms} | {} | {found} |
",
        tried * forms
    );
    evidence::write("30-leaks-redacted", &section);
}

#[tokio::test]
async fn each_line_of_a_known_key_is_redacted() {
    let lines = [canary("line one of the key"), canary("line two of the key")];
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n", lines[0], lines[1]);
    let canaries = Canaries::new().with("line one", &lines[0]).with("line two", &lines[1]);
    for text in [format!("first {}, second {}", lines[0], lines[1]), echo(&key)] {
        for place in ["FAILURE", "PANIC"] {
            let leaks = said(place, &text, Some(&key), &canaries).await;
            assert!(leaks.is_empty(), "{place}: {leaks:?}");
        }
    }
}

#[tokio::test]
async fn what_the_redactor_does_not_know_is_found_in_every_place_and_in_every_form() {
    // One secret for each form.
    let names: Vec<&str> = forms("").into_iter().map(|(name, _)| name).collect();
    let secrets: Vec<String> = (0..names.len()).map(secret).collect();
    let mut canaries = Canaries::new();
    names.iter().zip(&secrets).for_each(|(name, secret)| canaries.add(*name, secret));
    let text: Vec<String> = secrets.iter().enumerate().map(|(form, secret)| forms(secret)[form].1.clone()).collect();
    let (mut said_in_all, mut found_in_all) = (0, 0);
    for (place, found_in) in SAID {
        let leaks = said(place, &text.join(" "), None, &canaries).await;
        for found in found_in {
            let here: BTreeMap<&str, &str> = leaks
                .iter()
                .filter(|(place, ..)| place == found)
                .map(|(_, name, form)| (name.as_str(), form.as_str()))
                .collect();
            assert!(names.iter().all(|name| here.contains_key(name)), "{place} in {found}: {:?}", here.keys());
            assert!(here.iter().all(|(name, form)| fits(name, form)), "{place} in {found}: {here:?}");
            said_in_all += names.len();
            found_in_all += here.len();
        }
        assert!(leaks.iter().all(|(place, ..)| found_in.contains(place)), "{place}: {leaks:?}");
    }
    let section = format!(
        "\
## That the search for leaks finds what is there

A provider leaks on purpose: it prints, logs, fails, panics (also off its thread, and in a destructor), and says one secret in each form there. What the \
redactor has never heard of must be found wherever it was said.

| Ways to leak | Forms | Secrets said, in all places | Found |
|--:|--:|--:|--:|
| {} | {} | {said_in_all} | {found_in_all} |
",
        SAID.len(),
        names.len()
    );
    evidence::write("30-leaks-on-purpose", &section);
}

/// Whether a secret was found as what it was written.
fn fits(written: &str, found: &str) -> bool {
    let form = found.split(", ").next().unwrap_or_default();
    assert!(FORMS.contains(&form), "{form}");
    match written {
        "a list of its bytes" => form == written,
        "hexadecimal with colons" => form == "hexadecimal with separators",
        written if written.starts_with("hexadecimal") => form == "hexadecimal",
        written if written.contains("base64") => form == "base64" || form == "URL-safe base64",
        // The rest are layers, which the log adds to.
        _ => form == "raw",
    }
}

#[tokio::test]
async fn a_secret_in_an_argument_is_found_in_the_command_line_and_nowhere_else() {
    let secret = canary("argument");
    let canaries = Canaries::new().with("the argument", &secret);
    let started = Program::new("/bin/sh").args(["-c", "sleep 60; true", "sh", &secret]).start().expect("it starts");
    let command_line = started.command_line().await.expect("it runs");
    assert_eq!(find_leaks(&command_line, &canaries).len(), 1);
    drop(started);
    // A job takes no such argument, and does not repeat it.
    let finished = Program::new(LEAKY).arg(&secret).run().await.expect("it ends");
    assert_eq!(finished.exit, Some(2));
    assert!(find_leaks(&[finished.stdout, finished.stderr].concat(), &canaries).is_empty());
}

#[tokio::test]
async fn half_a_secret_is_found() {
    let secret = canary("half");
    let canaries = Canaries::new().with("the secret", &secret);
    let leaks = said("LOG", &secret[secret.len() / 2..], None, &canaries).await;
    assert_eq!(leaks, [("the log", "the secret".to_owned(), "half of it".to_owned())]);
}
