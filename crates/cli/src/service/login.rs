//! From flags and environment to a handle on the instance. Secrets come from the environment only.

use std::path::PathBuf;
use std::time::Duration;

use credjob_client::{Connection, SecretsManager};
use credjob_contract::{Auth, IAM_PRIVATE_URL, IAM_PUBLIC_URL, IAM_TEST_URL, InstanceUrl, Secret, is_loopback_host};

use crate::problem::Problem;
use crate::suggest;

/// How long a command tries: a person waits for it.
const PATIENCE: Duration = Duration::from_secs(30);
/// A service on this machine answers at once or is not there.
const LOCAL_PATIENCE: Duration = Duration::from_secs(3);

/// How long a call to this instance may take with all its attempts.
pub(crate) fn patience(instance: &InstanceUrl) -> Duration {
    if is_loopback_host(instance.host()) { LOCAL_PATIENCE } else { PATIENCE }
}

/// Looks up a variable of the environment; an empty one counts as unset.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variables of this process.
pub(crate) fn of_process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A handle on the instance that flags and environment name.
pub(crate) fn connect(service_url: Option<&str>, lookup: Lookup<'_>) -> Result<SecretsManager, Problem> {
    SecretsManager::connect(connection(service_url, lookup)?).map_err(|error| {
        Problem::usage(error.to_string()).hint("name a PEM file with certificates, or unset the variable")
    })
}

fn connection(service_url: Option<&str>, lookup: Lookup<'_>) -> Result<Connection, Problem> {
    let instance = instance(service_url, lookup)?;
    let auth = auth(&instance, lookup)?;
    Ok(Connection {
        iam_url: iam_url(&instance, lookup)?,
        auth,
        patience: patience(&instance),
        instance,
        ca_file: lookup("CREDJOB_CA_FILE").map(PathBuf::from),
        ssl_cert_file: lookup("SSL_CERT_FILE").map(PathBuf::from),
    })
}

/// The instance by flag, or by environment.
pub(crate) fn instance(service_url: Option<&str>, lookup: Lookup<'_>) -> Result<InstanceUrl, Problem> {
    let (origin, text) = match service_url {
        Some(text) => ("--service-url", text.to_owned()),
        None => ("SECRETS_MANAGER_URL", lookup("SECRETS_MANAGER_URL").ok_or_else(no_instance)?),
    };
    text.parse().map_err(|error| {
        Problem::usage(format!("{origin}: {error}"))
            .hint("copy the address from the Endpoints page of the instance, or from `credjob emulator`")
    })
}

fn no_instance() -> Problem {
    Problem::usage("no Secrets Manager is named").hint(
        "give --service-url URL or export SECRETS_MANAGER_URL; `credjob emulator` prints the line for a local one",
    )
}

/// A trusted profile wins over a key, as it does in a job.
pub(crate) fn auth(instance: &InstanceUrl, lookup: Lookup<'_>) -> Result<Auth, Problem> {
    let either = |ours: &str, theirs: &str| lookup(theirs).or_else(|| lookup(ours));
    let id = either("CREDJOB_TRUSTED_PROFILE_ID", "SECRETS_MANAGER_IAM_PROFILE_ID");
    let name = either("CREDJOB_TRUSTED_PROFILE_NAME", "SECRETS_MANAGER_IAM_PROFILE_NAME");
    if id.is_some() || name.is_some() {
        let cr_token_file = either("CREDJOB_CR_TOKEN_FILE", "SECRETS_MANAGER_CR_TOKEN_FILENAME").map(PathBuf::from);
        return Ok(Auth::TrustedProfile { id, name, cr_token_file });
    }
    // The key of a real account has no business at a local stand-in.
    let of_account = || lookup("IBMCLOUD_API_KEY").filter(|_| !is_loopback_host(instance.host()));
    let key = lookup("SECRETS_MANAGER_APIKEY").or_else(of_account).map(|key| Secret::from(key.trim()));
    match key {
        Some(key) if !key.expose().is_empty() => Ok(Auth::ApiKey(key)),
        _ => Err(Problem::usage("no login: SECRETS_MANAGER_APIKEY is not set, and no trusted profile is named").hint(
            "export SECRETS_MANAGER_APIKEY or SECRETS_MANAGER_IAM_PROFILE_ID; a key is no flag, because other users can read command lines",
        )),
    }
}

/// IAM by environment, or the one that belongs to the instance. A local instance brings its own.
pub(crate) fn iam_url(instance: &InstanceUrl, lookup: Lookup<'_>) -> Result<String, Problem> {
    for name in ["SECRETS_MANAGER_AUTH_URL", "CREDJOB_IAM_URL"] {
        if let Some(text) = lookup(name) {
            let trimmed = text.trim_end_matches('/').trim_end_matches("/identity/token").to_owned();
            // The rules of base URLs are the same: https, or http to this machine.
            return trimmed.parse::<InstanceUrl>().map(|url| url.as_str().to_owned()).map_err(|error| {
                Problem::usage(format!("{name}: {}", error.to_string().replace("an instance URL", "an IAM URL")))
                    .hint("unset it, unless IAM is somewhere else than usual")
            });
        }
    }
    Ok(if is_loopback_host(instance.host()) {
        instance.as_str().to_owned()
    } else if instance.is_test() {
        IAM_TEST_URL.to_owned()
    } else if instance.is_private() {
        IAM_PRIVATE_URL.to_owned()
    } else {
        IAM_PUBLIC_URL.to_owned()
    })
}

/// Reads an id of a flag.
pub(crate) fn id<T: std::str::FromStr>(flag: &str, text: &str) -> Result<T, Problem>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| {
        Problem::usage(format!("{flag}: {error}")).hint("copy it from the console, or from the table that lists it")
    })
}

/// Reads one of several words of a flag.
pub(crate) fn word<'a>(flag: &str, given: &str, known: &[&'a str]) -> Result<&'a str, Problem> {
    known.iter().copied().find(|word| *word == given).ok_or_else(|| {
        Problem::usage(format!("{flag}: unknown value `{}`", given.escape_debug())).hint(suggest::hint(given, known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection_of(url: Option<&str>, variables: &[(&str, &str)]) -> Result<Connection, Problem> {
        let lookup =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        connection(url, &lookup)
    }

    const REMOTE: &str = "https://i.us-south.secrets-manager.appdomain.cloud";
    const LOCAL: &str = "http://127.0.0.1:8800";
    const KEY: (&str, &str) = ("SECRETS_MANAGER_APIKEY", "canary-cli-login");

    #[test]
    fn the_flag_wins_over_the_environment() {
        let connection = connection_of(Some(LOCAL), &[KEY, ("SECRETS_MANAGER_URL", REMOTE)]).expect("complete");
        assert_eq!(connection.instance.as_str(), LOCAL);
    }

    #[test]
    fn each_instance_has_its_iam() {
        let iam = |url: &str| connection_of(Some(url), &[KEY]).expect("complete").iam_url;
        assert_eq!(iam(LOCAL), LOCAL);
        assert_eq!(iam(REMOTE), IAM_PUBLIC_URL);
        assert_eq!(iam("https://i.private.us-south.secrets-manager.appdomain.cloud/api"), IAM_PRIVATE_URL);
        let named =
            connection_of(Some(REMOTE), &[KEY, ("SECRETS_MANAGER_AUTH_URL", "https://iam.example/identity/token")]);
        assert_eq!(named.expect("complete").iam_url, "https://iam.example");
    }

    #[test]
    fn a_trusted_profile_wins_over_a_key() {
        let connection = connection_of(Some(REMOTE), &[KEY, ("SECRETS_MANAGER_IAM_PROFILE_ID", "Profile-1")]);
        assert!(
            matches!(connection.expect("complete").auth, Auth::TrustedProfile { id: Some(id), .. } if id == "Profile-1")
        );
    }

    #[test]
    fn the_key_of_an_account_is_not_given_to_this_machine() {
        assert!(connection_of(Some(REMOTE), &[("IBMCLOUD_API_KEY", "canary-cli-account")]).is_ok());
        let problem = connection_of(Some(LOCAL), &[("IBMCLOUD_API_KEY", "canary-cli-account")]).expect_err("no login");
        assert!(!problem.to_string().contains("canary"), "{problem}");
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        for (url, variables) in [
            (None, &[KEY][..]),
            (Some("http://example.com"), &[KEY][..]),
            (Some(REMOTE), &[][..]),
            (Some(REMOTE), &[KEY, ("SECRETS_MANAGER_AUTH_URL", "ftp://x")][..]),
        ] {
            let text = connection_of(url, variables).expect_err("refused").to_string();
            assert!(text.contains("hint: ") && !text.contains("canary"), "{text}");
        }
    }
}
