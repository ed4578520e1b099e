//! A sample of the schedules over real sockets and in real time.

use credjob_testkit::evidence;
use credjob_testkit::explore::sockets::Sample;
use credjob_testkit::explore::{Effort, Scene, models};

/// How many schedules are tried in both worlds.
const SIZE: usize = 200;

#[test]
fn a_sample_of_schedules_ends_the_same_over_sockets_as_in_virtual_time() {
    let singles = Effort::singles();
    let scenes: Vec<Scene> = models::scenes(&singles, &singles).into_iter().map(|(scene, _)| scene).collect();
    let sample = Sample::of(&scenes, SIZE);
    assert_eq!(sample.size(), SIZE);
    let compared = sample.compare().expect("sockets and emulators");
    let others: Vec<String> = compared.iter().filter(|one| !one.agrees()).map(ToString::to_string).collect();
    assert!(others.is_empty(), "{} of {SIZE} differ:\n{}", others.len(), others.join("\n"));
    let section = sample.to_markdown("Fault schedules over sockets", &compared);
    evidence::write(env!("CARGO_TARGET_TMPDIR"), "12-sockets", &section).expect("the evidence can be written");
}
