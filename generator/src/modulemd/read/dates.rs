//! The two ways in which modulemd writes a moment.

/// `YYYY-MM-DD`
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |most_digits: usize, range: std::ops::RangeInclusive<u32>| {
        parts.next().is_some_and(|part| {
            let digits =
                part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= most_digits;
            digits && part.parse().is_ok_and(|number| range.contains(&number))
        })
    };
    number(4, 1..=9999) && number(2, 1..=12) && number(2, 1..=31) && parts.next().is_none()
}

/// `YYYY-MM-DDTHH:MMZ`
pub(super) fn is_minute(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00Z"
        && is_date(&text[..10])
        && &text[11..13] < "24"
        && &text[14..16] < "60"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        assert!(is_date("2077-10-23") && is_date("2077-1-3"));
        for bad in [
            "",
            "2077",
            "2077-13-01",
            "2077-00-01",
            "2077-01-32",
            "2077-01-01-01",
            "20770-01-01",
            "a-b-c",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
        assert!(is_minute("2020-02-27T00:00Z"));
        for bad in [
            "2020-02-27T24:00Z",
            "2020-02-27T00:60Z",
            "2020-02-27",
            "2020-02-27T00:00",
            "2020-2-27T00:00Z",
            "é",
        ] {
            assert!(!is_minute(bad), "{bad}");
        }
    }
}
