//! How long to wait before a request is sent again: exponential backoff with full jitter, or what the server asks for.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Waits are no longer, whatever a server asks for.
pub const LONGEST: Duration = Duration::from_secs(120);
/// Backoff stops growing here.
const HIGHEST: Duration = Duration::from_secs(30);

/// Statuses of a server that may answer later.
pub fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..)
}

/// The wait before try `tried + 1`. `base` doubles with each try; jitter spreads those that failed together.
pub fn wait(tried: u32, base: Duration, asked: Option<Duration>) -> Duration {
    // No backoff: nobody is to be spared.
    if base.is_zero() {
        return Duration::ZERO;
    }
    let highest = base.saturating_mul(1 << tried.min(16)).min(HIGHEST);
    match asked {
        Some(asked) => asked.min(LONGEST) + base.mul_f64(random()),
        None => highest.mul_f64(random()),
    }
}

/// A number in `[0, 1)` that nothing depends on but when something happens.
fn random() -> f64 {
    (RandomState::new().hash_one(0u8) >> 11) as f64 / (1u64 << 53) as f64
}

/// What a header `Retry-After` asks for: seconds, or a date.
pub fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    Some(date(header)?.duration_since(now).unwrap_or_default())
}

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_whitespace().skip(1);
    let day: u64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64;
    let year: u64 = words.next()?.parse().ok().filter(|year| (1970..10_000).contains(year))?;
    let mut clock = words.next()?.split(':').map(|part| part.parse::<u64>().ok().filter(|n| *n < 61));
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    // Years that begin in March end with the day that some of them lack.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(UNIX_EPOCH + Duration::from_secs(((days * 24 + hours) * 60 + minutes) * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_seconds_or_a_date() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let asked = |header, now| retry_after(header, at(now));
        assert_eq!(asked("7", 0), Some(Duration::from_secs(7)));
        assert_eq!(asked(" 0.5 ", 0), Some(Duration::from_millis(500)));
        // From the RFC (9110, 5.6.7), and a leap day.
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770), Some(Duration::from_secs(7)));
        assert_eq!(asked("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_799), Some(Duration::from_secs(1)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", 999_999_999), Some(Duration::ZERO));
        for nonsense in ["soon", "-1", "NaN", "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49"] {
            assert_eq!(asked(nonsense, 0), None, "{nonsense}");
        }
    }

    #[test]
    fn waits_grow_up_to_a_bound() {
        let base = Duration::from_millis(500);
        for tried in 0..40 {
            assert!(wait(tried, base, None) <= base.saturating_mul(1 << tried.min(10)).min(HIGHEST));
        }
        let longest = (0..50).map(|_| wait(5, base, None)).max().expect("some");
        assert!(longest > Duration::from_secs(8), "fifty draws up to 16 s: {longest:?}");
        let asked = wait(0, base, Some(Duration::from_secs(3)));
        assert!(asked >= Duration::from_secs(3) && asked < Duration::from_secs(4));
        assert!(wait(0, base, Some(Duration::MAX)) <= LONGEST + base);
    }
}
