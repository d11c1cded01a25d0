//! Intervals as YAML and the instants they contain.

use super::*;

fn read(yaml: &str) -> Result<TimeInterval, String> {
    yaml::from_str(yaml).map_err(|error| error.to_string())
}

fn check(yaml: &str, inside: &[&str], outside: &[&str]) {
    let interval = read(yaml).unwrap();
    let local = Zone::load("Asia/Tokyo").unwrap();
    let contains = |instant: &&str| interval.contains(instant.parse().unwrap(), &local);
    for instant in inside {
        assert!(contains(instant), "{yaml} contains {instant}");
    }
    for instant in outside {
        assert!(!contains(instant), "{yaml} does not contain {instant}");
    }
}

#[test]
fn contained() {
    check("{}", &["2024-01-01T00:00:00Z"], &[]);
    check("times: []", &[], &["2024-01-01T00:00:00Z"]);
    check(
        "times: [{start_time: '09:00', end_time: '17:00'}, {start_time: '23:30', end_time: '24:00'}]",
        &["2024-01-01T09:00:00Z", "2024-01-01T16:59:59Z", "2024-01-01T23:59:59Z"],
        &["2024-01-01T08:59:59Z", "2024-01-01T17:00:00Z", "2024-01-01T00:00:00Z"],
    );
    check(
        "weekdays: ['monday:Friday', sunday]",
        &["2024-01-01T12:00:00Z", "2024-01-05T12:00:00Z", "2024-01-07T12:00:00Z"],
        &["2024-01-06T12:00:00Z"],
    );
    check(
        "days_of_month: ['1:3', '-2:-1', 15]",
        &[
            "2024-02-01T00:00:00Z",
            "2024-02-28T00:00:00Z",
            "2024-02-29T00:00:00Z",
            "2024-02-15T00:00:00Z",
        ],
        &["2024-02-27T00:00:00Z", "2024-02-04T00:00:00Z"],
    );
    check("days_of_month: ['30:31']", &["2024-01-31T00:00:00Z"], &["2024-02-29T00:00:00Z"]);
    check(
        "months: ['november:12', 2]",
        &["2024-11-01T00:00:00Z", "2024-02-01T00:00:00Z"],
        &["2024-01-01T00:00:00Z"],
    );
    check(
        "years: ['2020:2022', 2030]",
        &["2022-12-31T23:59:59Z", "2030-01-01T00:00:00Z"],
        &["2023-01-01T00:00:00Z"],
    );
    check(
        "{times: [{start_time: '09:00', end_time: '17:00'}], location: 'Australia/Sydney'}",
        &["2024-01-01T22:00:00Z"],
        &["2024-01-01T10:00:00Z"],
    );
    check(
        "{weekdays: [tuesday], location: Local}",
        &["2024-01-01T15:00:00Z"],
        &["2024-01-01T14:59:59Z"],
    );
}

#[test]
fn refused() {
    for (yaml, expected) in [
        ("times: [{start_time: '09:00'}]", "both start and end times must be provided"),
        ("times: [{start_time: '9:00', end_time: '10:00'}]", "couldn't parse timestamp 9:00"),
        ("times: [{start_time: '09:00', end_time: '24:01'}]", "couldn't parse timestamp 24:01"),
        (
            "times: [{start_time: '09:00', end_time: '09:00'}]",
            "start time cannot be equal or greater",
        ),
        ("weekdays: ['friday:monday']", "start day cannot be before end day"),
        ("weekdays: [blurgsday]", "blurgsday is not a valid weekday"),
        ("weekdays: ['a:b:c']", "couldn't parse range a:b:c"),
        ("days_of_month: ['0']", "0 is not a valid day of the month"),
        ("days_of_month: ['-5:5']", "end day must be negative if start day is negative"),
        ("days_of_month: ['20:-20']", "end day -20 is always before start day 20"),
        ("days_of_month: ['x']", "\"x\" is not a number"),
        ("months: ['march:january']", "end month january is before start month march"),
        ("months: ['smarch']", "smarch is not a valid month"),
        ("years: ['2022:2020']", "end year 2020 is before start year 2022"),
        ("location: Mars", "unknown time zone Mars"),
        ("hours: []", "field hours not found in type timeinterval.TimeInterval"),
    ] {
        let error = read(yaml).expect_err(yaml);
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}

#[test]
fn by_name() {
    let weekend = read("weekdays: ['saturday', 'sunday']").unwrap();
    let intervals = TimeIntervals::new([("weekend".to_owned(), vec![weekend])].into(), None);
    let names = ["weekend".to_owned(), "unknown".to_owned()];
    assert_eq!(intervals.active(&names, "2024-01-06T00:00:00Z".parse().unwrap()), ["weekend"]);
    assert!(intervals.active(&names, "2024-01-08T00:00:00Z".parse().unwrap()).is_empty());
}
