//! Native histograms in answers: `[1.5,{"count":"3","sum":"4.5","buckets":[[0,"1","2","3"]]}]`.

use model::{Bucket, Histogram};
use promql::format_json;

use super::{push_list, push_time};

pub(super) fn push_sample(json: &mut String, t_ms: i64, histogram: &Histogram) {
    json.push('[');
    push_time(json, t_ms);
    json.push_str(r#",{"count":"#);
    push_number(json, histogram.count);
    json.push_str(r#","sum":"#);
    push_number(json, histogram.sum);
    let mut buckets = histogram.buckets();
    buckets.retain(|bucket| bucket.count != 0.0);
    if !buckets.is_empty() {
        json.push_str(r#","buckets":"#);
        push_list(json, &buckets, push_bucket);
    }
    json.push_str("}]");
}

/// A number for which bounds belong to the bucket, the bounds and the count.
fn push_bucket(json: &mut String, bucket: &Bucket) {
    json.push_str(match (bucket.lower_inclusive, bucket.upper_inclusive) {
        (false, true) => "[0",
        (true, false) => "[1",
        (false, false) => "[2",
        (true, true) => "[3",
    });
    for number in [bucket.lower, bucket.upper, bucket.count] {
        json.push(',');
        push_number(json, number);
    }
    json.push(']');
}

fn push_number(json: &mut String, number: f64) {
    json.push('"');
    json.push_str(&format_json(number));
    json.push('"');
}

#[cfg(test)]
mod tests {
    use model::Scheme;

    use super::*;

    #[test]
    fn buckets_say_which_bounds_are_theirs() {
        let mut histogram = Histogram::empty(Scheme::Exponential(0));
        (histogram.count, histogram.sum) = (7.0, -0.5);
        (histogram.zero_count, histogram.zero_threshold) = (1.0, 1e-7);
        histogram.positive = [(1, 2.0), (2, 0.0)].into_iter().collect();
        histogram.negative = [(0, 4.0)].into_iter().collect();
        let mut json = String::new();
        push_sample(&mut json, 1500, &histogram);
        let expected = r#"[1.500,{"count":"7","sum":"-0.5","buckets":[[1,"-1","-0.5","4"],[3,"-1e-07","1e-07","1"],[0,"1","2","2"]]}]"#;
        assert_eq!(json, expected);
        let mut json = String::new();
        push_sample(&mut json, 0, &Histogram::empty(Scheme::Exponential(0)));
        assert_eq!(json, r#"[0,{"count":"0","sum":"0"}]"#);
    }
}
