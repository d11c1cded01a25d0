//! The command line: verbs and their arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::settings::Settings;

/// Logs, metrics, traces, dashboards and alerts in one binary.
///
/// Without a verb it serves: open http://127.0.0.1:7300 and its own telemetry is there already.
/// Send it what you have: OTLP to ports 4317 and 4318, Prometheus remote write to 9090, Elasticsearch
/// bulk to 9200, Fluentd forward to 24224, Jaeger to 14268, Zipkin to 9411.
#[derive(Parser, Debug)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

/// What can be done.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run the server (the same as no verb)
    Serve(Box<Serve>),
    /// Run an instrumented shop that sends real telemetry to a running server
    Demo(Demo),
    /// Ask a running server
    Query(Query),
    /// Check a configuration file and say what is wrong with it
    Check(Check),
    /// Run test files
    Test(Test),
}

/// Arguments of `serve`.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Settings from a file; flags and the environment beat it
    #[arg(long, env = "SIGHTGLASS_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Arguments of `demo`.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// The server to send to
    #[arg(long, default_value = "http://127.0.0.1:7300", value_name = "URL")]
    pub(crate) url: String,
    /// The first of the ports the services listen on; free ones are taken when it is not given
    #[arg(long, value_name = "PORT")]
    pub(crate) port_base: Option<u16>,
    /// Run only this part of the shop, in this process
    #[arg(long, value_name = "ROLE", hide = true)]
    pub(crate) role: Option<String>,
    /// How a part finds the others
    #[arg(long, value_name = "JSON", hide = true)]
    pub(crate) options: Option<String>,
}

/// Arguments of `query`.
#[derive(Args, Debug)]
pub(crate) struct Query {
    #[command(subcommand)]
    pub(crate) what: QueryWhat,
}

/// What is asked for.
#[derive(Subcommand, Debug)]
pub(crate) enum QueryWhat {
    /// Evaluate a PromQL expression, now or over a range
    Promql(PromqlQuery),
    /// Search logs, newest first
    Logs(LogsQuery),
    /// Search traces, or show one by its identifier
    Traces(TracesQuery),
}

/// How the answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON object a line
    Json,
    /// With a head line
    Csv,
}

/// Where to ask and how to answer.
#[derive(Args, Clone, Debug)]
pub(crate) struct Asking {
    /// The server to ask
    #[arg(
        long,
        env = "SIGHTGLASS_URL",
        default_value = "http://127.0.0.1:7300",
        value_name = "URL"
    )]
    pub(crate) url: String,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

/// Arguments of `query promql`.
#[derive(Args, Debug)]
pub(crate) struct PromqlQuery {
    /// The expression, such as 'sum by (instance) (rate(node_cpu_seconds_total[5m]))'
    pub(crate) expression: String,
    /// The instant to evaluate at: RFC 3339, Unix seconds, or an age such as 1h [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// Evaluate from here on, step by step
    #[arg(long, value_name = "TIME")]
    pub(crate) start: Option<String>,
    /// Evaluate up to here [default: now]
    #[arg(long, value_name = "TIME", requires = "start")]
    pub(crate) end: Option<String>,
    /// The step [default: a sixtieth of the range]
    #[arg(long, value_name = "DURATION", requires = "start")]
    pub(crate) step: Option<String>,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// The language of a log query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// As in Kibana: level: error and service: payments
    #[default]
    Kql,
    /// Lucene query strings: level:error AND took:[100 TO *]
    Lucene,
}

/// Arguments of `query logs`.
#[derive(Args, Debug)]
pub(crate) struct LogsQuery {
    /// The query, such as 'severity: error and message: "timed out"'; everything when left out
    #[arg(default_value = "")]
    pub(crate) query: String,
    /// Its language
    #[arg(long, value_enum, default_value_t, value_name = "LANGUAGE")]
    pub(crate) language: Language,
    /// Records from here on: RFC 3339, Unix seconds, or an age such as 1h
    #[arg(long, default_value = "1h", value_name = "TIME")]
    pub(crate) start: String,
    /// Records up to here [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) end: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Arguments of `query traces`.
#[derive(Args, Debug)]
pub(crate) struct TracesQuery {
    /// A trace's identifier, or conditions on one span such as 'service=shop error=true'
    #[arg(default_value = "")]
    pub(crate) query: String,
    /// The shortest duration, such as 100ms
    #[arg(long, value_name = "DURATION")]
    pub(crate) min_duration: Option<String>,
    /// The longest duration
    #[arg(long, value_name = "DURATION")]
    pub(crate) max_duration: Option<String>,
    /// Traces from here on: RFC 3339, Unix seconds, or an age such as 1h
    #[arg(long, default_value = "1h", value_name = "TIME")]
    pub(crate) start: String,
    /// Traces up to here [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) end: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// What the files are
    #[arg(value_enum, value_name = "KIND")]
    pub(crate) kind: CheckKind,
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Kinds of files that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckKind {
    /// prometheus.yml
    Config,
    /// Prometheus rule files
    Rules,
    /// alertmanager.yml
    Alertmanager,
    /// Grafana dashboards
    Dashboard,
}

/// Arguments of `test`.
#[derive(Args, Debug)]
pub(crate) struct Test {
    #[command(subcommand)]
    pub(crate) what: TestWhat,
}

/// What is tested.
#[derive(Subcommand, Debug)]
pub(crate) enum TestWhat {
    /// Run scripts of load and eval lines, in the format of Prometheus' own tests
    Promql(PromqlScripts),
}

/// Arguments of `test promql`.
#[derive(Args, Debug)]
pub(crate) struct PromqlScripts {
    /// The scripts
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Who answers
    #[arg(long, value_enum, default_value_t = Engines::Both)]
    pub(crate) engine: Engines,
    /// Print each failure with what was expected and what came
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// Which engines run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engines {
    /// The evaluator that works everything out step by step
    Naive,
    /// The engine that answers queries
    Fast,
    /// One after the other
    Both,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_verb_serves_with_flags() {
        let cli = Cli::parse_from(["sightglass", "--data-dir", "x"]);
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.settings.data_dir, Some("x".into()));
        assert!(Cli::try_parse_from(["sightglass", "--data-dir", "x", "query", "logs"]).is_err());
    }
}
