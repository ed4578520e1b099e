//! Names that look like personal data, or like a secret. Inputs and credentials ids are metadata: whoever may list a secret sees them.

use credjob_contract::{Direction, JobConfig, VariableType};

use super::finding::{Check, Report};
use super::source::Source;

/// Words of personal data; several in a row are a phrase.
const PERSONAL: [&str; 45] = [
    "ADDRESS_LINE",
    "BIRTH",
    "BIRTHDATE",
    "BIRTHDAY",
    "CARD_NUMBER",
    "CELLPHONE",
    "CREDIT_CARD",
    "CURP",
    "CPF",
    "DOB",
    "DNI",
    "DRIVER_LICENSE",
    "DRIVERS_LICENSE",
    "EMAIL",
    "E_MAIL",
    "EMPLOYEE_ID",
    "EMPLOYEE_NUMBER",
    "FAMILY_NAME",
    "FAX",
    "FIRST_NAME",
    "FIRSTNAME",
    "FULL_NAME",
    "GENDER",
    "GIVEN_NAME",
    "HOME_ADDRESS",
    "IBAN",
    "ID_CARD",
    "IDENTITY_CARD",
    "LAST_NAME",
    "LASTNAME",
    "MAIDEN_NAME",
    "MAIL",
    "MOBILE",
    "NATIONAL_ID",
    "NATIONAL_IDENTITY",
    "NATIONAL_INSURANCE",
    "PASSPORT",
    "PERSONAL",
    "PHONE",
    "POSTAL_ADDRESS",
    "SOCIAL_SECURITY",
    "SSN",
    "SURNAME",
    "TAX_ID",
    "TELEPHONE",
];

/// Words of a secret value.
const SECRET: [&str; 11] = [
    "API_KEY",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PRIVATE_KEY",
    "PWD",
    "SECRET",
    "TOKEN",
];

/// A last word that says that the value is about a secret or an address, but is none.
const ABOUT: [&str; 24] = [
    "ALGO",
    "ALGORITHM",
    "COUNT",
    "DAYS",
    "DOMAIN",
    "ENDPOINT",
    "EXPIRY",
    "FORMAT",
    "HOST",
    "HOURS",
    "ID",
    "KIND",
    "LENGTH",
    "NAME",
    "PATH",
    "POLICY",
    "PORT",
    "PREFIX",
    "SCOPE",
    "SECONDS",
    "SERVER",
    "TTL",
    "TYPE",
    "URL",
];

/// Looks at the names of the inputs.
pub(crate) fn inputs(declared: &JobConfig, report: &mut Report) {
    let inputs = declared.variables.iter().filter(|variable| variable.direction == Direction::Input);
    for input in inputs {
        let text = matches!(input.declaration.variable_type, VariableType::String);
        if text && let Some(word) = looks_secret(&input.name) {
            report.warning(
                Check::SecretInput,
                input.full_name(),
                format!(
                    "looks like a secret value ({word}), and an input is metadata that is not encrypted as secrets are"
                ),
                "take a `SecretId` and read it with `job.read_secret`",
            );
        } else if (text || input.declaration.variable_type == VariableType::Integer)
            && let Some(word) = looks_personal(&input.name)
        {
            report.warning(
                Check::PersonalData,
                input.full_name(),
                format!("looks like personal data ({word}), and an input is metadata of the secret"),
                "name a service or a technical id, or take a `SecretId` and read it with `job.read_secret`",
            );
        }
    }
}

/// Looks at what credentials ids are made of, as far as a line of source shows it.
pub(crate) fn ids(files: &[Source], report: &mut Report) {
    for file in files {
        for (number, line) in file.code() {
            let Some((_, argument)) = line.split_once("CredentialsId::new(") else {
                continue;
            };
            let name: String =
                argument.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
            // Unlike the name of an input, an expression has no last word that would say what it is about.
            let name = name.to_ascii_uppercase();
            if let Some(word) = PERSONAL.into_iter().find(|phrase| holds(&name, phrase)) {
                report.warning(
                    Check::CredentialsId,
                    format!("{}:{number}", file.path),
                    format!("the credentials id seems to be made of personal data ({word}), and it is metadata of the secret"),
                    "use an id that the system itself gave, or the marker",
                );
            }
        }
    }
}

fn looks_personal(name: &str) -> Option<&'static str> {
    let phrase = PERSONAL.into_iter().find(|phrase| holds(name, phrase))?;
    // `EMAIL_SERVER` is no person's, but `NATIONAL_ID` ends as it should.
    let about = last_word(name).is_some_and(|word| ABOUT.contains(&word)) && !name.ends_with(phrase);
    (!about).then_some(phrase)
}

fn looks_secret(name: &str) -> Option<&'static str> {
    let about = last_word(name).is_some_and(|word| ABOUT.contains(&word));
    if about { None } else { SECRET.into_iter().find(|phrase| holds(name, phrase)) }
}

fn last_word(name: &str) -> Option<&str> {
    name.rsplit('_').find(|word| !word.is_empty())
}

/// Whether the words of `phrase` stand in `name`, one after the other. Digits at the end of a word do not count: `PHONE2`.
fn holds(name: &str, phrase: &str) -> bool {
    let words: Vec<&str> =
        name.split('_').map(|word| word.trim_end_matches(|digit: char| digit.is_ascii_digit())).collect();
    let phrase: Vec<&str> = phrase.split('_').collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_personal_data_are_seen() {
        for name in [
            "USER_EMAIL",
            "PHONE",
            "PHONE2",
            "CONTACT_PHONE_NUMBER",
            "NATIONAL_ID",
            "FIRST_NAME",
            "SSN",
            "OWNER_E_MAIL",
        ] {
            assert!(looks_personal(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_that_only_sound_like_it_pass() {
        for name in [
            "MAILBOX",
            "EMAIL_DOMAIN",
            "PHONETIC",
            "COMMON_NAME",
            "USERNAME",
            "TENANT",
            "MAIL_SERVER",
            "EMAIL_LOGIN_SECRET_ID",
        ] {
            assert_eq!(looks_personal(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_secrets_are_seen_and_names_about_secrets_pass() {
        for name in ["PASSWORD", "ADMIN_TOKEN", "API_KEY"] {
            assert!(looks_secret(name).is_some(), "{name}");
        }
        for name in ["LOGIN_SECRET_ID", "TOKEN_TTL", "TOKEN_TYPE", "KEY_ALGO", "INCLUDE_REFERENCE"] {
            assert_eq!(looks_secret(name), None, "{name}");
        }
    }

    #[test]
    fn only_text_and_numbers_can_be_personal() {
        let file = r#"{"job_env_variables": [
            {"name": "SMIN_EMAIL", "value": "type:boolean"},
            {"name": "SMIN_PHONE", "value": "type:integer"},
            {"name": "SMIN_PASSWORD", "value": "type:secret_id"},
            {"name": "SMIN_TOKEN", "value": "type:string"},
            {"name": "SMOUT_EMAIL", "value": "type:string, required:true"}
        ]}"#;
        let mut report = Report::new("acme");
        inputs(&JobConfig::parse(file).expect("good"), &mut report);
        let places: Vec<_> = report.findings().iter().map(|finding| finding.place.clone()).collect();
        assert_eq!(places, ["SMIN_PHONE", "SMIN_TOKEN"]);
    }

    #[test]
    fn an_id_made_of_personal_data_is_seen() {
        let text = "// CredentialsId::new(email)\nlet id = CredentialsId::new(job.params().user_email.clone())?;\nCredentialsId::new(made.id)\nOk(CredentialsId::new(format!(\"{email}@{}\", self.host()))?)\n";
        let mut report = Report::new("acme");
        ids(&[Source { path: "src/provider.rs".to_owned(), text: text.to_owned() }], &mut report);
        let places: Vec<_> = report.findings().iter().map(|finding| finding.place.clone()).collect();
        assert_eq!(places, ["src/provider.rs:2", "src/provider.rs:4"]);
    }
}
