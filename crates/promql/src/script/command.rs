//! The commands of a script.

use model::Regexp;

use super::series::SeriesPoints;

pub(super) enum Command {
    Clear,
    Load(Load),
    Eval(Box<Eval>),
}

/// Series to store, their points so far apart.
pub(super) struct Load {
    pub(super) line: usize,
    pub(super) interval_ms: i64,
    pub(super) series: Vec<SeriesPoints>,
    /// Classic histograms also become native ones with custom buckets.
    pub(super) with_custom_buckets: bool,
}

/// A query and what must come out.
pub(super) struct Eval {
    pub(super) line: usize,
    pub(super) query: String,
    pub(super) times: Times,
    /// The instants of a range vector that an instant query gives.
    pub(super) vector_times: Option<(i64, i64, i64)>,
    pub(super) expect: Expect,
}

/// When a query is evaluated; a range is start, end and step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    Instant(i64),
    Range((i64, i64, i64)),
}

#[derive(Default)]
pub(super) struct Expect {
    /// Series in the order of their lines.
    pub(super) series: Vec<SeriesPoints>,
    pub(super) scalar: Option<f64>,
    pub(super) string: Option<String>,
    pub(super) fail: Option<Text>,
    pub(super) is_ordered: bool,
    pub(super) warn: Remarks,
    pub(super) info: Remarks,
}

/// What is expected of the remarks of one level.
#[derive(Default)]
pub(super) struct Remarks {
    /// There must be none.
    pub(super) none: bool,
    /// There must be at least one.
    pub(super) some: bool,
    /// Each of these must be met, and each remark must meet one.
    pub(super) texts: Vec<Text>,
}

/// A text as it must be.
pub(super) enum Text {
    Any,
    Exactly(String),
    Matching(Regexp),
}

impl Text {
    pub(super) fn is_met(&self, text: &str) -> bool {
        match self {
            Text::Any => true,
            Text::Exactly(exactly) => exactly == text,
            Text::Matching(regexp) => regexp.is_match(text),
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Text::Any => "anything".to_owned(),
            Text::Exactly(text) => text.clone(),
            Text::Matching(regexp) => format!("/{}/", regexp.as_str()),
        }
    }
}
