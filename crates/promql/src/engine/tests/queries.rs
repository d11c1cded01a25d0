//! Random queries over the whole grammar.

use testkit::Rng;

pub(super) fn pick<'a>(rng: &Rng, choices: &[&'a str]) -> &'a str {
    let choice: &&str = rng.pick(choices);
    choice
}

/// A query that has a range.
pub(super) fn query(rng: &Rng) -> String {
    if rng.one_in(20) { scalar(rng, 3) } else { vector(rng, 3) }
}

fn scalar(rng: &Rng, depth: usize) -> String {
    match rng.below(if depth == 0 { 3 } else { 7 }) {
        0 => pick(rng, &["0", "1", "2.5", "-3", "1e3", "0.9", "30s", "NaN", "-Inf"]).to_owned(),
        1 => "time()".to_owned(),
        2 => pick(rng, &["pi()", "start()", "end()", "step()", "range()"]).to_owned(),
        3 => format!("scalar({})", vector(rng, depth - 1)),
        4 => format!("-({})", scalar(rng, depth - 1)),
        5 => {
            let op = pick(rng, &["+", "-", "*", "/", "%", "^", "atan2", "> bool", "== bool"]);
            format!("({} {op} {})", scalar(rng, depth - 1), scalar(rng, depth - 1))
        }
        _ => {
            let name = pick(rng, &["max_of", "min_of"]);
            format!("{name}({}, {})", scalar(rng, depth - 1), scalar(rng, depth - 1))
        }
    }
}

fn selector(rng: &Rng) -> String {
    if rng.one_in(12) {
        return pick(rng, &["{__name__=~\"a_total|b\"}", "{__name__!=\"\",y=\"0\"}"]).to_owned();
    }
    let name = pick(rng, &["a_total", "b", "c_bucket", "d", "nope"]);
    let matchers =
        ["", "", "{y=\"0\"}", "{x!=\"1\"}", "{x=~\"0|2\",y=~\".+\"}", "{y!~\"1.*\"}", "{x=\"\"}"];
    format!("{name}{}", pick(rng, &matchers))
}

fn time(rng: &Rng) -> &'static str {
    pick(
        rng,
        &[
            "",
            "",
            "",
            "",
            " offset 1m",
            " offset -20s",
            " @ 200",
            " @ 300 offset 50s",
            " @ start()",
            " @ end()",
        ],
    )
}

fn matrix(rng: &Rng, depth: usize) -> String {
    if depth == 0 || rng.one_in(2) {
        let window = pick(rng, &["1m", "37s", "5m", "1s", "15s"]);
        return format!("{}[{window}]{}", selector(rng), time(rng));
    }
    let inner = vector(rng, depth - 1);
    let window = pick(rng, &["1m", "2m", "10s"]);
    format!("({inner})[{window}:{}]{}", pick(rng, &["", "15s", "7s", "3m"]), time(rng))
}

const OF_WINDOWS: [&str; 25] = [
    "rate",
    "rate",
    "increase",
    "delta",
    "irate",
    "idelta",
    "resets",
    "changes",
    "avg_over_time",
    "sum_over_time",
    "min_over_time",
    "max_over_time",
    "count_over_time",
    "last_over_time",
    "first_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "present_over_time",
    "deriv",
    "mad_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
    "ts_of_last_over_time",
    "ts_of_first_over_time",
    "absent_over_time",
];

const OF_VECTORS: [&str; 20] = [
    "abs",
    "ceil",
    "floor",
    "exp",
    "sgn",
    "ln",
    "sqrt",
    "timestamp",
    "timestamp",
    "absent",
    "hour",
    "day_of_year",
    "atan",
    "deg",
    "histogram_count",
    "sort",
    "sort_desc",
    "round",
    "year",
    "-",
];

fn grouping(rng: &Rng) -> &'static str {
    pick(
        rng,
        &[
            "",
            " by (x)",
            " by (y, le)",
            " by (__name__, x)",
            " without (x)",
            " without (y, le, x)",
            " without (__name__)",
        ],
    )
}

fn aggregation(rng: &Rng, depth: usize) -> String {
    let (v, s, by) = (vector(rng, depth - 1), || scalar(rng, depth - 1), grouping(rng));
    match rng.below(9) {
        0 => format!("quantile{by}({}, {v})", s()),
        1 | 2 => {
            let op = pick(rng, &["topk", "bottomk", "limitk"]);
            let k = if rng.one_in(4) { s() } else { pick(rng, &["0", "1", "2", "3"]).to_owned() };
            format!("{op}{by}({k}, {v})")
        }
        3 => format!("limit_ratio{by}({}, {v})", pick(rng, &["0.5", "-0.3", "1", "2", "-7"])),
        4 => format!("count_values{by}(\"{}\", {v})", pick(rng, &["v", "x"])),
        _ => {
            let op = pick(rng, &["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]);
            format!("{op}{by}({v})")
        }
    }
}

fn binary(rng: &Rng, depth: usize) -> String {
    let (v, s) = (|| vector(rng, depth - 1), || scalar(rng, depth - 1));
    let operators = [
        "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", ">", "<=", ">=", "== bool",
        "< bool", ">= bool",
    ];
    let op = pick(rng, &operators);
    let on = pick(rng, &["", "", " ignoring (le)", " ignoring (x, le)", " on (x, y)", " on (y)"]);
    match rng.below(8) {
        0 | 1 => format!("({}) {op} ({})", v(), s()),
        2 => format!("({}) {op} ({})", s(), v()),
        3 | 4 => format!("({}) {}{on} ({})", v(), pick(rng, &["and", "or", "unless"]), v()),
        5 => {
            let include = pick(rng, &["", "x", "z"]);
            format!("({}) {op} on (y) group_left ({include}) sum by (y) ({})", v(), v())
        }
        6 => format!("max by (y) ({}) {op} on (y) group_right () ({})", v(), v()),
        _ => format!("({}) {op}{on} ({})", v(), v()),
    }
}

fn call(rng: &Rng, depth: usize) -> String {
    let (v, s) = (|| vector(rng, depth - 1), || scalar(rng, depth - 1));
    match rng.below(14) {
        0..=3 => format!("{}({})", rng.pick(&OF_WINDOWS), matrix(rng, depth - 1)),
        4 => format!("quantile_over_time({}, {})", s(), matrix(rng, depth - 1)),
        5 => format!("predict_linear({}, {})", matrix(rng, depth - 1), s()),
        6 => {
            let factors = pick(rng, &["0.3, 0.6", "0.5, 0.5", "0, 0.5", "0.5, 2"]);
            format!("double_exponential_smoothing({}, {factors})", matrix(rng, depth - 1))
        }
        7 | 8 => format!("{}({})", rng.pick(&OF_VECTORS), v()),
        9 => format!("{}({}, {})", pick(rng, &["clamp_min", "clamp_max", "round"]), v(), s()),
        10 => format!("clamp({}, {}, {})", v(), s(), s()),
        11 if rng.one_in(3) => format!("histogram_fraction({}, {}, {})", s(), s(), v()),
        11 => format!("histogram_quantile({}, {})", s(), v()),
        12 => {
            let target = pick(rng, &["x", "new", "__name__", "y"]);
            let source = pick(rng, &["y", "__name__", "x"]);
            format!("label_replace({}, \"{target}\", \"$1-\", \"{source}\", \"(.*)\")", v())
        }
        _ => format!("label_join({}, \"j\", \"/\", \"x\", \"y\", \"__name__\")", v()),
    }
}

fn vector(rng: &Rng, depth: usize) -> String {
    if depth == 0 {
        return format!("{}{}", selector(rng), time(rng));
    }
    match rng.below(14) {
        0 => format!("{}{}", selector(rng), time(rng)),
        1..=4 => call(rng, depth),
        5..=7 => aggregation(rng, depth),
        8..=11 => binary(rng, depth),
        12 => format!("vector({})", scalar(rng, depth - 1)),
        _ => pick(rng, &["hour()", "minute()", "day_of_week()", "-a_total", "+b"]).to_owned(),
    }
}
