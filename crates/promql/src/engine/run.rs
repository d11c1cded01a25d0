//! Runs a plan.

use store::{MetricStore, QueryContext};

use super::Stop;
use super::bits;
use super::frame::{Column, Frame, Names, Scratch, Sink};
use super::plan::{Function, Node, Plan, Read, Scalar};
use super::read::Loaded;
use super::stage::Stage;
use crate::eval::annotations::{Annotations, Level};
use crate::eval::functions::time::{Date, DatePart};
use crate::eval::steps::Steps;
use crate::eval::{Answer, Options, Value};

/// The state of one query.
pub(super) struct Run<'q> {
    pub(super) store: &'q dyn MetricStore,
    pub(super) options: &'q Options,
    pub(super) context: &'q QueryContext,
    pub(super) reads: &'q [Read],
    pub(super) loaded: Vec<Option<Loaded>>,
    pub(super) notes: Annotations,
    /// How many values are in memory.
    held: usize,
}

impl<'q> Run<'q> {
    pub(super) fn new(
        plan: &'q Plan<'_>,
        store: &'q dyn MetricStore,
        options: &'q Options,
        context: &'q QueryContext,
    ) -> Self {
        let (notes, reads) = (Annotations::default(), &plan.reads);
        Run { store, options, context, reads, loaded: Vec::new(), notes, held: 0 }
    }

    pub(super) fn answer(self, value: Value) -> Answer {
        let (warnings, infos) = self.notes.split(Level::Warning);
        Answer { value, warnings, infos }
    }

    /// The rows of a vector.
    pub(super) fn vector(&mut self, node: &Node<'_>, steps: Steps) -> Result<Frame, Stop> {
        self.context.cancel.check()?;
        let before = self.held;
        let frame = self.node(node, steps)?;
        // What the node needed on the way is gone; its result stays.
        self.held = before;
        self.hold(frame.values.len())?;
        Ok(frame)
    }

    fn node(&mut self, node: &Node<'_>, steps: Steps) -> Result<Frame, Stop> {
        match node {
            Node::Empty => Ok(Frame::new(0)),
            Node::Once(_) | Node::Latest { .. } | Node::Windows(_) => self.collected(node, steps),
            Node::Map(function, vector) => {
                let stage = self.function(function, steps)?;
                let frame = self.vector(vector, steps)?;
                self.staged(&stage, frame, steps)
            }
            Node::WithScalar(operation) => {
                // Remarks come in the order the sides are written.
                let (frame, scalar) = if operation.vector_is_left {
                    let frame = self.vector(&operation.vector, steps)?;
                    (frame, self.scalar(&operation.scalar, steps)?)
                } else {
                    let scalar = self.scalar(&operation.scalar, steps)?;
                    (self.vector(&operation.vector, steps)?, scalar)
                };
                let stage = Stage::Operator(operation, scalar);
                Ok(self.staged(&stage, frame, steps)?.by_appearance())
            }
            Node::Scalar(scalar) => Ok(self.scalar(scalar, steps)?.into_frame(steps)),
            Node::Date(part) => Ok(dates(*part, steps).into_frame(steps)),
            Node::Match(binary, sides) => {
                let sides = [self.vector(&sides[0], steps)?, self.vector(&sides[1], steps)?];
                self.matched(binary, &sides)
            }
            Node::Set(binary, sides) => {
                let [left, right] =
                    [self.vector(&sides[0], steps)?, self.vector(&sides[1], steps)?];
                self.set_operation(binary, left, right)
            }
            Node::Aggregate(aggregation) => self.aggregate(aggregation, steps),
            Node::Absent(labels, vector) => self.absent(labels, vector, steps),
            Node::AbsentOverTime(labels, input) => self.absent_over_time(labels, input, steps),
            Node::Nothing(vector) => {
                self.each(vector, steps, &mut |_, _| Ok(()))?;
                Ok(Frame::new(steps.count()))
            }
            Node::Relabel(call, vector) => {
                let frame = self.vector(vector, steps)?;
                super::labels::relabelled(call, frame)
            }
            Node::Sort { call, range, vector } => self.sort(call, *range, vector, steps),
            Node::HistogramQuantile { quantile, range, vector } => {
                let quantile = self.scalar(quantile, steps)?;
                let frame = self.vector(vector, steps)?;
                self.histogram_quantile(&quantile, *range, &frame, steps)
            }
            Node::HistogramFraction { ends: [lower, upper], range, vector } => {
                let ends = [self.scalar(lower, steps)?, self.scalar(upper, steps)?];
                let frame = self.vector(vector, steps)?;
                self.histogram_fraction(&ends, *range, &frame)
            }
        }
    }

    /// Gives the rows of a vector to `sink`, without ever having all of them where that is
    /// possible.
    pub(super) fn each(
        &mut self,
        node: &Node<'_>,
        steps: Steps,
        sink: Sink<'_>,
    ) -> Result<(), Stop> {
        self.context.cancel.check()?;
        match node {
            Node::Latest { source, asks_time } => self.latest(source, *asks_time, steps, sink),
            Node::Windows(windows) => self.windows(windows, steps, sink),
            Node::Once(inner) => {
                let mut row = Scratch::new(steps.count());
                self.vector(inner, steps.first())?.each(&mut |key, once| {
                    let cells = row.cells();
                    cells.values.fill(once.values[0]);
                    bits::fill(cells.present, steps.count());
                    sink(key, cells)
                })
            }
            Node::Map(function, vector) if function.is_quiet() => {
                let stage = self.function(function, steps)?;
                self.each_staged(&stage, vector, steps, sink)
            }
            Node::WithScalar(operation) if operation.scalar.is_quiet() => {
                let stage = Stage::Operator(operation, self.scalar(&operation.scalar, steps)?);
                self.each_staged(&stage, &operation.vector, steps, sink)
            }
            other => self.vector(other, steps)?.each(sink),
        }
    }

    fn each_staged(
        &mut self,
        stage: &Stage<'_>,
        vector: &Node<'_>,
        steps: Steps,
        sink: Sink<'_>,
    ) -> Result<(), Stop> {
        let mut names = Names::new(self.options);
        self.each(vector, steps, &mut |mut key, mut cells| {
            stage.apply(&mut cells, steps);
            if !bits::any(cells.present) {
                return Ok(());
            }
            if stage.drops_name() {
                names.drop(&mut key);
            }
            sink(key, cells)
        })?;
        names.finish()
    }

    fn staged(&mut self, stage: &Stage<'_>, mut frame: Frame, steps: Steps) -> Result<Frame, Stop> {
        let mut names = Names::new(self.options);
        for row in 0..frame.len() {
            stage.apply(&mut frame.cells(row), steps);
        }
        let mut frame = frame.without_empty_rows();
        if stage.drops_name() {
            frame.keys.iter_mut().for_each(|key| names.drop(key));
        }
        names.finish()?;
        Ok(frame)
    }

    fn function<'n>(
        &mut self,
        function: &'n Function<'n>,
        steps: Steps,
    ) -> Result<Stage<'n>, Stop> {
        let parameters = match function {
            Function::OfNumber(_) | Function::Date(_) | Function::Time => Vec::new(),
            Function::Round(to) => vec![self.scalar(to, steps)?],
            Function::Clamp([low, high]) => {
                vec![self.scalar(low, steps)?, self.scalar(high, steps)?]
            }
        };
        Ok(Stage::Function(function, parameters))
    }

    fn collected(&mut self, node: &Node<'_>, steps: Steps) -> Result<Frame, Stop> {
        let room = self.room();
        let mut frame = Frame::new(steps.count());
        self.each(node, steps, &mut |key, cells| {
            frame.push(key, cells.values, cells.present);
            if frame.values.len() > room { Err(Stop::Naive) } else { Ok(()) }
        })?;
        Ok(frame)
    }

    /// The values of a scalar.
    pub(super) fn scalar(&mut self, scalar: &Scalar<'_>, steps: Steps) -> Result<Column, Stop> {
        Ok(match scalar {
            Scalar::Constant(value) => Column::Constant(*value),
            Scalar::Time => Column::Each(steps.iter().map(|t_ms| t_ms as f64 / 1000.0).collect()),
            Scalar::Of(vector) => only_values(&self.vector(vector, steps)?),
            Scalar::Once(inner) => Column::Constant(self.scalar(inner, steps.first())?.at(0)),
            Scalar::Negative(inner) => self.scalar(inner, steps)?.map(|value| -value),
            Scalar::Binary(function, sides) => {
                let [a, b] = [self.scalar(&sides[0], steps)?, self.scalar(&sides[1], steps)?];
                match (a, b) {
                    (Column::Constant(a), b) => b.map(|b| function(a, b)),
                    (a, Column::Constant(b)) => a.map(|a| function(a, b)),
                    (Column::Each(a), Column::Each(b)) => {
                        Column::Each(a.iter().zip(&b).map(|(a, b)| function(*a, *b)).collect())
                    }
                }
            }
        })
    }

    /// Counts values that came into memory.
    pub(super) fn hold(&mut self, values: usize) -> Result<(), Stop> {
        if values > self.room() {
            return Err(Stop::Naive);
        }
        self.held += values;
        Ok(())
    }

    /// How many more values may be in memory.
    pub(super) fn room(&self) -> usize {
        self.context.limits.samples.saturating_sub(self.held)
    }
}

/// At each step the value of the only element, or NaN.
fn only_values(frame: &Frame) -> Column {
    let mut counts = vec![0_usize; frame.steps];
    let mut values = vec![f64::NAN; frame.steps];
    for row in 0..frame.len() {
        let (row_values, present) = frame.row(row);
        bits::each(present, |step| {
            counts[step] += 1;
            values[step] = if counts[step] == 1 { row_values[step] } else { f64::NAN };
        });
    }
    Column::Each(values)
}

fn dates(part: DatePart, steps: Steps) -> Column {
    let of = |t_ms: i64| part(Date::of_seconds(t_ms / 1000)) as f64;
    Column::Each(steps.iter().map(of).collect())
}
