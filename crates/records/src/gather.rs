//! Bringing rows of several chunks together.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_schema::ArrowError;
use arrow_select::concat::concat;
use arrow_select::interleave::interleave;
use model::Attributes;

use crate::layout::LayoutUnion;
use crate::signal::REST;
use crate::{Chunk, ColumnType, Layout, Signal, json};

/// A row: the index of its chunk and its index there.
pub(crate) type Pick = (usize, usize);

/// The layout that can hold the rows of all these chunks.
pub(crate) fn common_layout<'a>(
    signal: &'static Signal,
    chunks: impl IntoIterator<Item = &'a Chunk>,
) -> Arc<Layout> {
    let mut union = LayoutUnion::new(signal);
    for chunk in chunks {
        union.add(chunk.layout(), |column| chunk.value_count(column) as u64);
    }
    Arc::new(union.finish())
}

/// All rows of several chunks, one chunk behind the other.
pub(crate) fn concat_chunks(
    chunks: &[Arc<Chunk>],
    layout: &Arc<Layout>,
) -> Result<Chunk, ArrowError> {
    let chunks: Vec<Chunk> = chunks.iter().map(|chunk| fold(chunk, layout)).collect();
    let rows = chunks.iter().map(Chunk::rows).sum();
    let column = |target: usize| -> Result<Option<ArrayRef>, ArrowError> {
        let sources: Vec<_> = chunks.iter().map(|chunk| source(chunk, layout, target)).collect();
        if sources.iter().all(Option::is_none) {
            return Ok(None);
        }
        let data_type = layout.kind(target).data_type();
        let arrays: Vec<ArrayRef> = sources
            .into_iter()
            .zip(&chunks)
            .map(|(source, chunk)| {
                source.cloned().unwrap_or_else(|| new_null_array(&data_type, chunk.rows()))
            })
            .collect();
        let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
        concat(&arrays).map(Some)
    };
    let columns = (0..layout.width()).map(column).collect::<Result<_, _>>()?;
    Ok(Chunk::new(layout.clone(), columns, rows))
}

/// The picked rows of several chunks, in the order of the picks. No chunk may have fields that
/// are missing in the layout; [`fold`] takes them out.
pub(crate) fn gather(
    chunks: &[&Chunk],
    picks: &[Pick],
    layout: &Arc<Layout>,
) -> Result<Chunk, ArrowError> {
    let column = |target: usize| -> Result<Option<ArrayRef>, ArrowError> {
        let sources: Vec<_> = chunks.iter().map(|chunk| source(chunk, layout, target)).collect();
        if sources.iter().all(Option::is_none) {
            return Ok(None);
        }
        // Chunks without the column share one null.
        let null = new_null_array(&layout.kind(target).data_type(), 1);
        let arrays: Vec<&dyn Array> =
            sources.iter().map(|source| source.map_or(null.as_ref(), AsRef::as_ref)).collect();
        if sources.iter().all(Option::is_some) {
            return interleave(&arrays, picks).map(Some);
        }
        let picks: Vec<Pick> = picks
            .iter()
            .map(|(chunk, row)| (*chunk, if sources[*chunk].is_some() { *row } else { 0 }))
            .collect();
        interleave(&arrays, &picks).map(Some)
    };
    let columns = (0..layout.width()).map(column).collect::<Result<_, _>>()?;
    Ok(Chunk::new(layout.clone(), columns, picks.len()))
}

/// The array that a chunk has for a column of another layout.
fn source<'a>(chunk: &'a Chunk, layout: &Layout, target: usize) -> Option<&'a ArrayRef> {
    match layout.field(target) {
        None => chunk.column(target),
        Some(field) => chunk.column(chunk.layout().find(field)?),
    }
}

/// The same rows, the fields that `layout` does not have moved to `_rest`.
pub(crate) fn fold(chunk: &Chunk, layout: &Layout) -> Chunk {
    let first = chunk.layout().signal().columns.len();
    let is_missing = |column: &usize| {
        let field = chunk.layout().field(*column);
        field.is_some_and(|field| layout.find(field).is_none())
    };
    let missing: Vec<usize> = (first..chunk.layout().width())
        .filter(is_missing)
        .filter(|column| chunk.value_count(*column) > 0)
        .collect();
    if missing.is_empty() {
        return chunk.clone();
    }
    let mut rest = crate::builder::ColumnBuilder::new(ColumnType::Json, chunk.rows());
    for row in 0..chunk.rows() {
        let fields = missing.iter().filter_map(|column| {
            Some((chunk.layout().name(*column).to_owned(), chunk.value(*column, row)?))
        });
        let mut fields: Attributes = fields.collect();
        fields.extend(chunk.rest(row));
        if !fields.is_empty() {
            let mut text = String::new();
            json::encode_map(&fields, &mut text);
            rest.push_text(row, &text);
        }
    }
    let mut columns: Vec<Option<ArrayRef>> =
        (0..chunk.layout().width()).map(|column| chunk.column(column).cloned()).collect();
    for column in missing {
        columns[column] = None;
    }
    columns[REST] = rest.finish(chunk.rows());
    Chunk::new(chunk.layout().clone(), columns, chunk.rows())
}

#[cfg(test)]
mod tests {
    use model::Value;

    use super::*;
    use crate::signal::TIME;
    use crate::signal::tests::EVENTS;
    use crate::{ChunkBuilder, Field};

    fn chunk(first_sequence: u64, rows: &[&[(&str, Value)]]) -> Chunk {
        let mut builder = ChunkBuilder::new(&EVENTS, rows.len());
        for row in rows {
            builder.int(TIME, 1);
            for (name, value) in *row {
                builder.field(name, value);
            }
            builder.end_row();
        }
        builder.finish(first_sequence)
    }

    #[test]
    fn rows_keep_their_values_whatever_the_columns_of_their_neighbours() {
        let one = chunk(0, &[&[("a", Value::Int(1))], &[("b", Value::from("x"))]]);
        let two = chunk(2, &[&[("a", Value::from("text")), ("c", Value::Bool(true))]]);
        let three = chunk(3, &[&[]]);
        let layout = common_layout(&EVENTS, [&one, &two, &three]);
        let picks = [(2, 0), (1, 0), (0, 1), (0, 0)];
        let gathered = gather(&[&one, &two, &three], &picks, &layout).unwrap();
        assert_eq!(gathered.sequences(), [3, 2, 1, 0]);
        assert_eq!(gathered.fields(0), []);
        assert_eq!(gathered.fields(1), two.fields(0));
        assert_eq!(gathered.fields(2), one.fields(1));
        assert_eq!(gathered.fields(3), one.fields(0));
        let chunks = [Arc::new(one.clone()), Arc::new(two.clone()), Arc::new(three)];
        let all = concat_chunks(&chunks, &layout).unwrap();
        assert_eq!(all.sequences(), [0, 1, 2, 3]);
        assert_eq!(all.fields(2), two.fields(0));
    }

    #[test]
    fn fields_without_a_column_are_folded_into_the_rest() {
        let field = Field { name: "b".into(), kind: ColumnType::Int };
        let layout = Arc::new(Layout::new(&EVENTS, vec![field]));
        let wide = chunk(
            7,
            &[&[("a", Value::Float(1.5)), ("b", Value::Int(2)), ("b", Value::Int(3))], &[]],
        );
        let folded = fold(&wide, &layout);
        assert_eq!(folded.fields(0).len(), 3);
        let gathered = gather(&[&folded], &[(0, 0), (0, 1)], &layout).unwrap();
        assert_eq!(gathered.fields(0), wide.fields(0));
        assert_eq!(gathered.fields(1), []);
        assert!(gathered.column(REST).is_some_and(|rest| rest.null_count() == 1));
    }
}
