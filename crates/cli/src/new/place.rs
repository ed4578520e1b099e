//! Puts a project in its place: written beside it, formatted, and moved there in one step.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::template::Files;
use crate::dry_run::interrupt::Interrupt;
use crate::problem::Problem;
use crate::runtime;

/// Refuses a place that no project can have, or where something is already.
pub(crate) fn refuse(target: &Path) -> Result<(), Problem> {
    if target.to_str().is_none() {
        return Err(Problem::usage(format!("the path {} is no UTF-8 text, which rustc needs", target.display()))
            .hint("choose another folder, or --path"));
    }
    match target.symlink_metadata() {
        Ok(_) => Err(Problem::usage(format!("{} exists already, and nothing was changed", target.display()))
            .hint("choose another name, or another folder with --path")),
        Err(_) => Ok(()),
    }
}

/// Writes every file, or none: also when the person stops it.
pub(crate) fn write(target: &Path, files: &Files) -> Result<(), Problem> {
    runtime::block_on(async {
        let interrupt = Interrupt::listen().map_err(|error| cannot_write(target, &error))?;
        tokio::select! {
            written = drafted(target, files) => written,
            () = interrupt.asked() => Err(Problem::interrupted()),
        }
    })
}

async fn drafted(target: &Path, files: &Files) -> Result<(), Problem> {
    let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
        return Err(Problem::usage(format!("{} cannot be a new folder", target.display()))
            .hint("choose another folder with --path"));
    };
    if !parent.is_dir() {
        return Err(Problem::usage(format!("there is no folder {}", parent.display()))
            .hint("create it first, or choose another --path"));
    }
    let draft = Draft(parent.join(format!(".{}.credjob-new-{}", name.to_string_lossy(), std::process::id())));
    std::fs::create_dir(&draft.0).map_err(|error| cannot_write(&draft.0, &error))?;
    for (path, text) in files {
        let path = draft.0.join(path);
        let folder = path.parent().unwrap_or(&draft.0);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| cannot_write(&path, &error))?;
    }
    format(&draft.0, files).await;
    // A rename would replace an empty folder that appeared meanwhile.
    refuse(target)?;
    std::fs::rename(&draft.0, target).map_err(|error| cannot_write(target, &error))
}

/// A folder that goes away unless it was moved.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // After a success there is nothing left to remove.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Line lengths depend on the project's name. Without rustfmt the code is right all the same.
async fn format(root: &Path, files: &Files) {
    let sources = files.keys().filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs"));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--quiet", "--edition", "2024"]).args(sources).current_dir(root);
    rustfmt.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let formatted = rustfmt.status().await;
    if !formatted.is_ok_and(|status| status.success()) {
        eprintln!("note: rustfmt could not be run; run `cargo fmt` in the project before its CI does");
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Problem {
    Problem::cannot_start(format!("cannot write {}: {error}", path.display()))
        .hint("nothing was left behind; check the rights and the space of that folder")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("readable").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn every_file_lands_in_its_place() {
        let folder = TempDir::new().expect("a folder");
        let files =
            Files::from([("src/lib.rs".to_owned(), "fn   a() {}\n".to_owned()), ("a".to_owned(), "b".to_owned())]);
        write(&folder.path().join("acme"), &files).expect("written");
        assert_eq!(std::fs::read_to_string(folder.path().join("acme/src/lib.rs")).expect("there"), "fn a() {}\n");
        assert_eq!(names(folder.path()), ["acme"]);
    }

    #[test]
    fn what_exists_is_never_touched() {
        let folder = TempDir::new().expect("a folder");
        std::fs::create_dir(folder.path().join("acme")).expect("a folder");
        assert!(refuse(&folder.path().join("acme")).is_err());
        assert!(write(&folder.path().join("acme"), &Files::new()).is_err());
        assert_eq!(names(folder.path()), ["acme"]);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let folder = TempDir::new().expect("a folder");
        // A file cannot be a folder too.
        let files = Files::from([("a".to_owned(), String::new()), ("a/b".to_owned(), String::new())]);
        assert!(write(&folder.path().join("acme"), &files).is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_missing_parent_is_a_usage_error() {
        assert!(write(Path::new("/no/such/folder/acme"), &Files::new()).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_path_that_rustc_cannot_take_is_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/no/such/fol\xffder"));
        assert!(refuse(path).expect_err("refused").to_string().contains("UTF-8"));
    }
}
