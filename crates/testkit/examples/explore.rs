//! Tries every fault schedule on the model providers, and prints what was tried and what was left behind.
//!
//! ```text
//! cargo run -p credjob-testkit --example explore
//! cargo run -p credjob-testkit --example explore -- --format json
//! cargo run -p credjob-testkit --example explore -- --replay 'web-create: 1.update#1=403 1.delete#1=lost'
//! cargo run -p credjob-testkit --example explore --release -- --effort full
//! ```
//!
//! Exit code 1: a promise was broken. Each failing schedule comes with the command that shows it call by call.

use std::process::ExitCode;
use std::time::Instant;

use credjob_testkit::explore::{Effort, Scene, explore, find, models, replay};

const COMMAND: &str = "cargo run -p credjob-testkit --example explore --";
const USAGE: &str =
    "usage: explore [--effort singles|brief|quick|standard|full|deep] [--scene NAME] [--format text|json]
       explore --replay 'SCENE: SCHEDULE'";

struct Arguments {
    effort: Option<Effort>,
    scene: Option<String>,
    json: bool,
    replay: Option<String>,
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
        let mut read = Self { effort: None, scene: None, json: false, replay: None };
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
                "--format" => {
                    read.json = match value()?.as_str() {
                        "json" => true,
                        "text" => false,
                        other => return Err(format!("there is no format `{other}`")),
                    }
                }
                other => return Err(format!("`{other}` is no argument")),
            }
        }
        Ok(read)
    }

    /// Whether the promise was kept.
    fn run(self) -> Result<bool, String> {
        let scenes = self.scenes()?;
        if let Some(wanted) = &self.replay {
            let (scene, schedule) =
                find(scenes.iter().map(|(scene, _)| scene), wanted).map_err(|error| error.to_string())?;
            let (told, kept) = replay(scene, &schedule);
            print!("{told}");
            return Ok(kept);
        }
        let start = Instant::now();
        let report = explore(&scenes);
        if self.json {
            println!("{:#}", report.to_json());
        } else {
            println!("{report}");
        }
        for (scene, finding) in report.findings() {
            eprintln!("{COMMAND} --replay '{scene}: {}'", finding.schedule);
        }
        eprintln!("{:.1} s", start.elapsed().as_secs_f64());
        Ok(report.broken() == 0)
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
