//! Sections of the page on what was tried and what was left behind (`credjob::guide::evidence`).

use std::io;
use std::path::Path;

/// Writes the section `NAME.md` of the evidence page, which `cargo xtask evidence` collects.
///
/// `tmpdir` is the test's own `env!("CARGO_TARGET_TMPDIR")`, a folder directly in the target directory. The text begins with
/// a heading of level 2, and is the same after every run: counts, but no times, paths or random ids.
///
/// # Errors
/// What the operating system says when the file cannot be written.
pub fn write(tmpdir: &str, name: &str, markdown: &str) -> io::Result<()> {
    let target = Path::new(tmpdir).parent().unwrap_or(Path::new(tmpdir));
    let folder = target.join("evidence");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{name}.md")), markdown)
}
