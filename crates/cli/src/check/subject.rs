//! What is checked: a project's folder, whose job is built, or a job binary.

use std::path::{Path, PathBuf};

use crate::dry_run::build::{self, Artifact};
use crate::dry_run::{program, provider};
use crate::problem::Problem;

/// What is checked.
#[derive(Debug)]
pub(crate) struct Subject {
    /// As people know it.
    pub(crate) shown: String,
    /// What the binary's `schema` prints.
    pub(crate) schema: String,
    /// The project's folder, unless a binary was named.
    pub(crate) project: Option<PathBuf>,
}

/// Finds the subject, builds its job if need be, and asks the job for its schema.
pub(crate) async fn find(argument: Option<&Path>) -> Result<Subject, Problem> {
    let here = std::env::current_dir().map_err(|error| {
        Problem::cannot_start(format!("the current directory is not known: {error}"))
            .hint("change to a directory that exists")
    })?;
    let argument = argument.unwrap_or(Path::new("."));
    let shown = argument.display().to_string();
    let path = here.join(argument);
    if path.is_file() {
        return Ok(Subject { shown, schema: program::ask(&path, "schema").await?, project: None });
    }
    let folder = provider::find(argument, &here).map_err(|_| {
        Problem::usage(format!("`{shown}` is neither a directory with a Cargo.toml nor a job binary"))
            .hint("name a provider of this workspace, its directory, or its binary")
    })?;
    let name = build::binary_name(&folder).await?;
    let binary = build::build(&folder, Artifact::Bin(&name), false).await?;
    let shown = if argument == Path::new(".") { name } else { shown };
    Ok(Subject { shown, schema: program::ask(&binary, "schema").await?, project: Some(folder) })
}
