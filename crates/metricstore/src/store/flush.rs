//! Heads become parts, and several parts become one.

use std::io;
use std::sync::Arc;

use storage::{Change, PartEntry, PartError, PartId, WalRange, day_of_ms};

use super::state::State;
use crate::head::{Head, milliseconds_of};
use crate::merge::{MergeError, merge, newest};
use crate::part::{PartReader, PartWriter, WrittenPart};

impl State {
    /// Turns the frozen head into parts, if there is one.
    pub(super) fn write_frozen(&self) -> io::Result<()> {
        let Some(frozen) = self.view.read().frozen.clone() else { return Ok(()) };
        let before = *frozen.before.get().ok_or_else(|| io::Error::other("no cut was made"))?;
        let mut written = frozen.written.lock();
        if written.is_none() {
            let wal = WalRange { from: self.parts.flushed(), before };
            *written = Some(self.write_parts(&frozen.head, wal)?);
        }
        let new = written.as_deref().unwrap_or_default();
        let mut readers = Vec::new();
        for part in new {
            match PartReader::open(&*self.dir.env.fs, &self.parts.path(&part.entry), &self.cache) {
                Ok(reader) => readers.push(Arc::new(reader)),
                Err(PartError::Io(error)) => return Err(error),
                Err(error) => {
                    new.iter().for_each(|part| self.parts.discard(&part.file));
                    *written = None;
                    return Err(io::Error::other(format!("a new part is damaged: {error}")));
                }
            }
        }
        let add = new.iter().map(|part| part.entry.clone()).collect();
        self.parts.commit(&Change { add, remove: Vec::new(), flushed: Some(before) })?;
        let mut view = self.view.write();
        view.parts.extend(readers);
        view.frozen = None;
        self.account(&view);
        Ok(())
    }

    /// One part for each day. If one fails, none is left.
    fn write_parts(&self, head: &Head, wal: WalRange) -> io::Result<Vec<WrittenPart>> {
        let mut days: Vec<_> = head.days().into_iter().collect();
        // Metadata alone makes a part too.
        if days.is_empty() {
            days.push((day_of_ms(self.dir.env.clock.now_ms()), Vec::new()));
        }
        let mut written = Vec::new();
        for (day, series) in days {
            match self.write_part(head, day, &series, wal) {
                Ok(part) => written.push(part),
                Err(error) => {
                    written.iter().for_each(|part| self.parts.discard(&part.file));
                    return Err(error);
                }
            }
        }
        Ok(written)
    }

    fn write_part(
        &self,
        head: &Head,
        day: i64,
        series: &[u32],
        wal: WalRange,
    ) -> io::Result<WrittenPart> {
        let file = self.parts.create(day)?;
        let mut writer = PartWriter::new(file, day, 0, wal, Vec::new())?;
        let range_ms = milliseconds_of(day);
        for number in series {
            let series = head.series(*number);
            let exemplars: Vec<_> = series.exemplars(range_ms.clone()).cloned().collect();
            writer.add(series.labels(), &series.samples(range_ms.clone()), &newest(exemplars))?;
        }
        writer.finish(&self.families.lock().list())
    }

    pub(super) fn merge(&self, entries: &[PartEntry]) -> io::Result<()> {
        let is_input = |id: PartId| entries.iter().any(|entry| entry.id == id);
        let inputs: Vec<_> = {
            let view = self.view.read();
            view.parts.iter().filter(|part| is_input(part.description().id)).cloned().collect()
        };
        if inputs.len() < entries.len() || inputs.is_empty() {
            return Err(io::Error::other("a part that is to be merged cannot be read for now"));
        }
        let file = self.parts.create(entries[0].day)?;
        let written = merge(&inputs, 1, file).map_err(|error| match error {
            MergeError::Part(id, PartError::Damaged(reason)) => {
                self.quarantine(id, &reason);
                io::Error::other(format!("part {id} is damaged: {reason}"))
            }
            MergeError::Part(_, PartError::Io(error)) | MergeError::Write(error) => error,
            error @ MergeError::Part(..) => io::Error::other(error),
        })?;
        let path = self.parts.path(&written.entry);
        let reader = PartReader::open(&*self.dir.env.fs, &path, &self.cache);
        let (add, remove) = (vec![written.entry.clone()], entries.to_vec());
        let entered = reader.map_err(io::Error::other).and_then(|reader| {
            self.parts.commit(&Change { add, remove, flushed: None })?;
            Ok(reader)
        });
        let reader = Arc::new(entered.inspect_err(|_| self.parts.discard(&written.file))?);
        let mut view = self.view.write();
        // The merged part takes the place of the first, so that the order stays that of arrival.
        let first = view.parts.iter().position(|part| is_input(part.description().id));
        let first = first.unwrap_or(view.parts.len());
        view.parts.insert(first, reader);
        view.parts.retain(|part| !is_input(part.description().id));
        Ok(())
    }
}
