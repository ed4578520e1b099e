//! The project's source, as text: enough for hints, and a hint says so.

use std::path::Path;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The path in the project.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The lines that are no line comments, with their numbers.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start()));
        lines.filter(|(_, line)| !line.starts_with("//"))
    }
}

/// Every `.rs` file below one folder of the project, in order.
pub(crate) fn read(project: &Path, folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&project.join(folder), folder, &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn collect(folder: &Path, shown: &str, files: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        // A link may lead back up.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, &shown, files);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            files.push(Source { path: shown, text });
        }
    }
}
