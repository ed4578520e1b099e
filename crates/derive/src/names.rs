//! Names of inputs, outputs, options and codes.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::LitStr;

use crate::errors::Errors;

/// Inputs that would collide with what Secrets Manager sets itself, without `SM_` (PROTOCOL 1.2).
const RESERVED: [&str; 10] = [
    "ACCESS_APIKEY",
    "ACTION",
    "CREDENTIALS_ID",
    "INSTANCE_URL",
    "SECRET_GROUP_ID",
    "SECRET_ID",
    "SECRET_NAME",
    "SECRET_TASK_ID",
    "SECRET_VERSION_ID",
    "TRIGGER",
];

/// The names of one type, to find those that are there twice.
#[derive(Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// Takes a name, unless it was taken before, which is reported.
    pub(crate) fn take(&mut self, name: &str, what: &str, place: impl ToTokens, errors: &mut Errors) {
        if !self.0.insert(name.to_owned()) {
            errors.at(place, format!("{what} `{name}` is there twice"));
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// `common_name` as `COMMON_NAME`.
pub(crate) fn of_field(field: &str) -> Result<String, String> {
    if field.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
        Ok(field.to_ascii_uppercase())
    } else {
        Err(format!("`{field}` cannot be the name of a variable: only a-z, 0-9 and _ are allowed"))
    }
}

/// A name that was written out, `COMMON_NAME`.
pub(crate) fn written(name: &LitStr) -> Result<String, String> {
    let text = name.value();
    if !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')) {
        Ok(text)
    } else {
        Err(format!("`{text}` cannot be the name of a variable: only A-Z, 0-9 and _ are allowed"))
    }
}

/// Refuses the names of inputs that Secrets Manager uses itself.
pub(crate) fn refuse_reserved(name: &str, place: impl ToTokens, errors: &mut Errors) {
    if RESERVED.contains(&name) {
        errors.at(place, format!("{name} is a name of Secrets Manager itself (SM_{name}); choose another"));
    }
}

/// `ReadOnly` as `READ_ONLY`, `HttpV2` as `HTTP_V2`, `IAMRejected` as `IAM_REJECTED`.
pub(crate) fn screaming(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut screaming = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            screaming.push('_');
        }
        screaming.extend(letter.to_uppercase());
    }
    screaming
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_variant_are_separated() {
        let names = [
            ("Rsa", "RSA"),
            ("ReadOnly", "READ_ONLY"),
            ("Sha256", "SHA256"),
            ("Aes128Gcm", "AES128_GCM"),
            ("HttpV2", "HTTP_V2"),
        ];
        for (variant, option) in names {
            assert_eq!(screaming(variant), option);
        }
    }

    #[test]
    fn an_abbreviation_is_one_word() {
        assert_eq!(screaming("IAMRejected"), "IAM_REJECTED");
        assert_eq!(screaming("RSA"), "RSA");
    }
}
