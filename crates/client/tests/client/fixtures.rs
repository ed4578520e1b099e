//! The JSON examples of PROTOCOL 3.1, 4, 5.1 and 5.7, typed from there by hand, and one secret of each type of 4.9.

use std::sync::Arc;

use credjob_client::{
    ClientError, IamError, LockMode, LockQuery, NewLock, SecretData, SecretType, SecretValue, SecretsManager,
    ServiceError, VersionAlias,
};
use credjob_contract::redact::redact;
use credjob_contract::{Action, TaskStatus, Trigger};
use credjob_http::Response;
use credjob_http::script::{Answer, Call, ScriptedTransport};

use crate::support::{api_key, client};

const SECRET: &str = "3c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44";
const OTHER_SECRET: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";
const TASK: &str = "sm-task-5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";
const PLACEHOLDER: &str = "00000000-0000-0000-0000-000000000000";
const FIRST_VERSION: &str = "9b1e2d3c-4f5a-4b6c-8d7e-0f1a2b3c4d5e";
const SECOND_VERSION: &str = "7a6b5c4d-3e2f-4a1b-9c8d-7e6f5a4b3c2d";

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn answer(status: u16, body: &str) -> Answer {
    Response::new(status, body).into()
}

/// A service that gives the token of the fixture and then this answer.
fn service(status: u16, body: &str) -> SecretsManager {
    let script = ScriptedTransport::new();
    script
        .expect(Call::post("/identity/token"), answer(200, &fixture("token")))
        .expect(Call::any(), answer(status, body));
    client(Arc::new(script), "https://sm.example.com", api_key())
}

async fn secret(id: &str, name: &str) -> Result<SecretValue, ClientError> {
    service(200, &fixture(name)).secret(&id.parse().unwrap()).await
}

async fn other(name: &str) -> SecretValue {
    secret(OTHER_SECRET, name).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_token_is_read() {
    let token = service(200, "").tokens().token().await.unwrap();
    assert!(fixture("token").contains(token.expose().as_str()));
}

#[tokio::test(start_paused = true)]
async fn the_error_for_an_unknown_key_is_recognised() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(400, fixture("token_unknown_key")));
    let service = client(Arc::new(script), "https://sm.example.com", api_key());
    let error = service.tokens().token().await.unwrap_err();
    let IamError::KeyRejected { error, .. } = error else { panic!("{error}") };
    let wanted = ServiceError {
        trace: Some(String::from("b7c1e0d2f34a4f6c")),
        status: 400,
        code: Some(String::from("BXNIM0415E")),
        message: String::from("Provided API key could not be found"),
    };
    assert_eq!(error, wanted);
}

#[tokio::test(start_paused = true)]
async fn an_updated_task_is_read() {
    let task =
        service(200, &fixture("task_updated")).task(&SECRET.parse().unwrap(), &TASK.parse().unwrap()).await.unwrap();
    assert_eq!((task.id.as_str(), task.status), (TASK, TaskStatus::CredentialsCreated));
    assert_eq!((task.action, task.trigger), (Some(Action::CreateCredentials), Some(Trigger::SecretCreation)));
    assert_eq!((task.secret_id, task.secret_version_id), (SECRET.parse().ok(), FIRST_VERSION.parse().ok()));
    assert_eq!(task.creation_date.as_deref(), Some("2026-03-01T09:00:00.120Z"));
    assert_eq!(task.last_update_date.as_deref(), Some("2026-03-01T09:01:12.480Z"));
    assert_eq!(task.created_by.as_deref(), Some("IBMid-110000AAAA"));
    assert_eq!(task.updated_by.as_deref(), Some("iam-ServiceId-0d9f1c3e-52ab-4c6f-9e8d-7b6a5c4d3e2f"));
}

#[tokio::test(start_paused = true)]
async fn a_list_of_tasks_is_read() {
    let tasks = service(200, &fixture("tasks")).tasks(&SECRET.parse().unwrap()).await.unwrap();
    let [task] = &tasks[..] else { panic!("{tasks:?}") };
    assert_eq!((task.action, task.status), (Some(Action::DeleteCredentials), TaskStatus::Failed));
    assert_eq!(task.errors[0].to_string(), "ERR20011: Upstream refused the revocation.");
}

#[tokio::test(start_paused = true)]
async fn a_list_of_versions_is_read() {
    let versions = service(200, &fixture("versions")).versions(&SECRET.parse().unwrap()).await.unwrap();
    let read: Vec<_> = versions
        .iter()
        .map(|version| {
            (version.id.as_str(), version.alias, version.credentials_id.as_deref(), version.payload_available)
        })
        .collect();
    assert_eq!(
        read,
        [
            (FIRST_VERSION, Some(VersionAlias::Previous), Some("tok-000193"), true),
            (SECOND_VERSION, Some(VersionAlias::Current), Some("tok-000194"), true)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn single_versions_are_read() {
    let list = format!(
        r#"{{"versions":[{},{}],"total_count":2}}"#,
        fixture("version_current"),
        fixture("version_placeholder")
    );
    let versions = service(200, &list).versions(&SECRET.parse().unwrap()).await.unwrap();
    assert_eq!(
        (versions[0].auto_rotated, versions[0].expiration_date.as_deref()),
        (Some(true), Some("2026-04-20T09:01:40Z"))
    );
    assert_eq!((versions[1].id.as_str(), versions[1].alias, versions[1].payload_available), (PLACEHOLDER, None, false));
    assert_eq!(versions[1].credentials_id, None);
}

#[tokio::test(start_paused = true)]
async fn a_version_list_that_hides_its_credentials_ids_is_unreadable() {
    for version in [r#"{"id":"x","payload_available":true}"#, r#"{"id":"7a6b5c4d-3e2f-4a1b-9c8d-7e6f5a4b3c2d"}"#] {
        let body = format!(r#"{{"versions":[{version}]}}"#);
        let script = ScriptedTransport::new().with_backend(move |_| Response::new(200, body.clone()));
        script.expect(Call::post("/identity/token"), answer(200, &fixture("token")));
        let service = client(Arc::new(script), "https://sm.example.com", api_key());
        assert!(service.versions(&SECRET.parse().unwrap()).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_pending_secret_has_no_data() {
    let error = secret(SECRET, "secret_pending").await.unwrap_err();
    assert!(matches!(&error, ClientError::NoData { state, .. } if state == "pre_activation"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_active_secret_is_read() {
    let secret = secret(SECRET, "secret_active").await.unwrap();
    assert_eq!((secret.name(), secret.secret_type()), (Some("crm-token"), SecretType::CustomCredentials));
    assert_eq!(secret.pointer("/token").unwrap().expose(), "s3cr3t-demo");
    assert_eq!((secret.integer("/max_calls"), secret.boolean("/renewable")), (Ok(500), Ok(false)));
}

#[tokio::test(start_paused = true)]
async fn the_errors_of_the_service_are_read() {
    let error = ServiceError::from_answer(400, fixture("error").as_bytes());
    assert_eq!(error.trace.as_deref(), Some("4e2d9b70-6d0c-4f0e-a2c5-93d0a8b1c7f4"));
    assert_eq!(
        (error.code.as_deref(), error.message.as_str()),
        (Some("bad_request"), r#"required.name: property "name" is missing"#)
    );
    let locked = ServiceError::from_answer(412, fixture("error_locked").as_bytes());
    assert_eq!(locked.code.as_deref(), Some("precondition_failed"));
}

#[tokio::test(start_paused = true)]
async fn an_arbitrary_secret_is_read() {
    let secret = other("secret_arbitrary").await;
    assert!(
        matches!(secret.data(), SecretData::Arbitrary { payload, json: None } if payload.expose() == "fixture-arbitrary-payload")
    );
}

#[tokio::test(start_paused = true)]
async fn user_credentials_are_read() {
    let secret = other("secret_username_password").await;
    assert_eq!(
        (secret.text("/username").unwrap(), secret.text("/password").unwrap()),
        ("fixture-user", "fixture-user-password")
    );
}

#[tokio::test(start_paused = true)]
async fn a_key_value_secret_is_read() {
    let secret = other("secret_kv").await;
    assert_eq!(secret.pointer("/nested/list/0").unwrap().expose(), "fixture-kv-first");
    assert_eq!(redact("fixture-kv-token at kv.fixture.example.com"), "[redacted] at kv.fixture.example.com");
}

#[tokio::test(start_paused = true)]
async fn iam_credentials_are_read() {
    let secret = other("secret_iam_credentials").await;
    assert_eq!(secret.pointer("/api_key").unwrap().expose(), "fixture-iam-api-key");
    assert_eq!(secret.text("/service_id").unwrap(), "ServiceId-0d9f1c3e-52ab-4c6f-9e8d-7b6a5c4d3e2f");
    assert_eq!(secret.text("/api_key_id").unwrap(), "ApiKey-1c0d5f7e-1b7a-4d57-9a53-6a2f7be10c44");
}

#[tokio::test(start_paused = true)]
async fn service_credentials_are_read() {
    let secret = other("secret_service_credentials").await;
    assert!(secret.pointer("/connection/postgres/composed/0").unwrap().expose().starts_with("postgres://"));
    assert_eq!(secret.text("/connection/postgres/hosts/0/hostname").unwrap(), "pg.fixture.example.com");
    assert_eq!(secret.integer("/connection/postgres/hosts/0/port"), Ok(31234));
    assert_eq!(redact("fixture-pg-password at pg.fixture.example.com"), "[redacted] at pg.fixture.example.com");
}

#[tokio::test(start_paused = true)]
async fn each_type_of_certificate_is_read() {
    for (name, key) in [
        ("secret_imported_cert", "Zml4dHVyZS1pbXBvcnRlZC1rZXk="),
        ("secret_public_cert", "Zml4dHVyZS1wdWJsaWMta2V5"),
        ("secret_private_cert", "Zml4dHVyZS1wcml2YXRlLWtleQ=="),
    ] {
        let secret = other(name).await;
        assert!(secret.pointer("/private_key").unwrap().expose().contains(key), "{name}");
        assert!(secret.text("/certificate").unwrap().starts_with("-----BEGIN CERTIFICATE-----"), "{name}");
        assert!(!redact(&format!("the line {key} leaked")).contains(key), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_chain_of_a_private_certificate_is_read() {
    let secret = other("secret_private_cert").await;
    let SecretData::PrivateCert(cert) = secret.data() else { panic!("{secret:?}") };
    assert_eq!((cert.ca_chain.len(), cert.issuing_ca.is_some()), (2, true));
}

#[tokio::test(start_paused = true)]
async fn a_list_of_locks_is_read() {
    let service = service(200, &fixture("locks"));
    let page = service.locks(&SECRET.parse().unwrap(), None, &LockQuery::default()).await.unwrap();
    assert_eq!((page.total_count, page.locks.len()), (1, 1));
    let lock = &page.locks[0];
    assert_eq!((lock.name.as_str(), lock.description.as_deref()), ("billing-app", Some("used by billing")));
    assert_eq!(lock.attributes.as_ref().unwrap()["cluster"], "c-17");
    assert_eq!(lock.secret_version_id.as_deref(), Some(SECOND_VERSION));
    assert_eq!(lock.secret_version_alias.as_deref(), Some("current"));
}

#[tokio::test(start_paused = true)]
async fn locks_are_created_with_the_documented_body() {
    let script = ScriptedTransport::new();
    script.expect(Call::post("/identity/token"), answer(200, &fixture("token")));
    script.expect(Call::any(), answer(201, &fixture("locks_bulk")));
    let service = client(Arc::new(script.clone()), "https://sm.example.com", api_key());
    let attributes = serde_json::json!({ "cluster": "c-17" }).as_object().cloned();
    let lock = NewLock { name: "billing-app".into(), description: Some("used by billing".into()), attributes };
    let mode = Some(LockMode::RemovePrevious);
    let locks = service.create_locks(&SECRET.parse().unwrap(), None, &[lock], mode).await.unwrap();
    assert_eq!(locks.secret_name.as_deref(), Some("crm-token"));
    assert_eq!(locks.versions[0].locks, ["billing-app"]);
    let sent = script.requests().pop().unwrap();
    assert!(sent.url().as_str().ends_with("/locks_bulk?mode=remove_previous"), "{}", sent.url());
    let body: serde_json::Value = serde_json::from_slice(sent.body()).unwrap();
    assert_eq!(body, serde_json::from_str::<serde_json::Value>(&fixture("lock_prototype")).unwrap());
}
