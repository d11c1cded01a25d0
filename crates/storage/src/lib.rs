//! Write-ahead log, catalog, parts, retention and merge schedule, for any signal.
