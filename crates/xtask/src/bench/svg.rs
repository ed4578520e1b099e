//! The report as a bar chart.

use std::fmt::Write as _;

use super::figures::{Figures, Line};
use super::report::Report;
use super::spread::Spread;
use super::subject::Subject;
use super::wire::Wire;

const WIDTH: f64 = 900.0;
/// Where the bars begin: the names stand before them.
const LEFT: f64 = 290.0;
/// What is kept free behind the longest bar, for its number.
const RIGHT: f64 = 110.0;
const BAR: f64 = 16.0;
/// From one pair of bars to the next.
const STEP: f64 = 46.0;
const HEAD: f64 = 56.0;
const JOB: &str = "#1f6f8b";
const CURL: &str = "#b9b4a7";

/// What a panel shows.
type Figure = fn(&Figures) -> &Spread;

/// Two panels: time on a CPU, and own wall-clock time. Bars are medians, whiskers the middle half. The curl that reads the full directory is not
/// drawn, for nothing else could be seen beside it; nor is `postgres`, whose curl does not do the same.
pub(crate) fn chart(report: &Report) -> String {
    let panels: [(&str, Figure); 2] = [("CPU, ms", |of| &of.cpu), ("own wall, ms", |of| &of.own_wall)];
    let drawn = |line: &&Line| line.wire != Wire::FullDirectory && line.subject != Subject::Postgres;
    let lines: Vec<&Line> = report.lines.iter().filter(drawn).collect();
    let rows = lines.iter().fold(0.0, |rows, _| rows + 1.0);
    let panel_height = HEAD + rows * STEP;
    let height = panel_height * 2.0 + 40.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>What a run costs: each job beside one curl process that makes the same requests</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    let mut top = 0.0;
    for (title, figure) in panels {
        panel(&mut svg, top, title, &lines, figure);
        top += panel_height;
    }
    let legend = format!("medians of {} runs, whiskers: the middle half; {}", report.runs, report.curl);
    text(&mut svg, 16.0, top + 22.0, "start", &legend);
    svg + "</svg>\n"
}

fn panel(svg: &mut String, top: f64, title: &str, lines: &[&Line], figure: Figure) {
    let longest = lines.iter().flat_map(|line| [figure(&line.job).high, figure(&line.curl).high]).fold(0.0, f64::max);
    let scale = (WIDTH - LEFT - RIGHT) / longest.max(f64::MIN_POSITIVE);
    text(svg, 16.0, top + 32.0, "start", title);
    legend(svg, top + 32.0);
    let mut y = top + HEAD;
    for line in lines {
        let name = format!("{}, {}", line.subject.title(), line.wire.title());
        text(svg, LEFT - 10.0, y + BAR + 4.0, "end", &name);
        bar(svg, y, scale, JOB, figure(&line.job));
        bar(svg, y + BAR + 2.0, scale, CURL, figure(&line.curl));
        y += STEP;
    }
}

fn legend(svg: &mut String, y: f64) {
    for (x, colour, name) in [(LEFT, JOB, "job"), (LEFT + 70.0, CURL, "curl")] {
        rectangle(svg, x, y - 11.0, 12.0, 12.0, colour);
        text(svg, x + 18.0, y, "start", name);
    }
}

fn bar(svg: &mut String, y: f64, scale: f64, colour: &str, of: &Spread) {
    rectangle(svg, LEFT, y, of.median * scale, BAR, colour);
    let (low, high) = (LEFT + of.low * scale, LEFT + of.high * scale);
    rectangle(svg, low, y + BAR / 2.0 - 0.5, high - low, 1.0, "black");
    text(svg, LEFT + of.median.max(of.high) * scale + 6.0, y + BAR - 3.0, "start", &format!("{:.2}", of.median));
}

fn rectangle(svg: &mut String, x: f64, y: f64, width: f64, height: f64, colour: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        svg,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>"
    );
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}
