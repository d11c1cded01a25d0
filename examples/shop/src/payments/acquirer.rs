//! The banks that authorise charges, one for each currency; they are not there either.

use std::time::Duration;

use tokio::time::sleep;

use crate::context::Context;
use crate::database::exponential;
use crate::telemetry::Telemetry;
use crate::telemetry::trace::Kind;

/// How long an acquirer is waited for.
const TIMEOUT: Duration = Duration::from_millis(2_500);

/// What is to be charged.
pub(super) struct Charge {
    pub(super) card: &'static str,
    pub(super) currency: &'static str,
    pub(super) amount_cents: u64,
}

/// What an acquirer says.
#[derive(Debug, PartialEq)]
pub(super) enum Authorization {
    Approved { code: String },
    Declined { reason: &'static str },
}

/// Why an acquirer said nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum AcquirerError {
    /// It took too long.
    #[error("{acquirer} did not authorise the charge within {} ms", TIMEOUT.as_millis())]
    Timeout {
        /// Which one.
        acquirer: &'static str,
        /// What was being waited for.
        source: Stalled,
    },
}

/// A connection on which nothing moves.
#[derive(Debug, thiserror::Error)]
#[error("no answer to the {network} handshake on {acquirer}.example:8443")]
pub(super) struct Stalled {
    acquirer: &'static str,
    network: &'static str,
}

/// An acquirer.
#[derive(Clone, Copy)]
pub(super) struct Acquirer {
    name: &'static str,
    /// What a usual answer takes beyond the shortest one.
    mean_ms: f64,
}

impl Acquirer {
    /// The one that settles in this currency.
    pub(super) fn of(currency: &str) -> Self {
        match currency {
            "EUR" => Acquirer { name: "acquirer-eu", mean_ms: 35.0 },
            "GBP" => Acquirer { name: "acquirer-uk", mean_ms: 45.0 },
            _ => Acquirer { name: "acquirer-us", mean_ms: 70.0 },
        }
    }

    pub(super) fn name(self) -> &'static str {
        self.name
    }

    /// Asks for a charge; when the acquirer stalls, nothing comes back.
    pub(super) async fn authorize(
        self,
        telemetry: &Telemetry,
        context: &Context,
        charge: &Charge,
        stalls: bool,
    ) -> Result<Authorization, AcquirerError> {
        let mut span = telemetry.span(context, format!("authorize {}", self.name), Kind::Client);
        span.set("server.address", format!("{}.example", self.name));
        span.set("server.port", 8443);
        span.set("payment.acquirer", self.name);
        span.set("payment.card", charge.card);
        span.set("payment.currency", charge.currency);
        span.set("payment.amount", charge.amount_cents as f64 / 100.0);
        if stalls {
            sleep(TIMEOUT).await;
            let source = Stalled { acquirer: self.name, network: charge.card };
            let error = AcquirerError::Timeout { acquirer: self.name, source };
            span.exception("AcquirerTimeout", &error);
            return Err(error);
        }
        let took_ms = exponential(telemetry, 25.0, self.mean_ms).min(2_000.0);
        sleep(Duration::from_secs_f64(took_ms / 1e3)).await;
        let authorization = match telemetry.random() {
            luck if luck < 0.01 => Authorization::Declined { reason: "insufficient funds" },
            luck if luck < 0.013 => Authorization::Declined { reason: "card expired" },
            luck => Authorization::Approved { code: format!("{:06}", (luck * 1e6) as u32) },
        };
        span.set("payment.approved", matches!(authorization, Authorization::Approved { .. }));
        Ok(authorization)
    }
}
