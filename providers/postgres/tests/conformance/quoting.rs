//! Names and texts are quoted so that the server reads them as they are.

use credjob_sql::{Identifier, literal};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio_postgres::SimpleQueryMessage;

use crate::support::{app, sql};
use crate::{as_role, created, creation, rows};

/// A schema whose name is made to break out of quotes.
const ODD: &str = r#"a"b'; DROP ROLE app_owner; -- \"#;

#[tokio::test]
async fn a_schema_name_with_quotes_is_a_schema_name() {
    let server = app::server().await;
    let odd: Identifier = ODD.parse().expect("a name");
    sql::admin(
        &server,
        &format!("CREATE SCHEMA {odd} AUTHORIZATION app_owner; SET ROLE app_owner; CREATE TABLE {odd}.t (); "),
    )
    .await;
    let (id, payload) = created(&creation(&server).with("SM_SCHEMA_NAME_VALUE", ODD)).await;
    assert_eq!(as_role(&server, &payload, &format!("SELECT count(*) FROM {odd}.t")).await, rows(&["0"]));
    let deletion = creation(&server).task(2).with("SM_SCHEMA_NAME_VALUE", ODD).deleting(&id);
    deletion.live().await;
    assert_eq!(deletion.reported()["status"], "credentials_deleted");
    assert_eq!(sql::admin(&server, "SELECT count(*) FROM pg_roles WHERE rolname = 'app_owner'").await, ["1"]);
}

/// What the server reads: the text of a literal, and the name of a column.
async fn read(client: &tokio_postgres::Client, text: &str, name: &Identifier) -> (String, String) {
    let answer = client.simple_query(&format!("SELECT {} AS {name}", literal(text))).await.expect("one statement");
    let rows: Vec<_> = answer
        .iter()
        .filter_map(|message| if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None })
        .collect();
    assert_eq!(rows.len(), 1, "{text:?}");
    (rows[0].get(0).expect("a text").to_owned(), rows[0].columns()[0].name().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_and_every_name_arrives_as_it_is() {
    let server = app::server().await;
    for conforming in ["on", "off"] {
        let client = sql::connect(&server, "app", "postgres", "").await.expect("a session");
        client.batch_execute(&format!("SET standard_conforming_strings = {conforming}")).await.expect("set");
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() });
        let texts = (r#"[a-c'"\\;$%_ -]{0,12}|\PC{0,20}"#, r#"[a-c'"\\;$%_ -]{1,12}|\PC{1,15}"#);
        let handle = tokio::runtime::Handle::current();
        let ended = tokio::task::block_in_place(|| {
            runner.run(&texts, |(text, name)| {
                let identifier: Identifier = name.parse().expect("a name");
                let arrived = handle.block_on(read(&client, &text, &identifier));
                prop_assert_eq!(arrived, (text, name));
                Ok(())
            })
        });
        ended.expect("all arrive");
    }
}
