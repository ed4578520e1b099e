//! `credjob new`: a provider's project, from the template in this binary.
//!
//! Everything is checked and rendered in memory first; then it is written beside its place and moved there in one step.

mod answers;
pub(crate) mod args;
mod connection;
mod contract;
mod idents;
mod name;
mod place;
mod samples;
mod skeleton;
mod snippets;
mod source;
mod template;
mod types;
mod wire;
mod workspace;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::problem::Problem;
use args::NewArgs;
use name::Name;
use skeleton::Kind;
use source::Source;

/// Runs the subcommand.
pub(crate) fn run(arguments: &NewArgs) -> Result<ExitCode, Problem> {
    let here = std::env::current_dir().map_err(|error| {
        Problem::cannot_start(format!("the current directory is not known: {error}"))
            .hint("change to a directory that exists")
    })?;
    let ask = answers::Ask::of_process(arguments.yes);
    let name = match &arguments.name {
        Some(name) => Name::parse(name)?,
        None => answers::name(ask)?,
    };
    let source = Source::find(arguments.credjob_path.as_deref(), &here, ask)?;
    let target = target(arguments, &name, &here);
    place::refuse(&target)?;
    let contract = arguments.from.as_deref().map(contract::read).transpose()?;
    let mut files = template::render(&name, &source)?;
    let kind = contract.map(|contract| skeleton::replace(&mut files, &name, &contract)).transpose()?;
    place::write(&target, &files)?;
    workspace::stand_alone(&target);
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{}", target.display());
    eprint!("{}{}", source.note(), next_steps(arguments, &name, kind));
    Ok(ExitCode::SUCCESS)
}

fn target(arguments: &NewArgs, name: &Name, here: &Path) -> PathBuf {
    match &arguments.path {
        Some(path) => here.join(path),
        None => here.join(name.project()),
    }
}

fn next_steps(arguments: &NewArgs, name: &Name, kind: Option<Kind>) -> String {
    let folder = arguments.path.as_deref().map_or_else(|| name.project().to_owned(), |path| path.display().to_string());
    let rest = match kind {
        Some(Kind::Refusing) => "fill src/api.rs (until then every task is refused), then: credjob dry-run .",
        _ => "credjob dry-run .\n  replace src/api.rs and tests/support/ by your system",
    };
    format!("\nNext:\n  cd {folder}\n  cargo test\n  {rest}\n  credjob check\n")
}
