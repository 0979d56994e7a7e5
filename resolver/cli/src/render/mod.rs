//! Answers for people.

pub(crate) mod explain;
pub(crate) mod table;

/// Bytes as dnf writes them: `1.2 k`, `3.4 M`, `5.6 G`.
pub(crate) fn bytes(count: u64) -> String {
    let mut divisor = 1;
    let mut unit = "";
    for larger in ["k", "M", "G"] {
        if count / divisor < 1000 {
            break;
        }
        (divisor, unit) = (divisor * 1024, larger);
    }
    let (whole, rest) = (count / divisor, count % divisor);
    // Python's `%.1f` and `%.0f`, to the last digit: dividing by powers of two is exact, halves go to the even neighbour.
    match unit {
        "" => count.to_string(),
        unit if whole < 10 && whole * 20 + rest * 20 / divisor < 199 => {
            let tenths = whole * 10 + rounded(rest * 10, divisor);
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        unit => format!("{} {unit}", rounded(count, divisor)),
    }
}

/// The quotient rounded to the nearest whole number, halves to the even one.
fn rounded(count: u64, divisor: u64) -> u64 {
    let (whole, rest) = (count / divisor, count % divisor);
    let up = rest * 2 > divisor || (rest * 2 == divisor && whole % 2 == 1);
    whole + u64::from(up)
}

#[cfg(test)]
mod tests {
    use super::bytes;
    use proptest::prelude::*;

    proptest! {
        /// The same as with floating point numbers, which is how dnf has it.
        #[test]
        fn as_floating_point(count in prop_oneof![0u64..5000, 0u64..1 << 21, 0u64..1 << 52]) {
            let mut value = count as f64;
            let mut unit = "";
            for larger in ["k", "M", "G"] {
                if value < 1000.0 {
                    break;
                }
                (value, unit) = (value / 1024.0, larger);
            }
            let text = match unit {
                "" => format!("{count}"),
                unit if value < 9.95 => format!("{value:.1} {unit}"),
                unit => format!("{value:.0} {unit}"),
            };
            prop_assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn units() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1024, "1.0 k"),
            (10 * 1024, "10 k"),
            (5 << 20, "5.0 M"),
            (3 << 30, "3.0 G"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
