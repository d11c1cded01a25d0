//! Printing rows: aligned for people, as JSON lines or CSV for machines.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Map, Value};

use crate::cli::Format;

/// Rows of the same columns.
pub(super) struct Rows {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// The same rows as JSON, which may say more.
    objects: Vec<Value>,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new(columns: &[&'static str]) -> Self {
        Rows { columns: columns.to_vec(), rows: Vec::new(), objects: Vec::new() }
    }

    /// Adds a row whose JSON is the same.
    pub(super) fn push(&mut self, row: Vec<String>) {
        let pairs = self.columns.iter().zip(&row);
        let object: Map<_, _> =
            pairs.map(|(name, text)| ((*name).to_owned(), text.clone().into())).collect();
        self.push_with(row, Value::Object(object));
    }

    /// Adds a row with JSON of its own.
    pub(super) fn push_with(&mut self, row: Vec<String>, object: Value) {
        self.rows.push(row);
        self.objects.push(object);
    }

    /// Prints all of them.
    pub(super) fn print(&self, format: Format) -> Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = match format {
            Format::Table => self.table(&mut out),
            Format::Json => self.objects.iter().try_for_each(|object| writeln!(out, "{object}")),
            Format::Csv => self.csv(&mut out),
        };
        match written.and_then(|()| out.flush()) {
            // Whoever reads a pipe may stop when they have seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        }
    }

    fn table(&self, out: &mut impl Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return writeln!(out, "nothing was found");
        }
        let visible: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
        let width = |column: usize| {
            let cells = visible.iter().map(|row| row[column].chars().count());
            cells.chain([self.columns[column].len()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let heads: Vec<String> = self.columns.iter().map(|name| name.to_uppercase()).collect();
        for row in std::iter::once(&heads).chain(&visible) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{cell:<width$}  "));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let heads: Vec<String> = self.columns.iter().map(|name| (*name).to_owned()).collect();
        for row in std::iter::once(&heads).chain(&self.rows) {
            let cells: Vec<_> = row.iter().map(|cell| csv_cell(cell)).collect();
            writeln!(out, "{}", cells.join(","))?;
        }
        Ok(())
    }
}

/// A text without line ends and control characters, which would break the table or the terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A cell as RFC 4180 has it.
fn csv_cell(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let mut rows = Rows::new(&["name", "n"]);
        rows.push(vec!["a,\"b\"\nc".into(), "1".into()]);
        rows.push(vec!["long name".into(), "22".into()]);
        rows
    }

    fn written(write: impl Fn(&Rows, &mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&rows(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables_are_aligned() {
        assert_eq!(written(Rows::table), "NAME       N\na,\"b\" c    1\nlong name  22\n");
    }

    #[test]
    fn csv_is_quoted_where_it_must_be() {
        assert_eq!(written(Rows::csv), "name,n\n\"a,\"\"b\"\"\nc\",1\nlong name,22\n");
    }
}
