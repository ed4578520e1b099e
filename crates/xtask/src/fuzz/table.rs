//! The table at the end.

use super::Finding;

pub(crate) fn of(findings: &[Finding]) -> String {
    let mut table = row("target", "runs", "coverage", "corpus", "result");
    for Finding { target, log, passed } in findings {
        let figure = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string());
        let result = if *passed { "holds" } else { "FAILED" };
        table += &row(target, &figure(log.runs), &figure(log.coverage), &figure(log.corpus), result);
    }
    table.trim_end().to_owned()
}

fn row(target: &str, runs: &str, coverage: &str, corpus: &str, result: &str) -> String {
    format!("{target:<16} {runs:>12} {coverage:>9} {corpus:>7}  {result}\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::log::Log;
    use super::*;

    #[test]
    fn a_row_for_each_target() {
        let log = |text| Log::read(Path::new("log"), text);
        let findings = [
            Finding { target: "payload".to_owned(), log: log("stat::number_of_executed_units: 7\n"), passed: true },
            Finding { target: "redactor".to_owned(), log: log(""), passed: false },
        ];
        let table = of(&findings);
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["payload", "7", "-", "-", "holds"]);
        assert_eq!(rows[2], ["redactor", "-", "-", "-", "FAILED"]);
    }
}
