//! The web interface as the bundler left it, and the dashboards that come with it, embedded.

/// A file of the interface.
#[derive(Debug)]
pub struct Asset {
    /// Its media type.
    pub content_type: &'static str,
    /// A weak entity tag, in quotes, that changes with the content.
    pub etag: &'static str,
    /// Whether its name changes with its content, so that it may be kept for ever.
    pub is_immutable: bool,
    /// Its bytes.
    pub content: &'static [u8],
    /// The same compressed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

/// All files by path, sorted; written by the build script.
static ASSETS: &[(&str, Asset)] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file of a path without its leading slash.
pub fn asset(path: &str) -> Option<&'static Asset> {
    let place = ASSETS.binary_search_by_key(&path, |(path, _)| path).ok()?;
    Some(&ASSETS[place].1)
}

/// The page that every path without a file of its own answers with; it finds its way from the path.
pub fn index() -> &'static Asset {
    asset("index.html").expect("the bundler writes index.html")
}

/// Dashboards that come with the interface: file names and Grafana's JSON.
pub fn dashboards() -> &'static [(&'static str, &'static str)] {
    &[
        ("host.json", include_str!("../dashboards/host.json")),
        ("services.json", include_str!("../dashboards/services.json")),
        ("sightglass.json", include_str!("../dashboards/sightglass.json")),
    ]
}

#[cfg(test)]
mod tests;
