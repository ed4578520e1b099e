//! An emulator whose one job is played by the test.

use credjob_emulator::{Emulator, JobProgram, Options};
use serde_json::{Value, json};

use crate::shape::fixture;

/// The declarations of the documented examples.
pub(crate) const CRM_JOB: &str = r#"{ "job_env_variables": [
    { "name": "SMIN_TENANT", "value": "type:string, required:true" },
    { "name": "SMIN_LIFETIME_HOURS", "value": "type:integer, required:false" },
    { "name": "SMIN_DRY", "value": "type:boolean, required:false" },
    { "name": "SMIN_ADMIN_REF", "value": "type:secret_id, required:false" },
    { "name": "SMOUT_TOKEN", "value": "type:string, required:true" },
    { "name": "SMOUT_MAX_CALLS", "value": "type:integer, required:false" },
    { "name": "SMOUT_RENEWABLE", "value": "type:boolean, required:false" } ] }"#;

/// An emulator with the configuration `crm-provider`.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
}

/// A secret and the task that creates its first credentials.
pub(crate) struct Made {
    pub(crate) secret: String,
    pub(crate) task: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let emulator = Emulator::start(options).await.expect("a free port");
        emulator.register_job_by_hand("crm-job", CRM_JOB).expect("the declarations are right");
        emulator.create_configuration("crm-provider", "crm-job", Some("15m")).await.expect("a configuration");
        Self { emulator }
    }

    /// An emulator whose job is a real program.
    pub(crate) async fn with_program(options: Options, program: JobProgram) -> Self {
        let emulator = Emulator::start(options).await.expect("a free port");
        emulator.register_job("crm-job", program.job_config(CRM_JOB)).await.expect("a job");
        emulator.create_configuration("crm-provider", "crm-job", Some("15m")).await.expect("a configuration");
        Self { emulator }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.expect(200, "GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.expect(201, "POST", path, Some(body)).await
    }

    pub(crate) async fn expect(&self, expected: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.emulator.call(method, &format!("/api/v2{path}"), body).await;
        assert_eq!(status, expected, "{method} {path}: {answer:#}");
        answer
    }

    /// Creates a secret with more fields than the required ones.
    pub(crate) async fn create_with(&self, name: &str, more: Value) -> Made {
        let mut prototype = json!({
            "secret_type": "custom_credentials", "name": name, "configuration": "crm-provider", "parameters": { "tenant": "blue" },
        });
        prototype.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let secret = self.post("/secrets", prototype).await;
        let secret = secret["id"].as_str().expect("an id").to_owned();
        let task = self.newest(&secret).await;
        Made { secret, task: id(&task) }
    }

    pub(crate) async fn create(&self, name: &str) -> Made {
        self.create_with(name, json!({})).await
    }

    /// Creates a secret and reports its first credentials.
    pub(crate) async fn create_active(&self, name: &str, more: Value) -> String {
        let made = self.create_with(name, more).await;
        self.publish(&made.secret, &made.task, "tok-1").await;
        made.secret
    }

    pub(crate) async fn tasks(&self, secret: &str) -> Vec<Value> {
        let list = self.get(&format!("/secrets/{secret}/tasks")).await;
        list["tasks"].as_array().expect("an array").clone()
    }

    pub(crate) async fn newest(&self, secret: &str) -> Value {
        self.tasks(secret).await.first().expect("a task").clone()
    }

    pub(crate) async fn secret(&self, secret: &str) -> Value {
        self.get(&format!("/secrets/{secret}/metadata")).await
    }

    pub(crate) async fn versions(&self, secret: &str) -> Vec<Value> {
        let list = self.get(&format!("/secrets/{secret}/versions")).await;
        list["versions"].as_array().expect("an array").clone()
    }

    /// Reports as the job of the task.
    pub(crate) async fn report(&self, secret: &str, task: &str, body: Value) -> (u16, Value) {
        let path = format!("/api/v2/secrets/{secret}/tasks/{task}");
        self.emulator.call_as_job(task, "PUT", &path, Some(body)).await
    }

    pub(crate) async fn publish(&self, secret: &str, task: &str, credentials_id: &str) {
        let body = json!({ "status": "credentials_created", "credentials": { "id": credentials_id, "payload": { "token": "t0k3n" } } });
        let (status, answer) = self.report(secret, task, body).await;
        assert_eq!((status, &answer["status"]), (200, &json!("credentials_created")), "{answer:#}");
    }

    pub(crate) async fn fail(&self, secret: &str, task: &str) {
        let body = fixture(include_str!("../fixtures/task_update_failed.json"));
        let (status, answer) = self.report(secret, task, body).await;
        assert_eq!(status, 200, "{answer:#}");
    }

    pub(crate) async fn deleted(&self, secret: &str, task: &str) {
        let (status, answer) = self.report(secret, task, json!({ "status": "credentials_deleted" })).await;
        assert_eq!(status, 200, "{answer:#}");
    }

    /// Rotates by hand and reports new credentials.
    pub(crate) async fn rotate(&self, secret: &str, credentials_id: &str) {
        self.post(&format!("/secrets/{secret}/versions"), json!({})).await;
        let task = id(&self.newest(secret).await);
        self.publish(secret, &task, credentials_id).await;
    }
}

/// The `id` of an object.
pub(crate) fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// Asserts a refusal of the service and returns its message.
pub(crate) fn refusal(expected: u16, (status, body): (u16, Value)) -> String {
    assert_eq!(status, expected, "{body:#}");
    assert_eq!(body["status_code"], json!(expected), "{body:#}");
    body["errors"][0]["message"].as_str().expect("a message").to_owned()
}
