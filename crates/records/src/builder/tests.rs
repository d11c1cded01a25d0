use super::*;
use crate::signal::TIME;
use crate::signal::tests::{EVENTS, MESSAGE, TRACE_ID};

fn build(rows: &[&[(&str, Value)]]) -> Chunk {
    let mut builder = ChunkBuilder::new(&EVENTS, rows.len());
    for (index, row) in rows.iter().enumerate() {
        builder.int(TIME, index as i64);
        for (name, value) in *row {
            builder.field(name, value);
        }
        builder.end_row();
    }
    builder.finish(40)
}

fn text(fields: &Attributes) -> String {
    let field = |(name, value): &(String, Value)| format!("{name}={value:?}");
    fields.iter().map(field).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_type_of_a_field_has_its_column() {
    let chunk = build(&[
        &[("status", Value::Int(200)), ("b", Value::Bool(true))],
        &[("status", Value::from("ok")), ("a", Value::Float(0.5))],
        &[],
        &[("status", Value::Int(500)), ("b", Value::Bytes(vec![7]))],
        &[("status", Value::Array(vec![Value::Null])), ("a", Value::Null)],
    ]);
    assert_eq!(chunk.layout().fields().len(), 7);
    assert_eq!(chunk.sequences(), [40, 41, 42, 43, 44]);
    let rows: Vec<_> = (0..5).map(|row| text(&chunk.fields(row))).collect();
    assert_eq!(
        rows,
        [
            "b=Bool(true) status=Int(200)",
            r#"a=Float(0.5) status=Str("ok")"#,
            "",
            "b=Bytes([7]) status=Int(500)",
            "a=Null status=Array([Null])"
        ]
    );
}

#[test]
fn what_finds_no_column_goes_to_the_rest() {
    let long = "n".repeat(MAX_NAME_LEN + 1);
    let chunk = build(&[
        &[("a", Value::Int(1)), ("a", Value::from("again")), ("a", Value::Int(2))],
        &[("", Value::Int(3)), (&long, Value::Int(4))],
    ]);
    assert_eq!(text(&chunk.fields(0)), r#"a=Int(1) a=Str("again") a=Int(2)"#);
    assert_eq!(text(&chunk.fields(1)), format!("=Int(3) {long}=Int(4)"));
    assert_eq!(chunk.layout().fields().len(), 1);
}

#[test]
fn columns_are_limited() {
    let names: Vec<String> = (0..MAX_FIELDS + 5).map(|n| format!("f{n:04}")).collect();
    let row: Vec<_> = names.iter().map(|name| (name.as_str(), Value::Int(1))).collect();
    let chunk = build(&[&row]);
    assert_eq!(chunk.layout().fields().len(), MAX_FIELDS);
    assert_eq!(chunk.fields(0).len(), MAX_FIELDS + 5);
    assert_eq!(chunk.rest(0).len(), 5);
}

#[test]
fn known_columns_without_values_are_absent() {
    let mut builder = ChunkBuilder::new(&EVENTS, 2);
    builder.int(TIME, 5);
    builder.text(MESSAGE, "");
    builder.end_row();
    builder.int(TIME, 3);
    builder.id(TRACE_ID, &[1; 16]);
    builder.end_row();
    let chunk = builder.finish(0);
    assert!(chunk.column(MESSAGE).is_none());
    assert_eq!((chunk.id(TRACE_ID, 0), chunk.id(TRACE_ID, 1)), (None, Some(&[1_u8; 16][..])));
    assert_eq!(chunk.time_range(), Some(model::TimeRange::new(3, 5)));
    assert_eq!(chunk.value(TRACE_ID, 1), Some(Value::Str("01".repeat(16))));
}
