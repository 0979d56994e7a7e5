//! Medians and spreads.

use serde_json::{Value, json};

/// The middle of some measurements, and how far they spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Summary {
    /// `None` where there is nothing to sum up.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (min, max) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            1 => values[middle],
            _ => f64::midpoint(values[middle - 1], values[middle]),
        };
        Some(Summary { median, min, max })
    }

    /// The ratios of two series that were measured in turn: each value by the one of the same round, so that what
    /// slowed the machine down for a while slowed both.
    pub(crate) fn of_ratios(above: &[f64], below: &[f64]) -> Option<Self> {
        Self::of(above.iter().zip(below).map(|(above, below)| above / below))
    }

    pub(crate) fn to_json(self) -> Value {
        json!({ "median": rounded(self.median), "min": rounded(self.min), "max": rounded(self.max) })
    }

    /// `median (min..max)`.
    pub(crate) fn words(self) -> String {
        format!("{} ({}..{})", digits(self.median), digits(self.min), digits(self.max))
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A number with about three digits that matter.
pub(crate) fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A whole number with separators.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles() {
        assert_eq!(Summary::of([]), None);
        assert_eq!(
            Summary::of([3.0, 1.0, 2.0]).map(|s| (s.median, s.min, s.max)),
            Some((2.0, 1.0, 3.0))
        );
        assert_eq!(Summary::of([4.0, 1.0, 2.0, 3.0]).map(|s| s.median), Some(2.5));
        assert_eq!(
            Summary::of_ratios(&[10.0, 40.0, 90.0], &[1.0, 2.0, 3.0]).map(|s| s.median),
            Some(20.0)
        );
    }

    #[test]
    fn words() {
        assert_eq!([digits(0.951), digits(12.34), digits(287.6)], ["0.95", "12.3", "288"]);
        assert_eq!(
            [thousands(7), thousands(1000), thousands(100_373_829)],
            ["7", "1,000", "100,373,829"]
        );
    }
}
