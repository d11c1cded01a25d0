//! Killing the server while it is written to; `cargo xtask crash` does it for longer.

use std::time::Duration;

use e2e::crash::Crash;

/// The first round ends on its own, the second one too, the third while the server is stopping.
const ROUNDS: usize = 3;

/// What a start may take, whatever was left to be replayed.
const START_MAX: Duration = Duration::from_secs(3);

#[test]
fn what_was_acknowledged_is_there_after_kill_9() {
    let mut crash = Crash::begin(1);
    for _ in 0..ROUNDS {
        let figures = crash.round();
        assert!(figures.acknowledged > 0, "{figures:?}");
        assert!(figures.start < START_MAX, "{figures:?}");
    }
    crash.check_all();
}
