//! What can be wrong with a secret that was read: its type, or a field in it.

use std::fmt;

use credjob_contract::redact::excerpt;

use crate::SecretType;

/// The longest pointer shown, in characters: it may come from a parameter.
const MAX_POINTER: usize = 200;

/// A secret does not hold what was asked for. Not worth a retry: the same secret answers the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {secret_type} secret {problem} at `{pointer}`; choose a secret that holds it, or correct the field name")]
pub struct FieldMissing {
    /// The type of the secret.
    pub secret_type: SecretType,
    /// The JSON pointer that was asked for.
    pub pointer: String,
    /// What is wrong there.
    pub problem: FieldProblem,
}

impl FieldMissing {
    pub(crate) fn new(secret_type: SecretType, pointer: &str, problem: FieldProblem) -> Self {
        Self { secret_type, pointer: excerpt(pointer, MAX_POINTER), problem }
    }
}

/// What is wrong with a field. Never says its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldProblem {
    /// There is nothing.
    Absent,
    /// There is an empty text.
    Empty,
    /// There is something else than was asked for.
    WrongKind {
        /// What was asked for, such as "a text".
        wanted: &'static str,
        /// What is there, such as "a list".
        found: &'static str,
    },
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("has nothing"),
            Self::Empty => f.write_str("has an empty text"),
            Self::WrongKind { wanted, found } => write!(f, "has {found} instead of {wanted}"),
        }
    }
}

/// A secret is of another type than its user can work with. Not worth a retry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret is of type {found}, but this job needs {}; choose another secret", Alternatives(.wanted))]
pub struct WrongType {
    /// The type of the secret.
    pub found: SecretType,
    /// The types that would do.
    pub wanted: Vec<SecretType>,
}

struct Alternatives<'a>(&'a [SecretType]);

impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, secret_type) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            write!(f, "{secret_type}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_field_is_named_with_the_type_of_the_secret() {
        let error = FieldMissing::new(SecretType::Kv, "/token", FieldProblem::Absent);
        assert_eq!(
            error.to_string(),
            "the kv secret has nothing at `/token`; choose a secret that holds it, or correct the field name"
        );
    }

    #[test]
    fn a_wrong_kind_is_named() {
        let problem = FieldProblem::WrongKind { wanted: "a text", found: "a list" };
        assert_eq!(problem.to_string(), "has a list instead of a text");
    }

    #[test]
    fn a_wrong_type_names_all_that_would_do() {
        let error =
            WrongType { found: SecretType::Kv, wanted: vec![SecretType::Arbitrary, SecretType::CustomCredentials] };
        assert_eq!(
            error.to_string(),
            "the secret is of type kv, but this job needs arbitrary or custom_credentials; choose another secret"
        );
    }

    #[test]
    fn a_pointer_from_outside_is_cut() {
        let error = FieldMissing::new(SecretType::Kv, &"/x".repeat(1000), FieldProblem::Absent);
        assert_eq!(error.pointer.len(), MAX_POINTER);
    }
}
