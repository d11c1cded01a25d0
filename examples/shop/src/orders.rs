//! The orders service: knows the stock, takes orders and has them paid.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::context::Context;
use crate::database::{Database, Statement};
use crate::products::{self, CURRENCIES, Product, one_of};
use crate::service::Failure;
use crate::telemetry::Telemetry;
use crate::telemetry::client::{CallError, Peer};
use crate::telemetry::log::Severity;
use crate::telemetry::metrics::OrderLabels;
use crate::telemetry::server::observed;
use crate::telemetry::trace::hex;
use crate::{Role, RunOptions};

/// Orders that are remembered.
const REMEMBERED: usize = 10_000;

/// The most of one product in one order.
const QUANTITY_MAX: u64 = 20;

struct Orders {
    telemetry: Arc<Telemetry>,
    database: Database,
    payments: Peer,
    /// The newest last.
    states: Mutex<VecDeque<(String, &'static str)>>,
}

/// What the service answers.
pub(crate) fn routes(telemetry: &Arc<Telemetry>, options: &RunOptions) -> Router {
    let port = Role::Payments.port(options.port_base).unwrap_or_default();
    let orders = Orders {
        telemetry: telemetry.clone(),
        database: Database::new(telemetry, "orders"),
        payments: Peer::new(telemetry, Role::Payments.name(), port),
        states: Mutex::default(),
    };
    Router::new()
        .route("/stock/{product}", observed(telemetry, "/stock/{product}", get(stock)))
        .route("/orders", observed(telemetry, "/orders", post(place)))
        .route("/orders/{id}", observed(telemetry, "/orders/{id}", get(show)))
        .with_state(Arc::new(orders))
}

async fn stock(
    State(orders): State<Arc<Orders>>,
    Extension(context): Extension<Context>,
    Path(product): Path<String>,
) -> Result<Json<Value>, Failure> {
    orders.run(&context, &SELECT_STOCK).await?;
    match products::find(&product) {
        None => {
            Err(Failure::new(StatusCode::NOT_FOUND, format!("there is no product {product:?}")))
        }
        Some(product) => {
            let pieces = (orders.telemetry.random() * 200.0) as u32;
            let fields = [("product", json!(product.id)), ("pieces", json!(pieces))];
            orders.telemetry.log(Severity::Debug, &context, "stock looked up", &fields);
            Ok(Json(json!({"product": product.id, "pieces": pieces})))
        }
    }
}

#[derive(Deserialize)]
struct OrderRequest {
    product: String,
    quantity: u64,
    currency: String,
    card: String,
}

async fn place(
    State(orders): State<Arc<Orders>>,
    Extension(context): Extension<Context>,
    Json(request): Json<OrderRequest>,
) -> Result<Json<Value>, Failure> {
    let Some(product) = products::find(&request.product) else {
        let message = format!("there is no product {:?}", request.product);
        return Err(Failure::new(StatusCode::NOT_FOUND, message));
    };
    let Some(currency) = one_of(&CURRENCIES, &request.currency) else {
        let message = format!("nothing is sold for {:?}", request.currency);
        return Err(Failure::new(StatusCode::BAD_REQUEST, message));
    };
    if request.quantity == 0 || request.quantity > QUANTITY_MAX {
        let message = format!("the quantity must be between 1 and {QUANTITY_MAX}");
        return Err(Failure::new(StatusCode::BAD_REQUEST, message));
    }
    let order_id = orders.begin(&context).await?;
    let paid = orders.pay(&context, &order_id, product, &request).await;
    let (outcome, result) = match paid {
        Ok(_) => ("paid", Ok(Json(json!({"order_id": order_id, "state": "paid"})))),
        Err(CallError::Status { status: 402, message, .. }) => {
            ("declined", Err(Failure::new(StatusCode::PAYMENT_REQUIRED, message)))
        }
        Err(error) => ("failed", Err(Failure::new(StatusCode::BAD_GATEWAY, error.to_string()))),
    };
    orders.finish(&context, &order_id, outcome).await?;
    orders.telemetry.metrics.orders.get_or_create(&OrderLabels { outcome, currency }).inc();
    orders.report(&context, &order_id, product, &request, outcome);
    result
}

async fn show(
    State(orders): State<Arc<Orders>>,
    Extension(context): Extension<Context>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    orders.run(&context, &SELECT_ORDER).await?;
    let state = orders.states.lock().iter().rev().find(|(known, _)| *known == id).map(|(_, s)| *s);
    match state {
        Some(state) => Ok(Json(json!({"order_id": id, "state": state}))),
        None => Err(Failure::new(StatusCode::NOT_FOUND, format!("there is no order {id:?}"))),
    }
}

const SELECT_STOCK: Statement = Statement {
    operation: "SELECT",
    table: "stock",
    text: "SELECT pieces FROM stock WHERE product_id = $1",
};

const INSERT_ORDER: Statement = Statement {
    operation: "INSERT",
    table: "orders",
    text: "INSERT INTO orders (id, product_id, quantity, amount, currency, state) \
           VALUES ($1, $2, $3, $4, $5, 'open')",
};

const UPDATE_ORDER: Statement = Statement {
    operation: "UPDATE",
    table: "orders",
    text: "UPDATE orders SET state = $1 WHERE id = $2",
};

const SELECT_ORDER: Statement = Statement {
    operation: "SELECT",
    table: "orders",
    text: "SELECT state, amount, currency FROM orders WHERE id = $1",
};

impl Orders {
    async fn run(&self, context: &Context, statement: &Statement) -> Result<(), Failure> {
        self.database.run(context, statement).await.map_err(|error| {
            self.telemetry.log(Severity::Error, context, &error.to_string(), &[]);
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
        })
    }

    async fn begin(&self, context: &Context) -> Result<String, Failure> {
        self.run(context, &SELECT_STOCK).await?;
        self.run(context, &INSERT_ORDER).await?;
        let mut bytes = [0; 4];
        self.telemetry.env.random.fill(&mut bytes);
        Ok(format!("o-{}", hex(&bytes)))
    }

    async fn pay(
        &self,
        context: &Context,
        order_id: &str,
        product: &Product,
        request: &OrderRequest,
    ) -> Result<Value, CallError> {
        let charge = json!({
            "order_id": order_id,
            "amount_cents": product.price_cents * request.quantity,
            "currency": request.currency,
            "card": request.card,
        });
        self.payments.post(context, "/charges", &charge).await
    }

    async fn finish(
        &self,
        context: &Context,
        order_id: &str,
        outcome: &'static str,
    ) -> Result<(), Failure> {
        self.run(context, &UPDATE_ORDER).await?;
        let mut states = self.states.lock();
        if states.len() == REMEMBERED {
            states.pop_front();
        }
        states.push_back((order_id.to_owned(), outcome));
        Ok(())
    }

    fn report(
        &self,
        context: &Context,
        order_id: &str,
        product: &Product,
        request: &OrderRequest,
        outcome: &str,
    ) {
        let (severity, message) = match outcome {
            "paid" => (Severity::Info, format!("order {order_id} placed")),
            "declined" => (Severity::Warn, format!("order {order_id} was not paid")),
            _ => (Severity::Error, format!("order {order_id} failed at payment")),
        };
        let fields = [
            ("order_id", json!(order_id)),
            ("product", json!(product.id)),
            ("quantity", json!(request.quantity)),
            ("amount", json!((product.price_cents * request.quantity) as f64 / 100.0)),
            ("currency", json!(request.currency)),
        ];
        self.telemetry.log(severity, context, &message, &fields);
    }
}
