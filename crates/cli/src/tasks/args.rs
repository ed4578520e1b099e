//! The command lines of the task commands: the names and flags of IBM's plug-in (PROTOCOL 7, gap 33).
#![expect(clippy::doc_markdown, reason = "help is read on a terminal, where backticks are noise")]

use clap::{Args, Subcommand};

use crate::service::{EXIT_CODES, ServiceArgs};

#[derive(Debug, Subcommand)]
#[expect(clippy::enum_variant_names, reason = "the names are those of IBM's command line")]
pub(crate) enum TasksCommand {
    /// List the tasks of a secret, or follow its newest task to the end
    #[command(after_long_help = format!("{LIST_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretTasks(ListArgs),
    /// Show a task
    #[command(after_long_help = format!("{SHOW_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretTask(ShowArgs),
    /// Report the result of a task, as its job would
    #[command(long_about = UPDATE_ABOUT, after_long_help = format!("{UPDATE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretTaskUpdate(UpdateArgs),
    /// Delete a task; a queued or processing one is cancelled
    #[command(after_long_help = format!("{DELETE_EXAMPLES}\n\n{EXIT_CODES}"))]
    SecretTaskDelete(TaskArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The id of the secret
    // Some of IBM's pages say `--id` here.
    #[arg(long, alias = "id")]
    pub(crate) secret_id: String,

    /// Wait for the end of the newest task; exit 1 if it failed
    #[arg(short, long)]
    pub(crate) watch: bool,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) task: TaskArgs,

    /// Wait for its end; exit 1 if it failed
    #[arg(short, long)]
    pub(crate) watch: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TaskArgs {
    /// The id of the secret
    #[arg(long)]
    pub(crate) secret_id: String,

    /// The id of the task: sm-task-...
    #[arg(long)]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Debug, Args)]
#[group(id = "report", required = true, multiple = true)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    pub(crate) task: TaskArgs,

    /// The whole report, a JSON object, in a file (`@-`: standard input)
    #[arg(long, value_name = "@FILE", group = "report", conflicts_with_all = ["task_put_status", "task_put_credentials", "task_put_errors"])]
    pub(crate) task_put: Option<String>,

    /// What became of the task: credentials_created, credentials_deleted or failed
    #[arg(long, value_name = "STATUS", group = "report")]
    pub(crate) task_put_status: Option<String>,

    /// For credentials_created: {"id": ..., "payload": {...}} in a file (`@-`: standard input)
    #[arg(long, value_name = "@FILE", requires = "task_put_status")]
    pub(crate) task_put_credentials: Option<String>,

    /// For failed: [{"code": ..., "description": ...}], 1 to 10 of them; JSON or @FILE
    #[arg(long, value_name = "JSON|@FILE", requires = "task_put_status")]
    pub(crate) task_put_errors: Option<String>,
}

const UPDATE_ABOUT: &str = "\
Report the result of a task, as its job would

Needs the service role SecretTaskUpdater; not even a Manager may do this. Sent once: if nobody can tell whether it was applied, \
the exit code is 3 and `credjob secret-task` tells. Credentials are read from files or standard input, never from the command \
line.

Of these flags IBM's documentation shows --secret-id, --id and --task-put-status; the names of the others follow its pattern.";

pub(super) const LIST_EXAMPLES: &str = "\
Examples (SECRET and TASK stand for the ids):
  credjob secret-tasks --secret-id SECRET
  credjob secret-tasks --secret-id SECRET --watch --format json";

pub(super) const SHOW_EXAMPLES: &str = "\
Examples (SECRET and TASK stand for the ids):
  credjob secret-task --secret-id SECRET --id TASK";

pub(super) const UPDATE_EXAMPLES: &str = "\
Examples (SECRET and TASK stand for the ids):
  credjob secret-task-update --secret-id SECRET --id TASK --task-put-status credentials_deleted
  credjob secret-task-update --secret-id SECRET --id TASK --task-put @report.json

To create credentials: --task-put-status credentials_created --task-put-credentials @new.json, where
new.json holds {\"id\": \"...\", \"payload\": {...}}.
To fail: --task-put-status failed --task-put-errors '[{\"code\": \"ERR1\", \"description\": \"...\"}]'.";

pub(super) const DELETE_EXAMPLES: &str = "\
Examples (SECRET and TASK stand for the ids):
  credjob secret-task-delete --secret-id SECRET --id TASK";
