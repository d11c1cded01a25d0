//! The customers: they come and go over a day of ten minutes, look at some things, buy a few.

mod customers;

use std::f64::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::context::Context;
use crate::database::exponential;
use crate::products::PRODUCTS;
use crate::service::Stopping;
use crate::telemetry::Telemetry;
use crate::telemetry::client::plain;
use crate::telemetry::log::Severity;
use crate::{Role, RunOptions};
use customers::Customer;

/// From one morning rush to the next.
const DAY: Duration = Duration::from_secs(600);

/// How often it is decided who comes.
const TICK: Duration = Duration::from_millis(100);

/// Customers in the shop at once; when it is that full, others stay away.
const CUSTOMERS_MAX: usize = 256;

/// How often what happened is logged.
const SUMMARY_EVERY: Duration = Duration::from_secs(60);

/// Sends customers until it is time to stop.
pub(crate) async fn run(options: &RunOptions, telemetry: &Arc<Telemetry>, stopping: Stopping) {
    let shop = Arc::new(Shop {
        telemetry: telemetry.clone(),
        client: plain(),
        port: Role::Frontend.port(options.port_base).unwrap_or_default(),
        tally: Tally::default(),
    });
    let room = Arc::new(Semaphore::new(CUSTOMERS_MAX));
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let opened_ns = telemetry.env.clock.monotonic_ns();
    let mut summarised = Duration::ZERO;
    let mut closing = Box::pin(stopping.wait());
    loop {
        tokio::select! {
            () = &mut closing => break,
            _ = ticks.tick() => {}
        }
        let open_for = Duration::from_nanos(telemetry.env.clock.monotonic_ns() - opened_ns);
        let expected = options.rate * season(open_for) * TICK.as_secs_f64();
        for _ in 0..arrivals(telemetry, expected) {
            let Ok(place) = room.clone().try_acquire_owned() else { break };
            let shop = shop.clone();
            tokio::spawn(async move {
                shop.visit().await;
                drop(place);
            });
        }
        if open_for >= summarised + SUMMARY_EVERY {
            summarised = open_for;
            shop.summarise();
        }
    }
}

/// How busy this hour is, 1 on average: quiet at night, a rush at noon, a smaller one behind it.
fn season(open_for: Duration) -> f64 {
    let of_day = open_for.as_secs_f64() / DAY.as_secs_f64();
    1.0 + 0.45 * (TAU * (of_day - 0.1)).sin() + 0.15 * (2.0 * TAU * of_day).sin()
}

/// How many come when so many are expected: a Poisson process, by Knuth's multiplication of uniform
/// numbers. At most 100.
fn arrivals(telemetry: &Telemetry, expected: f64) -> u32 {
    let threshold = (-expected).exp();
    let mut product = telemetry.random();
    let mut count = 0;
    while product > threshold && count < 100 {
        product *= telemetry.random();
        count += 1;
    }
    count
}

struct Shop {
    telemetry: Arc<Telemetry>,
    client: reqwest::Client,
    port: u16,
    tally: Tally,
}

/// What has happened since the last summary.
#[derive(Default)]
struct Tally {
    visits: AtomicU64,
    orders: AtomicU64,
    errors: AtomicU64,
}

impl Shop {
    async fn visit(&self) {
        self.tally.visits.fetch_add(1, Ordering::Relaxed);
        let customer = Customer::pick(self.telemetry.random());
        let _seen = self.request(&customer, Method::GET, "/products", None).await;
        let mut wanted = "unknown";
        for _ in 0..1 + (self.telemetry.random() * 3.0) as u32 {
            self.think().await;
            // Now and then somebody follows an old link.
            let stale = self.telemetry.random() < 0.01;
            wanted = if stale { "fax-machine" } else { self.favourite() };
            let path = format!("/products/{wanted}");
            let _seen = self.request(&customer, Method::GET, &path, None).await;
        }
        if self.telemetry.random() > 0.45 {
            return;
        }
        self.think().await;
        let cart = json!({
            "product": wanted,
            "quantity": 1 + (self.telemetry.random().powi(3) * 4.0) as u64,
            "currency": customer.currency,
            "card": customer.card,
        });
        let order = self.request(&customer, Method::POST, "/checkout", Some(&cart)).await;
        let Some(id) = order.as_ref().and_then(|order| order["order_id"].as_str()) else { return };
        self.tally.orders.fetch_add(1, Ordering::Relaxed);
        if self.telemetry.random() < 0.3 {
            self.think().await;
            let _seen = self.request(&customer, Method::GET, &format!("/orders/{id}"), None).await;
        }
    }

    /// Sends a request as a browser behind a gateway would: no trace yet, but who it is.
    async fn request(
        &self,
        customer: &Customer,
        method: Method,
        path: &str,
        body: Option<&Json>,
    ) -> Option<Json> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let context = Context {
            user_id: Some(customer.user_id.clone()),
            tenant: Some(customer.tenant.to_owned()),
            ..Context::default()
        };
        let mut request = self.client.request(method, url).timeout(Duration::from_secs(15));
        for (name, value) in context.headers() {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await;
        let failed = match &response {
            Ok(response) => response.status() >= StatusCode::INTERNAL_SERVER_ERROR,
            Err(_) => true,
        };
        self.tally.errors.fetch_add(u64::from(failed), Ordering::Relaxed);
        let body = response.ok()?.bytes().await.ok()?;
        serde_json::from_slice(&body).ok()
    }

    async fn think(&self) {
        let seconds = exponential(&self.telemetry, 0.2, 0.8).min(5.0);
        sleep(Duration::from_secs_f64(seconds)).await;
    }

    /// A product, the popular ones more often.
    fn favourite(&self) -> &'static str {
        let all: u32 = PRODUCTS.iter().map(|product| product.popularity).sum();
        let mut ticket = (self.telemetry.random() * f64::from(all)) as u32;
        for product in &PRODUCTS {
            match ticket.checked_sub(product.popularity) {
                Some(rest) => ticket = rest,
                None => return product.id,
            }
        }
        PRODUCTS[0].id
    }

    fn summarise(&self) {
        let take = |count: &AtomicU64| json!(count.swap(0, Ordering::Relaxed));
        let fields = [
            ("visits", take(&self.tally.visits)),
            ("orders", take(&self.tally.orders)),
            ("errors", take(&self.tally.errors)),
        ];
        self.telemetry.log(Severity::Info, &Context::default(), "a minute in the shop", &fields);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_the_promised_average() {
        let hours: Vec<f64> = (0..600).map(|second| season(Duration::from_secs(second))).collect();
        let mean = hours.iter().sum::<f64>() / 600.0;
        assert!((mean - 1.0).abs() < 0.001, "{mean}");
        let (least, most) =
            hours.iter().fold((f64::MAX, 0.0_f64), |(a, b), hour| (a.min(*hour), b.max(*hour)));
        assert!(least > 0.3 && most > 1.3, "{least} to {most}");
    }
}
