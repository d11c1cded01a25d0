//! Which format a scrape asks for, and which one it got.

use super::Format;
use crate::DecodeError;

/// A format and version that `scrape_protocols` of a Prometheus configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScrapeProtocol {
    /// `PrometheusProto`, which is not spoken here and never asked for.
    PrometheusProto,
    /// `PrometheusText0.0.4`
    PrometheusText004,
    /// `PrometheusText1.0.0`
    PrometheusText100,
    /// `OpenMetricsText0.0.1`
    OpenMetricsText001,
    /// `OpenMetricsText1.0.0`
    OpenMetricsText100,
}

impl ScrapeProtocol {
    /// What Prometheus asks for when nothing is configured, the most wanted first.
    pub const DEFAULT: [ScrapeProtocol; 4] = [
        ScrapeProtocol::OpenMetricsText100,
        ScrapeProtocol::OpenMetricsText001,
        ScrapeProtocol::PrometheusText100,
        ScrapeProtocol::PrometheusText004,
    ];

    /// The protocol of a name in a configuration.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "PrometheusProto" => ScrapeProtocol::PrometheusProto,
            "PrometheusText0.0.4" => ScrapeProtocol::PrometheusText004,
            "PrometheusText1.0.0" => ScrapeProtocol::PrometheusText100,
            "OpenMetricsText0.0.1" => ScrapeProtocol::OpenMetricsText001,
            "OpenMetricsText1.0.0" => ScrapeProtocol::OpenMetricsText100,
            _ => return None,
        })
    }

    /// The format it is parsed as, if it is spoken here.
    pub fn format(self) -> Option<Format> {
        match self {
            ScrapeProtocol::PrometheusProto => None,
            ScrapeProtocol::PrometheusText004 | ScrapeProtocol::PrometheusText100 => {
                Some(Format::Text)
            }
            ScrapeProtocol::OpenMetricsText001 | ScrapeProtocol::OpenMetricsText100 => {
                Some(Format::OpenMetrics)
            }
        }
    }

    fn media_type(self) -> Option<&'static str> {
        match self {
            ScrapeProtocol::PrometheusProto => None,
            ScrapeProtocol::PrometheusText004 => Some("text/plain;version=0.0.4"),
            ScrapeProtocol::PrometheusText100 => {
                Some("text/plain;version=1.0.0;escaping=allow-utf-8")
            }
            ScrapeProtocol::OpenMetricsText001 => {
                Some("application/openmetrics-text;version=0.0.1")
            }
            ScrapeProtocol::OpenMetricsText100 => {
                Some("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8")
            }
        }
    }
}

/// The `Accept` header of a scrape, the most wanted protocol first, with Prometheus' weights.
pub fn accept_header(wanted: &[ScrapeProtocol]) -> String {
    let mut weight = 6;
    let mut header = String::new();
    for media_type in wanted.iter().filter_map(|protocol| protocol.media_type()) {
        header += &format!("{media_type};q=0.{weight},");
        weight = (weight - 1).max(2);
    }
    header + &format!("*/*;q=0.{weight}")
}

impl Format {
    /// The format of a body by its `Content-Type`, or the fallback when that says nothing useful.
    ///
    /// # Errors
    /// When there is neither, and for Prometheus' protobuf format.
    pub fn from_content_type(
        content_type: Option<&str>,
        fallback: Option<Format>,
    ) -> Result<Format, DecodeError> {
        let content_type = content_type.unwrap_or_default().trim();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let problem = match media_type.to_ascii_lowercase().as_str() {
            "application/openmetrics-text" => return Ok(Format::OpenMetrics),
            "text/plain" => return Ok(Format::Text),
            "application/vnd.google.protobuf" => {
                let reason = "the target sent Prometheus' protobuf format, which was not asked for";
                return Err(DecodeError::Unsupported(reason.into()));
            }
            "" => "non-compliant scrape target sending blank Content-Type".to_owned(),
            _ => format!("received unsupported Content-Type {content_type:?}"),
        };
        fallback.ok_or_else(|| {
            let reason = format!("{problem} and no fallback_scrape_protocol specified for target");
            DecodeError::Unsupported(reason)
        })
    }
}
