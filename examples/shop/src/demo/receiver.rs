//! The server that the demonstration is sent to.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value as Json, json};

use super::DemoError;

/// The dashboard that comes with the shop.
const DASHBOARD: &str = include_str!("../../dashboard.json");

/// The dashboard's name in URLs.
const DASHBOARD_UID: &str = "shop";

/// A server that answers.
pub(super) struct Receiver {
    client: Client,
    server: String,
    /// Where it keeps its data, and looks for targets and rules.
    pub(super) data_dir: PathBuf,
}

impl Receiver {
    /// Asks the server at `server` who it is.
    pub(super) async fn find(server: &str) -> Result<Self, DemoError> {
        let no_server = |source| DemoError::NoServer { server: server.to_owned(), source };
        let client = Client::builder()
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(no_server)?;
        let receiver = Receiver { client, server: server.to_owned(), data_dir: PathBuf::new() };
        let status = receiver.ask(Method::GET, "/api/status", None).await?;
        let data_dir = status["data_dir"].as_str().map(PathBuf::from).unwrap_or_default();
        Ok(Receiver { data_dir, ..receiver })
    }

    /// Gives it the dashboard and lets it look at the new files.
    pub(super) async fn introduce(&self) -> Result<(), DemoError> {
        let dashboard: Json = serde_json::from_str(DASHBOARD).unwrap_or_default();
        let body = json!({"dashboard": dashboard, "overwrite": true});
        self.ask(Method::POST, "/api/dashboards", Some(&body)).await?;
        self.ask(Method::POST, "/-/reload", None).await?;
        Ok(())
    }

    /// Takes the dashboard back and lets it see that the files are gone. If that does not work any
    /// more, the server is gone too.
    pub(super) async fn forget(&self) {
        let dashboard = format!("/api/dashboards/{DASHBOARD_UID}");
        let _server_gone = self.ask(Method::DELETE, &dashboard, None).await;
        let _server_gone = self.ask(Method::POST, "/-/reload", None).await;
    }

    /// Sends a request and reads the answer as JSON, `null` when it is something else.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Json>,
    ) -> Result<Json, DemoError> {
        let url = format!("{}{path}", self.server);
        let mut request: RequestBuilder =
            self.client.request(method, &url).header("x-sightglass", "1");
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let no_server = |source| DemoError::NoServer { server: self.server.clone(), source };
        let response = request.send().await.map_err(no_server)?;
        let status = response.status();
        let answer = response.text().await.map_err(no_server)?;
        if !status.is_success() {
            let message = answer.chars().take(300).collect();
            return Err(DemoError::Refused { url, status: status.as_u16(), message });
        }
        Ok(serde_json::from_str(&answer).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashboard_is_json_under_its_name() {
        let dashboard: Json = serde_json::from_str(DASHBOARD).unwrap();
        assert_eq!(dashboard["uid"], DASHBOARD_UID);
        assert!(dashboard["panels"].as_array().unwrap().len() >= 8);
    }
}
