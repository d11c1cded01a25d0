//! Labels of routes, whose values are templates that may refer to each other.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Templates;
use super::data::Data;
use crate::Timestamp;

/// How many labels may refer to each other in a chain.
const CHAIN_MAX: usize = 10;

/// What `routeLabels` finds.
pub(super) enum RouteLabels<'a> {
    /// Values that are final.
    Rendered(&'a BTreeMap<String, String>),
    /// Values that are templates.
    Raw(&'a Resolver<'a>),
}

/// Renders each label at most once.
pub(super) struct Resolver<'a> {
    pub(super) labels: &'a BTreeMap<String, String>,
    pub(super) data: &'a Data,
    pub(super) templates: &'a Templates,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    rendered: BTreeMap<String, String>,
    /// The labels that are being rendered, each for the one before.
    chain: Vec<String>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        labels: &'a BTreeMap<String, String>,
        data: &'a Data,
        templates: &'a Templates,
    ) -> Self {
        Resolver { labels, data, templates, state: RefCell::default() }
    }
}

impl RouteLabels<'_> {
    /// The value of a label; one that does not exist is empty.
    pub(super) fn resolve(&self, name: &str, now: Timestamp) -> Result<String, String> {
        let resolver = match self {
            RouteLabels::Rendered(labels) => {
                return Ok(labels.get(name).cloned().unwrap_or_default());
            }
            RouteLabels::Raw(resolver) => resolver,
        };
        let Some(text) = resolver.labels.get(name) else { return Ok(String::new()) };
        {
            let mut state = resolver.state.borrow_mut();
            if let Some(rendered) = state.rendered.get(name) {
                return Ok(rendered.clone());
            }
            if state.chain.iter().any(|busy| busy == name) {
                let chain = [&state.chain[..], &[name.to_owned()]].concat().join(" -> ");
                return Err(format!("route label cycle detected: {chain}"));
            }
            if state.chain.len() >= CHAIN_MAX {
                return Err(format!("more than {CHAIN_MAX} route labels refer to each other"));
            }
            state.chain.push(name.to_owned());
        }
        let labels = RouteLabels::Raw(resolver);
        let rendered = resolver.templates.render_with(text, resolver.data, labels, now);
        let mut state = resolver.state.borrow_mut();
        state.chain.pop();
        let rendered = rendered.map_err(|error| error.to_string())?;
        state.rendered.insert(name.to_owned(), rendered.clone());
        Ok(rendered)
    }
}
