//! Parts written, read back, damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Fs, Random, Simulation};
use model::{Exemplar, MatchOp, Matcher, Metadata, MetricKind, Sample, stale_nan};
use storage::{Catalog, DiskGuard, PartError, Parts, Reserve, StoreDir, WalRange};

use super::*;
use crate::index::{LabelIndex, matching};
use crate::merge::merge;

type Content = Vec<(Labels, Vec<Sample>, Vec<Exemplar>)>;

const DAY: i64 = 19_723;
const DAY_START_MS: i64 = DAY * 86_400_000;

struct Store {
    world: Simulation,
    parts: Parts,
    cache: Arc<PageCache>,
}

impl Store {
    fn new() -> Self {
        let world = Simulation::seeded(1);
        let (env, root) = (world.env(), Path::new("/data"));
        let catalog = Arc::new(Catalog::in_memory(&env, root));
        let disk = Arc::new(DiskGuard::new(&env, root, Reserve::Bytes(0)));
        let dir = StoreDir::open(&env, root, "metrics", catalog, disk).unwrap();
        let parts = Parts::open(&dir, EXTENSION, &|_| unreachable!("there are none")).unwrap();
        Store { world, parts, cache: Arc::new(PageCache::new(1 << 20)) }
    }

    fn write(&self, content: &Content) -> WrittenPart {
        self.world.clock.advance_ms(1);
        let file = self.parts.create(DAY).unwrap();
        let wal = WalRange { from: 1, before: 2 };
        let mut writer = PartWriter::new(file, DAY, 0, wal, vec![]).unwrap();
        for (labels, samples, exemplars) in content {
            writer.add(labels, samples, exemplars).unwrap();
        }
        writer.finish(&metadata()).unwrap()
    }

    fn path(&self, part: &WrittenPart) -> PathBuf {
        self.parts.path(&part.entry)
    }

    fn open(&self, part: &WrittenPart) -> Arc<PartReader> {
        Arc::new(PartReader::open(&*self.world.fs, &self.path(part), &self.cache).unwrap())
    }

    fn bytes(&self, part: &WrittenPart) -> Vec<u8> {
        self.world.fs.read(&self.path(part), 1 << 30).unwrap()
    }
}

fn metadata() -> Vec<(String, Metadata)> {
    let help = "How many requests.".to_owned();
    let counter = Metadata { kind: MetricKind::Counter, help, unit: String::new() };
    vec![("requests".to_owned(), counter)]
}

/// Series of several shapes, sorted.
fn content(series: u32, samples: i64, seed: u64) -> Content {
    let random = env::SimRandom::seeded(seed);
    let mut content: Content = Vec::new();
    for number in 0..series {
        let id = format!("{number:05}");
        let name = format!("metric_{}", number / 100);
        let zone = if number % 3 == 0 { "" } else { "eu" };
        let labels = Labels::from_pairs([("__name__", &*name), ("id", &id), ("zone", zone)]);
        let offset_ms = i64::from(number % 7) * 100;
        let samples = (0..samples).map(|n| {
            let value = match number % 5 {
                0 => 1.0,
                1 => n as f64 * 3.0,
                2 => (random.next_u64() % 1000) as f64 / 10.0,
                3 => f64::from_bits(random.next_u64()),
                _ => [2.5, stale_nan()][usize::from(n % 9 == 8)],
            };
            Sample { t_ms: DAY_START_MS + offset_ms + n * 15_000, value }
        });
        let trace = Labels::from_pairs([("trace_id", &*format!("{:032x}", random.next_u64()))]);
        let exemplar = Exemplar { labels: trace, t_ms: DAY_START_MS + 5, value: 0.25 };
        let exemplars = if number % 50 == 7 { vec![exemplar] } else { Vec::new() };
        content.push((labels, samples.collect(), exemplars));
    }
    content.sort_by(|a, b| a.0.cmp(&b.0));
    content
}

/// Everything in a part.
fn read_all(part: &PartReader) -> Result<Content, PartError> {
    let mut reader = SampleReader::new(part);
    let mut content = Vec::new();
    for page in 0..part.series_pages() {
        for entry in part.series_page(page)? {
            let mut samples = Vec::new();
            reader.read(&entry, &(i64::MIN..=i64::MAX), &mut samples)?;
            content.push((entry.labels.clone(), samples, part.exemplars(&entry)?));
        }
    }
    Ok(content)
}

#[test]
fn series_come_back() {
    let store = Store::new();
    for content in [vec![], content(1, 1, 1), content(700, 10, 2), content(3, 9000, 3)] {
        let written = store.write(&content);
        let part = store.open(&written);
        assert_eq!(read_all(&part).unwrap(), content);
        assert_eq!(part.metadata().unwrap(), metadata());
        let rows: usize = content.iter().map(|(_, samples, _)| samples.len()).sum();
        assert_eq!(written.entry.rows, rows as u64);
        let times = || content.iter().flat_map(|(_, samples, _)| samples).map(|s| s.t_ms);
        if let (Some(min_ms), Some(max_ms)) = (times().min(), times().max()) {
            let expected = (min_ms * 1_000_000, max_ms * 1_000_000);
            assert_eq!((written.entry.min_ns, written.entry.max_ns), expected);
            assert!(part.overlaps(max_ms, i64::MAX) && !part.overlaps(max_ms + 1, i64::MAX));
        } else {
            assert!(!part.overlaps(i64::MIN, i64::MAX));
        }
    }
}

#[test]
fn a_range_is_cut_out() {
    let store = Store::new();
    let content = content(3, 9000, 3);
    let part = store.open(&store.write(&content));
    let range_ms = DAY_START_MS + 4000 * 15_000..=DAY_START_MS + 4200 * 15_000;
    let mut read = Vec::new();
    part.each_series(&[0, 2], |entry| {
        let mut samples = Vec::new();
        SampleReader::new(&part).read(&entry, &range_ms, &mut samples)?;
        read.push((entry.labels, samples));
        Ok::<_, PartError>(())
    })
    .unwrap();
    let expected = [0, 2].map(|number: usize| {
        let (labels, samples, _) = &content[number];
        let within = samples.iter().filter(|sample| range_ms.contains(&sample.t_ms));
        (labels.clone(), within.copied().collect::<Vec<_>>())
    });
    assert_eq!(read, expected);
}

#[test]
fn the_index_finds_what_looking_finds() {
    let store = Store::new();
    let content = content(3000, 1, 4);
    let part = store.open(&store.write(&content));
    assert_eq!(part.names(), ["__name__", "id", "zone"]);
    for (name, op, value) in [
        ("id", MatchOp::Equal, "02999"),
        ("id", MatchOp::Equal, "00000"),
        ("id", MatchOp::Equal, "0"),
        ("id", MatchOp::Equal, "zzz"),
        ("none", MatchOp::Equal, "x"),
        ("none", MatchOp::Equal, ""),
        ("id", MatchOp::Regex, "0.*7"),
        ("__name__", MatchOp::Equal, "metric_7"),
        ("zone", MatchOp::Equal, ""),
        ("zone", MatchOp::NotEqual, ""),
        ("zone", MatchOp::NotRegex, "e."),
    ] {
        let matcher = Matcher::new(name, op, value).unwrap();
        let found = matching(&*part, std::slice::from_ref(&matcher)).unwrap();
        let expected: Vec<_> = (0..content.len() as u32)
            .filter(|number| matcher.matches_labels(&content[*number as usize].0))
            .collect();
        assert_eq!(found, expected, "{matcher}");
    }
}

#[test]
fn parts_become_one() {
    let store = Store::new();
    let (mut early, late) = (content(300, 20, 5), content(400, 40, 6));
    early.retain(|(labels, _, _)| labels.get("id").unwrap() != "00007");
    let written = [store.write(&early), store.write(&late)];
    let parts = [store.open(&written[0]), store.open(&written[1])];
    let merged = merge(&parts, 1, store.parts.create(DAY).unwrap()).unwrap();
    let mut expected: BTreeMap<Labels, (BTreeMap<i64, Sample>, Vec<Exemplar>)> = BTreeMap::new();
    for (labels, samples, exemplars) in early.into_iter().chain(late) {
        let series = expected.entry(labels).or_default();
        for sample in samples {
            series.0.entry(sample.t_ms).or_insert(sample);
        }
        series.1.extend(exemplars);
    }
    let expected: Content = expected
        .into_iter()
        .map(|(labels, (samples, exemplars))| (labels, samples.into_values().collect(), exemplars))
        .collect();
    let part = store.open(&merged);
    assert_eq!(read_all(&part).unwrap(), expected);
    assert_eq!(part.description().replaces, written.map(|part| part.entry.id));
    assert_eq!(part.description().level, 1);
    assert_eq!(part.metadata().unwrap().len(), 1);
}

#[test]
fn series_of_one_target_share_their_timestamps() {
    let store = Store::new();
    let bytes = |series| store.write(&content(series, 120, 1)).entry.bytes;
    let regular: Content = content(700, 120, 1)
        .into_iter()
        .map(|(labels, samples, _)| {
            let constant = samples.iter().map(|sample| Sample { value: 1.0, ..*sample });
            (labels, constant.collect(), vec![])
        })
        .collect();
    let constant = store.write(&regular).entry.bytes;
    assert!(constant < 700 * 10, "{constant} bytes for constants, {} otherwise", bytes(700));
}

/// Reads a damaged file: an error, or all as it was, for bits that do not matter.
fn check_damaged(bytes: &[u8], content: &Content, what: &str) {
    let world = Simulation::seeded(1);
    let path = Path::new("/part");
    world.fs.plant(path, bytes);
    let cache = Arc::new(PageCache::new(1 << 20));
    let read = PartReader::open(&*world.fs, path, &cache).and_then(|part| {
        part.metadata()?;
        for name in part.names() {
            part.each_value(name, &mut |_, _| ())?;
        }
        read_all(&part)
    });
    match read {
        Err(PartError::Damaged(_) | PartError::Newer { .. }) => {}
        Err(PartError::Io(error)) => panic!("{what}: {error}"),
        Ok(read) => panic!("{what} was not noticed, and all reads well: {}", read == *content),
    }
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    let store = Store::new();
    let content = content(60, 10, 8);
    let whole = store.bytes(&store.write(&content));
    let random = store.world.env().random;
    for position in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[position] ^= 1 << (random.next_u64() % 8);
        check_damaged(&bytes, &content, &format!("byte {position} of {}", whole.len()));
    }
}

#[test]
fn a_file_cut_short_is_noticed() {
    let store = Store::new();
    let content = content(100, 10, 9);
    let whole = store.bytes(&store.write(&content));
    for len in (0..whole.len()).step_by(7) {
        check_damaged(&whole[..len], &content, &format!("{len} of {}", whole.len()));
    }
    let twice = [&whole[..], &whole[..]].concat();
    check_damaged(&twice, &content, "twice the same");
}
