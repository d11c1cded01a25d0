//! Random records, questions, flushes, merges, restarts and crashes against [`MemStore`].

use store::{Cursor, MemStore};
use testkit::Rng;
use testkit::records::{filter, log_record};

use super::*;

/// Both stores, given the same.
struct Pair {
    world: World,
    mem: MemStore,
    rng: Rng,
}

impl Pair {
    fn append(&self) {
        let count = *self.rng.pick(&[0, 1, 1, 3, 40]);
        let spread_ns = *self.rng.pick(&[HOUR_NS / 60, HOUR_NS, 60 * HOUR_NS]);
        let records: Vec<_> =
            (0..count).map(|_| log_record(&self.rng, NOW_NS, spread_ns)).collect();
        let mem = self.mem.append(LogBatch { records: records.clone() }).unwrap().wait();
        assert_eq!(self.world.append(records), mem);
    }

    fn range(&self) -> TimeRange {
        let instant = || NOW_NS - (self.rng.bits() % (60 * HOUR_NS).unsigned_abs()).cast_signed();
        let (one, other) = (instant(), instant());
        match self.rng.one_in(3) {
            true => TimeRange::ALL,
            false => TimeRange::new(one.min(other), one.max(other)),
        }
    }

    /// Reads pages from both until there are no more.
    fn compare_search(&self) {
        let order = *self.rng.pick(&[Order::Newest, Order::Oldest]);
        let (range, filter) = (self.range(), filter(&self.rng, 2));
        let limit = *self.rng.pick(&[0, 1, 7, 100]);
        let (mut here, mut there): (Option<Cursor>, Option<Cursor>) = (None, None);
        for _ in 0..6 {
            let search = |after| LogSearch { range, filter: filter.clone(), order, after, limit };
            let context = QueryContext::default();
            let found = self.world.store().search(&search(here), &context).unwrap();
            let expected = self.mem.search(&search(there), &context).unwrap();
            assert_eq!(texts(&found.records), texts(&expected.records), "{:?}", search(here));
            assert_eq!(found.more, expected.more, "{:?}", search(here));
            if !found.more || limit == 0 {
                return;
            }
            here = found.records.last().map(|found| found.cursor);
            there = expected.records.last().map(|found| found.cursor);
        }
    }

    fn compare_counts(&self) {
        let context = QueryContext::default();
        let (range, filter) = (self.range(), filter(&self.rng, 1));
        let field = (*self.rng.pick(&["severity", "status", "tags", "a", "message", "none", ""]))
            .to_owned();
        let query = HistogramQuery {
            range,
            filter: filter.clone(),
            interval_ns: *self.rng.pick(&[HOUR_NS / 7, 24 * HOUR_NS, 1 << 62]),
            by: self.rng.one_in(2).then(|| field.clone()),
        };
        let here = self.world.store().histogram(&query, &context);
        assert_eq!(here, self.mem.histogram(&query, &context), "{query:?}");
        let query = FieldsQuery { range, filter: filter.clone() };
        let here = self.world.store().fields(&query, &context);
        assert_eq!(here, self.mem.fields(&query, &context), "{query:?}");
        let query = ValuesQuery { range, filter, field, limit: *self.rng.pick(&[1, 50]) };
        let here = self.world.store().values(&query, &context);
        assert_eq!(here, self.mem.values(&query, &context), "{query:?}");
    }
}

fn texts(records: &[Found]) -> Vec<String> {
    records.iter().map(|found| format!("{:?}", found.record)).collect()
}

#[test]
fn the_store_answers_as_the_naive_one() {
    for seed in 0..24 {
        let mut pair =
            Pair { world: World::new(seed), mem: MemStore::new(), rng: Rng::seeded(seed) };
        for _ in 0..30 {
            match pair.rng.below(12) {
                0..=4 => pair.append(),
                5 => pair.world.flush(),
                6 => pair.world.maintain(Retention::default()),
                7 => pair.world.restart(),
                8 => pair.world.crash(*pair.rng.pick(&[Survival::Synced, Survival::All])),
                _ => {
                    pair.compare_search();
                    pair.compare_counts();
                }
            }
        }
    }
}

#[test]
fn cursors_stay_the_same() {
    let mut world = World::new(1);
    let rng = Rng::seeded(1);
    for _ in 0..5 {
        let records = (0..50).map(|_| log_record(&rng, NOW_NS, HOUR_NS)).collect();
        world.append(records).unwrap();
    }
    let before: Vec<_> = world.all(Order::Newest).iter().map(|found| found.cursor).collect();
    let check = |world: &World| {
        let after: Vec<_> = world.all(Order::Newest).iter().map(|found| found.cursor).collect();
        assert_eq!(after, before);
    };
    world.flush();
    check(&world);
    world.restart();
    check(&world);
    world.append(vec![record("later", NOW_NS + 1)]).unwrap();
    let later = world.all(Order::Newest)[0].cursor;
    assert!(before.iter().all(|cursor| cursor.sequence < later.sequence));
    world.flush();
    world.maintain(Retention::default());
    world.crash(Survival::Synced);
    assert_eq!(world.part_files().len(), 1);
    assert_eq!(world.all(Order::Newest)[0].cursor, later);
    let rest: Vec<_> = world.all(Order::Newest)[1..].iter().map(|found| found.cursor).collect();
    assert_eq!(rest, before);
}
