//! The peak memory of a process.

use std::time::Duration;

/// How often it is read. It is a peak: only what comes after the last reading is missed.
const PAUSE: Duration = Duration::from_millis(5);

/// The largest resident size of a process in kB (`VmHWM` of `/proc/PID/status`), read until it has ended.
pub(super) async fn peak(process: u32) -> u64 {
    let mut peak = 0;
    while let Some(now) = high_water_mark(process) {
        peak = now;
        tokio::time::sleep(PAUSE).await;
    }
    peak
}

/// `None` for a process that has ended.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
