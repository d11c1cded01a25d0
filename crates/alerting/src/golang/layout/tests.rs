//! Layouts both ways.

use super::*;
use crate::golang::zone::Zone;

fn at(text: &str) -> Time {
    Time::utc(text.parse().unwrap())
}

#[test]
fn formats() {
    let berlin = Zone::load("Europe/Berlin").unwrap();
    let time = Time { zone: berlin, ..at("2024-02-04T20:09:07.012345Z") };
    for (layout, expected) in [
        ("Mon Jan _2 15:04:05 2006", "Sun Feb  4 21:09:07 2024"),
        ("Monday, 02-Jan-06 15:04:05 MST", "Sunday, 04-Feb-24 21:09:07 CET"),
        ("2006-01-02T15:04:05Z07:00", "2024-02-04T21:09:07+01:00"),
        ("2006-01-02T15:04:05.999999999-0700", "2024-02-04T21:09:07.012345+0100"),
        ("3:04PM 1/2 pm", "9:09PM 2/4 pm"),
        ("03:4:5.000 ,000000", "09:9:7.012 ,012345"),
        ("January __2 002", "February  35 035"),
        ("-07 -07:00:00 Z070000 _2006", "+01 +01:00:00 +010000 _2024"),
        ("Janitor Month 10 .5 .0001", "Janitor Month 20 .7 .0002"),
        ("äöü 2", "äöü 4"),
    ] {
        assert_eq!(time.format(layout), expected, "{layout}");
    }
    assert_eq!(at("2024-01-01T00:00:00Z").format("15h 3PM Z07:00 MST"), "00h 12AM Z UTC");
}

#[test]
fn parses() {
    for (layout, text, expected) in [
        ("2006-01-02", "2024-02-29", "2024-02-29T00:00:00Z"),
        ("2006-01-02T15:04:05Z07:00", "2024-02-04T21:09:07.5+01:30", "2024-02-04T19:39:07.5Z"),
        ("2006-01-02T15:04:05Z07:00", "2024-02-04T21:09:07Z", "2024-02-04T21:09:07Z"),
        ("Mon Jan _2 15:04:05 2006", "Sun feb  4 21:09:07 2024", "2024-02-04T21:09:07Z"),
        ("January 2, 06 3:04pm", "March 9, 70 12:01am", "1970-03-09T00:01:00Z"),
        ("2006 002", "2024 060", "2024-02-29T00:00:00Z"),
        ("15:04:05.000 MST", "01:02:03.004 CET", "0000-01-01T01:02:03.004Z"),
        ("2006  1", "2024     12", "2024-12-01T00:00:00Z"),
    ] {
        let time = parse(layout, text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(time, at(expected), "{layout} {text}");
    }
    for (layout, text) in [
        ("2006-01-02", "2024-02-30"),
        ("2006-01-02", "2024-2-03"),
        ("15:04", "24:00"),
        ("15:04", "23:00 "),
        ("15:04:05.000", "01:02:03"),
        ("2006-01-02Z07:00", "2024-01-01 01:00"),
        ("Jan", "Xyz"),
    ] {
        assert!(parse(layout, text).is_err(), "{layout} {text}");
    }
}
