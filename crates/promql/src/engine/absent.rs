//! `absent` and `absent_over_time`: 1 where there is nothing.

use model::Labels;

use super::frame::{Frame, Key};
use super::plan::{Input, Node};
use super::run::Run;
use super::{Stop, bits};
use crate::eval::steps::Steps;

impl Run<'_> {
    pub(super) fn absent(
        &mut self,
        labels: &Labels,
        vector: &Node<'_>,
        steps: Steps,
    ) -> Result<Frame, Stop> {
        let mut any = vec![0; bits::words(steps.count())];
        self.each(vector, steps, &mut |_, cells| {
            bits::combine(&mut any, cells.present, |a, b| a | b);
            Ok(())
        })?;
        Ok(where_absent(&any, labels, false, steps))
    }

    pub(super) fn absent_over_time(
        &mut self,
        labels: &Labels,
        input: &Input<'_>,
        steps: Steps,
    ) -> Result<Frame, Stop> {
        let any = self.any_in_window(input, steps)?;
        Ok(where_absent(&any, labels, true, steps))
    }
}

fn where_absent(any: &[u64], labels: &Labels, drops_name: bool, steps: Steps) -> Frame {
    let mut frame = Frame::new(steps.count());
    let cells = frame.push_empty(Key { labels: labels.clone(), drops_name });
    cells.values.fill(1.0);
    bits::fill(cells.present, steps.count());
    bits::combine(cells.present, any, |all, any| all & !any);
    frame.without_empty_rows()
}
