//! How a job of an existing contract may find its system: a required `secret_id` is the login, and the URL is an input or stands in that secret.

use credjob_contract::{Direction, VariableType};

use super::types::Typed;

/// Words of an input that holds a URL.
const URL_WORDS: [&str; 3] = ["URL", "URI", "ENDPOINT"];

/// The inputs that lead to the system.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connection<'a> {
    /// Names the login secret.
    pub(crate) login: &'a Typed,
    /// Holds the base URL; without it the login secret does.
    pub(crate) url: Option<&'a Typed>,
}

impl<'a> Connection<'a> {
    /// Finds them. `None` if there is no login, or no text that could tell one credential from another: then nothing is known that could be tried.
    pub(crate) fn of(fields: &'a [Typed]) -> Option<Self> {
        let required = |direction| {
            fields
                .iter()
                .filter(move |field| field.variable.direction == direction && field.variable.declaration.required)
        };
        let is_text = |field: &&Typed| field.variable.declaration.variable_type == VariableType::String;
        let is_url = |field: &&Typed| field.variable.name.split('_').any(|word| URL_WORDS.contains(&word));
        let mut logins = required(Direction::Input)
            .filter(|field| field.variable.declaration.variable_type == VariableType::SecretId);
        required(Direction::Output).find(is_text)?;
        Some(Self { login: logins.next()?, url: required(Direction::Input).filter(is_text).find(is_url) })
    }

    /// Whether the connection takes this input.
    pub(crate) fn takes(&self, input: &Typed) -> bool {
        input == self.login || Some(input) == self.url
    }
}

#[cfg(test)]
mod tests {
    use credjob_contract::JobConfig;

    use super::*;
    use crate::new::types;

    /// The names of the login and of the URL.
    fn connection(variables: &[(&str, &str)]) -> Option<(String, Option<String>)> {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        let file = serde_json::json!({ "job_env_variables": variables }).to_string();
        let types = types::of(&JobConfig::parse(&file).expect("a good file"), "Acme");
        let found = Connection::of(&types.fields)?;
        Some((found.login.variable.name.clone(), found.url.map(|url| url.variable.name.clone())))
    }

    const TOKEN: (&str, &str) = ("SMOUT_TOKEN", "type:string, required:true");
    const LOGIN: (&str, &str) = ("SMIN_LOGIN_SECRET_ID", "type:secret_id, required:true");

    #[test]
    fn the_url_is_an_input_or_stands_in_the_login() {
        let url = ("SMIN_JFROG_BASE_URL", "type:string, required:true");
        assert_eq!(connection(&[url, LOGIN, TOKEN]), Some(("LOGIN_SECRET_ID".into(), Some("JFROG_BASE_URL".into()))));
        let optional = ("SMIN_URL", "type:string, required:false");
        assert_eq!(connection(&[optional, LOGIN, TOKEN]), Some(("LOGIN_SECRET_ID".into(), None)));
    }

    #[test]
    fn without_a_login_or_a_text_nothing_can_be_tried() {
        assert_eq!(connection(&[("SMIN_COMMON_NAME", "type:string, required:true"), TOKEN]), None);
        assert_eq!(connection(&[("SMIN_REF", "type:secret_id, required:false"), TOKEN]), None);
        assert_eq!(connection(&[LOGIN, ("SMOUT_PORT", "type:integer, required:true")]), None);
    }
}
