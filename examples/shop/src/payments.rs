//! The payments service: charges cards through the acquirer of each currency.

mod acquirer;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::RunOptions;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Statement};
use crate::fault::{Break, Fault, Report};
use crate::products::{CARDS, CURRENCIES, one_of};
use crate::service::Failure;
use crate::telemetry::Telemetry;
use crate::telemetry::log::Severity;
use crate::telemetry::metrics::{ChargeLabels, exemplar};
use crate::telemetry::server::observed;
use acquirer::{Acquirer, AcquirerError, Authorization, Charge};

struct Payments {
    telemetry: Arc<Telemetry>,
    database: Database,
    fault: Fault,
}

/// What the service answers.
pub(crate) fn routes(telemetry: &Arc<Telemetry>, options: &RunOptions) -> Router {
    let now_ns = telemetry.env.clock.monotonic_ns();
    let payments = Payments {
        telemetry: telemetry.clone(),
        database: Database::new(telemetry, "payments"),
        fault: Fault::new(
            now_ns,
            Duration::from_secs(options.break_after_seconds),
            Duration::from_secs(options.break_for_seconds),
        ),
    };
    payments.count_nothing();
    let switch = get(show_fault).post(break_payments).delete(mend_payments);
    Router::new()
        .route("/charges", observed(telemetry, "/charges", post(charge)))
        .route("/break", switch)
        .with_state(Arc::new(payments))
}

#[derive(Deserialize)]
struct ChargeRequest {
    order_id: String,
    amount_cents: u64,
    currency: String,
    card: String,
}

async fn charge(
    State(payments): State<Arc<Payments>>,
    Extension(context): Extension<Context>,
    Json(request): Json<ChargeRequest>,
) -> Result<Json<Value>, Failure> {
    let known = one_of(&CARDS, &request.card).zip(one_of(&CURRENCIES, &request.currency));
    let Some((card, currency)) = known else {
        let message = format!("no {} in {}", request.card, request.currency);
        return Err(Failure::new(StatusCode::BAD_REQUEST, message));
    };
    let charge = Charge { card, currency, amount_cents: request.amount_cents };
    payments.run(&context, &SELECT_CARD).await?;
    let authorization = payments.authorize(&context, &charge).await;
    payments.count(&context, &charge, &authorization);
    match authorization {
        Ok(Authorization::Approved { code }) => {
            payments.run(&context, &INSERT_CHARGE).await?;
            let details = details(&request.order_id, &charge);
            payments.telemetry.log(Severity::Info, &context, "card charged", &details);
            Ok(Json(json!({"state": "paid", "authorization": code})))
        }
        Ok(Authorization::Declined { reason }) => {
            payments.run(&context, &INSERT_CHARGE).await?;
            let message = format!("card declined: {reason}");
            let details = details(&request.order_id, &charge);
            payments.telemetry.log(Severity::Warn, &context, &message, &details);
            Err(Failure::new(StatusCode::PAYMENT_REQUIRED, message))
        }
        Err(error) => {
            let details = details(&request.order_id, &charge);
            payments.telemetry.log(Severity::Error, &context, &error.to_string(), &details);
            Err(Failure::new(StatusCode::GATEWAY_TIMEOUT, error.to_string()))
        }
    }
}

const SELECT_CARD: Statement = Statement {
    operation: "SELECT",
    table: "cards",
    text: "SELECT token, expires FROM cards WHERE customer_id = $1 AND network = $2",
};

const INSERT_CHARGE: Statement = Statement {
    operation: "INSERT",
    table: "charges",
    text: "INSERT INTO charges (order_id, card, amount, currency, outcome) VALUES ($1, $2, $3, $4, $5)",
};

impl Payments {
    async fn run(&self, context: &Context, statement: &Statement) -> Result<(), Failure> {
        self.database.run(context, statement).await.map_err(|error: DatabaseError| {
            self.telemetry.log(Severity::Error, context, &error.to_string(), &[]);
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
        })
    }

    async fn authorize(
        &self,
        context: &Context,
        charge: &Charge,
    ) -> Result<Authorization, AcquirerError> {
        let now_ns = self.telemetry.env.clock.monotonic_ns();
        let stalls = self.fault.hits(now_ns, charge.card, charge.currency);
        Acquirer::of(charge.currency).authorize(&self.telemetry, context, charge, stalls).await
    }

    /// Makes every series of charges exist from the start: the first failure is then a rise from
    /// zero, not a series that nobody can take the rate of.
    fn count_nothing(&self) {
        for outcome in ["approved", "declined", "error"] {
            for (card, currency) in CARDS.into_iter().flat_map(|c| CURRENCIES.map(|m| (c, m))) {
                let acquirer = Acquirer::of(currency).name();
                let labels = ChargeLabels { outcome, card, currency, acquirer };
                drop(self.telemetry.metrics.charges.get_or_create(&labels));
            }
        }
    }

    fn count(
        &self,
        context: &Context,
        charge: &Charge,
        authorization: &Result<Authorization, AcquirerError>,
    ) {
        let labels = ChargeLabels {
            outcome: match authorization {
                Ok(Authorization::Approved { .. }) => "approved",
                Ok(Authorization::Declined { .. }) => "declined",
                Err(AcquirerError::Timeout { .. }) => "error",
            },
            card: charge.card,
            currency: charge.currency,
            acquirer: Acquirer::of(charge.currency).name(),
        };
        let counter = self.telemetry.metrics.charges.get_or_create_owned(&labels);
        counter.inc_by(1, context.span.and_then(exemplar), None);
    }
}

/// What one looks for in the logs of a charge.
fn details(order_id: &str, charge: &Charge) -> [(&'static str, Value); 5] {
    [
        ("order_id", json!(order_id)),
        ("card", json!(charge.card)),
        ("currency", json!(charge.currency)),
        ("amount", json!(charge.amount_cents as f64 / 100.0)),
        ("acquirer", json!(Acquirer::of(charge.currency).name())),
    ]
}

async fn show_fault(State(payments): State<Arc<Payments>>) -> Json<Report> {
    Json(payments.fault.report(payments.telemetry.env.clock.monotonic_ns()))
}

/// The body may be empty.
async fn break_payments(
    State(payments): State<Arc<Payments>>,
    body: Bytes,
) -> Result<Json<Report>, Failure> {
    let bad = |message: String| Failure::new(StatusCode::BAD_REQUEST, message);
    let wanted = match body.is_empty() {
        true => Break::default(),
        false => serde_json::from_slice(&body).map_err(|error| bad(error.to_string()))?,
    };
    let now_ns = payments.telemetry.env.clock.monotonic_ns();
    payments.fault.break_now(now_ns, &wanted).map(Json).map_err(bad)
}

async fn mend_payments(State(payments): State<Arc<Payments>>) -> Json<Report> {
    Json(payments.fault.mend(payments.telemetry.env.clock.monotonic_ns()))
}
