//! `cargo xtask template`: `templates/provider` rendered as a package of its own, built, tested and tried.

use std::path::{Path, PathBuf};

use crate::command::{cargo, output, program_at_root, run as execute};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// The name that stands for the author's.
const NAME: &str = "acme";

/// Renders the template and runs what its README tells an author to run.
pub(crate) fn run() -> Checked {
    let folder = workspace::scratch("template")?.join(NAME);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| cannot("empty", &folder, &error))?;
    }
    let root = workspace::root();
    render(&root.join("templates/provider"), &folder, &values(&root))?;
    // Outside of our workspace, but with the versions that it was tested with.
    replace(&folder.join("Cargo.toml"), "[lints.rust]\n", "[workspace]\n\n[lints.rust]\nwarnings = \"deny\"\n")?;
    copy(&root.join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let manifest = folder.join("Cargo.toml").display().to_string();
    let target = workspace::target_directory()?;
    execute(cargo(&["test", "--manifest-path", &manifest]).env("CARGO_TARGET_DIR", &target))?;
    let job = target.join("debug").join(NAME);
    let schema = output(program_at_root(&job).arg("schema"))?;
    if std::fs::read_to_string(folder.join("job_config.json")).ok() != Some(schema) {
        return Err(Failed::new("templates/provider/job_config.json is not what the rendered job's `schema` prints"));
    }
    let credjob = workspace::build_program("crates/cli/Cargo.toml", "credjob")?;
    execute(program_at_root(credjob).arg("dry-run").arg(&folder).env("CARGO_TARGET_DIR", &target))
}

/// The placeholders, as `credjob new` will fill them.
fn values(root: &Path) -> Vec<(&'static str, String)> {
    let path = |name: &str| format!("path = '{}'", root.join("crates").join(name).display());
    vec![
        ("project_name", NAME.to_owned()),
        ("crate_name", NAME.to_owned()),
        ("type_prefix", "Acme".to_owned()),
        ("code_prefix", "ACME".to_owned()),
        ("credjob_source", path("core")),
        ("credjob_testkit_source", path("testkit")),
    ]
}

fn render(from: &Path, to: &Path, values: &[(&str, String)]) -> Checked {
    std::fs::create_dir_all(to).map_err(|error| cannot("create", to, &error))?;
    let entries = std::fs::read_dir(from).map_err(|error| cannot("read", from, &error))?;
    for entry in entries.flatten() {
        let (from, to): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            render(&from, &to, values)?;
            continue;
        }
        let text = std::fs::read_to_string(&from).map_err(|error| cannot("read", &from, &error))?;
        let text = filled(&text, values);
        if let Some((_, rest)) = text.split_once("{{") {
            let word = rest.split("}}").next().unwrap_or_default();
            return Err(Failed::new(format!("{}: unknown placeholder {word}", from.display())));
        }
        std::fs::write(&to, text).map_err(|error| cannot("write", &to, &error))?;
    }
    Ok(())
}

fn filled(text: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

fn replace(path: &Path, old: &str, new: &str) -> Checked {
    let present = std::fs::read_to_string(path).map_err(|error| cannot("read", path, &error))?;
    std::fs::write(path, present.replacen(old, new, 1)).map_err(|error| cannot("write", path, &error))
}

fn copy(from: &Path, to: &Path) -> Checked {
    std::fs::copy(from, to).map(drop).map_err(|error| cannot("write", to, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failed {
    Failed::new(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_wherever_they_stand() {
        let values = [("type_prefix", "Acme".to_owned())];
        assert_eq!(filled("use {A, {{type_prefix}}B};", &values), "use {A, AcmeB};");
    }
}
