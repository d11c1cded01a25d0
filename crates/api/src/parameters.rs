//! Parameters of an address or a form: names and values, a name possibly several times.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Names and values in their order.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Those of an address's query or of a form.
    pub(crate) fn decode(text: &[u8]) -> Self {
        Parameters(form_urlencoded::parse(text).into_owned().collect())
    }

    /// These, and behind them others.
    pub(crate) fn before(mut self, mut others: Parameters) -> Self {
        self.0.append(&mut others.0);
        self
    }

    /// The first value of a name, when it is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }

    /// All values of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name, owned.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }

    /// Whether a switch is on; `default` when it is not given.
    pub(crate) fn is_on(&self, name: &str, default: bool) -> Result<bool, String> {
        match self.get(name) {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(format!("parameter {name:?} must be true or false, not {other:?}")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Parameters::decode(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_come_several_times() {
        let address = Parameters::decode(b"query=z&on=true");
        let parameters = Parameters::decode(b"query=a%2Bb+c&m[]=x&m%5B%5D=y&e=").before(address);
        assert_eq!(parameters.get("query"), Some("a+b c"));
        assert_eq!(parameters.list("m[]"), ["x", "y"]);
        assert_eq!((parameters.get("missing"), parameters.get("e")), (None, None));
        assert_eq!(parameters.is_on("on", false), Ok(true));
        assert!(parameters.is_on("query", false).is_err());
    }
}
