//! Time, and the parts of a date in UTC.

use model::Sample;

use super::super::matrix::{Element, Matrix};
use super::super::select::Latest;
use super::super::{EvalError, Evaluator, Steps};
use crate::ast::{Call, ExprKind};

/// A day of the proleptic Gregorian calendar and the seconds since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    days: i64,
    seconds: i64,
}

impl Date {
    /// The date so many seconds after the epoch.
    pub(crate) fn of_seconds(seconds: i64) -> Self {
        let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Years are counted from March, so that the leap day is their last, and in cycles of 400
        // (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = days + 719_468;
        let (cycle, day_of_cycle) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_cycle = (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524
            - day_of_cycle / 146_096)
            / 365;
        let day_of_year =
            day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
        Date { year, month, day, days, seconds }
    }

    /// Hour, minute and second.
    pub(crate) fn time_of_day(self) -> (i64, i64, i64) {
        (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60)
    }

    fn is_leap_year(self) -> bool {
        self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0)
    }

    fn days_in_month(self) -> i64 {
        match self.month {
            2 => 28 + i64::from(self.is_leap_year()),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    fn day_of_year(self) -> i64 {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let leap_day = i64::from(self.month > 2 && self.is_leap_year());
        usize::try_from(self.month - 1).map_or(0, |month| before[month]) + self.day + leap_day
    }

    /// From Sunday, which is 0.
    fn day_of_week(self) -> i64 {
        (self.days + 4).rem_euclid(7)
    }
}

/// A part of a date.
pub(crate) type DatePart = fn(Date) -> i64;

/// The function of a name, if it takes a part of a date.
pub(crate) fn date_part(name: &str) -> Option<DatePart> {
    Some(match name {
        "year" => |date| date.year,
        "month" => |date| date.month,
        "day_of_month" => |date| date.day,
        "day_of_week" => Date::day_of_week,
        "day_of_year" => Date::day_of_year,
        "days_in_month" => Date::days_in_month,
        "hour" => |date| date.time_of_day().0,
        "minute" => |date| date.time_of_day().1,
        _ => return None,
    })
}

impl Evaluator<'_> {
    /// The part of the date each sample stands for, in seconds; without argument, of the step.
    pub(super) fn date_part(
        &mut self,
        call: &Call,
        part: DatePart,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let of = |seconds: i64| part(Date::of_seconds(seconds)) as f64;
        match call.args.first() {
            Some(arg) => self.map(arg, steps, |sample| Some(of(sample.value as i64))),
            None => self.per_step(steps, &[], |_, t_ms, _, out| {
                out.push(Element::scalar(of(t_ms / 1000)));
                Ok(())
            }),
        }
    }

    pub(super) fn time(&mut self, steps: Steps) -> Result<Matrix, EvalError> {
        self.per_step(steps, &[], |_, t_ms, _, out| {
            out.push(Element::scalar(t_ms as f64 / 1000.0));
            Ok(())
        })
    }

    /// When each sample was taken; of what was computed, the step.
    pub(super) fn timestamp(&mut self, call: &Call, steps: Steps) -> Result<Matrix, EvalError> {
        if let ExprKind::Vector(selector) = &call.args[0].without_parens().kind {
            let shift = self.shift(&selector.time)?;
            let time = |latest: Latest| (latest.t_ms as f64 / 1000.0).into();
            let times = self.latest(&selector.matchers, shift, steps, time)?;
            return self.drop_names(times);
        }
        let mut matrix = self.eval(&call.args[0], steps)?;
        for series in &mut matrix {
            let floats = series.samples.iter().map(|sample| sample.t_ms);
            let mut times: Vec<i64> =
                floats.chain(series.histograms.iter().map(|sample| sample.t_ms)).collect();
            times.sort_unstable();
            let sample = |t_ms: i64| Sample { t_ms, value: t_ms as f64 / 1000.0 };
            series.samples = times.into_iter().map(sample).collect();
            series.histograms.clear();
        }
        self.drop_names(matrix)
    }

    /// When the counter behind each sample began to count, 0 where nobody said; nothing of what
    /// was computed.
    pub(super) fn start_timestamp(
        &mut self,
        call: &Call,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let ExprKind::Vector(selector) = &call.args[0].without_parens().kind else {
            self.eval(&call.args[0], steps)?;
            return Ok(Matrix::new());
        };
        let shift = self.shift(&selector.time)?;
        let start = |latest: Latest| (latest.start_ms as f64 / 1000.0).into();
        let starts = self.latest(&selector.matchers, shift, steps, start)?;
        self.drop_names(starts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (seconds, year, month, day, week, of_year) in [
            (0, 1970, 1, 1, 4, 1),
            (-1, 1969, 12, 31, 3, 365),
            (951_782_400, 2000, 2, 29, 2, 60),
            (1_456_790_400, 2016, 3, 1, 2, 61),
            (4_107_542_399, 2100, 2, 28, 0, 59),
            (4_107_542_400, 2100, 3, 1, 1, 60),
        ] {
            let date = Date::of_seconds(seconds);
            assert_eq!((date.year, date.month, date.day), (year, month, day), "{seconds}");
            assert_eq!((date.day_of_week(), date.day_of_year()), (week, of_year), "{seconds}");
        }
        assert_eq!(Date::of_seconds(86_399).time_of_day(), (23, 59, 59));
        assert_eq!(Date::of_seconds(i64::MAX).days_in_month(), 31);
    }
}
