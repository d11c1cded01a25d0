//! `WriteRequest`: series with samples and exemplars, and metadata.

use model::{
    Exemplar, Labels, METRIC_NAME, Metadata, MetricBatch, MetricKind, Sample, SeriesSample,
};

use crate::wire::protobuf::ProtobufReader;
use crate::wire::reader::Reader;
use crate::{DecodeError, Decoded, Limits, content};

/// How much of a label set an error shows.
const SHOWN_CHARACTERS_MAX: usize = 300;

/// Checks that the headers announce version 1 of the protocol; clients may leave them out.
///
/// # Errors
/// When they announce another version, message or compression.
pub fn check_headers(
    content_type: Option<&str>,
    content_encoding: Option<&str>,
) -> Result<(), DecodeError> {
    let unsupported = |reason: String| Err(DecodeError::Unsupported(reason));
    let mut parts = content_type.unwrap_or("application/x-protobuf").split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    if !media_type.eq_ignore_ascii_case("application/x-protobuf") {
        return unsupported(format!(
            "expected application/x-protobuf as the first (media) part, got {media_type} content-type"
        ));
    }
    match parts.find_map(|part| part.strip_prefix("proto=")) {
        None | Some("prometheus.WriteRequest") => {}
        Some(message) => {
            return unsupported(format!(
                "{message} protobuf message is not accepted by this server; \
                 accepted prometheus.WriteRequest"
            ));
        }
    }
    match content_encoding.unwrap_or("snappy") {
        encoding if encoding.eq_ignore_ascii_case("snappy") => Ok(()),
        encoding => unsupported(format!(
            "{encoding} encoding (compression) is not accepted by this server; \
             only snappy is acceptable"
        )),
    }
}

/// Decodes a request as it was sent, compressed. Series with invalid labels, and native histograms,
/// are rejected one by one; the count is of samples.
///
/// # Errors
/// When the body is not snappy or not protobuf, or exceeds a limit.
pub fn decode(body: &[u8], limits: &Limits) -> Result<Decoded<MetricBatch>, DecodeError> {
    let body = content::decode("snappy", body, limits.body_bytes)?;
    let mut out = Decoded::default();
    let mut series = Series::default();
    ProtobufReader::new(&body, limits).message(&[], |reader, field| match field {
        1 => {
            series.read(reader)?;
            series.finish(reader, &mut out)
        }
        3 => metadata(reader, &mut out.batch),
        _ => Ok(()),
    })?;
    Ok(out)
}

/// One `TimeSeries`; the lists are used again for the next.
#[derive(Default)]
struct Series<'a> {
    labels: Vec<(&'a [u8], &'a [u8])>,
    samples: Vec<Sample>,
    exemplars: Vec<Exemplar>,
    native_histograms: u64,
}

impl<'a> Series<'a> {
    fn read(&mut self, reader: &mut ProtobufReader<'a>) -> Result<(), DecodeError> {
        self.labels.clear();
        self.samples.clear();
        self.exemplars.clear();
        self.native_histograms = 0;
        reader.message(&[], |reader, field| {
            match field {
                1 => self.labels.push(label(reader)?),
                2 => self.samples.push(sample(reader)?),
                3 => self.exemplars.push(exemplar(reader)?),
                4 => self.native_histograms += 1,
                _ => {}
            }
            Ok(())
        })
    }

    fn finish(
        &mut self,
        reader: &mut ProtobufReader<'a>,
        out: &mut Decoded<MetricBatch>,
    ) -> Result<(), DecodeError> {
        self.labels.sort_unstable();
        if self.native_histograms > 0 {
            let labels = self.show();
            let reason = format!("native histograms are not supported, got one for {labels}");
            out.rejected.add(self.native_histograms, &reason);
        }
        match self.valid_labels() {
            Ok(pairs) => {
                let labels = Labels::from_pairs(pairs);
                let each = size_of::<SeriesSample>();
                reader.charge(labels.byte_len() + each * self.samples.len())?;
                // The sort is stable and does nothing to what is in order.
                self.samples.sort_by_key(|sample| sample.t_ms);
                let with_labels = |sample| SeriesSample { labels: labels.clone(), sample };
                out.batch.samples.extend(self.samples.drain(..).map(with_labels));
                let exemplars = self.exemplars.drain(..);
                out.batch.exemplars.extend(exemplars.map(|exemplar| (labels.clone(), exemplar)));
            }
            Err(reason) => out.rejected.add(self.samples.len() as u64, &reason),
        }
        Ok(())
    }

    /// The labels as texts, or what is wrong with them in Prometheus' words.
    fn valid_labels(&self) -> Result<Vec<(&'a str, &'a str)>, String> {
        let invalid = || format!("invalid metric name or labels, got {}", self.show());
        let mut pairs = Vec::with_capacity(self.labels.len());
        for (name, value) in &self.labels {
            let name = std::str::from_utf8(name).map_err(|_| invalid())?;
            let value = std::str::from_utf8(value).map_err(|_| invalid())?;
            if name.is_empty() || (name == METRIC_NAME && value.is_empty()) {
                return Err(invalid());
            }
            pairs.push((name, value));
        }
        if !pairs.iter().any(|(name, _)| *name == METRIC_NAME) {
            return Err(invalid());
        }
        match pairs.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(format!(
                "invalid labels for series, labels {}, duplicated label {}",
                self.show(),
                pair[0].0,
            )),
            None => Ok(pairs),
        }
    }

    fn show(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.labels {
            let separator = if text.is_empty() { "" } else { ", " };
            let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
            text += &format!("{separator}{name}={value:?}");
            if text.len() > SHOWN_CHARACTERS_MAX {
                text = text.chars().take(SHOWN_CHARACTERS_MAX).chain(['…']).collect();
                break;
            }
        }
        format!("{{{text}}}")
    }
}

fn label<'a>(reader: &mut ProtobufReader<'a>) -> Result<(&'a [u8], &'a [u8]), DecodeError> {
    reader.charge(size_of::<(&[u8], &[u8])>())?;
    let (mut name, mut value) = (&b""[..], &b""[..]);
    reader.message(&[], |reader, field| {
        match field {
            1 => name = reader.slice()?,
            2 => value = reader.slice()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((name, value))
}

fn sample(reader: &mut ProtobufReader<'_>) -> Result<Sample, DecodeError> {
    reader.charge(size_of::<Sample>())?;
    let mut sample = Sample { t_ms: 0, value: 0.0 };
    reader.message(&[], |reader, field| {
        match field {
            1 => sample.value = reader.double()?,
            2 => sample.t_ms = reader.signed()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(sample)
}

fn exemplar(reader: &mut ProtobufReader<'_>) -> Result<Exemplar, DecodeError> {
    let (mut labels, mut value, mut t_ms) = (Vec::new(), 0.0, 0);
    reader.message(&[], |reader, field| {
        match field {
            1 => {
                let (name, value) = label(reader)?;
                labels.push((String::from_utf8_lossy(name), String::from_utf8_lossy(value)));
            }
            2 => value = reader.double()?,
            3 => t_ms = reader.signed()?,
            _ => {}
        }
        Ok(())
    })?;
    let labels = Labels::from_pairs(labels);
    reader.charge(size_of::<(Labels, Exemplar)>() + labels.byte_len())?;
    Ok(Exemplar { labels, t_ms, value })
}

fn metadata(reader: &mut ProtobufReader<'_>, out: &mut MetricBatch) -> Result<(), DecodeError> {
    reader.charge(size_of::<(String, Metadata)>())?;
    let (mut family, mut metadata) = (String::new(), Metadata::default());
    reader.message(&[], |reader, field| {
        match field {
            1 => metadata.kind = kind(reader.unsigned()?),
            2 => family = reader.owned_text()?,
            4 => metadata.help = reader.owned_text()?,
            5 => metadata.unit = reader.owned_text()?,
            _ => {}
        }
        Ok(())
    })?;
    if !family.is_empty() {
        out.metadata.push((family, metadata));
    }
    Ok(())
}

/// The numbers of `MetricMetadata.MetricType`.
fn kind(number: u64) -> MetricKind {
    match number {
        1 => MetricKind::Counter,
        2 => MetricKind::Gauge,
        3 => MetricKind::Histogram,
        4 => MetricKind::GaugeHistogram,
        5 => MetricKind::Summary,
        6 => MetricKind::Info,
        7 => MetricKind::StateSet,
        _ => MetricKind::Unknown,
    }
}
