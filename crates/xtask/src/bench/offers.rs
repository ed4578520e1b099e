//! What a target offers: inputs of the job, its environment, and the login secret.

use serde_json::{Value, json};

use crate::failed::{Checked, Failed};

/// The id of the login secret on the servers of the bench (`examples/bench_server/answer.rs`).
const LOGIN: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// The lines before `ready`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Offers {
    /// Variables of the job.
    pub(crate) environment: Vec<(String, String)>,
    /// What belongs to its type in the login secret.
    pub(crate) login: Option<Value>,
}

impl Offers {
    /// Takes one line.
    pub(crate) fn take(&mut self, line: &str) -> Checked {
        let strange = || Failed::new(format!("the bench does not know this line of a target: {line}"));
        let (kind, rest) = line.split_once(' ').ok_or_else(strange)?;
        let (name, value) = rest.split_once('=').ok_or_else(strange)?;
        let input = format!("SM_{}_VALUE", name.to_uppercase());
        let variable = match kind {
            "--param" => (input, value.to_owned()),
            "--job-env" => (name.to_owned(), value.to_owned()),
            // The bench server has one secret, and no target needs another type.
            "--secret" if self.login.is_none() => {
                let file = value.strip_prefix("kv:@").ok_or_else(strange)?;
                self.login = Some(json!({"secret_type": "kv", "data": data(file)?}));
                (input, LOGIN.to_owned())
            }
            _ => return Err(strange()),
        };
        self.environment.push(variable);
        Ok(())
    }
}

fn data(file: &str) -> Checked<Value> {
    let text = std::fs::read(file).map_err(|error| Failed::new(format!("cannot read the login secret: {error}")))?;
    serde_json::from_slice(&text).map_err(|error| Failed::new(format!("the login secret is no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_and_environment_become_variables() {
        let mut offers = Offers::default();
        for line in ["--param schema_name=a=b", "--job-env A=b c"] {
            offers.take(line).expect("known");
        }
        let expected = [("SM_SCHEMA_NAME_VALUE", "a=b"), ("A", "b c")];
        assert_eq!(offers.environment, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_login_secret_is_read_from_its_file() {
        let file = std::env::temp_dir().join(format!("xtask-offers-{}.json", std::process::id()));
        std::fs::write(&file, r#"{"host":"x"}"#).expect("a file");
        let mut offers = Offers::default();
        let line = format!("--secret login_secret_id=kv:@{}", file.display());
        offers.take(&line).expect("known");
        offers.take(&line).expect_err("a second secret");
        std::fs::remove_file(&file).expect("it is there");
        assert_eq!(offers.login, Some(json!({"secret_type": "kv", "data": {"host": "x"}})));
        assert_eq!(offers.environment, [("SM_LOGIN_SECRET_ID_VALUE".to_owned(), LOGIN.to_owned())]);
    }

    #[test]
    fn any_other_line_is_refused() {
        for line in ["hello", "--param x", "--secret a=arbitrary:@/x", "--port 1=2"] {
            Offers::default().take(line).expect_err(line);
        }
    }
}
