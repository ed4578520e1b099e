//! The calls of a run, by what they are for.

use std::fmt;
use std::str::FromStr;

/// A call that leaves the job's process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// An IAM token.
    Token,
    /// Reading a secret, such as the login for the external system.
    ReadSecret,
    /// Creating a credential in the external system.
    Create,
    /// Trying a credential, or any other call to the external system that changes nothing.
    Verify,
    /// Deleting a credential.
    Delete,
    /// Listing credentials.
    List,
    /// Updating the task.
    Update,
    /// Reading the task.
    ReadTask,
    /// Reading the list of the secret's versions.
    Versions,
}

impl Call {
    /// All calls.
    pub const ALL: [Self; 9] = [
        Self::Token,
        Self::ReadSecret,
        Self::Create,
        Self::Verify,
        Self::Delete,
        Self::List,
        Self::Update,
        Self::ReadTask,
        Self::Versions,
    ];

    /// The name in a schedule.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::ReadSecret => "read-secret",
            Self::Create => "create",
            Self::Verify => "verify",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Update => "update",
            Self::ReadTask => "read-task",
            Self::Versions => "versions",
        }
    }

    /// Whether the call can change something.
    pub const fn changes(self) -> bool {
        matches!(self, Self::Create | Self::Delete | Self::Update)
    }

    /// Who answers it.
    pub const fn party(self) -> Party {
        match self {
            Self::Token => Party::Iam,
            Self::Create | Self::Verify | Self::Delete | Self::List => Party::System,
            Self::ReadSecret | Self::Update | Self::ReadTask | Self::Versions => Party::Service,
        }
    }
}

/// Who answers a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// IAM.
    Iam,
    /// The external system.
    System,
    /// Secrets Manager.
    Service,
}

impl Party {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Iam, Self::System, Self::Service];

    /// The name in a schedule.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iam => "all-iam",
            Self::System => "all-system",
            Self::Service => "all-service",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Call {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|call| call.as_str() == text).ok_or(())
    }
}

impl FromStr for Party {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|party| party.as_str() == text).ok_or(())
    }
}
