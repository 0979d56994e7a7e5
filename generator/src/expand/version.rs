//! Versions: the time of a commit, with the platform in front.

use super::ExpandError;
use super::platform::stream_version;
use std::str::FromStr;

/// When the source was committed, as a version: `YYYYMMDDHHMMSS` in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitTime {
    version: u64,
}

impl CommitTime {
    /// As a version of 14 digits.
    pub fn version(self) -> u64 {
        self.version
    }

    /// From seconds since 1970 in UTC; `None` beyond the year 9999.
    pub fn from_unix(seconds: u64) -> Option<Self> {
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        // Years begin in March here, so the day that comes and goes is the last one. An era is 400 years.
        let shifted = days + 719_468;
        let (era, day) = (shifted / 146_097, shifted % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        let clock = second / 3600 * 10_000 + second / 60 % 60 * 100 + second % 60;
        let version = (year * 10_000 + month * 100 + day) * 1_000_000 + clock;
        (year <= 9999).then_some(CommitTime { version })
    }

    /// From `2018-02-05T13:51:54Z`; a space instead of the `T`, `UTC` or `+00:00` instead of the `Z`.
    fn from_text(text: &str) -> Option<Self> {
        let plain =
            ["Z", "+00:00", " UTC", " +0000"].iter().find_map(|zone| text.strip_suffix(zone))?;
        let form = b"dddd-dd-ddTdd:dd:dd";
        let fits = |(byte, form): (u8, u8)| match form {
            b'd' => byte.is_ascii_digit(),
            b'T' => byte == b'T' || byte == b' ',
            _ => byte == form,
        };
        if plain.len() != form.len() || !plain.bytes().zip(*form).all(fits) {
            return None;
        }
        let part = |from: usize, to: usize| plain[from..to].parse::<u64>().ok();
        let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let sound = (1..=12).contains(&month)
            && (1..=days).contains(&day)
            && (hour < 24 && minute < 60 && second < 60);
        let date = year * 10_000 + month * 100 + day;
        let version = date * 1_000_000 + hour * 10_000 + minute * 100 + second;
        sound.then_some(CommitTime { version })
    }
}

/// Seconds since 1970, or a date and a time in UTC.
impl FromStr for CommitTime {
    type Err = ExpandError;

    fn from_str(text: &str) -> Result<Self, ExpandError> {
        let unix = text.parse().ok().and_then(CommitTime::from_unix);
        unix.or_else(|| CommitTime::from_text(text))
            .ok_or_else(|| ExpandError::CommitTime(text.into()))
    }
}

/// The version with the number of the platform's stream in front; as it is where that number is 0 or the result would
/// not fit 64 bits.
pub fn prefixed(version: u64, platform: Option<&str>) -> u64 {
    let number = platform.map_or(0, |stream| stream_version(stream, false));
    if number == 0 || version == 0 {
        return version;
    }
    format!("{number}{version}").parse().unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let version = |text: &str| text.parse().map(CommitTime::version).ok();
        assert_eq!(version("1517838714"), Some(20_180_205_135_154));
        for text in ["2018-02-05T13:51:54Z", "2018-02-05 13:51:54+00:00", "2018-02-05 13:51:54 UTC"]
        {
            assert_eq!(version(text), Some(20_180_205_135_154), "{text}");
        }
        assert_eq!(version("0"), Some(19_700_101_000_000));
        assert_eq!(version("951782400"), Some(20_000_229_000_000));
        assert_eq!(version("1709251199"), Some(20_240_229_235_959));
        assert_eq!(version("4102444800"), Some(21_000_101_000_000));
        assert_eq!(version("253402300799"), Some(99_991_231_235_959));
        for text in [
            "",
            "-1",
            "253402300800",
            "99999999999999999999999",
            "2018-02-05T13:51:54",
            "2018-02-05T13:51:54+01:00",
            "2023-02-29T00:00:00Z",
            "2018-13-01T00:00:00Z",
            "2018-00-01T00:00:00Z",
            "2018-01-01T24:00:00Z",
            "2018-01-01T00:00:0éZ",
        ] {
            assert_eq!(version(text), None, "{text}");
        }
    }

    #[test]
    fn the_table_of_the_specification() {
        let time = 20_180_205_135_154;
        for (platform, version) in [
            ("f28", 2_820_180_205_135_154),
            ("fl7.0.1-beta", 7_000_120_180_205_135_154),
            ("el8.1.0", 8_010_020_180_205_135_154),
            ("el8", 820_180_205_135_154),
            ("rawhide", time),
            ("el8.100.1", time),
        ] {
            assert_eq!(prefixed(time, Some(platform)), version, "{platform}");
        }
        assert_eq!((prefixed(time, None), prefixed(0, Some("f28"))), (time, 0));
    }
}
