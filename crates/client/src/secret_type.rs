//! The types of secrets that the service documents.

use std::fmt;

/// A secret type (PROTOCOL 4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretType {
    /// Any text.
    Arbitrary,
    /// A user name and a password ("user credentials").
    UsernamePassword,
    /// A JSON object.
    Kv,
    /// An IAM API key that the service creates.
    IamCredentials,
    /// The credentials of another IBM Cloud service.
    ServiceCredentials,
    /// What a job created.
    CustomCredentials,
    /// A certificate from elsewhere.
    ImportedCert,
    /// A certificate of a public authority.
    PublicCert,
    /// A certificate of a private authority.
    PrivateCert,
}

impl SecretType {
    /// Every type.
    pub const ALL: [Self; 9] = [
        Self::Arbitrary,
        Self::UsernamePassword,
        Self::Kv,
        Self::IamCredentials,
        Self::ServiceCredentials,
        Self::CustomCredentials,
        Self::ImportedCert,
        Self::PublicCert,
        Self::PrivateCert,
    ];

    /// The service's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arbitrary => "arbitrary",
            Self::UsernamePassword => "username_password",
            Self::Kv => "kv",
            Self::IamCredentials => "iam_credentials",
            Self::ServiceCredentials => "service_credentials",
            Self::CustomCredentials => "custom_credentials",
            Self::ImportedCert => "imported_cert",
            Self::PublicCert => "public_cert",
            Self::PrivateCert => "private_cert",
        }
    }

    /// The type that the service calls `word`, if this release knows it.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

impl fmt::Display for SecretType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
