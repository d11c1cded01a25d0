//! What breaks: one acquirer stops answering for one kind of card in one currency.

use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::products::{CARDS, CURRENCIES, one_of};

/// The fault comes back so long after it began.
const PERIOD: Duration = Duration::from_secs(20 * 60);

/// The longest time it may be switched on for.
const SECONDS_MAX: u64 = 24 * 60 * 60;

/// Whether payments are broken, and for whom.
pub(crate) struct Fault {
    started_ns: u64,
    break_after: Duration,
    break_for: Duration,
    state: Mutex<State>,
}

struct State {
    card: &'static str,
    currency: &'static str,
    switch: Switch,
}

/// Who decides.
#[derive(Clone, Copy)]
enum Switch {
    /// The schedule.
    Scheduled,
    /// Somebody broke it, until this moment of the monotonic clock.
    Broken { until_ns: u64 },
    /// Somebody mended it.
    Mended,
}

/// What can be asked of `POST /break`; what is left out stays as it was.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Break {
    card: Option<String>,
    currency: Option<String>,
    seconds: Option<u64>,
}

/// What `/break` answers.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) broken: bool,
    pub(crate) card: &'static str,
    pub(crate) currency: &'static str,
}

impl Fault {
    /// A fault that sets in `break_after` from now, on a monotonic clock.
    pub(crate) fn new(now_ns: u64, break_after: Duration, break_for: Duration) -> Self {
        let state = State { card: "amex", currency: "EUR", switch: Switch::Scheduled };
        Fault { started_ns: now_ns, break_after, break_for, state: Mutex::new(state) }
    }

    /// Whether a charge of this card in this currency meets the fault.
    pub(crate) fn hits(&self, now_ns: u64, card: &str, currency: &str) -> bool {
        let report = self.report(now_ns);
        report.broken && report.card == card && report.currency == currency
    }

    pub(crate) fn report(&self, now_ns: u64) -> Report {
        let state = self.state.lock();
        let broken = match state.switch {
            Switch::Scheduled => self.is_scheduled(now_ns),
            Switch::Broken { until_ns } => now_ns < until_ns,
            Switch::Mended => false,
        };
        Report { broken, card: state.card, currency: state.currency }
    }

    fn is_scheduled(&self, now_ns: u64) -> bool {
        let Some(since) = now_ns
            .checked_sub(self.started_ns)
            .and_then(|running| Duration::from_nanos(running).checked_sub(self.break_after))
        else {
            return false;
        };
        Duration::from_nanos((since.as_nanos() % PERIOD.as_nanos()) as u64) < self.break_for
    }

    /// Breaks payments now.
    ///
    /// # Errors
    /// When the card or the currency is not one of the shop's.
    pub(crate) fn break_now(&self, now_ns: u64, wanted: &Break) -> Result<Report, String> {
        let known = |list: &[&'static str], text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => match one_of(list, text) {
                Some(known) => Ok(Some(known)),
                None => Err(format!("{text:?} is none of {}", list.join(", "))),
            },
        };
        let card = known(&CARDS, &wanted.card)?;
        let currency = known(&CURRENCIES, &wanted.currency)?;
        let seconds = wanted.seconds.unwrap_or(self.break_for.as_secs()).min(SECONDS_MAX);
        let mut state = self.state.lock();
        state.card = card.unwrap_or(state.card);
        state.currency = currency.unwrap_or(state.currency);
        state.switch = Switch::Broken { until_ns: now_ns + seconds * 1_000_000_000 };
        drop(state);
        Ok(self.report(now_ns))
    }

    /// Mends payments for good.
    pub(crate) fn mend(&self, now_ns: u64) -> Report {
        self.state.lock().switch = Switch::Mended;
        self.report(now_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn fault() -> Fault {
        Fault::new(7 * SECOND, Duration::from_secs(120), Duration::from_secs(300))
    }

    #[test]
    fn it_sets_in_after_a_while_and_comes_back() {
        let fault = fault();
        for (second, broken) in
            [(0, false), (127, true), (126, false), (426, true), (427, false), (1327, true)]
        {
            assert_eq!(fault.report(second * SECOND).broken, broken, "{second}");
        }
        assert!(fault.hits(200 * SECOND, "amex", "EUR"));
        assert!(!fault.hits(200 * SECOND, "visa", "EUR"));
        assert!(!fault.hits(200 * SECOND, "amex", "USD"));
    }

    #[test]
    fn it_can_be_switched() {
        let fault = fault();
        let wanted = Break { card: Some("visa".into()), currency: None, seconds: Some(10) };
        fault.break_now(8 * SECOND, &wanted).unwrap();
        assert!(fault.hits(17 * SECOND, "visa", "EUR"));
        assert!(!fault.hits(18 * SECOND, "visa", "EUR"));
        assert!(!fault.mend(200 * SECOND).broken);
        let unknown = Break { card: Some("gold".into()), ..Break::default() };
        assert!(fault.break_now(0, &unknown).unwrap_err().contains("none of visa"));
    }
}
