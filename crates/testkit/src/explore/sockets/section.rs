//! The comparison as a section of the evidence page.

use std::fmt::Write as _;

use super::{Compared, Sample};

/// What the section says first.
const INTRODUCTION: &str = "Some of the schedules are tried again in real time. The job's own HTTP client talks over TCP to an \
    edge that loses, holds, doubles, delays or answers requests itself, as the schedule says; behind it are the emulator and a \
    stand-in server for a system behind HTTP. The schedules are spread evenly over scenes, calls and kinds of faults. Compared \
    with virtual time are the task's status, the credentials that work, the exit code of every process, and what the judge says.";

impl Sample {
    /// A section with this title.
    pub fn to_markdown(&self, title: &str, compared: &[Compared]) -> String {
        let kinds: Vec<String> = self.kinds().iter().map(|kind| format!("`{kind}`")).collect();
        let mut text = format!("## {title}\n\n{INTRODUCTION}\n\nIn it: {}.\n\n", kinds.join(", "));
        text.push_str("| Scene | Schedules | Processes | Ended the same | Broken |\n|---|--:|--:|--:|--:|\n");
        let mut scenes: Vec<&str> = compared.iter().map(|one| one.scene.as_str()).collect();
        scenes.sort_unstable();
        scenes.dedup();
        for scene in scenes {
            let of_scene = || compared.iter().filter(|one| one.scene == scene);
            let processes: usize = of_scene().map(|one| one.over_sockets.exits.len()).sum();
            let same = of_scene().filter(|one| one.agrees()).count();
            let broken = of_scene().filter(|one| !one.over_sockets.broken.is_empty()).count();
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "| `{scene}` | {} | {processes} | {same} | {broken} |", of_scene().count());
        }
        text
    }
}
