//! Series in memory.

use super::series::EXEMPLARS_MAX;
use super::*;

fn set(name: &str) -> Labels {
    Labels::from_pairs([("__name__", name)])
}

fn sample(t_ms: i64) -> Sample {
    Sample { t_ms, value: t_ms as f64 }
}

fn apply(head: &mut Head, name: &str, times_ms: &[i64]) {
    let mut batch = MetricBatch::default();
    times_ms.iter().for_each(|t_ms| batch.push(set(name), *t_ms, *t_ms as f64));
    head.apply(batch, 7);
}

#[test]
fn samples_are_in_order_and_the_first_of_an_instant_stays() {
    let mut head = Head::default();
    apply(&mut head, "a", &[10, 30, 20, 5, 40]);
    let mut again = MetricBatch::default();
    [5, 20, 30, 40].iter().for_each(|t_ms| again.push(set("a"), *t_ms, -1.0));
    head.apply(again, 9);
    let times = [5, 10, 20, 30, 40].map(sample);
    assert_eq!(head.series(0).samples(i64::MIN..=i64::MAX), times);
    assert_eq!(head.series(0).samples(10..=30), times[1..4]);
    assert_eq!(head.series(0).samples(41..=50), []);
    assert_eq!(head.series(0).samples(RangeInclusive::new(30, 10)), []);
    assert!(head.series(0).has_samples(20..=20) && !head.series(0).has_samples(21..=29));
    assert!(!head.series(0).has_samples(RangeInclusive::new(30, 10)));
    assert_eq!((head.samples(), head.len(), head.since_ns()), (5, 1, Some(7)));
    assert_eq!(head.range(), Some((5, 40)));
    assert!(head.overlaps(40, 50) && !head.overlaps(41, 50) && !Head::default().overlaps(0, 9));
}

#[test]
fn days_hold_their_series_in_order() {
    let day_ms = 86_400_000;
    let mut head = Head::default();
    apply(&mut head, "b", &[0, day_ms, day_ms - 1]);
    apply(&mut head, "a", &[-1, day_ms + 1, i64::MIN, i64::MAX]);
    let exemplar = Exemplar { labels: Labels::empty(), t_ms: 2 * day_ms, value: 1.0 };
    let exemplars = vec![(set("b"), exemplar)];
    head.apply(MetricBatch { exemplars, ..MetricBatch::default() }, 0);
    let days: Vec<_> = head.days().into_iter().collect();
    let expected = [
        (day_of_ms(i64::MIN), vec![1]),
        (-1, vec![1]),
        (0, vec![0]),
        (1, vec![1, 0]),
        (2, vec![0]),
        (day_of_ms(i64::MAX), vec![1]),
    ];
    assert_eq!(days, expected);
    for (day, series) in expected {
        for number in series {
            let in_day = head.series(number).samples(milliseconds_of(day));
            assert!(in_day.iter().all(|sample| day_of_ms(sample.t_ms) == day));
            assert!(!in_day.is_empty() || day == 2);
        }
    }
}

#[test]
fn the_newest_exemplars_stay_once_each() {
    let mut head = Head::default();
    let exemplar = |t_ms: i64| {
        (set("a"), Exemplar { labels: set(&t_ms.to_string()), t_ms, value: t_ms as f64 })
    };
    let exemplars = (0..300).rev().chain(200..300).map(exemplar).collect();
    head.apply(MetricBatch { exemplars, ..MetricBatch::default() }, 0);
    let times: Vec<_> = head.series(0).exemplars(0..=1000).map(|e| e.t_ms).collect();
    assert_eq!(times, (300 - EXEMPLARS_MAX as i64..300).collect::<Vec<_>>());
}

#[test]
fn series_are_found_in_any_order() {
    let mut head = Head::default();
    for (t_ms, name) in (0..).zip(["a", "b", "c", "a", "b", "c", "b", "a", "d", "c", "d"]) {
        apply(&mut head, name, &[t_ms]);
    }
    assert_eq!((head.len(), head.samples()), (4, 11));
    let samples = |number| head.series(number).samples(0..=99).len();
    assert_eq!([0, 1, 2, 3].map(samples), [3, 3, 3, 2]);
    for name in ["a", "b", "c", "d", "b", "e", "a"] {
        let shared = head.shared(set(name).as_encoded().as_bytes());
        assert_eq!(shared, Some(set(name)));
    }
    assert_eq!(head.shared(b"\xff"), None);
}

#[test]
fn memory_is_accounted_for() {
    let mut head = Head::default();
    apply(&mut head, "a", &(0..1000).collect::<Vec<_>>());
    assert!(head.bytes() >= 1000 * 16 && head.bytes() < 1000 * 40, "{}", head.bytes());
    let before = head.bytes();
    apply(&mut head, "a", &(0..1000).collect::<Vec<_>>());
    assert_eq!(head.bytes(), before, "duplicates take none");
}
