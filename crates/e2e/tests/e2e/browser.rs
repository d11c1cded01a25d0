//! A real browser walks through the interface, as `browser/flows.mjs` tells it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use e2e::folder::Folder;
use e2e::needs::{find, have, is_complete};
use e2e::process::run;
use e2e::server::Server;
use e2e::skipped;

/// All flows together, on a machine that does something else as well.
const LIMIT: Duration = Duration::from_secs(240);

/// Something for the pages of alerts to show.
const RULES: &str = "\
groups:
  - name: always
    interval: 1s
    rules:
      - alert: AlwaysFiring
        expr: vector(1)
        labels: {severity: info}
        annotations: {summary: this alert always fires}
";

#[test]
fn flows_through_the_interface() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !have(&["node", "chromium"]) {
        return;
    }
    if !sources.join("../../web/node_modules").is_dir() {
        assert!(!is_complete(), "web/node_modules is missing");
        return skipped("web/node_modules is missing: npm ci in web");
    }
    let folder = Folder::new("browser");
    folder.write("data/rules/always.yml", RULES);
    let server = Server::start_in(&folder.join("data"), &[]);
    // Pictures of what failed outlive the test.
    let pictures = std::env::temp_dir().join("sightglass-e2e-browser");
    let mut flows = Command::new(find("node").unwrap());
    flows.arg(sources.join("browser/flows.mjs"));
    flows.env("SIGHTGLASS_URL", format!("http://{}", server.address("main")));
    flows.env("SIGHTGLASS_OUT", &pictures);
    let finished = run(flows, LIMIT);
    assert!(
        finished.status.success(),
        "{}\n{}\n{}\npictures: {}",
        finished.status,
        finished.stdout,
        finished.stderr,
        pictures.display()
    );
}
