//! Tries every fault schedule on the model providers, and prints what was tried and what was left behind.
//!
//! ```text
//! cargo run -p credjob-testkit --example explore
//! cargo run -p credjob-testkit --example explore -- --format json
//! cargo run -p credjob-testkit --example explore -- --replay 'web-create: 1.update#1=403 1.delete#1=lost'
//! cargo run -p credjob-testkit --example explore -- --over-sockets --replay 'web-create: 1.update#1=403'
//! cargo run -p credjob-testkit --example explore --profile explore -- --effort triples
//! ```
//!
//! Exit code 1: a promise was broken, or a run was not saved that one retry could have saved. Each failing schedule comes
//! with the command that shows it call by call.

use std::process::ExitCode;
use std::time::Instant;

use credjob_testkit::explore::{
    Effort, OUT_OF_SCOPE, Report, Scene, explore, faults_as_markdown, find, models, replay, sockets,
};

const COMMAND: &str = "cargo run -p credjob-testkit --example explore --";
const USAGE: &str = "usage: explore [--effort singles|brief|quick|standard|triples|full|deep] [--scene NAME] [--format text|json|markdown]
       explore [--over-sockets] --replay 'SCENE: SCHEDULE'";

/// The introduction of the page's section on the default effort.
const EVERY_RUN: &str = "A provider's whole life is lived through in virtual time under every schedule of faults, kills, \
    signals, second instances and cancelled tasks, with the re-runs that Code Engine starts after a kill or a non-zero exit \
    code. The judge knows the external system, the task with its version, and what the processes wrote and exited with; it \
    holds every history to the six lines of the promise. Tried is everything that can go wrong, at the first three calls of \
    each kind of each process, once and for ever, then pairs of what differs in kind. The best known Go job for the same \
    contract, asked the same, delivered in 18 of 84 runs with one transient fault.\n\n\
    The names are those of schedules, with how many numbers they come in (seconds of `Retry-After`, of delay, statuses, turns): \
    `not-sent` refuses the connection, `lost` loses the request and `answer-lost` the answer, `hang` and `hang-applied` never \
    answer, `applied` answers 5xx to what was done, `garbled` cuts the answer to what was done, `page` is a proxy's page with \
    status 200, `late` and `twice` apply the request later or once more, `lag` asks a replica that is two seconds behind, `cancel` \
    and `time-out` happen to the task, `twin` is a second instance of it.";
/// And of that on `--effort triples`.
const THOROUGH: &str = "The same, further. Pairs: after every fault and event, every second one; of what lasts for ever one of \
    each kind, and a second instance only at first. Triples: whatever fault came first, there or anywhere, all that two faults \
    of the publish and undo paths (task update, task read, version list, external delete) make with it.";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Markdown,
}

struct Arguments {
    effort: Option<Effort>,
    scene: Option<String>,
    format: Format,
    replay: Option<String>,
    over_sockets: bool,
}

fn main() -> ExitCode {
    match Arguments::read().and_then(Arguments::run) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut read = Self { effort: None, scene: None, format: Format::Text, replay: None, over_sockets: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--effort" => {
                    let name = value()?;
                    read.effort = Some(Effort::named(&name).ok_or_else(|| format!("there is no effort `{name}`"))?);
                }
                "--scene" => read.scene = Some(value()?),
                "--replay" => read.replay = Some(value()?),
                "--over-sockets" => read.over_sockets = true,
                "--format" => {
                    read.format = match value()?.as_str() {
                        "text" => Format::Text,
                        "json" => Format::Json,
                        "markdown" => Format::Markdown,
                        other => return Err(format!("there is no format `{other}`")),
                    }
                }
                other => return Err(format!("`{other}` is no argument")),
            }
        }
        Ok(read)
    }

    /// Whether the promise was kept, and every run saved that one retry can save.
    fn run(self) -> Result<bool, String> {
        let scenes = self.scenes()?;
        if let Some(wanted) = &self.replay {
            return self.replay(&scenes, wanted);
        }
        let start = Instant::now();
        let report = explore(&scenes);
        match self.format {
            Format::Text => println!("{report}"),
            Format::Json => println!("{:#}", report.to_json()),
            Format::Markdown => print!("{}", self.section(&report)),
        }
        for (scene, finding) in report.findings() {
            eprintln!("broken: {COMMAND} --replay '{scene}: {}'", finding.schedule);
        }
        for (scene, schedule) in report.unsaved() {
            eprintln!("not saved: {COMMAND} --replay '{scene}: {schedule}'");
        }
        eprintln!("{:.1} s", start.elapsed().as_secs_f64());
        Ok(report.broken() == 0 && report.unsaved().next().is_none())
    }

    fn replay(&self, scenes: &[(Scene, Effort)], wanted: &str) -> Result<bool, String> {
        let (scene, schedule) =
            find(scenes.iter().map(|(scene, _)| scene), wanted).map_err(|error| error.to_string())?;
        let (told, kept) = if self.over_sockets {
            sockets::replay(scene, &schedule).map_err(|error| error.to_string())?
        } else {
            replay(scene, &schedule)
        };
        print!("{told}");
        Ok(kept)
    }

    /// The section of the evidence page.
    fn section(&self, report: &Report) -> String {
        match self.effort {
            None => {
                let introduction = format!("{EVERY_RUN}\n\n{}", faults_as_markdown().trim_end());
                let lies = OUT_OF_SCOPE.map(|lie| format!("- {lie}\n")).concat();
                let tried = report.to_markdown("Fault schedules", &introduction);
                format!("{tried}\nNot tried, because no client can see through it:\n\n{lies}")
            }
            Some(_) => report.to_markdown("Pairs and triples of faults", THOROUGH),
        }
    }

    fn scenes(&self) -> Result<Vec<(Scene, Effort)>, String> {
        let mut scenes = match &self.effort {
            // Under a minute in a debug build on two processors.
            None => models::scenes(&Effort::quick(), &Effort::brief()),
            Some(effort) => models::scenes(effort, effort),
        };
        if let Some(only) = &self.scene {
            scenes.retain(|(scene, _)| scene.name() == only);
            if scenes.is_empty() {
                return Err(format!("there is no scene `{only}`"));
            }
        }
        Ok(scenes)
    }
}
