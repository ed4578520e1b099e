use credjob::prelude::*;

#[derive(Params)]
struct Reserved {
    action: String,
    trigger: String,
    secret_id: SecretId,
    secret_name: String,
    secret_group_id: String,
    secret_task_id: String,
    secret_version_id: String,
    credentials_id: String,
    instance_url: String,
    #[param(name = "ACCESS_APIKEY")]
    key: String,
}

// The names of outputs collide with nothing.
#[derive(Credentials)]
struct Fine {
    secret_id: String,
}

fn main() {}
