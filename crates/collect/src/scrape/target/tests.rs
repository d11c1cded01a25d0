//! What discovered labels become.

use super::*;
use crate::config::tests::job_of;

/// URL and labels of the target, or why there is none.
fn check(settings: &str, own: &[(&str, &str)], group: &[(&str, &str)], expected: &str) {
    let config = job_of(settings);
    let own = Labels::from_pairs(own.iter().copied());
    let group = Labels::from_pairs(group.iter().copied());
    let discovered = discovered_labels(&config, &own, &group);
    let result = match Target::from_discovered(&config, &discovered) {
        Ok(Some((_, target))) => {
            format!("{} {} {:?} {:?}", target.url, target.labels, target.interval, target.timeout)
        }
        Ok(None) => "dropped".to_owned(),
        Err(reason) => reason,
    };
    assert_eq!(result, expected);
}

const ADDRESS_ONLY: &[(&str, &str)] = &[("__address__", "db:9100")];

#[test]
fn defaults() {
    check(
        "",
        ADDRESS_ONLY,
        &[("env", "prod")],
        r#"http://db:9100/metrics {env="prod", instance="db:9100", job="j"} 60s 10s"#,
    );
    check(
        "",
        &[("__address__", "db"), ("env", "own"), ("instance", "x"), ("job", "y")],
        &[("env", "group"), ("__scheme__", "https"), ("__metrics_path__", "/a b")],
        r#"https://db/a%20b {env="own", instance="x", job="y"} 60s 10s"#,
    );
}

#[test]
fn parameters() {
    check(
        "params: {module: [http_2xx], 'match[]': ['{a=\"b\"}', c]}",
        ADDRESS_ONLY,
        &[("__param_module", "icmp"), ("__param_target", "x y")],
        "http://db:9100/metrics?match%5B%5D=%7Ba%3D%22b%22%7D&match%5B%5D=c&module=icmp&\
         target=x+y {instance=\"db:9100\", job=\"j\"} 60s 10s",
    );
}

#[test]
fn rules_decide() {
    check(
        "relabel_configs: [{source_labels: [__meta_dc], target_label: dc}, \
         {source_labels: [__address__], regex: '(.*):.*', target_label: __address__, replacement: \
         '$1:1'}, {target_label: __scrape_interval__, replacement: 1m30s}, \
         {target_label: __scrape_timeout__, replacement: 1m}]",
        ADDRESS_ONLY,
        &[("__meta_dc", "eu"), ("__meta_other", "gone")],
        r#"http://db:1/metrics {dc="eu", instance="db:1", job="j"} 90s 60s"#,
    );
    check(
        "relabel_configs: [{source_labels: [__address__], regex: 'db.*', action: drop}]",
        ADDRESS_ONLY,
        &[],
        "dropped",
    );
}

#[test]
fn what_is_no_target() {
    for (own, expected) in [
        (&[("a", "b")] as &[_], "no address"),
        (&[("__address__", "a/b")], "\"a/b\" is not a valid hostname"),
        (
            &[("__address__", "a"), ("__scrape_interval__", "5")],
            "error parsing scrape interval: not a valid duration string: \"5\"",
        ),
        (&[("__address__", "a"), ("__scrape_timeout__", "0")], "scrape timeout cannot be 0"),
        (
            &[("__address__", "a"), ("__scrape_timeout__", "2m")],
            "scrape timeout cannot be greater than scrape interval (\"2m\" > \"1m\")",
        ),
        (&[("__address__", "a"), ("__scheme__", "ftp")], "unsupported scheme \"ftp\""),
        (&[("__address__", "a:b:c")], "\"a:b:c\" is not a valid address: invalid port number"),
    ] {
        check("", own, &[], expected);
    }
}
