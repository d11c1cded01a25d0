//! Histograms as text, which is what `count_values` makes labels of.

use std::fmt::Write;

use model::Histogram;

use crate::number::format_general;

/// `{count:3, sum:4.5, (1,2]:3}`: count, sum and the buckets that have a count, with brackets where
/// a bound belongs to the bucket.
pub(in crate::eval) fn text(histogram: &Histogram) -> String {
    let mut text = format!(
        "{{count:{}, sum:{}",
        format_general(histogram.count),
        format_general(histogram.sum)
    );
    let mut negative: Vec<_> = histogram.negative_buckets().collect();
    negative.reverse();
    let zero = std::iter::once(histogram.zero_bucket());
    let all = negative.into_iter().chain(zero).chain(histogram.positive_buckets());
    for bucket in all.filter(|bucket| bucket.count != 0.0) {
        let _ = write!(
            text,
            ", {}{},{}{}:{}",
            if bucket.lower_inclusive { '[' } else { '(' },
            format_general(bucket.lower),
            format_general(bucket.upper),
            if bucket.upper_inclusive { ']' } else { ')' },
            format_general(bucket.count),
        );
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use model::Scheme;

    use super::*;

    #[test]
    fn bounds_show_whether_they_belong_to_the_bucket() {
        let mut histogram = Histogram::empty(Scheme::Exponential(0));
        histogram.count = 4.5;
        histogram.zero_count = 1.0;
        histogram.zero_threshold = 0.001;
        histogram.positive = [(0, 0.0), (1, 2.0)].into_iter().collect();
        histogram.negative = [(-1, 1.5)].into_iter().collect();
        let expected = "{count:4.5, sum:0, [-0.5,-0.25):1.5, [-0.001,0.001]:1, (1,2]:2}";
        assert_eq!(text(&histogram), expected);
    }
}
