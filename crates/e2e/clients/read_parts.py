"""A stranger with pyarrow and nothing of ours, who reads the parts on disk.

usage: read_parts.py FOLDER COLUMN TEXT

Prints the rows whose column holds the text, with times as nanoseconds and bytes in hexadecimal, and
how many rows there are altogether.
"""

import json
import pathlib
import sys

import pyarrow
import pyarrow.compute
import pyarrow.parquet


def plain(value, kind):
    """A value as JSON has it."""
    if value is None:
        return None
    if pyarrow.types.is_timestamp(kind):
        return value.value
    return value.as_py().hex() if isinstance(value.as_py(), bytes) else value.as_py()


def main():
    folder, column, text = sys.argv[1:]
    total, found = 0, []
    for path in sorted(pathlib.Path(folder).rglob("*.parquet")):
        table = pyarrow.parquet.ParquetFile(path).read()
        total += table.num_rows
        if column not in table.column_names:
            continue
        rows = table.filter(pyarrow.compute.equal(table[column], text))
        for index in range(rows.num_rows):
            cells = ((field.name, rows[field.name][index], field.type) for field in rows.schema)
            row = {name: plain(cell if cell.is_valid else None, kind) for name, cell, kind in cells}
            found.append({name: value for name, value in row.items() if value is not None})
    print(json.dumps({"total": total, "rows": found}))


main()
