//! Answers for people.

pub(crate) mod table;

/// Bytes as dnf writes them: `1.2 k`, `3.4 M`, `5.6 G`.
pub(crate) fn bytes(count: u64) -> String {
    let mut value = count as f64;
    let mut unit = "";
    for larger in ["k", "M", "G"] {
        if value < 1000.0 {
            break;
        }
        (value, unit) = (value / 1024.0, larger);
    }
    match unit {
        "" => format!("{count}"),
        unit if value < 9.95 => format!("{value:.1} {unit}"),
        unit => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

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
