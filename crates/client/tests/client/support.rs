//! A client for the tests of this package.

use std::sync::Arc;
use std::time::Duration;

use credjob_client::{SecretsManager, Tokens};
use credjob_contract::{Auth, Secret};
use credjob_http::{Budget, Clock, HostGuard, HttpClient, Ledger, SeededRandom, Transport};

pub(crate) fn client(transport: Arc<dyn Transport>, url: &str, auth: Auth) -> SecretsManager {
    let budget = Budget::lasting(Duration::from_secs(30));
    let random = Arc::new(SeededRandom::new(7));
    let http = HttpClient::new(transport, Clock::system(), random, HostGuard::closed(), Ledger::new(), budget);
    let tokens = Arc::new(Tokens::new(http.clone(), url.to_owned(), auth));
    SecretsManager::new(http, url.parse().unwrap(), tokens)
}

pub(crate) fn api_key() -> Auth {
    Auth::ApiKey(Secret::from("support+api/key"))
}
