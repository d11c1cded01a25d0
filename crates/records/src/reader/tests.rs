use std::path::PathBuf;

use arrow_buffer::BooleanBuffer;
use env::{Env, File, Simulation};
use model::Value;
use storage::{PartId, WalRange};
use store::{Filter, Test};

use super::*;
use crate::gather::{common_layout, gather};
use crate::order::sorted_by_day;
use crate::part::{GROUP_ROWS, PAGE_ROWS};
use crate::signal::tests::{EVENTS, MESSAGE, SERVICE, TRACE_ID};
use crate::writer::{Origin, PartWriter};
use crate::{Chunk, ChunkBuilder, Condition};

const PATH: &str = "/part.parquet";

/// Rows of four services in order of time, every seventh of a trace.
fn rows(first: usize, count: usize) -> Chunk {
    let mut builder = ChunkBuilder::new(&EVENTS, count);
    for row in first..first + count {
        builder.int(TIME, row as i64 * 1_000);
        builder.text(MESSAGE, &format!("request {row} took {} ms", row % 977));
        builder.text(SERVICE, ["api", "db", "shop", "web"][row % 4]);
        if row % 7 == 0 {
            builder.id(TRACE_ID, &trace(row / 7));
        }
        builder.field("region", &Value::from(["af", "eu", "us"][row / 3_300 % 3]));
        builder.field("status", &Value::Int((row % 5) as i64));
        if row % 3 == 0 {
            builder.field("mixed", &Value::Int(1));
            builder.field("user", &Value::from(format!("u{}", row % 50).as_str()));
        } else {
            builder.field("mixed", &Value::from("text"));
        }
        builder.end_row();
    }
    builder.finish(first as u64)
}

fn trace(number: usize) -> [u8; 16] {
    let mut id = [0x5a; 16];
    id[8..].copy_from_slice(&(number as u64).to_be_bytes());
    id
}

/// Writes rows of one day as a part.
fn write(env: &Env, chunks: &[&Chunk]) {
    struct Appending(Box<dyn File>);
    impl std::io::Write for Appending {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.append(bytes).map(|()| bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let layout = common_layout(&EVENTS, chunks.iter().copied());
    let days = sorted_by_day(chunks);
    let picks = days.values().next().unwrap();
    let sample = gather(chunks, &picks[..picks.len().min(2_000)], &layout).unwrap();
    let file = Appending(env.fs.create(&PathBuf::from(PATH)).unwrap());
    let mut writer = PartWriter::new(file, &layout, &sample).unwrap();
    for picks in picks.chunks(100) {
        writer.write(&gather(chunks, picks, &layout).unwrap()).unwrap();
    }
    let wal = WalRange { from: 3, before: 4 };
    let origin = Origin { id: PartId(7), level: 1, wal, replaces: vec![PartId(5)] };
    assert!(writer.finish(origin).unwrap().is_some());
}

fn open(env: &Env) -> Result<PartReader, PartError> {
    PartReader::open(&*env.fs, &PathBuf::from(PATH), &EVENTS)
}

/// All rows of a part in the order of arrival, as text.
fn read_all(part: &PartReader) -> Result<Vec<String>, PartError> {
    let columns: Vec<usize> = (0..part.layout().width()).collect();
    let mut all = Vec::new();
    for group in 0..part.groups().len() {
        let mut read = part.read(group, &columns, None)?;
        while let Some((_, chunk)) = read.next()? {
            all.extend((0..chunk.rows()).map(|row| (chunk.sequences()[row], text(&chunk, row))));
        }
    }
    all.sort();
    Ok(all.into_iter().map(|(_, text)| text).collect())
}

fn text(chunk: &Chunk, row: usize) -> String {
    format!(
        "{} {} {} {:?} {:?}",
        chunk.times()[row],
        chunk.text(MESSAGE, row),
        chunk.text(SERVICE, row),
        chunk.id(TRACE_ID, row),
        chunk.fields(row)
    )
}

#[test]
fn what_was_written_is_read() {
    let env = Simulation::seeded(1).env();
    let chunks = [rows(0, 100), rows(100, 9_900)];
    write(&env, &[&chunks[0], &chunks[1]]);
    let part = open(&env).unwrap();
    assert_eq!((part.description.rows, part.description.day), (10_000, 0));
    assert_eq!((part.description.min_ns, part.description.max_ns), (0, 9_999_000));
    assert_eq!((part.sequence_max(), part.value_count(TRACE_ID)), (9_999, 1_429));
    let written: Vec<_> =
        chunks.iter().flat_map(|chunk| (0..chunk.rows()).map(|row| text(chunk, row))).collect();
    assert_eq!(read_all(&part).unwrap(), written);
    let summary = part.summary().unwrap();
    let services: Vec<_> = summary.iter().map(|(texts, _)| texts[0].clone()).collect();
    assert_eq!(services, ["api", "db", "shop", "web"]);
    let described = describe(&*env.fs, &PathBuf::from(PATH)).unwrap();
    assert_eq!(described.replaces, [PartId(5)]);
}

#[test]
fn wanted_rows_come_with_their_places() {
    let env = Simulation::seeded(1).env();
    write(&env, &[&rows(0, 1_000)]);
    let part = open(&env).unwrap();
    let all = read_all(&part).unwrap();
    let wanted: BooleanBuffer = (0..1_000).map(|row| row % 311 == 17 || row > 990).collect();
    let mut read = part.read(0, &[TIME, MESSAGE, SERVICE], Some(&wanted)).unwrap();
    let mut places = Vec::new();
    while let Some((positions, chunk)) = read.next().unwrap() {
        for (row, position) in positions.iter().enumerate() {
            assert!(all[*position].starts_with(&format!("{} ", chunk.times()[row])));
            assert!(all[*position].contains(chunk.text(MESSAGE, row)));
        }
        places.extend(positions);
    }
    assert_eq!(places, wanted.set_indices().collect::<Vec<_>>());
}

fn count(part: &PartReader, filter: &Filter, range: TimeRange) -> usize {
    let condition = Condition::from(filter);
    let candidates = |group| part.candidates(group, range, &condition).unwrap();
    let groups = (0..part.groups().len()).filter_map(candidates);
    groups.map(|rows| rows.count_set_bits()).sum()
}

#[test]
fn groups_and_pages_that_cannot_pass_are_left_out() {
    let env = Simulation::seeded(1).env();
    write(&env, &[&rows(0, 9_900)]);
    let part = open(&env).unwrap();
    let is = |name: &str, text: &str| Filter::field(name, Test::Is(text.to_owned()));
    let check = |filter: &Filter, expected: usize| {
        let candidates = count(&part, filter, TimeRange::ALL);
        // A page may hold a few rows more than it should.
        assert!(candidates.abs_diff(expected) < 4 * PAGE_ROWS, "{filter:?}: {candidates}");
        assert_eq!(candidates == 0, expected == 0, "{filter:?}");
    };
    check(&Filter::All, 9_900);
    check(&is("region", "eu"), 3_300);
    check(&is("service.name", "zebra"), 0);
    check(&Filter::Or(vec![is("region", "eu"), is("region", "us")]), 6_600);
    check(&is("region", "eu").and(is("status", "9")), 0);
    check(&is("no.such.field", "x"), 0);
    check(&is("no.such.field", "x").negated(), 9_900);
    let hex = |id: [u8; 16]| model::TraceId::new(id).unwrap().to_string();
    check(&is("trace_id", &hex(trace(3))), GROUP_ROWS);
    check(&is("trace_id", &hex(trace(1 << 40))), 0);
    check(&is("trace_id", "not an identifier"), 0);
    let last = TimeRange::new(9_800_000, i64::MAX);
    assert!(count(&part, &Filter::All, last) < 4 * PAGE_ROWS, "the last page, or two");
    assert_eq!(count(&part, &Filter::All, TimeRange::new(i64::MIN, -1)), 0);
}

/// Every kind of damage is noticed before a row is served.
#[test]
fn damage_is_noticed() {
    let world = Simulation::seeded(1);
    let env = world.env();
    write(&env, &[&rows(0, 3_000)]);
    let path = PathBuf::from(PATH);
    let intact = env.fs.read(&path, u64::MAX).unwrap();
    let expected = read_all(&open(&env).unwrap()).unwrap();
    let read = || open(&env).and_then(|part| read_all(&part));
    assert_eq!(read().unwrap(), expected);
    for position in (0..intact.len()).step_by(211) {
        let mut bytes = intact.clone();
        bytes[position] ^= 0x10;
        world.fs.tamper(&path, |content| *content = bytes);
        let found = read();
        assert!(matches!(found, Err(PartError::Damaged(_))), "bit at {position}: {found:?}");
    }
    for len in [0, 1, 11, 12, 100, intact.len() / 2, intact.len() - 1] {
        world.fs.tamper(&path, |content| *content = intact[..len].to_vec());
        assert!(matches!(open(&env), Err(PartError::Damaged(_))), "cut at {len}");
    }
    world.fs.tamper(&path, |content| *content = b"PAR1 something else PAR1".to_vec());
    assert!(matches!(open(&env), Err(PartError::Damaged(_))));
    let other = Signal { name: "others", ..EVENTS };
    world.fs.tamper(&path, |content| *content = intact.clone());
    let other: &'static Signal = Box::leak(Box::new(other));
    assert!(matches!(PartReader::open(&*env.fs, &path, other), Err(PartError::Damaged(_))));
}
