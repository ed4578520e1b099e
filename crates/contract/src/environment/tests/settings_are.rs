use super::*;

fn deadline(text: &str) -> Environment {
    Vars::create().set("CREDJOB_DEADLINE", text).read()
}

#[test]
fn all_optional() {
    let settings = Vars::create().read().settings;
    let expected =
        Settings { deadline: DEFAULT_DEADLINE, allowed_hosts: None, ca_file: None, ssl_cert_file: None, log: None };
    assert_eq!(settings, expected);
}

#[test]
fn all_unset_if_empty() {
    let names = ["CREDJOB_DEADLINE", "CREDJOB_ALLOWED_HOSTS", "CREDJOB_CA_FILE", "SSL_CERT_FILE", "CREDJOB_LOG"];
    let vars = names.into_iter().fold(Vars::create(), |vars, name| vars.set(name, ""));
    let environment = vars.read();
    assert!(environment.problems.is_empty());
    assert_eq!(environment.settings, Vars::create().read().settings);
}

#[test]
fn taken_as_written() {
    let settings = Vars::create()
        .set("CREDJOB_ALLOWED_HOSTS", "a.example,*.b.example")
        .set("CREDJOB_CA_FILE", "/ca.pem")
        .set("SSL_CERT_FILE", "/roots.pem")
        .set("CREDJOB_LOG", "debug")
        .read()
        .settings;
    assert_eq!(settings.allowed_hosts.as_deref(), Some("a.example,*.b.example"));
    assert_eq!(settings.ca_file, Some(PathBuf::from("/ca.pem")));
    assert_eq!(settings.ssl_cert_file, Some(PathBuf::from("/roots.pem")));
    assert_eq!(settings.log.as_deref(), Some("debug"));
}

#[test]
fn reported_if_unreadable() {
    for name in ["CREDJOB_DEADLINE", "CREDJOB_ALLOWED_HOSTS", "CREDJOB_CA_FILE", "SSL_CERT_FILE"] {
        let vars = Vars::create().set_bytes(name, b"\xff");
        assert_eq!(vars.reported(), reported(codes::BAD_ENVIRONMENT, name));
    }
}

#[test]
fn only_warned_about_if_the_log_filter_is_unreadable() {
    let environment = Vars::create().set_bytes("CREDJOB_LOG", b"\xff").read();
    assert!(environment.problems.is_empty());
    assert_eq!(environment.warnings[0].variable, "CREDJOB_LOG");
}

#[test]
fn clear_about_the_deadline_in_every_form() {
    for (text, seconds) in
        [("540", 540), ("540s", 540), ("9m", 540), ("1h", 3600), (" 9m ", 540), ("2", 2), ("24h", 86_400), ("007", 7)]
    {
        let environment = deadline(text);
        assert!(environment.problems.is_empty(), "{text}");
        assert_eq!(environment.settings.deadline, Duration::from_secs(seconds), "{text}");
    }
}

#[test]
fn wrong_usage_if_the_deadline_is_below_two_seconds() {
    for text in ["0", "1", "1s", "0h"] {
        assert_eq!(Vars::create().set("CREDJOB_DEADLINE", text).fatal(), ["CREDJOB_DEADLINE"], "{text}");
    }
}

#[test]
fn reported_if_the_deadline_is_malformed_and_the_default_is_used() {
    let too_much = u64::MAX.to_string();
    let overflow = format!("{too_much}h");
    for text in
        ["soon", "9 m", "9M", "9d", "-9", "+9", "1.5", "m", "9ms", "٩", "86401", "25h", &too_much, &overflow, "9µ"]
    {
        let environment = deadline(text);
        assert_eq!(environment.settings.deadline, DEFAULT_DEADLINE, "{text}");
        assert_eq!(environment.problems[0].code, codes::BAD_ENVIRONMENT, "{text}");
        assert_eq!(environment.problems[0].problem.variable, "CREDJOB_DEADLINE", "{text}");
    }
}
