//! The middle and the spread of many figures.

/// Figures of one kind, in milliseconds or megabytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    /// A quarter of the figures is lower.
    pub(crate) low: f64,
    /// A quarter of the figures is higher.
    pub(crate) high: f64,
    pub(crate) mean: f64,
    /// The standard error of the mean.
    pub(crate) error: f64,
}

impl Spread {
    /// Of some figures; at least one.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_unstable_by(f64::total_cmp);
        let at = |part: usize| figures.get(figures.len() * part / 4).copied().unwrap_or_default();
        let count = u32::try_from(figures.len()).map_or(f64::MAX, f64::from);
        let mean = figures.iter().sum::<f64>() / count;
        let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        Self { median: at(2), low: at(1), high: at(3), mean, error: (variance / count).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_half_lies_between_low_and_high() {
        let spread = Spread::of((1..=9).rev().map(f64::from));
        assert_eq!((spread.low, spread.median, spread.high), (3.0, 5.0, 7.0));
    }

    #[test]
    fn the_error_of_the_mean_shrinks_with_the_count() {
        let spread = Spread::of([1.0, 3.0, 1.0, 3.0]);
        assert!((spread.mean - 2.0).abs() < 1e-9);
        assert!((spread.error - (4.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-9, "{}", spread.error);
    }

    #[test]
    fn one_figure_is_its_own_middle() {
        assert_eq!(Spread::of([7.0]), Spread { median: 7.0, low: 7.0, high: 7.0, mean: 7.0, error: 0.0 });
    }
}
