//! The index says what looking at every series says.

use env::{Random, SimRandom};
use model::{Labels, LabelsBuilder, METRIC_NAME};

use super::*;
use crate::head::HeadIndex;

fn random_labels(random: &SimRandom) -> Labels {
    let mut builder = LabelsBuilder::default();
    for name in [METRIC_NAME, "job", "zone"] {
        let value = ["", "a", "b", "ab", "c"][random.next_u64() as usize % 5];
        builder.set(name, value);
    }
    builder.build()
}

fn random_matcher(random: &SimRandom) -> Matcher {
    let pick = |choices: &[&'static str]| choices[random.next_u64() as usize % choices.len()];
    let name = pick(&[METRIC_NAME, "job", "zone", "none"]);
    match random.next_u64() % 4 {
        0 => Matcher::new(name, MatchOp::Equal, pick(&["", "a", "b", "x"])),
        1 => Matcher::new(name, MatchOp::NotEqual, pick(&["", "a", "b", "x"])),
        2 => Matcher::new(name, MatchOp::Regex, pick(&["", "a|b", ".*", ".+", "a.*", "x"])),
        _ => Matcher::new(name, MatchOp::NotRegex, pick(&["", "a|b", ".*", ".+", "a.*", "x"])),
    }
    .unwrap()
}

#[test]
fn as_looking_at_every_series() {
    let random = SimRandom::seeded(9);
    for _ in 0..500 {
        let series: Vec<_> = (0..random.next_u64() % 20).map(|_| random_labels(&random)).collect();
        let mut index = HeadIndex::default();
        for (number, labels) in series.iter().enumerate() {
            assert_eq!(index.add(labels), number as u32);
        }
        let matchers: Vec<_> =
            (0..random.next_u64() % 4).map(|_| random_matcher(&random)).collect();
        let expected: Vec<_> = (0..series.len() as u32)
            .filter(|n| matchers.iter().all(|m| m.matches_labels(&series[*n as usize])))
            .collect();
        let Ok(found) = matching(&index, &matchers);
        assert_eq!(found, expected, "{matchers:?}");
        let mut values = Vec::new();
        let Ok(()) = values_of(&index, "job", Some(&found), &mut |v| values.push(v.to_owned()));
        values.sort();
        let mut expected: Vec<_> = found
            .iter()
            .filter_map(|n| series[*n as usize].get("job").map(str::to_owned))
            .collect();
        expected.sort();
        expected.dedup();
        assert_eq!(values, expected);
    }
}
