//! When to ask again, and how long to wait before.

use std::time::Duration;

/// Longest pause that is chosen here.
const LONGEST: Duration = Duration::from_secs(60);
/// Longest pause that a server may demand.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// Whether a status says that the same call may work later: too many calls, or a failing server or gateway.
pub(crate) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504 | 529)
}

/// The pause after try number `tries` (from 1): `first`, doubled each time, and of that between half and all, by `chance` in [0, 1].
/// Clients that failed together then do not come back together. A longer pause that the server demands is kept exactly.
pub(crate) fn pause(first: Duration, tries: u32, chance: f64, demanded: Option<Duration>) -> Duration {
    let doubled = first.saturating_mul(1u32.checked_shl(tries - 1).unwrap_or(u32::MAX)).min(LONGEST);
    doubled.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0)).max(demanded.unwrap_or_default())
}

/// The value of a `Retry-After` header: seconds, or a date.
pub(crate) fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let then = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::from_secs(u64::try_from(then.as_second() - now.as_second()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit() {
        let first = Duration::from_millis(500);
        assert_eq!(pause(first, 1, 1.0, None), first);
        assert_eq!(pause(first, 1, 0.0, None), first / 2);
        assert_eq!(pause(first, 4, 1.0, None), first * 8);
        assert_eq!(pause(first, 200, 1.0, None), LONGEST);
    }

    #[test]
    fn the_servers_demand_wins_if_it_is_longer() {
        let first = Duration::from_millis(500);
        assert_eq!(pause(first, 1, 1.0, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(pause(first, 4, 1.0, Some(Duration::from_secs(1))), first * 8);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2015-10-21T07:27:00Z".parse().expect("a time");
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("0.5", now), Some(Duration::from_millis(500)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:26:00 GMT", now), Some(Duration::ZERO), "in the past");
        for nonsense in ["", "soon", "-1", "NaN", "inf", "1e300"] {
            assert_eq!(retry_after(nonsense, now), None, "{nonsense}");
        }
    }
}
