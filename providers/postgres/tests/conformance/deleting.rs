//! What hangs on a role, and what becomes of it: the cases that defeat `REVOKE` and `DROP ROLE` alone.

use credjob::Exit;
use serde_json::Value;

use crate::life::{Life, TASK};
use crate::support::app::{self, LOGIN};
use crate::support::server::Server;
use crate::support::sql;
use crate::{as_role, created, creation, name};

/// A task to delete `id`.
fn deletion(server: &Server, id: &str) -> Life {
    creation(server).task(900).deleting(id)
}

/// Deletes a role, which must succeed.
async fn delete(server: &Server, id: &str) {
    let life = deletion(server, id);
    assert_eq!(life.live().await.exit, Exit::Done);
    assert_eq!(life.reported()["status"], "credentials_deleted", "{}", life.reported());
    assert_eq!(app::roles(server).await, [""; 0]);
}

/// A role that was created, and how to spell it in a statement.
async fn role(server: &Server) -> (String, Value, String) {
    let (id, payload) = created(&creation(server)).await;
    let quoted = format!("\"{}\"", name(&payload));
    (id, payload, quoted)
}

async fn can_log_in(server: &Server, payload: &Value) -> bool {
    as_role(server, payload, "SELECT 1").await.is_ok()
}

#[tokio::test]
async fn a_deleted_role_is_gone_and_deleting_it_again_is_fine() {
    let server = app::server().await;
    let (id, payload, _) = role(&server).await;
    delete(&server, &id).await;
    assert!(!can_log_in(&server, &payload).await);
    delete(&server, &id).await;
    let hanging = "SELECT count(*) FROM pg_shdepend s WHERE refclassid = 'pg_authid'::regclass
        AND NOT EXISTS (SELECT FROM pg_authid WHERE oid = refobjid)";
    assert_eq!(sql::admin(&server, hanging).await, ["0"]);
}

#[tokio::test]
async fn a_grant_in_another_schema_is_taken_away() {
    let server = app::server().await;
    let (id, _, role) = role(&server).await;
    let grant = "CREATE SCHEMA other AUTHORIZATION app_owner; SET ROLE app_owner; CREATE TABLE other.t ();
        CREATE FUNCTION other.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT USAGE ON SCHEMA other TO";
    sql::admin(
        &server,
        &format!("{grant} {role}; GRANT ALL ON other.t TO {role}; GRANT EXECUTE ON FUNCTION other.f TO {role}"),
    )
    .await;
    delete(&server, &id).await;
}

#[tokio::test]
async fn a_dropped_schema_does_not_matter() {
    let server = app::server().await;
    let (id, ..) = role(&server).await;
    sql::admin(&server, "DROP SCHEMA app CASCADE").await;
    delete(&server, &id).await;
}

#[tokio::test]
async fn an_open_session_is_ended() {
    let server = app::server().await;
    let (id, payload, _) = role(&server).await;
    let password = payload["password"].as_str().expect("a password");
    let session = sql::connect(&server, "app", name(&payload), password).await.expect("a session");
    session.batch_execute("BEGIN; LOCK TABLE app.orders IN ACCESS SHARE MODE").await.expect("a lock");
    delete(&server, &id).await;
    assert!(session.simple_query("SELECT 1").await.is_err());
}

#[tokio::test]
async fn grants_in_a_second_database_are_taken_away() {
    let server = app::server().await;
    let (id, _, role) = role(&server).await;
    let grant = format!(
        "CREATE TABLE log (); ALTER TABLE log OWNER TO app_owner; SET ROLE app_owner; GRANT SELECT ON log TO {role}"
    );
    sql::admin_in(&server, "logs", &grant).await;
    sql::admin_in(
        &server,
        "logs",
        &format!("ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO {role}"),
    )
    .await;
    delete(&server, &id).await;
}

#[tokio::test]
async fn what_the_role_owns_goes_to_the_owner_and_is_never_dropped() {
    let server = app::server().await;
    let (id, payload, role) = role(&server).await;
    sql::admin(&server, &format!("GRANT CREATE ON SCHEMA app TO {role}; GRANT CREATE ON DATABASE app TO {role}")).await;
    let own = "CREATE TABLE app.mine (id serial); CREATE SCHEMA mine CREATE TABLE t ()";
    assert!(as_role(&server, &payload, own).await.is_ok());

    let life = deletion(&server, &id);
    assert_eq!(life.live().await.exit, Exit::Done);
    let (code, text) = life.failure();
    assert_eq!(code, "POSTGRES_ROLE_IN_USE");
    for part in ["owner of table app.mine", "owner of schema mine", "can log in no more", "object_owner"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!can_log_in(&server, &payload).await, "access is cut although the role stays");
    assert_eq!(sql::admin(&server, "SELECT count(*) FROM pg_tables WHERE schemaname IN ('app', 'mine')").await, ["3"]);

    for unfit in ["postgres", LOGIN, "nobody"] {
        let life = deletion(&server, &id).with("SM_OBJECT_OWNER_VALUE", unfit);
        life.live().await;
        assert_eq!(life.failure().0, "POSTGRES_ROLE_IN_USE", "{unfit}");
    }
    let life = deletion(&server, &id).with("SM_OBJECT_OWNER_VALUE", "app_owner");
    life.live().await;
    assert_eq!(life.reported()["status"], "credentials_deleted", "{}", life.reported());
    let owners = "SELECT tableowner FROM pg_tables WHERE tablename IN ('mine', 't') ORDER BY 1";
    assert_eq!(sql::admin(&server, owners).await, ["app_owner", "app_owner"]);
    assert_eq!(app::roles(&server).await, [""; 0]);
}

#[tokio::test]
async fn what_the_role_owns_in_a_second_database_goes_to_the_owner_too() {
    let server = app::server().await;
    let (id, _, role) = role(&server).await;
    sql::admin_in(&server, "logs", &format!("CREATE TABLE theirs (); ALTER TABLE theirs OWNER TO {role}")).await;
    sql::admin_in(&server, "logs", "GRANT CREATE ON SCHEMA public TO app_owner").await;
    let life = deletion(&server, &id).with("SM_OBJECT_OWNER_VALUE", "app_owner");
    life.live().await;
    assert_eq!(life.reported()["status"], "credentials_deleted", "{}", life.reported());
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'theirs'";
    assert_eq!(sql::admin_in(&server, "logs", owner).await, ["app_owner"]);
}

#[tokio::test]
async fn what_others_granted_and_the_login_cannot_take_away_is_listed_and_deleted_tomorrow() {
    let server = app::server().await;
    let (id, payload, role) = role(&server).await;
    let foreign = format!("CREATE SCHEMA theirs; CREATE TABLE theirs.facts (); GRANT SELECT ON theirs.facts TO {role}");
    sql::admin(&server, &foreign).await;
    sql::admin_in(
        &server,
        "logs",
        &format!("REVOKE CONNECT ON DATABASE logs FROM PUBLIC; CREATE TABLE x (); GRANT SELECT ON x TO {role}"),
    )
    .await;
    let life = deletion(&server, &id);
    assert_eq!(life.live().await.exit, Exit::Done);
    let (code, text) = life.failure();
    assert_eq!(code, "POSTGRES_ROLE_IN_USE");
    for part in
        ["privileges on table theirs.facts", "objects in database logs", "cannot clean up in database logs (42501)"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!can_log_in(&server, &payload).await);
    sql::admin(
        &server,
        &format!("REVOKE SELECT ON theirs.facts FROM {role}; GRANT CONNECT ON DATABASE logs TO PUBLIC"),
    )
    .await;
    sql::admin_in(&server, "logs", &format!("REVOKE SELECT ON x FROM {role}")).await;
    delete(&server, &id).await;
}

#[tokio::test]
async fn many_long_names_do_not_fill_the_text() {
    let server = app::server().await;
    let (id, _, role) = role(&server).await;
    let long = "x\ny".repeat(20);
    let grant = |number: u32| {
        format!("CREATE TABLE public.\"{long}{number:02}\" (); GRANT SELECT ON public.\"{long}{number:02}\" TO {role};")
    };
    let many = (0..30).map(grant).collect::<Vec<_>>().concat();
    sql::admin(&server, &many).await;
    let life = deletion(&server, &id);
    life.live().await;
    let (code, text) = life.failure();
    assert_eq!(code, "POSTGRES_ROLE_IN_USE");
    assert!(text.len() < 800 && text.contains("and more") && !text.contains(char::is_control), "{text}");
}

#[tokio::test]
async fn a_role_of_ibms_provider_is_found_by_its_oid() {
    let server = app::server().await;
    // The statements of IBM's provider.
    let made = "CREATE ROLE \"secrets_manager_5f0e3a52_77c1\" WITH LOGIN PASSWORD 'canary-ibm';
        SET ROLE app_owner; GRANT USAGE ON SCHEMA app TO \"secrets_manager_5f0e3a52_77c1\";
        GRANT SELECT ON ALL TABLES IN SCHEMA app TO \"secrets_manager_5f0e3a52_77c1\";
        SELECT oid FROM pg_roles WHERE rolname LIKE 'secrets_manager_%'";
    let oid = sql::admin(&server, made).await.remove(0);
    delete(&server, &oid).await;
    assert_eq!(
        sql::admin(&server, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'secrets_manager_%'").await,
        ["0"]
    );
    // Gone for good: the OID names nobody.
    delete(&server, &oid).await;
}

#[tokio::test]
async fn an_oid_that_names_another_role_today_touches_nothing() {
    let server = app::server().await;
    let (_, payload, _) = role(&server).await;
    for other in ["app_owner", LOGIN, "postgres", name(&payload)] {
        let oid = sql::admin(&server, &format!("SELECT oid FROM pg_roles WHERE rolname = '{other}'")).await.remove(0);
        let life = deletion(&server, &oid);
        life.live().await;
        assert_eq!(life.failure().0, "POSTGRES_FOREIGN_ROLE", "{other}");
    }
    assert!(can_log_in(&server, &payload).await);
    assert_eq!(sql::admin(&server, "SELECT count(*) FROM pg_roles WHERE rolcanlogin").await, ["3"]);
}

#[tokio::test]
async fn a_role_without_our_prefix_is_never_touched() {
    let server = app::server().await;
    let marker = format!("{}-0001abcdefff", TASK.replace("sm-task-", "sm-"));
    let with_server = format!("{marker}@127.0.0.1:{}", server.port);
    for id in ["app_owner", "postgres", "sm-admin", "secrets_manager_5f0e3a52", &marker, &with_server] {
        let life = deletion(&server, id);
        life.live().await;
        assert_eq!(life.failure().0, "POSTGRES_BAD_CREDENTIALS_ID", "{id}");
    }
    let log = server.log();
    assert!(!log.contains("NOLOGIN\n") && !log.contains("user=credjob_login"), "nobody came");
}

#[tokio::test]
async fn a_login_secret_that_names_another_server_today_deletes_nothing_and_does_not_say_so() {
    let server = app::server().await;
    let (id, payload, _) = role(&server).await;
    let other = app::server().await;
    let patched = deletion(&other, &id);
    assert_eq!(patched.live().await.exit, Exit::Done);
    let (code, text) = patched.failure();
    assert_eq!(code, "POSTGRES_OTHER_SERVER");
    for part in [&format!("127.0.0.1:{}", other.port), "nothing was sent", "set login_secret_id", "back", "rotate"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!other.log().contains("user=credjob_login"), "the other server was not asked");
    assert!(can_log_in(&server, &payload).await);
    delete(&server, &id).await;
}

#[tokio::test]
async fn one_server_under_two_names_counts_as_two() {
    let server = app::server().await;
    let (id, payload, _) = role(&server).await;
    let renamed = Life::with_credentials(&app::credentials_at(&server, "localhost", server.port));
    let renamed = renamed.task(900).deleting(&id);
    assert_eq!(renamed.live().await.exit, Exit::Done);
    assert_eq!(renamed.failure().0, "POSTGRES_OTHER_SERVER");
    assert!(can_log_in(&server, &payload).await, "nothing was touched");
    // The letters' case and the dot at the end are no other name.
    let localhost = Life::with_credentials(&app::credentials_at(&server, "localhost", server.port)).task(2);
    let (other_id, _) = created(&localhost).await;
    let loud = Life::with_credentials(&app::credentials_at(&server, "LOCALHOST.", server.port)).task(901);
    let loud = loud.deleting(&other_id);
    loud.live().await;
    assert_eq!(loud.reported()["status"], "credentials_deleted", "{}", loud.reported());
    delete(&server, &id).await;
}

#[tokio::test]
async fn a_role_that_somebody_made_an_administrator_is_not_touched() {
    let server = app::server().await;
    let (id, payload, role) = role(&server).await;
    let password = payload["password"].as_str().expect("a password");
    let session = sql::connect(&server, "app", name(&payload), password).await.expect("a session");
    sql::admin(&server, &format!("ALTER ROLE {role} SUPERUSER")).await;
    let life = deletion(&server, &id);
    life.live().await;
    assert_eq!(life.failure().0, "POSTGRES_FOREIGN_ROLE");
    assert!(session.simple_query("SELECT 1").await.is_ok());
    sql::admin(&server, &format!("ALTER ROLE {role} NOSUPERUSER")).await;
    delete(&server, &id).await;
}
