//! The Containerfile: who the job runs as, and whether the base images are pinned.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::deadline::{self, Deadline};
use super::finding::{Check, Report};

/// The file's names, the better one first.
const NAMES: [&str; 2] = ["Containerfile", "Dockerfile"];

/// What the file says beyond findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// `ENV CREDJOB_DEADLINE` of the image.
    pub(crate) deadline: Option<Deadline>,
}

/// One `FROM` and what follows.
struct Stage {
    line: usize,
    image: String,
    name: Option<String>,
    user: Option<String>,
}

/// Checks the Containerfile of the project, or of the workspace around it.
pub(crate) fn check(folder: &Path, report: &mut Report) -> Option<Facts> {
    let Some(path) = find(folder) else {
        report.skip(Check::Container, "no Containerfile or Dockerfile is in the project or its workspace");
        return None;
    };
    let shown = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(check_text(&text, &shown, report)),
        Err(error) => {
            report.skip(Check::Container, format!("{shown} cannot be read: {error}"));
            None
        }
    }
}

/// Up to the workspace or the repository around the project.
fn find(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    for directory in folder.ancestors() {
        if let Some(path) = NAMES.iter().map(|name| directory.join(name)).find(|path| path.is_file()) {
            return Some(path);
        }
        let workspace = std::fs::read_to_string(directory.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == "[workspace]"));
        if workspace || directory.join(".git").exists() {
            return None;
        }
    }
    None
}

fn check_text(text: &str, file: &str, report: &mut Report) -> Facts {
    let (stages, facts) = read(text);
    let named: Vec<&str> = stages.iter().filter_map(|stage| stage.name.as_deref()).collect();
    for stage in stages.iter().filter(|stage| !named.contains(&stage.image.as_str())) {
        if let Some(what) = unpinned(&stage.image) {
            report.warning(
                Check::Container,
                format!("{file}:{}", stage.line),
                format!("the base image `{}` {what}: two builds of one commit may differ", stage.image),
                "name an exact version, such as rust:1.95.0-bookworm, or a digest (@sha256:...)",
            );
        }
    }
    let Some(last) = stages.last() else {
        report.error(Check::Container, file, "has no FROM", "begin with the Containerfile of `credjob new`");
        return facts;
    };
    let place = format!("{file}:{}", last.line);
    match user(&stages, last) {
        User::Other => {}
        User::Root => {
            report.error(Check::Container, place, "the job runs as root", "add `USER 65534:65534` to the last stage");
        }
        User::Unknown(user) => report.warning(
            Check::Container,
            place,
            format!("whether the user `{user}` is root cannot be told from here, and Kubernetes cannot tell either"),
            "name the user by a number, such as `USER 65534:65534`",
        ),
    }
    facts
}

/// Who a stage runs as.
enum User {
    Root,
    Other,
    Unknown(String),
}

/// The user of a stage, or of the stage that it builds on. An image that says nothing runs as root.
fn user(stages: &[Stage], stage: &Stage) -> User {
    let Some(user) = &stage.user else {
        // An earlier stage only: a stage cannot build on itself.
        let base = stages.iter().find(|other| other.line < stage.line && other.name.as_deref() == Some(&stage.image));
        return match base {
            Some(base) => self::user(stages, base),
            None if stage.image.contains("nonroot") => User::Other,
            None => User::Root,
        };
    };
    let name = user.split(':').next().unwrap_or_default();
    match name {
        "" | "root" => User::Root,
        _ if name.bytes().all(|byte| byte == b'0') => User::Root,
        _ if name.bytes().all(|byte| byte.is_ascii_digit()) || name.contains("nonroot") => User::Other,
        _ => User::Unknown(user.clone()),
    }
}

/// Why an image is not pinned.
fn unpinned(image: &str) -> Option<&'static str> {
    if image == "scratch" || image.contains("@sha256:") {
        return None;
    }
    if image.contains('$') {
        return Some("comes from a build argument without a default");
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    match last.split_once(':') {
        None => Some("has no tag"),
        Some((_, "latest")) => Some("is `latest`"),
        Some((_, tag)) if !has_version(tag) => Some("has a tag that moves"),
        Some(_) => None,
    }
}

/// Whether a tag names at least a minor version: `1.95.0-bookworm`, not `1` or `bookworm`.
fn has_version(tag: &str) -> bool {
    let mut numbers = tag.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    numbers.any(|number| number.split('.').filter(|part| !part.is_empty()).count() >= 2)
}

fn read(text: &str) -> (Vec<Stage>, Facts) {
    let mut stages: Vec<Stage> = Vec::new();
    let mut facts = Facts::default();
    let mut arguments = BTreeMap::new();
    for (line, instruction) in instructions(text) {
        let (keyword, rest) = instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        let rest = rest.trim();
        match keyword.to_ascii_uppercase().as_str() {
            "ARG" => {
                if let Some((name, value)) = rest.split_once('=') {
                    arguments.insert(name.to_owned(), value.trim_matches('"').to_owned());
                }
            }
            "FROM" => stages.push(stage(line, rest, &arguments)),
            "USER" => {
                if let Some(stage) = stages.last_mut() {
                    stage.user = Some(filled(rest, &arguments));
                }
            }
            "ENV" => {
                let value = rest.split_whitespace().find_map(|pair| pair.strip_prefix("CREDJOB_DEADLINE="));
                let value = value.or_else(|| rest.strip_prefix("CREDJOB_DEADLINE "));
                facts.deadline = value.and_then(|value| deadline::parse(value.trim_matches('"'))).or(facts.deadline);
            }
            _ => {}
        }
    }
    (stages, facts)
}

fn stage(line: usize, rest: &str, arguments: &BTreeMap<String, String>) -> Stage {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let image = words.first().map_or_else(String::new, |image| filled(image, arguments));
    let name = match words.as_slice() {
        [_, word, name, ..] if word.eq_ignore_ascii_case("as") => Some((*name).to_owned()),
        _ => None,
    };
    Stage { line, image, name, user: None }
}

/// With build arguments replaced by their defaults.
fn filled(text: &str, arguments: &BTreeMap<String, String>) -> String {
    arguments.iter().fold(text.to_owned(), |text, (name, value)| {
        let text = text.replace(&format!("${{{name}}}"), value);
        if text == format!("${name}") { value.clone() } else { text }
    })
}

/// The instructions with the numbers of their first lines; continued lines are joined, comments left out.
fn instructions(text: &str) -> Vec<(usize, String)> {
    let mut instructions = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (number, mut instruction) = open.take().unwrap_or((index + 1, String::new()));
        if let Some(part) = line.strip_suffix('\\') {
            instruction.push_str(part);
            open = Some((number, instruction));
        } else {
            instruction.push_str(line);
            instructions.push((number, instruction));
        }
    }
    instructions.extend(open);
    instructions
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn told(text: &str) -> Vec<String> {
        let mut report = Report::new("acme");
        check_text(text, "Containerfile", &mut report);
        report
            .findings()
            .iter()
            .map(|finding| format!("{} {} {}", finding.severity.name(), finding.place, finding.what))
            .collect()
    }

    #[test]
    fn the_image_of_the_template_is_fine() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/provider");
        let text = std::fs::read_to_string(folder.join("Containerfile")).expect("the template has one");
        assert!(told(&text).is_empty());
    }

    #[test]
    fn an_image_without_a_user_runs_as_root() {
        assert_eq!(told("FROM debian:12.5\nCOPY job /job\n"), ["error Containerfile:1 the job runs as root"]);
    }

    #[test]
    fn root_by_any_name_is_root() {
        for user in ["root", "0", "0:0", "root:65534"] {
            assert_eq!(told(&format!("FROM scratch\nUSER {user}\n")).len(), 1, "{user}");
        }
    }

    #[test]
    fn a_later_stage_inherits_the_user_and_a_nonroot_image_has_one() {
        assert!(told("FROM scratch AS base\nUSER 1000\nFROM base\n").is_empty());
        assert!(
            told("FROM gcr.io/distroless/static@sha256:00 AS a\nFROM gcr.io/distroless/static:nonroot@sha256:00\n")
                .is_empty()
        );
    }

    #[test]
    fn a_stage_that_shadows_its_own_image_ends() {
        assert_eq!(told("FROM base AS base\n").len(), 1);
    }

    #[test]
    fn images_that_move_are_warnings() {
        for image in ["rust", "rust:latest", "rust:1", "debian:bookworm", "localhost:5000/rust", "${BASE}"] {
            assert_eq!(told(&format!("FROM {image}\nUSER 1\n")).len(), 1, "{image}");
        }
        for image in ["rust:1.95.0-bookworm", "debian:12.5", "rust@sha256:00", "scratch", "localhost:5000/rust:1.95"] {
            assert!(told(&format!("FROM {image}\nUSER 1\n")).is_empty(), "{image}");
        }
    }

    #[test]
    fn a_build_argument_is_its_default() {
        assert!(told("ARG BASE=rust:1.95.0\nFROM ${BASE} \\\n  AS build\nUSER 1\n").is_empty());
    }

    #[test]
    fn the_deadline_of_the_image_is_read() {
        let (_, facts) = read("FROM scratch\nENV A=b CREDJOB_DEADLINE=5m\n");
        assert_eq!(facts.deadline.map(|deadline| deadline.0), Some(Duration::from_secs(300)));
    }
}
