//! `sort` and `sort_desc`. Only instant queries have an order.

use super::Stop;
use super::bits;
use super::frame::Frame;
use super::plan::Node;
use super::run::Run;
use crate::ast::{Call, TextRange};
use crate::eval::functions::sorting::INEFFECTIVE;
use crate::eval::heap::smallest_first;
use crate::eval::quantile::ascending;
use crate::eval::steps::Steps;

impl Run<'_> {
    pub(super) fn sort(
        &mut self,
        call: &Call,
        range: TextRange,
        vector: &Node<'_>,
        steps: Steps,
    ) -> Result<Frame, Stop> {
        if steps.start_ms != steps.end_ms {
            self.notes.warn(range, INEFFECTIVE);
        }
        let frame = self.vector(vector, steps)?;
        let value = |row: usize| {
            let (values, present) = frame.row(row);
            bits::first(present).map_or(f64::NAN, |step| values[step])
        };
        let mut order: Vec<usize> = (0..frame.len()).collect();
        if call.function.name == "sort" {
            order.sort_by(|a, b| smallest_first(value(*a), value(*b)));
        } else {
            order.sort_by(|a, b| ascending(value(*b), value(*a)));
        }
        Ok(frame.picked(order))
    }
}
