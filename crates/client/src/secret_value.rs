//! A secret that was read.

use std::borrow::Cow;

use credjob_contract::{Secret, SecretId};

use crate::secret_data::Found;
use crate::{FieldMissing, FieldProblem, SecretData, SecretType, WrongType};

/// A secret with its data.
///
/// Fields are named by JSON pointers into the data of the secret (RFC 6901):
///
/// | Type | Pointers |
/// |---|---|
/// | `arbitrary` | `/payload`; if the payload is JSON text, any pointer into it |
/// | `username_password` | `/username`, `/password` |
/// | `kv` | into `data` |
/// | `iam_credentials` | `/api_key`, `/api_key_id`, `/service_id` |
/// | `service_credentials` | into `credentials`, e.g. `/connection/postgres/composed/0` |
/// | `custom_credentials` | into `credentials_content`, e.g. `/access_token` |
/// | certificates | `/certificate`, `/intermediate`, `/private_key`, `/csr`, `/issuing_ca`, `/ca_chain/0` |
///
/// The leading slash may be left out, as IBM's providers do (`connection/postgres/composed/0`, PROTOCOL 4.9).
/// `Debug` shows no value.
#[derive(Debug, Clone)]
pub struct SecretValue {
    id: SecretId,
    name: Option<String>,
    data: SecretData,
}

impl SecretValue {
    pub(crate) fn new(id: SecretId, name: Option<String>, data: SecretData) -> Self {
        Self { id, name, data }
    }

    /// The id of the secret.
    pub fn id(&self) -> &SecretId {
        &self.id
    }

    /// The name of the secret.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The type of the secret.
    pub fn secret_type(&self) -> SecretType {
        self.data.secret_type()
    }

    /// The data, typed.
    pub fn data(&self) -> &SecretData {
        &self.data
    }

    /// Checks that the secret is of one of these types.
    ///
    /// # Errors
    /// [`WrongType`], with a text that names the types.
    pub fn expect_type(&self, wanted: &[SecretType]) -> Result<(), WrongType> {
        let found = self.secret_type();
        if wanted.contains(&found) { Ok(()) } else { Err(WrongType { found, wanted: wanted.to_vec() }) }
    }

    /// The secret text at `pointer`. The redactor hides it from now on, whatever it is; for a host or a user name
    /// that error texts may show, use [`text`](Self::text).
    ///
    /// # Errors
    /// [`FieldMissing`] when nothing, an empty text, or no text is there.
    pub fn pointer(&self, pointer: &str) -> Result<Secret<String>, FieldMissing> {
        self.text(pointer).map(|text| Secret::new(text.to_owned()))
    }

    /// The text at `pointer`, for what is not secret: hosts, database names, user names, certificates.
    /// (Any other text is known to the redactor since the secret was read.)
    ///
    /// # Errors
    /// [`FieldMissing`] when nothing, an empty text, or no text is there.
    pub fn text(&self, pointer: &str) -> Result<&str, FieldMissing> {
        match self.find(pointer)? {
            Found::Text("") => Err(self.missing(pointer, FieldProblem::Empty)),
            Found::Text(text) => Ok(text),
            found => Err(self.wrong_kind(pointer, "a text", found)),
        }
    }

    /// The integer at `pointer`; a text that is a decimal number counts.
    ///
    /// # Errors
    /// [`FieldMissing`] when nothing or no 64-bit integer is there.
    pub fn integer(&self, pointer: &str) -> Result<i64, FieldMissing> {
        let found = self.find(pointer)?;
        let number = match found {
            Found::Integer(number) => Some(number),
            Found::Text(text) => text.parse().ok(),
            Found::Boolean(_) | Found::Other(_) => None,
        };
        number.ok_or_else(|| self.wrong_kind(pointer, "an integer", found))
    }

    /// The boolean at `pointer`; the texts `true` and `false` count.
    ///
    /// # Errors
    /// [`FieldMissing`] when nothing or no boolean is there.
    pub fn boolean(&self, pointer: &str) -> Result<bool, FieldMissing> {
        let found = self.find(pointer)?;
        let value = match found {
            Found::Boolean(value) => Some(value),
            Found::Text(text) => text.parse().ok(),
            Found::Integer(_) | Found::Other(_) => None,
        };
        value.ok_or_else(|| self.wrong_kind(pointer, "a boolean", found))
    }

    fn find(&self, pointer: &str) -> Result<Found<'_>, FieldMissing> {
        let absolute = if pointer.is_empty() || pointer.starts_with('/') {
            Cow::Borrowed(pointer)
        } else {
            Cow::Owned(format!("/{pointer}"))
        };
        self.data.find(&absolute).ok_or_else(|| self.missing(pointer, FieldProblem::Absent))
    }

    fn wrong_kind(&self, pointer: &str, wanted: &'static str, found: Found<'_>) -> FieldMissing {
        let found = match found {
            Found::Text(_) => "a text",
            Found::Integer(_) => "an integer",
            Found::Boolean(_) => "a boolean",
            Found::Other(what) => what,
        };
        self.missing(pointer, FieldProblem::WrongKind { wanted, found })
    }

    fn missing(&self, pointer: &str, problem: FieldProblem) -> FieldMissing {
        FieldMissing::new(self.secret_type(), pointer, problem)
    }
}
