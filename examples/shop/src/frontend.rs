//! The frontend service: what browsers talk to.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::context::Context;
use crate::products::{self, PRODUCTS};
use crate::service::Failure;
use crate::telemetry::Telemetry;
use crate::telemetry::client::{CallError, Peer};
use crate::telemetry::log::Severity;
use crate::telemetry::server::observed;
use crate::telemetry::trace::Kind;
use crate::{Role, RunOptions};

struct Frontend {
    telemetry: Arc<Telemetry>,
    orders: Peer,
}

/// What the service answers.
pub(crate) fn routes(telemetry: &Arc<Telemetry>, options: &RunOptions) -> Router {
    let port = Role::Orders.port(options.port_base).unwrap_or_default();
    let orders = Peer::new(telemetry, Role::Orders.name(), port);
    Router::new()
        .route("/products", observed(telemetry, "/products", get(list)))
        .route("/products/{id}", observed(telemetry, "/products/{id}", get(product)))
        .route("/checkout", observed(telemetry, "/checkout", post(checkout)))
        .route("/orders/{id}", observed(telemetry, "/orders/{id}", get(order)))
        .with_state(Arc::new(Frontend { telemetry: telemetry.clone(), orders }))
}

async fn list(
    State(frontend): State<Arc<Frontend>>,
    Extension(context): Extension<Context>,
) -> Json<Value> {
    let mut span = frontend.telemetry.span(&context, "render catalogue", Kind::Internal);
    span.set("shop.products", PRODUCTS.len());
    let products = PRODUCTS.map(|product| json!({"id": product.id, "name": product.name}));
    Json(json!({"products": products}))
}

async fn product(
    State(frontend): State<Arc<Frontend>>,
    Extension(context): Extension<Context>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let Some(product) = products::find(&id) else {
        return Err(Failure::new(StatusCode::NOT_FOUND, format!("there is no product {id:?}")));
    };
    let path = format!("/stock/{}", product.id);
    let stock = frontend.orders.get(&context, "/stock/{product}", &path).await;
    let stock = stock.map_err(|error| frontend.failure(&context, &error))?;
    Ok(Json(json!({
        "id": product.id,
        "name": product.name,
        "price_cents": product.price_cents,
        "pieces": stock["pieces"],
    })))
}

async fn checkout(
    State(frontend): State<Arc<Frontend>>,
    Extension(context): Extension<Context>,
    Json(cart): Json<Value>,
) -> Result<Json<Value>, Failure> {
    let order = frontend.orders.post(&context, "/orders", &cart).await;
    order.map(Json).map_err(|error| frontend.failure(&context, &error))
}

async fn order(
    State(frontend): State<Arc<Frontend>>,
    Extension(context): Extension<Context>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(Failure::new(StatusCode::NOT_FOUND, format!("there is no order {id:?}")));
    }
    let order = frontend.orders.get(&context, "/orders/{id}", &format!("/orders/{id}")).await;
    order.map(Json).map_err(|error| frontend.failure(&context, &error))
}

impl Frontend {
    /// What the customer did wrong is said to the customer; what the shop did wrong is in the log.
    fn failure(&self, context: &Context, error: &CallError) -> Failure {
        match error {
            CallError::Status { status, message, .. } if *status < 500 => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
                Failure::new(status, message.clone())
            }
            error => {
                self.telemetry.log(
                    Severity::Error,
                    context,
                    &error.to_string(),
                    &[("error_type", json!(error.kind()))],
                );
                Failure::new(StatusCode::BAD_GATEWAY, "please try again later")
            }
        }
    }
}
