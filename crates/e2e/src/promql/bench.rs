//! How long both take for queries of every shape, over HTTP, in the same run.

use std::time::{Duration, Instant};

use super::answer::Question;
use super::{Pair, dataset};
use crate::deadline::now_ms;
use crate::http::Connection;
use crate::process::Process;

/// Query shapes; `$S` is the size of what is selected: one, hundred, thousands.
const SHAPES: [&str; 27] = [
    "counter_$S_total",
    "rate(counter_$S_total[1m])",
    "rate(counter_$S_total[10m])",
    "increase(counter_$S_total[1h])",
    "changes(gauge_$S[10m])",
    "avg_over_time(gauge_$S[10m])",
    "max_over_time(gauge_$S[10m])",
    "quantile_over_time(0.9, gauge_$S[10m])",
    "-gauge_$S",
    "abs(gauge_$S)",
    "gauge_$S - counter_$S_total",
    "gauge_$S > 100",
    "gauge_$S and counter_$S_total",
    "gauge_$S or counter_$S_total",
    "gauge_$S unless counter_$S_total",
    "gauge_$S / on(group) group_left sum by (group) (gauge_$S)",
    "label_replace(gauge_$S, \"x\", \"$1\", \"l\", \"(.*)\")",
    "sum(gauge_$S)",
    "sum by (group) (rate(counter_$S_total[5m]))",
    "avg without (l) (gauge_$S)",
    "topk(5, gauge_$S)",
    "quantile(0.9, gauge_$S)",
    "count_values(\"value\", gauge_$S > 149)",
    "histogram_quantile(0.9, rate(histogram_$S_bucket[5m]))",
    "histogram_quantile(0.9, sum by (le) (rate(histogram_$S_bucket[5m])))",
    "max_over_time(rate(counter_$S_total[1m])[5m:15s])",
    "sum(rate(counter_$S_total[1m])) / sum(rate(counter_$S_total[5m]))",
];

/// Series selected, and the word for it in the metrics' names.
const SIZES: [(usize, &str); 3] = [(1, "one"), (100, "hundred"), (2_000, "thousands")];

/// Steps of a query; one is an instant query.
const STEPS: [usize; 3] = [1, 100, 1_000];

/// How long a query is repeated for, and how often at least.
const REPEAT: (Duration, usize) = (Duration::from_millis(300), 3);

/// What a query cost one of the two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// The median time until the whole answer is there.
    pub wall: Duration,
    /// Bytes of memory by which the process grew at most.
    pub memory: u64,
}

/// A query and what it cost: ours, then theirs.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The expression.
    pub expression: String,
    /// How many steps it was asked for.
    pub steps: usize,
    /// Ours and theirs.
    pub costs: [Cost; 2],
}

impl Figure {
    /// Our time in theirs.
    pub fn ratio(&self) -> f64 {
        self.costs[0].wall.as_secs_f64() / self.costs[1].wall.as_secs_f64()
    }
}

/// Asks both every shape in every size; `each` hears of every figure at once.
///
/// # Panics
/// When a server cannot be started, written to or asked.
pub fn bench(filter: &str, mut each: impl FnMut(&Figure)) -> Vec<Figure> {
    let end_ms = (now_ms() - 60_000) / 60_000 * 60_000 + 7_300;
    let dataset = dataset::sizes(end_ms - 1_240 * 15_000);
    let mut pair = Pair::with(&dataset);
    let mut connections =
        pair.addresses().map(|address| Connection::open(address).expect("both listen"));
    let mut figures = Vec::new();
    for (_, size) in SIZES {
        for shape in SHAPES {
            let expression = shape.replace("$S", size);
            if !expression.contains(filter) {
                continue;
            }
            for steps in STEPS {
                let question = question(&expression, &dataset, steps);
                let wall = times(&question, &mut connections);
                let memory = memory(&question, &mut connections, &mut pair);
                let cost = |of: usize| Cost { wall: wall[of], memory: memory[of] };
                let costs = [cost(0), cost(1)];
                let figure = Figure { expression: expression.clone(), steps, costs };
                each(&figure);
                figures.push(figure);
            }
        }
    }
    figures
}

fn question(expression: &str, dataset: &dataset::Dataset, steps: usize) -> Question {
    let end_ms = dataset.end_ms() - 6_066;
    let step_ms = if steps == 1 { 0 } else { dataset.interval_ms };
    let start_ms = end_ms - dataset.interval_ms * (steps as i64 - 1);
    Question { expression: expression.to_owned(), start_ms, end_ms, step_ms }
}

/// Asks both in turn, so that what else the machine does meets both; the medians.
fn times(question: &Question, connections: &mut [Connection; 2]) -> [Duration; 2] {
    let request = question.request();
    let mut times: [Vec<Duration>; 2] = Default::default();
    let begun = Instant::now();
    while times[0].len() < REPEAT.1 || begun.elapsed() < REPEAT.0 {
        for (times, connection) in times.iter_mut().zip(connections.iter_mut()) {
            let begun = Instant::now();
            let answer = connection.exchange(&request).expect("both answer").ok();
            times.push(begun.elapsed());
            drop(answer);
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

/// By how much memory grew at most while each answered once.
fn memory(question: &Question, connections: &mut [Connection; 2], pair: &mut Pair) -> [u64; 2] {
    let mut grown = [0; 2];
    for (of, connection) in connections.iter_mut().enumerate() {
        let process: &Process = match of {
            0 => pair.ours.process(),
            _ => pair.theirs.process(),
        };
        process.reset_peak_memory();
        let before = process.resident_memory();
        drop(connection.exchange(&question.request()).expect("both answer").ok());
        grown[of] = process.peak_memory().saturating_sub(before);
    }
    grown
}

/// The table's head, then a line for each figure.
pub fn head() -> String {
    format!(
        "{:<75} {:>5} {:>10} {:>10} {:>6} {:>9} {:>9}",
        "query", "steps", "ours", "theirs", "ratio", "ours MB", "theirs MB"
    )
}

/// A figure as a line of the table.
pub fn line(figure: &Figure) -> String {
    let [ours, theirs] = figure.costs;
    let ms = |cost: Cost| format!("{:.2} ms", cost.wall.as_secs_f64() * 1e3);
    let mb = |cost: Cost| format!("{:.1}", cost.memory as f64 / 1e6);
    format!(
        "{:<75} {:>5} {:>10} {:>10} {:>6.2} {:>9} {:>9}",
        figure.expression,
        figure.steps,
        ms(ours),
        ms(theirs),
        figure.ratio(),
        mb(ours),
        mb(theirs),
    )
}

/// What all figures come to.
pub fn summary(figures: &[Figure]) -> String {
    let mut ratios: Vec<f64> = figures.iter().map(Figure::ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
    let worst = ratios.last().copied().unwrap_or_default();
    format!("{} queries: median ratio {median:.3}, worst {worst:.2}", figures.len())
}
