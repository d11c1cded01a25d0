//! The inverted index of a head.

use std::collections::HashMap;
use std::convert::Infallible;

use model::Labels;

use crate::index::LabelIndex;

/// For each label name and value the series that have it, which are sorted because they are added
/// in the order of their numbers.
#[derive(Default)]
pub(crate) struct HeadIndex {
    names: HashMap<Box<str>, HashMap<Box<str>, Vec<u32>>>,
    series: u32,
}

impl HeadIndex {
    /// Adds a series and returns its number.
    pub(crate) fn add(&mut self, labels: &Labels) -> u32 {
        let number = self.series;
        self.series += 1;
        for (name, value) in labels.iter() {
            if !self.names.contains_key(name) {
                self.names.insert(name.into(), HashMap::new());
            }
            let values = self.names.get_mut(name).expect("it was just added");
            match values.get_mut(value) {
                Some(series) => series.push(number),
                None => drop(values.insert(value.into(), vec![number])),
            }
        }
        number
    }
}

impl LabelIndex for HeadIndex {
    type Error = Infallible;

    fn series_count(&self) -> u32 {
        self.series
    }

    fn with_value(&self, name: &str, value: &str) -> Result<Vec<u32>, Infallible> {
        let series = self.names.get(name).and_then(|values| values.get(value));
        Ok(series.cloned().unwrap_or_default())
    }

    fn each_value(
        &self,
        name: &str,
        visit: &mut dyn FnMut(&str, &[u32]),
    ) -> Result<(), Infallible> {
        for (value, series) in self.names.get(name).into_iter().flatten() {
            visit(value, series);
        }
        Ok(())
    }

    fn names(&self) -> Vec<&str> {
        self.names.keys().map(|name| &**name).collect()
    }
}
