//! Laws of the arithmetic of histograms, on random ones.

use std::sync::Arc;

use super::*;

/// A small generator (xorshift), so that each run sees the same numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn buckets(&mut self, first: i32, most: u64) -> Buckets {
        let mut next = first;
        let mut pairs = Vec::new();
        for _ in 0..self.below(most) {
            next += 1 + self.below(3) as i32;
            pairs.push((next, self.below(9) as f64));
        }
        pairs.into_iter().collect()
    }

    fn exponential(&mut self) -> Histogram {
        let mut histogram = Histogram::empty(Scheme::Exponential(self.below(4) as i8 - 1));
        histogram.zero_threshold = [0.0, 0.001, 0.5, 3.0][self.below(4) as usize];
        histogram.zero_count = self.below(9) as f64;
        let outside =
            |(index, _): &(i32, f64)| histogram.scheme.bound(*index) > histogram.zero_threshold;
        histogram.positive = self.buckets(-9, 12).iter().filter(outside).collect();
        histogram.negative = self.buckets(-9, 12).iter().filter(outside).collect();
        histogram.sum = self.below(100) as f64;
        self.counted(histogram)
    }

    fn custom(&mut self) -> Histogram {
        let bounds: Vec<f64> = (0..6).filter(|_| self.below(3) > 0).map(f64::from).collect();
        let positive = (0..=bounds.len() as i32).map(|index| (index, self.below(9) as f64));
        let positive: Buckets = positive.collect();
        let scheme = Scheme::Custom(bounds.into());
        self.counted(Histogram { positive, ..Histogram::empty(scheme) })
    }

    fn counted(&mut self, mut histogram: Histogram) -> Histogram {
        histogram.count = observations(&histogram);
        histogram
    }
}

fn observations(histogram: &Histogram) -> f64 {
    let sides = histogram.positive.counts().iter().chain(histogram.negative.counts());
    sides.sum::<f64>() + histogram.zero_count
}

#[test]
fn addition_keeps_every_observation_and_does_not_mind_the_order() {
    let mut random = Random(7);
    for round in 0..4000 {
        let [a, b] = if round % 2 == 0 {
            [random.exponential(), random.exponential()]
        } else {
            [random.custom(), random.custom()]
        };
        let (ab, _) = a.plus(&b).unwrap();
        let (ba, _) = b.plus(&a).unwrap();
        assert_eq!(observations(&ab), ab.count, "{a:?} + {b:?} = {ab:?}");
        assert!(ab.is_same(&ba), "{a:?} + {b:?}: {ab:?} is not {ba:?}");
    }
}

#[test]
fn a_difference_added_again_gives_the_sum_back() {
    let mut random = Random(11);
    for _ in 0..2000 {
        let [a, b] = [random.exponential(), random.exponential()];
        let (sum, _) = a.plus(&b).unwrap();
        let (difference, _) = sum.minus(&b).unwrap();
        let (again, _) = difference.plus(&b).unwrap();
        assert!(again.is_same(&sum), "{a:?} and {b:?}");
        assert!(!sum.is_reset_after(&a) || sum.zero_threshold != a.zero_threshold);
    }
}

#[test]
fn scaling_by_powers_of_two_can_be_undone() {
    let mut random = Random(13);
    for _ in 0..500 {
        let histogram = random.exponential();
        let scaled = histogram.clone().times(8.0).divided_by(4.0).times(0.5);
        assert!(scaled.is_same(&histogram));
        assert_eq!(histogram.clone().times(-1.0).hint, ResetHint::Gauge);
        let doubled = histogram.clone().times(2.0);
        assert!(histogram.plus(&histogram).unwrap().0.is_same(&doubled));
    }
}

#[test]
fn sums_of_many_lose_nothing() {
    let mut one = Histogram::empty(Scheme::Exponential(0));
    one.positive = [(0, 0.1)].into_iter().collect();
    one.count = 0.1;
    let mut sum = HistogramSum::from(&one);
    for _ in 1..1000 {
        sum.add(&one).unwrap();
    }
    let total = sum.total();
    assert_eq!((total.count, total.positive.counts()), (100.0, &[100.0][..]));
}

#[test]
fn bounds_in_common_stay() {
    let histogram = |bounds: &[f64], counts: &[f64]| Histogram {
        positive: (0..).zip(counts.iter().copied()).collect(),
        count: counts.iter().sum(),
        ..Histogram::empty(Scheme::Custom(bounds.into()))
    };
    let a = histogram(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]);
    let b = histogram(&[2.0, 4.0], &[10.0, 20.0, 30.0]);
    let (sum, combined) = a.plus(&b).unwrap();
    assert!(combined.bounds_reconciled);
    assert_eq!(sum.scheme, Scheme::Custom(Arc::new([2.0])));
    assert_eq!(sum.positive.counts(), [13.0, 57.0]);
    assert_eq!(Histogram::empty(Scheme::Exponential(0)).plus(&a), Err(IncompatibleSchemes));
}

#[test]
fn counters_begin_anew() {
    let with = |positive: &[(i32, f64)]| Histogram {
        positive: positive.iter().copied().collect(),
        count: positive.iter().map(|(_, count)| count).sum(),
        ..Histogram::empty(Scheme::Exponential(0))
    };
    let before = with(&[(0, 1.0), (2, 2.0)]);
    assert!(!with(&[(0, 1.0), (1, 5.0), (2, 2.0)]).is_reset_after(&before));
    assert!(with(&[(0, 9.0), (2, 1.0)]).is_reset_after(&before), "one bucket fell");
    assert!(with(&[(0, 9.0)]).is_reset_after(&before), "one bucket is gone");
    let finer = Histogram { scheme: Scheme::Exponential(1), ..with(&[(0, 9.0), (4, 9.0)]) };
    assert!(finer.is_reset_after(&before));
    assert!(!before.is_reset_after(&Histogram { count: 1.0, ..finer.clone().times(0.1) }));
    let gone_on = with(&[(0, 2.0), (2, 2.0)]);
    assert_eq!(gone_on.stored_hint(Some(&before)), ResetHint::NotReset);
    assert_eq!(before.stored_hint(Some(&gone_on)), ResetHint::Unknown);
    assert_eq!(before.stored_hint(None), ResetHint::Unknown);
}

#[test]
fn what_is_no_histogram_is_refused() {
    let custom = Histogram::empty(Scheme::Custom([1.0, 2.0].into()));
    let buckets = |pairs: &[(i32, f64)]| pairs.iter().copied().collect::<Buckets>();
    for (histogram, result) in [
        (custom.clone(), Ok(())),
        (Histogram { count: -1.0, ..custom.clone() }, Err(HistogramError::NegativeCount)),
        (
            Histogram { positive: buckets(&[(3, 1.0)]), ..custom.clone() },
            Err(HistogramError::TooFewBounds),
        ),
        (
            Histogram { scheme: Scheme::Custom([2.0, 2.0].into()), ..custom.clone() },
            Err(HistogramError::Bounds),
        ),
        (Histogram { zero_count: 1.0, ..custom.clone() }, Err(HistogramError::CustomSides)),
        (Histogram { zero_threshold: -1.0, ..custom }, Err(HistogramError::ZeroThreshold)),
    ] {
        assert_eq!(histogram.validate(), result);
    }
}
