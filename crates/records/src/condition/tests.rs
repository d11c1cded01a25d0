use arrow_buffer::BooleanBuffer;
use model::LogRecord;
use testkit::Rng;
use testkit::records::{filter, log_record};

use super::*;
use crate::signal::tests::{EVENTS, MESSAGE, SERVICE, TRACE_ID};
use crate::{Chunk, ChunkBuilder, TIME};

/// A chunk of the fields that the test signal knows.
fn chunk(records: &[LogRecord]) -> Chunk {
    let mut builder = ChunkBuilder::new(&EVENTS, records.len());
    for record in records {
        builder.int(TIME, record.time_ns);
        builder.text(MESSAGE, &record.message);
        builder.text(SERVICE, &record.service);
        if let Some(id) = record.trace_id {
            builder.id(TRACE_ID, id.as_bytes());
        }
        for (name, value) in &record.fields {
            builder.field(name, value);
        }
        builder.end_row();
    }
    builder.finish(0)
}

/// A record with only what the test signal knows; its other fields would be missing in the chunk.
fn record(rng: &Rng) -> LogRecord {
    let mut record = log_record(rng, 1_787_392_800_000_000_000, 3_600_000_000_000);
    record.severity = model::Severity::UNKNOWN;
    record.span_id = None;
    record.stream = String::new();
    let hidden = ["severity", "stream", "span_id"];
    record.fields.retain(|(name, _)| !hidden.contains(&name.as_str()));
    record
}

#[test]
fn columns_answer_as_the_definition_does() {
    let mut passed = 0_usize;
    for seed in 0..60 {
        let rng = Rng::seeded(seed);
        let records: Vec<_> = (0..rng.below(70)).map(|_| record(&rng)).collect();
        let chunk = chunk(&records);
        for _ in 0..60 {
            let filter = filter(&rng, 3);
            let condition = Condition::from(&filter);
            let candidates: BooleanBuffer = records.iter().map(|_| !rng.one_in(5)).collect();
            let selected = condition.select(&chunk, &candidates);
            for (row, record) in records.iter().enumerate() {
                let expected = candidates.value(row) && filter.matches(record);
                assert_eq!(
                    selected.value(row),
                    expected,
                    "seed {seed}: {filter:?} of {record:?}, fields {:?}",
                    chunk.fields(row)
                );
            }
            passed += selected.count_set_bits();
        }
    }
    assert!(passed > 10_000, "the filters select too little to test anything: {passed}");
}

#[test]
fn only_what_can_pass_is_looked_for() {
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let is = |text: &str| CellTest::new(store::Test::Is(text.to_owned()));
    let words = |text: &str| CellTest::new(store::Test::Words(text.to_owned()));
    assert_eq!(is(id).only_ids(16).unwrap().len(), 1);
    assert_eq!(is(&id.to_uppercase()).only_ids(16).unwrap().len(), 0);
    assert_eq!(words(&id.to_uppercase()).only_ids(16).unwrap().len(), 1);
    assert_eq!(words("two words").only_ids(16), None);
    assert_eq!(is("7").int_bounds(), Some((7, 7)));
    assert_eq!(is("7").only_text(), Some("7"));
    assert_eq!(is("7.5").int_bounds(), None);
}
