//! The report as text.

use super::figures::{Figures, Line, megabytes};
use super::goals::Goal;
use super::latency::{DELAY, Latency, round_trips};
use super::reference;
use super::report::Report;
use super::rsa::{Estimate, Rsa};
use super::spread::Spread;

/// Every table, one below the other.
pub(crate) fn text(report: &Report) -> String {
    let mut parts = vec![
        format!(
            "Medians of {} runs (in brackets: the middle half), job and {} in turns\n\n{}",
            report.runs,
            report.curl,
            lines(&report.lines)
        ),
        format!("Shares of curl, job / curl\n\n{}", shares(&report.lines)),
    ];
    parts.extend(report.rsa.as_ref().map(|rsa| rsa_text(rsa, report.rsa_runs)));
    parts.push(latency(&report.latency));
    parts.push(format!("Targets of issue 3\n\n{}", goals(&report.goals)));
    let quoted = std::iter::once(reference::HEADS).chain(reference::ROWS).map(|row| row.map(str::to_owned).to_vec());
    parts.push(format!(
        "Quoted from issue 3: measured on another day, not here\n\n{}",
        aligned(&quoted.collect::<Vec<_>>())
    ));
    parts.push(report.notes.join("\n"));
    parts.join("\n")
}

fn lines(lines: &[Line]) -> String {
    let heads = [
        "run",
        "",
        "size MB",
        "wall ms",
        "own wall ms",
        "CPU ms",
        "peak MB",
        "instructions",
        "requests",
        "connections",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for line in lines {
        rows.push(figures(format!("{}, {}", line.subject.title(), line.wire.title()), "job", &line.job));
        rows.push(figures(String::new(), "curl", &line.curl));
    }
    aligned(&rows)
}

fn figures(run: String, program: &str, of: &Figures) -> Vec<String> {
    vec![
        run,
        program.to_owned(),
        format!("{:.2}", megabytes(of.size)),
        spread(&of.wall),
        spread(&of.own_wall),
        spread(&of.cpu),
        format!("{:.1}", of.memory.median),
        of.instructions.map_or_else(|| "-".to_owned(), |count| format!("{:.2} M", megabytes(count))),
        of.requests.to_string(),
        of.connections.to_string(),
    ]
}

fn spread(of: &Spread) -> String {
    format!("{:.2} ({:.2}-{:.2})", of.median, of.low, of.high)
}

fn shares(lines: &[Line]) -> String {
    let mut rows = vec![["run", "CPU", "own wall", "instructions"].map(str::to_owned).to_vec()];
    for line in lines {
        let share = |figure: fn(&Figures) -> f64| format!("{:.3}", figure(&line.job) / figure(&line.curl));
        let count = |of: &Figures| of.instructions.map(megabytes);
        let counts = count(&line.job).zip(count(&line.curl));
        rows.push(vec![
            format!("{}, {}", line.subject.title(), line.wire.title()),
            share(|of| of.cpu.median),
            share(|of| of.own_wall.median),
            counts.map_or_else(|| "-".to_owned(), |(job, curl)| format!("{:.3}", job / curl)),
        ]);
    }
    aligned(&rows)
}

fn rsa_text(rsa: &Rsa, runs: usize) -> String {
    let mean = |of: &Spread| format!("{:.1} +- {:.1}", of.mean, of.error);
    let rest = |of: Estimate| format!("{:.1} +- {:.1}", of.value, of.error);
    let Line { job, curl, .. } = &rsa.line;
    let row = |name: &str, cpu: String, own: String, memory: String| vec![name.to_owned(), cpu, own, memory];
    let rows = [
        row("", "CPU ms".to_owned(), "own wall ms".to_owned(), "peak MB".to_owned()),
        row("job", mean(&job.cpu), mean(&job.own_wall), format!("{:.1}", job.memory.median)),
        row("a bare key", mean(&rsa.key_cpu), mean(&rsa.key_wall), "-".to_owned()),
        row("job less the key", rest(rsa.cpu()), rest(rsa.own_wall()), "-".to_owned()),
        row("curl", mean(&curl.cpu), mean(&curl.own_wall), format!("{:.1}", curl.memory.median)),
    ];
    let (run, wire) = (rsa.line.subject.title(), rsa.line.wire.title());
    format!(
        "{run}, {wire}: means of {runs} runs with their standard errors, job, curl and a bare key in turns\n\n{}",
        aligned(&rows)
    )
}

fn latency(latency: &Latency) -> String {
    format!(
        "certificate RSA from a service that takes {} ms per request: wall {} ms; own wall {:.1} ms beyond two round trips of together {:.0} ms \
         (a bare key takes {:.1} ms)\n",
        DELAY.as_millis(),
        spread(&latency.wall),
        latency.beyond,
        round_trips(),
        latency.key.median,
    )
}

fn goals(goals: &[Goal]) -> String {
    let mut rows = vec![["run", "target", "at most", "stretch", "measured", ""].map(str::to_owned).to_vec()];
    for goal in goals {
        let number = |value: f64| format!("{value:.2} {}", goal.unit).trim().to_owned();
        let error = if goal.error > 0.0 { format!(" +- {:.2}", goal.error) } else { String::new() };
        rows.push(vec![
            goal.run.to_owned(),
            goal.what.to_owned(),
            number(goal.limit),
            goal.stretch.map_or_else(|| "-".to_owned(), number),
            number(goal.measured) + &error,
            goal.verdict().text().to_owned(),
        ]);
    }
    aligned(&rows)
}

/// Rows with columns as wide as their longest cell.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let rows = [vec!["a".to_owned(), "b".to_owned()], vec!["long".to_owned(), "c".to_owned()]];
        assert_eq!(aligned(&rows), "a     b\nlong  c\n");
    }

    #[test]
    fn a_spread_is_the_median_and_the_middle_half() {
        assert_eq!(spread(&Spread::of([1.0, 2.0, 3.0, 4.0])), "3.00 (2.00-4.00)");
    }
}
