//! What a new role can do, and what it cannot.

use credjob_sql::Fingerprint;
use credjob_testkit::leak::{Canaries, assert_no_leak};

use crate::life::TASK;
use crate::proxy::Proxy;
use crate::support::{app, sql};
use crate::{as_role, created, creation, name, rows};

const DENIED: &str = "42501";

#[tokio::test]
async fn the_outputs_are_those_of_ibms_provider_and_the_role_reads() {
    let server = app::server().await;
    let (id, payload) = created(&creation(&server)).await;
    let name = name(&payload);
    assert_eq!(id, name);
    assert_eq!(app::roles(&server).await, [name]);
    assert!(name.starts_with(&TASK.replace("sm-task-", "sm-")) && name.len() == 61, "{name}");
    let fingerprint = Fingerprint::of(&format!("127.0.0.1:{}", server.port));
    assert!(name.ends_with(&format!("-{fingerprint}")), "{name}");
    let password = payload["password"].as_str().expect("a password");
    let composed = format!("postgres://{name}:{password}@127.0.0.1:{}/app?sslmode=verify-full", server.port);
    assert_eq!(payload["composed"], composed);
    assert_eq!(payload["certificate_base64"], app::base64(&server));
    assert_eq!(payload.as_object().expect("an object").len(), 4);
    let read = "SELECT note FROM app.orders UNION SELECT note FROM app.notes";
    assert_eq!(as_role(&server, &payload, read).await, rows(&["first"]));
    assert_eq!(as_role(&server, &payload, "SELECT last_value FROM app.orders_id_seq").await, rows(&["1"]));
}

#[tokio::test]
async fn a_role_reads_only_unless_it_may_write() {
    let server = app::server().await;
    let (_, reader) = created(&creation(&server)).await;
    let insert = "INSERT INTO app.orders (note) VALUES ('second') RETURNING note";
    assert_eq!(as_role(&server, &reader, insert).await, Err(DENIED.to_owned()));
    let (_, writer) = created(&creation(&server).task(2).with("SM_PRIVILEGES_VALUE", "read_write")).await;
    assert_eq!(as_role(&server, &writer, insert).await, rows(&["second"]));
    for statement in ["TRUNCATE app.orders", "DROP TABLE app.orders", "CREATE TABLE app.mine ()", "CREATE ROLE other"] {
        assert_eq!(as_role(&server, &writer, statement).await, Err(DENIED.to_owned()), "{statement}");
    }
}

#[tokio::test]
async fn tables_that_the_schemas_owner_makes_later_can_be_read_too() {
    let server = app::server().await;
    let (_, payload) = created(&creation(&server)).await;
    sql::admin(
        &server,
        "SET ROLE app_owner; CREATE TABLE app.later (id serial); CREATE VIEW app.view AS TABLE app.later",
    )
    .await;
    for later in ["app.later", "app.view"] {
        assert_eq!(as_role(&server, &payload, &format!("SELECT count(*) FROM {later}")).await, rows(&["0"]), "{later}");
    }
    assert!(as_role(&server, &payload, "SELECT last_value FROM app.later_id_seq").await.is_ok());
}

#[tokio::test]
async fn tables_of_others_made_later_are_not_covered_without_the_right_to_set_defaults() {
    let server = app::server().await;
    let other = "CREATE ROLE other_owner; CREATE SCHEMA other AUTHORIZATION other_owner; SET ROLE other_owner;
        CREATE TABLE other.facts (id int); GRANT USAGE ON SCHEMA other TO credjob_login WITH GRANT OPTION;
        GRANT SELECT ON ALL TABLES IN SCHEMA other TO credjob_login WITH GRANT OPTION";
    sql::admin(&server, other).await;
    let (id, payload) = created(&creation(&server).with("SM_SCHEMA_NAME_VALUE", "other")).await;
    assert!(as_role(&server, &payload, "TABLE other.facts").await.is_ok());
    sql::admin(&server, "SET ROLE other_owner; CREATE TABLE other.later (id int)").await;
    assert_eq!(as_role(&server, &payload, "TABLE other.later").await, Err(DENIED.to_owned()));
    // And what the login itself gave, it takes away.
    let deletion = creation(&server).task(2).deleting(&id);
    deletion.live().await;
    assert_eq!(deletion.reported()["status"], "credentials_deleted");
}

#[tokio::test]
async fn a_member_of_a_group_has_its_rights_and_nothing_hangs_on_it() {
    let server = app::server().await;
    let (_, payload) = created(&creation(&server).with("SM_GRANT_ROLE_VALUE", "app_read")).await;
    assert_eq!(as_role(&server, &payload, "SELECT note FROM app.orders").await, rows(&["first"]));
    let hanging = format!("SELECT count(*) FROM pg_shdepend WHERE refobjid = '\"{}\"'::regrole", name(&payload));
    assert_eq!(sql::admin(&server, &hanging).await, ["0"]);
}

#[tokio::test]
async fn what_a_member_of_a_group_makes_belongs_to_the_group() {
    let server = app::server().await;
    sql::admin(&server, "GRANT CREATE ON SCHEMA app TO app_read").await;
    let (_, payload) = created(&creation(&server).with("SM_GRANT_ROLE_VALUE", "app_read")).await;
    let made = "CREATE TABLE app.made (); SELECT tableowner FROM pg_tables WHERE tablename = 'made'";
    assert_eq!(as_role(&server, &payload, made).await, rows(&["app_read"]));
}

#[tokio::test]
async fn the_limits_of_a_role_are_those_of_the_parameters() {
    let server = app::server().await;
    let limited = creation(&server).with("SM_VALID_UNTIL_DAYS_VALUE", "30").with("SM_CONNECTION_LIMIT_VALUE", "3");
    let (_, payload) = created(&limited).await;
    let facts = format!(
        "SELECT rolconnlimit || ' ' || round(extract(epoch FROM rolvaliduntil - now()) / 86400) || ' ' || (rolsuper OR rolcreaterole
         OR rolcreatedb OR rolreplication OR rolbypassrls) FROM pg_roles WHERE rolname = '{}'",
        name(&payload)
    );
    assert_eq!(sql::admin(&server, &facts).await, ["3 30 false"]);
}

#[tokio::test]
async fn no_log_of_the_server_holds_a_password() {
    let server = app::server().await;
    let (id, payload) = created(&creation(&server)).await;
    creation(&server).task(2).deleting(&id).live().await;
    let log = server.log();
    assert!(log.contains("CREATE ROLE") && log.contains("DROP ROLE"), "every statement is logged");
    let password = payload["password"].as_str().expect("a password");
    let canaries = Canaries::new().with("the new password", password).with("the login's password", app::LOGIN_PASSWORD);
    // The statement that made the login itself is the test's own.
    let (_, log) = log.split_once("CREATE DATABASE app").expect("the set-up");
    assert_no_leak("the server's log", log.as_bytes(), &canaries);
}

#[tokio::test]
async fn one_connection_makes_a_role_and_one_tries_it() {
    let server = app::server().await;
    let proxy = Proxy::start(server.port, None);
    created(&crate::life::Life::with_credentials(&app::credentials_at(&server, "127.0.0.1", proxy.port))).await;
    assert_eq!(proxy.connections(), 2);
    let log = server.log();
    let (_, log) = log.split_once("CREATE DATABASE logs").expect("the set-up");
    let said = |user: &str| log.lines().filter(|line| line.contains(user)).count();
    assert!(said("application_name=sm-") >= 2, "sessions carry the task's marker");
    // The question and the transaction of eight; the role's own question and its read.
    let statements = log.lines().filter(|line| line.contains("statement: ") || line.contains("execute ")).count();
    assert!(statements <= 6, "{statements}: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_collide_on_one_schema_all_succeed() {
    let server = app::server().await;
    let jobs: Vec<_> = (10..18)
        .map(|task| {
            let life = creation(&server).task(task);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(created(&life))
            })
        })
        .collect();
    for job in jobs {
        let (_, payload) = job.join().expect("it is published");
        assert_eq!(as_role(&server, &payload, "SELECT note FROM app.orders").await, rows(&["first"]));
    }
}
