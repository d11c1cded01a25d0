//! A batch as the write-ahead log keeps it: self-contained, column by column.
//!
//! `docs/format/metric-batch.md` describes the bytes. Neighbouring samples share most of their
//! labels and all of their timestamp, so each column holds differences.

#[cfg(test)]
mod tests;

use model::{Exemplar, Labels, Metadata, MetricBatch, MetricKind, Sample, SeriesSample};

use crate::codec::{
    Cursor, LabelsDecoder, LabelsEncoder, Malformed, put_ivarint, put_text, put_uvarint,
};

const VERSION: u8 = 1;

/// The batch as bytes.
pub(crate) fn encode(batch: &MetricBatch) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + batch.samples.len() * 24);
    out.push(VERSION);
    let groups: Vec<_> = batch.samples.chunk_by(|a, b| a.labels == b.labels).collect();
    put_uvarint(&mut out, groups.len() as u64);
    let mut labels = LabelsEncoder::default();
    for group in &groups {
        labels.put(&group[0].labels, &mut out);
    }
    for group in &groups {
        put_uvarint(&mut out, group.len() as u64);
    }
    let mut previous_ms = 0i64;
    for new in &batch.samples {
        put_ivarint(&mut out, new.sample.t_ms.wrapping_sub(previous_ms));
        previous_ms = new.sample.t_ms;
    }
    for new in &batch.samples {
        put_value(&mut out, new.sample.value);
    }
    put_exemplars(&mut out, &batch.exemplars);
    put_uvarint(&mut out, batch.metadata.len() as u64);
    for (name, metadata) in &batch.metadata {
        put_metadata(&mut out, name, metadata);
    }
    out
}

/// The batch that bytes hold. `shared` may have the label set with this one-string form already,
/// and spare making it.
pub(crate) fn decode(
    bytes: &[u8],
    shared: &mut dyn FnMut(&[u8]) -> Option<Labels>,
) -> Result<MetricBatch, Malformed> {
    let mut cursor = Cursor::new(bytes);
    if cursor.u8()? != VERSION {
        return Err(Malformed("the batch has an unshared version"));
    }
    let samples = get_samples(&mut cursor, shared)?;
    let exemplars = get_exemplars(&mut cursor)?;
    let mut metadata = Vec::new();
    for _ in 0..cursor.count()? {
        metadata.push(get_metadata(&mut cursor)?);
    }
    if !cursor.is_empty() {
        return Err(Malformed("something follows the batch"));
    }
    Ok(MetricBatch { samples, exemplars, metadata, ..MetricBatch::default() })
}

fn get_samples(
    cursor: &mut Cursor<'_>,
    shared: &mut dyn FnMut(&[u8]) -> Option<Labels>,
) -> Result<Vec<SeriesSample>, Malformed> {
    let groups = cursor.count()?;
    let mut decoder = LabelsDecoder::default();
    let mut series = Vec::with_capacity(groups);
    for _ in 0..groups {
        decoder.advance(cursor)?;
        series.push(shared(decoder.encoded()).map_or_else(|| decoder.labels(), Ok)?);
    }
    let mut samples = Vec::new();
    for labels in series {
        let count = cursor.count()?;
        // Each sample takes at least two bytes more.
        if count == 0 || samples.len() + count > cursor.len() {
            return Err(Malformed("a series has a wrong number of samples"));
        }
        let sample = Sample { t_ms: 0, value: 0.0 };
        samples.resize(samples.len() + count, SeriesSample { labels, sample });
    }
    let mut previous_ms = 0i64;
    for new in &mut samples {
        previous_ms = previous_ms.wrapping_add(cursor.ivarint()?);
        new.sample.t_ms = previous_ms;
    }
    for new in &mut samples {
        new.sample.value = get_value(cursor)?;
    }
    Ok(samples)
}

/// Integers that are small enough are written as such, an even number; an odd one says that the
/// value follows as it is.
fn put_value(out: &mut Vec<u8>, value: f64) {
    let integer = value as i64;
    if (integer as f64).to_bits() == value.to_bits() && integer.unsigned_abs() < 1 << 50 {
        put_uvarint(out, ((integer << 1 ^ integer >> 63) as u64) << 1);
    } else {
        out.push(1);
        out.extend_from_slice(&value.to_le_bytes());
    }
}

fn get_value(cursor: &mut Cursor<'_>) -> Result<f64, Malformed> {
    let number = cursor.uvarint()?;
    if number & 1 == 1 {
        return cursor.f64();
    }
    let zigzag = number >> 1;
    Ok(((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)) as f64)
}

fn put_exemplars(out: &mut Vec<u8>, exemplars: &[(Labels, Exemplar)]) {
    put_uvarint(out, exemplars.len() as u64);
    let (mut series, mut own) = (LabelsEncoder::default(), LabelsEncoder::default());
    for (labels, exemplar) in exemplars {
        series.put(labels, out);
        put_exemplar(&mut own, exemplar, out);
    }
}

fn get_exemplars(cursor: &mut Cursor<'_>) -> Result<Vec<(Labels, Exemplar)>, Malformed> {
    let count = cursor.count()?;
    let (mut series, mut own) = (LabelsDecoder::default(), LabelsDecoder::default());
    let mut exemplars = Vec::new();
    for _ in 0..count {
        exemplars.push((series.next(cursor)?, get_exemplar(&mut own, cursor)?));
    }
    Ok(exemplars)
}

pub(crate) fn put_exemplar(own: &mut LabelsEncoder, exemplar: &Exemplar, out: &mut Vec<u8>) {
    own.put(&exemplar.labels, out);
    put_ivarint(out, exemplar.t_ms);
    out.extend_from_slice(&exemplar.value.to_le_bytes());
}

pub(crate) fn get_exemplar(
    own: &mut LabelsDecoder,
    cursor: &mut Cursor<'_>,
) -> Result<Exemplar, Malformed> {
    Ok(Exemplar { labels: own.next(cursor)?, t_ms: cursor.ivarint()?, value: cursor.f64()? })
}

pub(crate) fn put_metadata(out: &mut Vec<u8>, name: &str, metadata: &Metadata) {
    put_text(out, name);
    put_text(out, metadata.kind.name());
    put_text(out, &metadata.help);
    put_text(out, &metadata.unit);
}

pub(crate) fn get_metadata(cursor: &mut Cursor<'_>) -> Result<(String, Metadata), Malformed> {
    let name = cursor.text()?.to_owned();
    let kind = MetricKind::from_name(cursor.text()?).unwrap_or_default();
    let (help, unit) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
    Ok((name, Metadata { kind, help, unit }))
}
