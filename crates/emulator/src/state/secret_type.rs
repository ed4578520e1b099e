//! The nine types of secrets.

/// A secret type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretType {
    Arbitrary,
    UsernamePassword,
    Kv,
    IamCredentials,
    ServiceCredentials,
    CustomCredentials,
    ImportedCert,
    PublicCert,
    PrivateCert,
}

impl SecretType {
    pub(crate) const ALL: [Self; 9] = [
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

    pub(crate) fn as_str(self) -> &'static str {
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

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|secret_type| secret_type.as_str() == word)
    }
}
