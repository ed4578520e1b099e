//! The page: an introduction, and one section after the other in the order of their names.

use std::collections::BTreeMap;

/// What is promised, and where the numbers come from.
const INTRODUCTION: &str = "\
What was tried to break the promise, and what was left behind. The promise, for every schedule of lost requests, lost
answers, hangs, errors, garbage, panics, SIGTERM, and SIGKILL with a re-run:

1. *No dangling*: a task that says `credentials_created` names a live credential.
2. *No orphan*: a task that does not say so leaves no credential behind. Where that is impossible, the run ends with exit
   code 4 or 5 and one log event that carries the id or the marker.
3. *No false delete*: `credentials_deleted` means gone, already gone, or given up on purpose with a logged reason.
4. *Always reported*: once the task can be addressed, every ending reaches it, unless the service itself has refused.
5. *No leak*: no secret in any log line, task error, panic message or `Debug` output, in any form.
6. *Bounded*: nothing outlives the deadline; no task update after a 400 or 404 to one.

Every number below was counted by a program, and `cargo xtask ci` fails when its own run counts another; only pairs and
triples of faults take too long for it. `cargo xtask evidence --thorough --fix` runs everything and writes this page; below
each heading stands the command for one section.
";

/// How to repeat what stands in the sections whose names begin like this.
const COMMANDS: [(&str, &str); 12] = [
    ("10", "cargo run -p credjob-testkit --example explore"),
    ("11", "cargo run -p credjob-testkit --example explore --profile explore -- --effort triples"),
    ("12", "cargo test -p credjob-testkit --test explore sockets"),
    ("13", "cargo test --manifest-path providers/jfrog/Cargo.toml --test explore"),
    ("14", "cargo test --profile explore --manifest-path providers/jfrog/Cargo.toml --test explore -- --ignored"),
    ("20", "cargo xtask test -p credjob-tests every_step"),
    ("21", "cargo xtask test -p credjob-tests crowd"),
    ("30", "cargo xtask test -p credjob-tests leaks"),
    ("40", "cargo xtask test -p credjob-tests hostile"),
    ("50", "cargo xtask test -p credjob-fuzz"),
    ("60", "cargo xtask reviews"),
    ("", "cargo xtask test"),
];

/// How the line with the command begins.
const AGAIN: &str = "Again: `";

/// The page with these sections, by name.
pub(super) fn render(sections: &BTreeMap<String, String>) -> String {
    sections.iter().fold(INTRODUCTION.to_owned(), |page, (name, text)| {
        let (heading, rest) = text.split_once('\n').unwrap_or((text, ""));
        page + &format!("\n{}\n{heading}\n{}{rest}", mark(name), repeat(name))
    })
}

/// The sections of a page, by name.
pub(super) fn sections(page: &str) -> BTreeMap<String, String> {
    let parts = page.split("\n<!-- section ").skip(1);
    let section = |part: &str| {
        let (name, text) = part.split_once(" -->\n")?;
        let (heading, rest) = text.split_once('\n')?;
        // Whatever the command was when the page was written.
        let body = rest
            .strip_prefix(&format!("\n{AGAIN}"))
            .and_then(|rest| rest.split_once('\n'))
            .map_or(rest, |(_, body)| body);
        Some((name.to_owned(), tidied(&format!("{heading}\n{body}"))))
    };
    parts.filter_map(section).collect()
}

/// The text with one line end after it.
pub(super) fn tidied(text: &str) -> String {
    format!("{}\n", text.trim())
}

fn mark(name: &str) -> String {
    format!("<!-- section {name} -->")
}

fn repeat(name: &str) -> String {
    let command =
        COMMANDS.iter().find(|(start, _)| name.starts_with(start)).map_or("cargo xtask test", |(_, words)| words);
    format!("\n{AGAIN}{command}`\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> BTreeMap<String, String> {
        let section = |name: &str, text: &str| (name.to_owned(), tidied(text));
        [section("10-a", "## A\n\nOne.\n\n| a |\n|---|\n| 1 |\n"), section("20-b", "## B\n\nTwo.")].into()
    }

    #[test]
    fn sections_read_back_from_the_page() {
        assert_eq!(sections(&render(&two())), two());
    }

    #[test]
    fn each_section_says_how_to_repeat_it() {
        let page = render(&two());
        assert!(page.contains("## A\n\nAgain: `cargo run -p credjob-testkit --example explore`\n\nOne."), "{page}");
        assert!(page.contains("## B\n\nAgain: `cargo xtask test -p credjob-tests every_step`\n\nTwo.\n"), "{page}");
    }

    #[test]
    fn a_page_without_sections_has_none() {
        assert!(sections(&render(&BTreeMap::new())).is_empty());
        assert!(sections("").is_empty());
    }
}
