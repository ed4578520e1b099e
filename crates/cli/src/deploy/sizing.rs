//! How much CPU and memory the job gets: the smallest combination that Code Engine sells and that fits.

/// The most memory, in MB, that a job of this repository was measured to need: `certificate` peaks at 5.3 MB
/// over TLS (`cargo xtask bench`), rounded up.
pub(crate) const MEASURED_PEAK_MB: u32 = 6;

/// How many times the measured memory must fit: larger answers, longer lists, other architectures.
const HEADROOM: u32 = 4;

/// A combination of CPU and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Thousandths of a vCPU.
    milli_cpu: u32,
    /// Memory in MB; Code Engine's G is 1000 MB.
    memory_mb: u32,
}

/// Every combination for jobs: "Supported memory and CPU combinations",
/// <https://cloud.ibm.com/docs/codeengine?topic=codeengine-mem-cpu-combo>.
const SIZES: [Size; 22] = [
    size(125, 250),
    size(125, 500),
    size(125, 1_000),
    size(250, 500),
    size(250, 1_000),
    size(250, 2_000),
    size(500, 1_000),
    size(500, 2_000),
    size(500, 4_000),
    size(1_000, 2_000),
    size(1_000, 4_000),
    size(1_000, 8_000),
    size(2_000, 4_000),
    size(2_000, 8_000),
    size(2_000, 16_000),
    size(4_000, 8_000),
    size(4_000, 16_000),
    size(4_000, 32_000),
    size(6_000, 12_000),
    size(6_000, 24_000),
    size(8_000, 16_000),
    size(8_000, 32_000),
];

const fn size(milli_cpu: u32, memory_mb: u32) -> Size {
    Size { milli_cpu, memory_mb }
}

impl Size {
    /// The smallest combination (CPU costs most, so it counts first) for a job that needs `peak_mb` MB at most; `None` if Code Engine sells none so large.
    pub(crate) fn fitting(peak_mb: u32) -> Option<Self> {
        let needed = peak_mb.saturating_mul(HEADROOM);
        SIZES.into_iter().filter(|size| size.memory_mb >= needed).min_by_key(|size| (size.milli_cpu, size.memory_mb))
    }

    /// As Code Engine writes it: `0.125`.
    pub(crate) fn cpu(self) -> String {
        decimal(self.milli_cpu)
    }

    /// As Code Engine writes it: `0.25G`.
    pub(crate) fn memory(self) -> String {
        format!("{}G", decimal(self.memory_mb))
    }

    /// As Kubernetes writes it: `125m`.
    pub(crate) fn kubernetes_cpu(self) -> String {
        format!("{}m", self.milli_cpu)
    }

    /// As Kubernetes writes it: `250M`.
    pub(crate) fn kubernetes_memory(self) -> String {
        format!("{}M", self.memory_mb)
    }
}

/// Thousandths as a decimal number, without zeros at the end.
fn decimal(thousandths: u32) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitting(peak_mb: u32) -> Option<(String, String)> {
        Size::fitting(peak_mb).map(|size| (size.cpu(), size.memory()))
    }

    #[test]
    fn the_measured_job_fits_the_smallest_combination() {
        assert_eq!(fitting(MEASURED_PEAK_MB), Some(("0.125".into(), "0.25G".into())));
    }

    #[test]
    fn a_larger_job_gets_the_least_memory_and_the_least_cpu_that_fit() {
        assert_eq!(fitting(63), Some(("0.125".into(), "0.5G".into())));
        assert_eq!(fitting(400), Some(("0.25".into(), "2G".into())));
        assert_eq!(fitting(5_000), Some(("4".into(), "32G".into())));
    }

    #[test]
    fn more_than_code_engine_sells_fits_nothing() {
        assert_eq!(fitting(8_001), None);
        assert_eq!(fitting(u32::MAX), None);
    }

    #[test]
    fn kubernetes_has_its_own_units() {
        let size = Size::fitting(1).expect("the smallest");
        assert_eq!((size.kubernetes_cpu(), size.kubernetes_memory()), ("125m".into(), "250M".into()));
    }
}
