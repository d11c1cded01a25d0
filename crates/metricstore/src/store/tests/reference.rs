//! Random operations, with the same answers as the reference.

use std::collections::BTreeSet;

use env::{Random, SimRandom};
use store::MemStore;

use super::*;

struct Pair {
    world: World,
    random: SimRandom,
    reference: MemStore,
    store: Arc<DiskMetricStore>,
}

const NAMES: [&str; 4] = ["up", "requests_total", "bytes", "temperature"];
const ZONES: [&str; 4] = ["", "eu", "us", "ä"];

impl Pair {
    fn new(seed: u64) -> Self {
        let world = World::new(seed);
        let (random, reference) = (SimRandom::seeded(seed), MemStore::new());
        let store = world.open();
        Pair { world, random, reference, store }
    }

    fn below(&self, bound: usize) -> usize {
        self.random.next_u64() as usize % bound
    }

    fn pick<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn labels(&self) -> Labels {
        Labels::from_pairs([("__name__", self.pick(&NAMES)), ("zone", self.pick(&ZONES))])
    }

    /// Instants close together over three days, so that many collide and days are divided.
    fn t_ms(&self) -> i64 {
        let day = self.pick(&[-1, 0, 0, 0, 1]);
        day * DAY_MS + self.pick(&[0, 0, DAY_MS - 5]) + self.below(30) as i64
    }

    fn value(&self) -> f64 {
        match self.below(4) {
            0 => f64::from_bits(self.random.next_u64()),
            1 => model::stale_nan(),
            2 => self.below(5) as f64,
            _ => self.below(1000) as f64 / 100.0,
        }
    }

    fn append(&self) {
        let mut batch = MetricBatch::default();
        for _ in 0..self.below(20) {
            batch.push(self.labels(), self.t_ms(), self.value());
        }
        if let Some(new) = batch.samples.last()
            && self.below(3) == 0
        {
            let trace = Labels::from_pairs([("trace_id", self.pick(&["1", "2", "3"]))]);
            let t_ms = new.sample.t_ms;
            let exemplar = Exemplar { labels: trace, t_ms, value: self.below(3) as f64 };
            batch.exemplars.push((new.labels.clone(), exemplar));
        }
        if self.below(5) == 0 {
            let help = format!("{}", self.below(100));
            let metadata = Metadata { help, ..Metadata::default() };
            batch.metadata.push((self.pick(&NAMES).to_owned(), metadata));
        }
        let expected = self.reference.append(batch.clone()).unwrap().wait();
        assert_eq!(append(&self.store, batch), expected);
    }

    /// All that can be merged, or the oldest two parts of a day only.
    fn merge(&self) {
        if self.below(2) == 0 {
            return self.world.merge(&self.store).unwrap();
        }
        let two = MergePolicy { parts_min: 2, bytes_max: 0 };
        if let Some(plan) = storage::plan_merge(&self.store.parts(), two) {
            assert_eq!(plan.len(), 2);
            self.store.merge(&plan).unwrap();
        }
    }

    fn reopen(&mut self) {
        let survival = self.pick(&[Survival::Synced, Survival::Chance, Survival::All]);
        match self.below(2) {
            0 => self.store.stop(),
            _ => self.world.crash(survival),
        }
        self.store = self.world.open();
        assert!(self.store.stats().quarantined.is_empty());
    }

    fn select(&self) -> Select {
        let mut matchers = Vec::new();
        for _ in 0..self.below(3) {
            let name = self.pick(&["__name__", "zone", "none"]);
            let op =
                self.pick(&[MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regex, MatchOp::NotRegex]);
            let value = self.pick(&["", "up", "eu", "u.*", "eu|us", ".+", "bytes"]);
            matchers.push(Matcher::new(name, op, value).unwrap());
        }
        let (a, b) = (self.t_ms(), self.t_ms());
        let (start_ms, end_ms) =
            self.pick(&[(i64::MIN, i64::MAX), (a, b), (a.min(b), a.max(b)), (a, a)]);
        Select { matchers, start_ms, end_ms }
    }

    fn compare(&self) {
        let (select, context) = (self.select(), QueryContext::default());
        let (store, reference) = (&*self.store, &self.reference);
        assert_eq!(store.select(&select, &context), reference.select(&select, &context));
        assert_eq!(store.exemplars(&select, &context), reference.exemplars(&select, &context));
        assert_eq!(store.metadata(), reference.metadata());
        // Time counts by parts: at least what has samples in the range, at most what has any.
        let whole = Select { start_ms: i64::MIN, end_ms: i64::MAX, ..select.clone() };
        let all = Select { matchers: vec![], ..whole.clone() };
        between(
            store.series(&select, &context).unwrap(),
            reference.series(&select, &context).unwrap(),
            reference.series(&whole, &context).unwrap(),
        );
        between(
            store.label_names(&select, &context).unwrap(),
            reference.label_names(&select, &context).unwrap(),
            reference.label_names(&whole, &context).unwrap(),
        );
        between(
            store.label_values("zone", &select, &context).unwrap(),
            reference.label_values("zone", &select, &context).unwrap(),
            reference.label_values("zone", &whole, &context).unwrap(),
        );
        for select in [&whole, &all] {
            assert_eq!(store.series(select, &context), reference.series(select, &context));
            let names = store.label_names(select, &context);
            assert_eq!(names, reference.label_names(select, &context));
            let values = store.label_values("zone", select, &context);
            assert_eq!(values, reference.label_values("zone", select, &context));
        }
    }
}

fn between<T: Ord + Clone + std::fmt::Debug>(found: Vec<T>, least: Vec<T>, most: Vec<T>) {
    assert!(found.is_sorted());
    let [found, least, most] = [found, least, most].map(BTreeSet::from_iter);
    assert!(least.is_subset(&found) && found.is_subset(&most), "{least:?} {found:?} {most:?}");
}

#[test]
fn random_operations_answer_as_the_reference_does() {
    for seed in 0..150 {
        let mut pair = Pair::new(seed);
        for _ in 0..40 {
            match pair.below(10) {
                0..5 => pair.append(),
                5 => pair.store.flush().unwrap(),
                6 => pair.merge(),
                7 => pair.reopen(),
                _ => pair.compare(),
            }
        }
        pair.compare();
    }
}
