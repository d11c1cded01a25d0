//! What everything that is done for one request has in common, and how it crosses to the next
//! process: W3C Trace Context (`traceparent`), W3C Baggage, and the request's own id.

use axum::http::HeaderMap;

use crate::telemetry::trace::SpanContext;

/// The header of the request's own id, known from proxies.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// The identity of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Context {
    /// The span that is being worked on, whose children further spans are.
    pub(crate) span: Option<SpanContext>,
    pub(crate) request_id: String,
    pub(crate) user_id: Option<String>,
    pub(crate) tenant: Option<String>,
}

impl Context {
    /// What came with a request; headers that make no sense are as good as none.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let baggage = text("baggage").unwrap_or_default();
        let member = |wanted: &str| {
            baggage
                .split(',')
                .filter_map(|member| member.split(';').next()?.split_once('='))
                .find(|(key, _)| key.trim() == wanted)
                .map(|(_, value)| value.trim().to_owned())
        };
        Context {
            span: text("traceparent").and_then(SpanContext::from_traceparent),
            request_id: text(REQUEST_ID).filter(|id| id.len() <= 64).unwrap_or_default().to_owned(),
            user_id: member("user_id"),
            tenant: member("tenant"),
        }
    }

    /// The headers that carry it on.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let members: Vec<String> = [("user_id", &self.user_id), ("tenant", &self.tenant)]
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?)))
            .collect();
        let mut headers = Vec::new();
        headers.extend(self.span.map(|span| ("traceparent", span.to_traceparent())));
        if !members.is_empty() {
            headers.push(("baggage", members.join(",")));
        }
        if !self.request_id.is_empty() {
            headers.push((REQUEST_ID, self.request_id.clone()));
        }
        headers
    }

    /// The same request, seen from inside of a span.
    pub(crate) fn within(&self, span: SpanContext) -> Context {
        Context { span: Some(span), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, String)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, String)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(header).collect()
    }

    #[test]
    fn what_is_sent_on_is_what_is_read() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = Context {
            span: SpanContext::from_traceparent(parent),
            request_id: "r-1".into(),
            user_id: Some("user-7".into()),
            tenant: Some("acme".into()),
        };
        assert!(context.span.is_some());
        assert_eq!(Context::from_headers(&headers(&context.headers())), context);
        assert_eq!(Context::from_headers(&HeaderMap::new()), Context::default());
        let foreign = [("baggage", "a=1, tenant = acme;ttl=5 ,broken".to_owned())];
        assert_eq!(Context::from_headers(&headers(&foreign)).tenant.as_deref(), Some("acme"));
    }
}
