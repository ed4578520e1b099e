//! The command lines of the lock commands: the names and flags of IBM's plug-in.
#![expect(clippy::doc_markdown, reason = "help is read on a terminal, where backticks are noise")]

use clap::{Args, Subcommand};

use crate::service::{EXIT_CODES, ServiceArgs};

#[derive(Debug, Subcommand)]
#[expect(clippy::enum_variant_names, reason = "the names are those of IBM's command line")]
pub(crate) enum LocksCommand {
    /// List the locks of a secret
    #[command(after_long_help = format!("{LIST_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretLocks(ListArgs),
    /// Lock the current version of a secret
    #[command(after_long_help = format!("{CREATE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretLocksBulkCreate(CreateArgs),
    /// Delete locks of the current version by name, or all locks of a secret
    #[command(after_long_help = format!("{DELETE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretLocksBulkDelete(DeleteArgs),
    /// List the locks of a version
    #[command(after_long_help = format!("{VERSION_LIST_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretVersionLocks(VersionListArgs),
    /// Lock a version of a secret
    #[command(after_long_help = format!("{VERSION_CREATE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretVersionLocksBulkCreate(VersionCreateArgs),
    /// Delete locks of a version, by name or all of them
    #[command(after_long_help = format!("{VERSION_DELETE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretVersionLocksBulkDelete(VersionDeleteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) locks: NewLocksArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) names: NamesArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VersionListArgs {
    #[command(flatten)]
    pub(crate) version: VersionArgs,
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VersionCreateArgs {
    #[command(flatten)]
    pub(crate) version: VersionArgs,
    #[command(flatten)]
    pub(crate) locks: NewLocksArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VersionDeleteArgs {
    #[command(flatten)]
    pub(crate) version: VersionArgs,
    #[command(flatten)]
    pub(crate) names: NamesArgs,
    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SecretArgs {
    /// The id of the secret
    #[arg(long)]
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// The id of the secret
    #[arg(long)]
    pub(crate) secret_id: String,

    /// The version: its id, `current` or `previous`
    #[arg(long)]
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// How many locks to skip
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u32,

    /// How many locks to list
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) limit: u32,

    /// created_at, updated_at or name; with a leading `-` in descending order
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,

    /// Only locks whose name holds this text: 2 to 128 characters
    #[arg(long)]
    pub(crate) search: Option<String>,

    /// Ask for page after page until all locks are listed
    #[arg(long, conflicts_with = "offset")]
    pub(crate) all_pages: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NewLocksArgs {
    /// The locks: [{"name": ..., "description": ..., "attributes": {...}}], JSON or @FILE
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) locks: String,

    #[arg(long, help = "remove_previous: remove locks of these names from the version before", long_help = MODE)]
    pub(crate) mode: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct NamesArgs {
    /// The names of the locks, separated by commas; all locks without it
    #[arg(long, value_delimiter = ',')]
    pub(crate) name: Vec<String>,
}

const MODE: &str = "\
remove_previous: remove locks of these names from the version before

The service also has remove_previous_and_delete, which deletes the data of that version too. It does not support it for custom \
credentials, so it is refused here: use remove_previous, then delete the data of the previous version.";

pub(super) const LIST_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-locks --id SECRET --sort -created_at --all-pages";

pub(super) const CREATE_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-locks-bulk-create --id SECRET --locks @locks.json --mode remove_previous

Inline JSON needs quotes: --locks '[{\"name\":\"app-1\"}]'. A lock of the same name is replaced.";

pub(super) const DELETE_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-locks-bulk-delete --id SECRET --name app-1,app-2
  credjob secret-locks-bulk-delete --id SECRET";

pub(super) const VERSION_LIST_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-version-locks --secret-id SECRET --id previous --format json";

pub(super) const VERSION_CREATE_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-version-locks-bulk-create --secret-id SECRET --id current --locks @locks.json";

pub(super) const VERSION_DELETE_EXAMPLES: &str = "\
Examples (SECRET stands for the id):
  credjob secret-version-locks-bulk-delete --secret-id SECRET --id previous --name app-1";
