//! Lines of the files in `skeleton/system/` that depend on where the URL of the system stands.

/// An input holds it, so its host must be allowed.
pub(crate) const URL_IN_AN_INPUT: &[(&str, &str)] = &[
    (
        "where_the_system_is",
        "the input `{{url_name}}` (its host must be in `CREDJOB_ALLOWED_HOSTS`); the login is a token in the arbitrary secret of `{{login_name}}`",
    ),
    (
        "host_constant",
        r#"
/// The input that names the system: its host must be allowed by the job's owner.
const HOST_PARAMETER: &str = "{{url_variable}}";
"#,
    ),
    ("host_parameter", ".host_from_parameter(HOST_PARAMETER)\n        "),
    (
        "system_lines",
        r#"        secret.expect_type(&[SecretType::Arbitrary])?;
        Ok(Self { url: job.params().{{url_field}}.clone(), login: secret.pointer("/payload")? })
"#,
    ),
    (
        "test_settings",
        r#"            .param("{{url_name}}", self.server.url())
            .secret("{{login_name}}", login)
"#,
    ),
    ("json_import", ""),
    (
        "target_lines",
        r#"    login.write_all(LOGIN.as_bytes())?;
    println!("--param {{url_name}}={}", server.url());
    println!("--secret {{login_name}}=@{}", login.path().display());
"#,
    ),
];

/// The login secret holds it.
pub(crate) const URL_IN_THE_LOGIN: &[(&str, &str)] = &[
    ("where_the_system_is", "`url` in the key-value secret of `{{login_name}}`; `token` in it is the login"),
    ("host_constant", ""),
    ("host_parameter", ""),
    (
        "system_lines",
        r#"        secret.expect_type(&[SecretType::Kv])?;
        Ok(Self { url: secret.text("/url")?.to_owned(), login: secret.pointer("/token")? })
"#,
    ),
    (
        "test_settings",
        r#"            .typed_secret("{{login_name}}", json!({
                "secret_type": "kv",
                "data": { "url": self.server.url(), "token": login }
            }))
"#,
    ),
    ("json_import", ", json"),
    (
        "target_lines",
        r#"    let secret = serde_json::json!({ "url": server.url(), "token": LOGIN });
    login.write_all(secret.to_string().as_bytes())?;
    println!("--secret {{login_name}}=kv:@{}", login.path().display());
"#,
    ),
];
