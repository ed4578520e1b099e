//! `cargo xtask boundaries`: the dependency arrows, the crates that must stay out, and the file names of DESIGN 4.

mod arrows;
mod contents;
mod forbidden;
mod layout;
mod rules;

pub(crate) use forbidden::counts as forbidden_counts;

use crate::failed::{Checked, Failed};
use crate::{tree, workspace};

/// Checks everything and reports all problems at once.
pub(crate) fn run() -> Checked {
    let providers = workspace::providers()?;
    let metadata = workspace::metadata()?;
    let mut problems = arrows::problems(&metadata, &providers);
    problems.extend(contents::problems(&metadata)?);
    problems.extend(forbidden::problems(&tree::jobs()?, &metadata));
    problems.extend(layout::problems(&workspace::root(), &metadata, &providers)?);
    Failed::of("the boundaries of DESIGN 4 are crossed", &problems)
}
