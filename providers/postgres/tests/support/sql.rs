//! What a test says to the private server itself, past the provider: through its socket.

use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};

use super::server::{ADMIN, Server};

/// Logs in through the socket. The driver ends with the client.
pub(crate) async fn connect(server: &Server, database: &str, user: &str, password: &str) -> Result<Client, Error> {
    let mut config = Config::new();
    config.host_path(server.socket_folder()).port(server.port).user(user).password(password).dbname(database);
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

/// Runs statements as the administrator in a database.
pub(crate) async fn admin_in(server: &Server, database: &str, statements: &str) -> Vec<String> {
    let client = connect(server, database, ADMIN, "").await.expect("the administrator may log in");
    let answer = client.simple_query(statements).await.unwrap_or_else(|error| panic!("{statements}: {error:?}"));
    first_column(&answer)
}

/// Runs statements as the administrator in the application's database.
pub(crate) async fn admin(server: &Server, statements: &str) -> Vec<String> {
    admin_in(server, "app", statements).await
}

/// The first column of every row.
pub(crate) fn first_column(answer: &[SimpleQueryMessage]) -> Vec<String> {
    let row = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
        _ => None,
    };
    answer.iter().filter_map(row).collect()
}
