//! How each failure code of the provider comes about, on a real server.

use credjob_testkit::target::{Credential, Provocation, Target as _, TargetSettings};
use serde_json::json;

use crate::kit::Database;
use crate::support::app::{self, LOGIN, LOGIN_PASSWORD};
use crate::support::certificates::Certificates;
use crate::support::server::Server;
use crate::support::sql;

/// A deadline for jobs that wait for a server until they give up.
const SHORT: &str = "8s";

/// A job that ends with `code`, on a server that is brought into the state for it.
pub(crate) async fn provocation(database: &Database, code: &str, made: &Credential) -> Option<Provocation> {
    let settings = database.settings();
    Some(match code {
        "POSTGRES_BAD_LOGIN" => Provocation::create(with_url(database, "https://app:password@127.0.0.1/app")),
        "POSTGRES_NO_SERVER" => {
            let user = json!({ "secret_type": "username_password", "username": LOGIN, "password": LOGIN_PASSWORD });
            Provocation::create(settings.typed_secret("login_secret_id", user))
        }
        "POSTGRES_WEAK_TLS" => Provocation::create(with_url(database, &url(database, "app?sslmode=require"))),
        "POSTGRES_NO_DATABASE" => Provocation::create(with_url(database, &url(database, "nowhere"))),
        "POSTGRES_BAD_CERTIFICATE" => Provocation::create(with_certificate(database, "no PEM")),
        "POSTGRES_UNTRUSTED_SERVER" => {
            let other = Certificates::for_hosts(&["127.0.0.1"]);
            Provocation::create(with_certificate(database, &other.authority))
        }
        "POSTGRES_NO_TLS" => {
            let open = Server::start_with(&["127.0.0.1"], &["ssl=off"]);
            Provocation::create(database.settings_at("127.0.0.1", open.port)).keeping(open)
        }
        "POSTGRES_UNREACHABLE" => {
            let nobodys = database.settings_at("127.0.0.1", nobodys_port());
            Provocation::create(nobodys.job_env("CREDJOB_DEADLINE", SHORT))
        }
        "POSTGRES_BAD_PARAMETER" => Provocation::create(settings.param("schema_name", "pg_catalog")),
        "POSTGRES_BAD_GROUP" => Provocation::create(settings.param("grant_role", "nobody")),
        "POSTGRES_BAD_CREDENTIALS_ID" => Provocation::delete("app_owner", settings),
        "POSTGRES_OTHER_SERVER" => Provocation::delete(&made.id, database.settings_at("localhost", database.0.port)),
        "POSTGRES_NO_RANDOMNESS" => Provocation::impossible("the operating system does not fail here on demand"),
        _ => return administered(database, code, made).await,
    })
}

/// The codes that depend on what the administrator has set up.
async fn administered(database: &Database, code: &str, made: &Credential) -> Option<Provocation> {
    let settings = database.settings();
    let role = &made.id;
    let administer = async |statements: &str| drop(sql::admin(&database.0, statements).await);
    let create = Provocation::create(settings.clone());
    let delete = Provocation::delete(role, settings.clone());
    Some(match code {
        "POSTGRES_LOGIN_REJECTED" => {
            administer("ALTER ROLE credjob_login PASSWORD 'canary-another'").await;
            create
        }
        "POSTGRES_TOO_MANY_CONNECTIONS" => {
            administer("ALTER ROLE credjob_login CONNECTION LIMIT 0").await;
            Provocation::create(settings.job_env("CREDJOB_DEADLINE", SHORT))
        }
        "POSTGRES_READ_ONLY_SERVER" => {
            // What a replica answers, too.
            administer("ALTER ROLE credjob_login SET default_transaction_read_only = on").await;
            create
        }
        "POSTGRES_MAY_NOT_CREATE_ROLES" => {
            administer("ALTER ROLE credjob_login NOCREATEROLE").await;
            create
        }
        "POSTGRES_NO_SCHEMA" => {
            administer("DROP SCHEMA app CASCADE").await;
            create
        }
        "POSTGRES_MAY_NOT_GRANT" => {
            administer("CREATE TABLE app.foreign_facts ()").await;
            create
        }
        "POSTGRES_NOT_PERMITTED" => {
            administer("CREATE SCHEMA theirs").await;
            Provocation::create(settings.param("schema_name", "theirs"))
        }
        "POSTGRES_BUSY" => when_granting(database, "RAISE lock_not_available", create).await,
        // The names are random; the server's answer is as if somebody had thought of the same one.
        "POSTGRES_NAME_TAKEN" => when_granting(database, "RAISE duplicate_object", create).await,
        "POSTGRES_SERVER_ERROR" => when_granting(database, "RAISE 'canary of the server'", create).await,
        "POSTGRES_CONNECTION_LOST" => {
            when_granting(database, "PERFORM pg_terminate_backend(pg_backend_pid())", create).await
        }
        "POSTGRES_NEW_ROLE_REJECTED" => {
            let closed = "ALTER DATABASE app OWNER TO postgres; REVOKE CONNECT ON DATABASE app FROM PUBLIC;
                GRANT CONNECT ON DATABASE app TO credjob_login";
            administer(closed).await;
            create
        }
        "POSTGRES_NOT_READABLE" => {
            administer("REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM app_read").await;
            Provocation::create(settings.param("grant_role", "app_read"))
        }
        "POSTGRES_FOREIGN_ROLE" => {
            let oid = sql::admin(&database.0, "SELECT 'app_owner'::regrole::oid").await.remove(0);
            Provocation::delete(&oid, settings)
        }
        "POSTGRES_SESSIONS_REMAIN" => {
            let text = |key: &str| made.payload[key].as_str().unwrap_or_default();
            let session = sql::connect(&database.0, "app", text("username"), text("password")).await.ok()?;
            // The login joins the role without getting its rights.
            administer("ALTER ROLE credjob_login NOINHERIT").await;
            delete.keeping(session)
        }
        "POSTGRES_ROLE_IN_USE" => {
            administer(&format!("CREATE TABLE public.facts (); GRANT SELECT ON public.facts TO \"{role}\"")).await;
            delete
        }
        _ => return None,
    })
}

/// From now on every GRANT on a table does this first: what an administrator's trigger may do, and a server in trouble.
async fn when_granting(database: &Database, does: &str, job: Provocation) -> Provocation {
    let trigger = format!(
        "CREATE FUNCTION public.trouble() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN {does}; END $$;
         CREATE EVENT TRIGGER trouble ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION public.trouble()"
    );
    sql::admin(&database.0, &trigger).await;
    job
}

/// The URL of another place on the server.
fn url(database: &Database, place: &str) -> String {
    format!("postgres://{LOGIN}:{LOGIN_PASSWORD}@127.0.0.1:{}/{place}", database.0.port)
}

fn with_url(database: &Database, url: &str) -> TargetSettings {
    let mut credentials = app::credentials(&database.0);
    credentials["connection"]["postgres"]["composed"][0] = url.into();
    Database::settings_with(&credentials)
}

fn with_certificate(database: &Database, pem: &str) -> TargetSettings {
    let mut credentials = app::credentials(&database.0);
    credentials["connection"]["postgres"]["certificate"]["certificate_base64"] = app::encoded(pem).into();
    Database::settings_with(&credentials)
}

/// A port on which nobody listens any more.
fn nobodys_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
