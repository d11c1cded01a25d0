//! Waiting for what is going to happen, with an end.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often something is asked for.
const STEP: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none in time; it says what was missing last.
pub fn eventually<T>(limit: Duration, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(missing) if begun.elapsed() > limit => {
                panic!("still not so after {limit:?}: {missing}");
            }
            Err(_) => sleep(STEP),
        }
    }
}

/// Waits until a condition holds.
///
/// # Panics
/// When it does not in time.
pub fn wait_until(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    eventually(limit, || if holds() { Ok(()) } else { Err(what.to_owned()) });
}

/// Seconds since the Unix epoch.
pub fn now() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.expect("the clock is past 1970").as_secs_f64()
}

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> i64 {
    (now() * 1000.0) as i64
}
