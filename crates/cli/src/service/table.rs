//! Tables for people: aligned columns, nothing that a terminal would obey.

/// Rows of cells under their titles.
#[derive(Debug)]
pub(crate) struct Table {
    titles: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(titles: &[&'static str]) -> Self {
        Self { titles: titles.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; an empty cell shows as `-`.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let cell = |text: &str| if text.is_empty() { "-".to_owned() } else { plain(text) };
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    /// The lines of the table.
    pub(crate) fn render(&self) -> String {
        let titles = self.titles.iter().map(|title| (*title).to_owned()).collect();
        let lines: Vec<&Vec<String>> = std::iter::once(&titles).chain(&self.rows).collect();
        let width = |column: usize| {
            lines.iter().filter_map(|cells| cells.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.titles.len()).map(width).collect();
        let line = |cells: &Vec<String>| {
            let padded: Vec<String> =
                cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            padded.join("  ").trim_end().to_owned() + "\n"
        };
        lines.into_iter().map(line).collect()
    }
}

/// Names and values, one a line; absent values are left out.
pub(crate) fn pairs(pairs: &[(&str, Option<&str>)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let shown = pairs.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    let lines: Vec<String> = shown.map(|(name, value)| format!("{name:<width$}  {}\n", plain(value))).collect();
    lines.concat()
}

/// A text of the service without control characters.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["ID", "STATUS"]);
        table.row(["1", "queued"]);
        table.row(["22222", ""]);
        assert_eq!(table.render(), "ID     STATUS\n1      queued\n22222  -\n");
    }

    #[test]
    fn no_text_of_the_service_moves_the_cursor() {
        assert_eq!(pairs(&[("name", Some("a\u{1b}[2Jb\nc")), ("none", None)]), "name  a [2Jb c\n");
    }
}
