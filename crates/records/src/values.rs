//! The values of a field: the most common ones, and counts of records over time split by them.

use std::collections::{BTreeMap, HashMap};

use arrow_buffer::BooleanBuffer;
use model::Value;
use store::{
    Bucket, FieldName, Histogram, HistogramQuery, Order, QueryContext, QueryError, ValueCount,
};

use crate::query::{ScanError, Snapshot};
use crate::scan::{Scan, Unit};
use crate::{Chunk, ColumnType, Condition, Layout, REST, TIME};

/// How many counts a histogram has at most.
const COUNTS_MAX: usize = 1_000_000;

impl Snapshot<'_> {
    /// The most common values of a field, elements of arrays apart, in records that pass.
    ///
    /// # Errors
    /// When there are too many distinct ones, the query is stopped, or a part cannot be read.
    pub fn values(
        &self,
        scan: Scan<'_>,
        field: &str,
        limit: usize,
        context: &QueryContext,
    ) -> Result<Vec<ValueCount>, ScanError> {
        let field = FieldName::Named(field.to_owned());
        let mut counts: HashMap<String, u64> = HashMap::new();
        self.scan(scan, &|layout| value_columns(layout, &field), &mut |chunk, rows| {
            let values = FieldValues::new(chunk, &field);
            for row in rows.set_indices() {
                values.for_each(row, &mut |text| match counts.get_mut(text) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(text.to_owned(), 1)),
                });
                check_distinct(counts.len(), context)?;
            }
            Ok(())
        })?;
        let value_count = |(value, count)| ValueCount { value, count };
        let mut values: Vec<_> = counts.into_iter().map(value_count).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(limit);
        Ok(values)
    }

    /// How many records pass, over time.
    ///
    /// # Errors
    /// When the interval is not positive, there are too many values or buckets, the query is
    /// stopped, or a part cannot be read.
    pub fn histogram(
        &self,
        query: &HistogramQuery,
        condition: &Condition,
        context: &QueryContext,
    ) -> Result<Histogram, ScanError> {
        if query.interval_ns <= 0 {
            let message = "the interval must be positive".to_owned();
            return Err(QueryError::Invalid(message).into());
        }
        let scan = Scan { range: query.range, condition, cancel: &context.cancel };
        let field = query.by.clone().map(FieldName::Named);
        let mut counts = Counts::new(query.interval_ns);
        let wanted = |layout: &Layout| {
            let by = field.as_ref().map_or_else(Vec::new, |field| value_columns(layout, field));
            by.into_iter().chain([TIME]).collect()
        };
        for unit in self.units(query.range, Order::Newest) {
            if field.is_none() && self.count_whole(&unit, scan, &mut counts)? {
                continue;
            }
            self.scan_unit(&unit, scan, &wanted, &mut |chunk, rows| {
                counts.add(chunk, rows, field.as_ref());
                check_distinct(counts.values.len(), context)?;
                match counts.counts.len() > COUNTS_MAX {
                    true => Err(QueryError::TooExpensive(format!(
                        "the histogram has more than {COUNTS_MAX} counts, ask for fewer buckets"
                    ))),
                    false => Ok(()),
                }
            })?;
        }
        Ok(counts.finish())
    }

    /// Counts a unit that lies in one bucket without looking at its rows; false when it does not.
    fn count_whole(
        &self,
        unit: &Unit,
        scan: Scan<'_>,
        counts: &mut Counts,
    ) -> Result<bool, ScanError> {
        let range = unit.range();
        let bucket = counts.bucket(range.start_ns);
        let is_whole = scan.condition.is_all()
            && scan.range.contains(range.start_ns)
            && scan.range.contains(range.end_ns)
            && counts.bucket(range.end_ns) == bucket;
        if !is_whole {
            return Ok(false);
        }
        let rows = match unit {
            Unit::Chunk(chunk, _) => chunk.rows() as u64,
            // Opening it tells whether it is damaged, as counting its rows would.
            Unit::Part(part) => self.open(part)?.groups().iter().map(|g| g.rows as u64).sum(),
        };
        counts.count(bucket, "", rows);
        Ok(true)
    }
}

fn check_distinct(distinct: usize, context: &QueryContext) -> Result<(), QueryError> {
    let max = context.limits.values;
    match distinct > max {
        true => Err(QueryError::TooExpensive(format!(
            "the field has more than {max} distinct values here, narrow the search"
        ))),
        false => Ok(()),
    }
}

/// Counts by bucket and value.
struct Counts {
    interval_ns: i64,
    /// The number of each value.
    values: HashMap<String, usize>,
    counts: HashMap<(i64, usize), u64>,
}

impl Counts {
    fn new(interval_ns: i64) -> Self {
        Counts { interval_ns, values: HashMap::new(), counts: HashMap::new() }
    }

    fn bucket(&self, time_ns: i64) -> i64 {
        time_ns.saturating_sub(time_ns.rem_euclid(self.interval_ns))
    }

    fn count(&mut self, bucket: i64, value: &str, rows: u64) {
        let number = self.number(value);
        *self.counts.entry((bucket, number)).or_default() += rows;
    }

    fn number(&mut self, value: &str) -> usize {
        if let Some(number) = self.values.get(value) {
            return *number;
        }
        let number = self.values.len();
        self.values.insert(value.to_owned(), number);
        number
    }

    fn add(&mut self, chunk: &Chunk, rows: &BooleanBuffer, field: Option<&FieldName>) {
        let values = field.map(|field| FieldValues::new(chunk, field));
        // Neighbours mostly share bucket and value, so they are counted together.
        let (mut last, mut run) = ((i64::MIN, usize::MAX), 0);
        let mut last_value: Option<String> = None;
        let times = chunk.times();
        let undivided = if values.is_none() { self.number("") } else { 0 };
        for row in rows.set_indices() {
            let bucket = self.bucket(times[row]);
            let number = match &values {
                None => undivided,
                Some(values) => {
                    let value = values.first(row);
                    if last_value.as_deref() == Some(&*value) {
                        last.1
                    } else {
                        let number = self.number(&value);
                        last_value = Some(value.into_owned());
                        number
                    }
                }
            };
            if (bucket, number) != last {
                if run > 0 {
                    *self.counts.entry(last).or_default() += run;
                }
                (last, run) = ((bucket, number), 0);
            }
            run += 1;
        }
        if run > 0 {
            *self.counts.entry(last).or_default() += run;
        }
    }

    fn finish(self) -> Histogram {
        let mut names = vec![String::new(); self.values.len()];
        self.values.into_iter().for_each(|(name, number)| names[number] = name);
        let total = self.counts.values().sum();
        let mut buckets: BTreeMap<i64, BTreeMap<&str, u64>> = BTreeMap::new();
        for ((bucket, number), count) in &self.counts {
            buckets.entry(*bucket).or_default().insert(&names[*number], *count);
        }
        let counts = |counts: BTreeMap<&str, u64>| {
            counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
        };
        let buckets = buckets
            .into_iter()
            .map(|(start_ns, values)| Bucket { start_ns, counts: counts(values) });
        Histogram { buckets: buckets.collect(), total }
    }
}

/// The columns in which the values of a field lie.
fn value_columns(layout: &Layout, field: &FieldName) -> Vec<usize> {
    let mut columns = layout.columns_of(field);
    if layout.rest_may_hold(field) {
        columns.push(REST);
    }
    columns
}

/// The values of a field in the rows of a chunk.
struct FieldValues<'a> {
    chunk: &'a Chunk,
    columns: Vec<(usize, ColumnType)>,
    /// The name under which to look into `_rest`, when there is something in it.
    rest: Option<&'a str>,
}

impl<'a> FieldValues<'a> {
    fn new(chunk: &'a Chunk, field: &'a FieldName) -> Self {
        let layout = chunk.layout();
        let columns = layout.columns_of(field).into_iter();
        let columns = columns.filter(|column| chunk.column(*column).is_some());
        let columns = columns.map(|column| (column, layout.kind(column))).collect();
        let rest = match field {
            FieldName::Named(name) => Some(name.as_str()),
            _ => None,
        };
        let has_rest = layout.rest_may_hold(field) && chunk.column(REST).is_some();
        FieldValues { chunk, columns, rest: rest.filter(|_| has_rest) }
    }

    /// The first of them as text, or the empty text.
    fn first(&self, row: usize) -> std::borrow::Cow<'a, str> {
        if let [(column, ColumnType::Text)] = self.columns.as_slice()
            && self.chunk.has(*column, row)
        {
            return self.chunk.text(*column, row).into();
        }
        let mut first = None;
        self.for_each(row, &mut |text| {
            first.get_or_insert_with(|| text.to_owned());
        });
        first.unwrap_or_default().into()
    }

    /// Calls `each` with all of them as text, elements of arrays apart.
    fn for_each(&self, row: usize, each: &mut dyn FnMut(&str)) {
        for (column, kind) in &self.columns {
            match kind {
                ColumnType::Text if self.chunk.has(*column, row) => {
                    each(self.chunk.text(*column, row));
                }
                ColumnType::Text => {}
                _ => {
                    if let Some(value) = self.chunk.value(*column, row) {
                        texts(&value, each);
                    }
                }
            }
        }
        if let Some(name) = self.rest {
            let rest = self.chunk.rest(row);
            rest.iter().filter(|(n, _)| n == name).for_each(|(_, value)| texts(value, each));
        }
    }
}

fn texts(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|element| each(&element.to_text())),
        other => each(&other.to_text()),
    }
}
