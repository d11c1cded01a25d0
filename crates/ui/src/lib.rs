//! The web interface, built by npm and embedded.

/// A file of the interface.
pub struct Asset {
    /// Its media type.
    pub content_type: &'static str,
    /// Its version, in quotes.
    pub etag: &'static str,
    /// Whether its name changes with its content.
    pub is_immutable: bool,
    /// Its bytes.
    pub content: &'static [u8],
    /// The same, compressed.
    pub gzip: Option<&'static [u8]>,
}

static INDEX: Asset = Asset {
    content_type: "text/html; charset=utf-8",
    etag: "\"0\"",
    is_immutable: false,
    content: b"<!doctype html><title>Sightglass</title><p>The interface is not built yet.",
    gzip: None,
};

/// The file of a path.
pub fn asset(_path: &str) -> Option<&'static Asset> {
    None
}

/// The page of every other path.
pub fn index() -> &'static Asset {
    &INDEX
}

/// Dashboards that come with it: file names and JSON.
pub fn dashboards() -> &'static [(&'static str, &'static str)] {
    &[]
}
