//! KQL and Lucene query strings, compiled to one filter.
