use super::*;

#[test]
fn read_and_normalised() {
    let address = Vars::create().read().address;
    assert_eq!(address.instance.as_str(), "https://0d9f1c3e.us-south.secrets-manager.appdomain.cloud");
    assert_eq!(address.task_id.as_str(), TASK);
    assert_eq!(address.secret_id.as_str(), UUID);
    assert!(matches!(address.auth, Auth::ApiKey(key) if key.expose() == KEY));
}

#[test]
fn needed_as_a_whole() {
    for name in ADDRESS {
        assert_eq!(Vars::create().unset(name).fatal(), [name]);
        assert_eq!(Vars::create().set(name, "").fatal(), [name]);
    }
}

#[test]
fn refused_if_malformed() {
    for name in ["SM_INSTANCE_URL", "SM_SECRET_TASK_ID", "SM_SECRET_ID"] {
        let problems = Environment::read(Vars::create().set(name, "x y").0).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].to_string().starts_with(&format!("{name}: is malformed: ")), "{}", problems[0]);
    }
}

#[test]
fn open_to_a_key_with_spaces_around_it_but_not_to_a_blank_one() {
    let address = Vars::create().set("SM_ACCESS_APIKEY", " spaced-key-canary\n").read().address;
    assert!(matches!(address.auth, Auth::ApiKey(key) if key.expose() == "spaced-key-canary"));
    assert_eq!(Vars::create().set("SM_ACCESS_APIKEY", " ").fatal(), ["SM_ACCESS_APIKEY"]);
}

#[test]
fn clear_about_both_ways_to_authenticate() {
    let problems = Environment::read(Vars::create().unset("SM_ACCESS_APIKEY").0).unwrap_err();
    for word in ["api_key_ref", "CREDJOB_TRUSTED_PROFILE_ID", "CREDJOB_TRUSTED_PROFILE_NAME"] {
        assert!(problems[0].what.contains(word), "{word}");
    }
}

#[test]
fn open_to_a_trusted_profile_by_id_or_name() {
    for (variable, expected) in [
        ("CREDJOB_TRUSTED_PROFILE_ID", (Some("Profile-1"), None)),
        ("CREDJOB_TRUSTED_PROFILE_NAME", (None, Some("Profile-1"))),
    ] {
        let auth = Vars::create().unset("SM_ACCESS_APIKEY").set(variable, "Profile-1").read().address.auth;
        let Auth::TrustedProfile { id, name, cr_token_file } = auth else { panic!("an API key") };
        assert_eq!((id.as_deref(), name.as_deref(), cr_token_file), (expected.0, expected.1, None));
    }
}

#[test]
fn kept_by_the_trusted_profile_if_there_is_a_key_as_well() {
    let vars = Vars::create().set("CREDJOB_TRUSTED_PROFILE_ID", "Profile-1").set("CREDJOB_CR_TOKEN_FILE", "/run/token");
    let Auth::TrustedProfile { cr_token_file, .. } = vars.read().address.auth else { panic!("an API key") };
    assert_eq!(cr_token_file, Some(PathBuf::from("/run/token")));
}

#[test]
fn not_reached_with_a_token_file_alone() {
    let vars = Vars::create().unset("SM_ACCESS_APIKEY").set("CREDJOB_CR_TOKEN_FILE", "/run/token");
    assert_eq!(vars.fatal(), ["SM_ACCESS_APIKEY"]);
}

#[test]
fn not_reached_with_an_unreadable_profile_even_if_there_is_a_key() {
    for name in ["CREDJOB_TRUSTED_PROFILE_ID", "CREDJOB_TRUSTED_PROFILE_NAME", "CREDJOB_CR_TOKEN_FILE"] {
        assert_eq!(Vars::create().set_bytes(name, b"\xff").fatal(), [name]);
        assert!(Vars::create().set(name, "").read().problems.is_empty());
    }
}

fn iam_url(instance: &str) -> String {
    Vars::create().set("SM_INSTANCE_URL", instance).read().address.iam_url
}

#[test]
fn behind_public_iam_by_default() {
    assert_eq!(iam_url("https://1.us-south.secrets-manager.appdomain.cloud"), "https://iam.cloud.ibm.com");
    assert_eq!(iam_url("http://127.0.0.1:4000"), "https://iam.cloud.ibm.com");
}

#[test]
fn behind_private_iam_for_a_private_instance() {
    let iam = iam_url("https://1.private.us-south.secrets-manager.appdomain.cloud/api");
    assert_eq!(iam, "https://private.iam.cloud.ibm.com");
}

#[test]
fn behind_test_iam_for_a_test_instance_even_a_private_one() {
    for host in ["1.us-south", "1.private.us-south"] {
        let iam = iam_url(&format!("https://{host}.secrets-manager.test.appdomain.cloud"));
        assert_eq!(iam, "https://iam.test.cloud.ibm.com");
    }
}

#[test]
fn behind_any_iam_that_the_owner_names() {
    for (given, used) in [
        ("https://iam.example.com", "https://iam.example.com"),
        ("https://iam.example.com/identity/token", "https://iam.example.com"),
        ("https://iam.example.com/identity/token/", "https://iam.example.com"),
        ("http://127.0.0.1:4000/", "http://127.0.0.1:4000"),
    ] {
        let vars = Vars::create()
            .set("SM_INSTANCE_URL", "https://1.private.us-south.secrets-manager.test.appdomain.cloud")
            .set("CREDJOB_IAM_URL", given);
        assert_eq!(vars.read().address.iam_url, used);
    }
}

#[test]
fn not_reached_through_a_malformed_iam_url() {
    for url in ["iam.example.com", "http://iam.example.com", "https://u:p@iam.example.com", "https://iam.example.com?x"]
    {
        assert_eq!(Vars::create().set("CREDJOB_IAM_URL", url).fatal(), ["CREDJOB_IAM_URL"], "{url}");
    }
    assert_eq!(Vars::create().set_bytes("CREDJOB_IAM_URL", b"\xff").fatal(), ["CREDJOB_IAM_URL"]);
    assert_eq!(Vars::create().set("CREDJOB_IAM_URL", "").read().address.iam_url, IAM_PUBLIC_URL);
}

#[test]
fn protected_from_leaking_a_key_that_is_not_used() {
    let vars =
        Vars::create().set("SM_ACCESS_APIKEY", "unused-key-canary").set("CREDJOB_TRUSTED_PROFILE_ID", "Profile-1");
    vars.read();
    assert_eq!(crate::redact::redact("unused-key-canary"), crate::redact::REDACTED);
}
