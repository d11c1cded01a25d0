//! The route tree.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use model::Labels;

use crate::config;
use crate::matcher::Matchers;

/// What a route does with the alerts that match it, inherited where it says nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteOptions {
    pub(crate) receiver: String,
    pub(crate) group_by: BTreeSet<String>,
    pub(crate) group_by_all: bool,
    pub(crate) group_wait: TimeDelta,
    pub(crate) group_interval: TimeDelta,
    pub(crate) repeat_interval: TimeDelta,
    pub(crate) mute_time_intervals: Vec<String>,
    pub(crate) active_time_intervals: Vec<String>,
    /// Route labels, whose values are templates.
    pub(crate) labels: BTreeMap<String, String>,
}

impl Default for RouteOptions {
    fn default() -> Self {
        RouteOptions {
            receiver: String::new(),
            group_by: BTreeSet::new(),
            group_by_all: false,
            group_wait: TimeDelta::seconds(30),
            group_interval: TimeDelta::minutes(5),
            repeat_interval: TimeDelta::hours(4),
            mute_time_intervals: Vec::new(),
            active_time_intervals: Vec::new(),
            labels: BTreeMap::new(),
        }
    }
}

impl RouteOptions {
    fn inherit(&self, route: &config::Route) -> Self {
        let mut options = self.clone();
        if let Some(receiver) = route.receiver.as_ref().filter(|receiver| !receiver.is_empty()) {
            options.receiver.clone_from(receiver);
        }
        match &route.group_by {
            Some(config::GroupBy::Labels(names)) => {
                options.group_by = names.iter().cloned().collect();
                options.group_by_all = false;
            }
            Some(config::GroupBy::All) => options.group_by_all = true,
            None => {}
        }
        let or_inherited = |given: Option<i64>, inherited: TimeDelta| {
            given.and_then(TimeDelta::try_milliseconds).unwrap_or(inherited)
        };
        options.group_wait = or_inherited(route.group_wait_ms, self.group_wait);
        options.group_interval = or_inherited(route.group_interval_ms, self.group_interval);
        options.repeat_interval = or_inherited(route.repeat_interval_ms, self.repeat_interval);
        options.mute_time_intervals.clone_from(&route.mute_time_intervals);
        options.active_time_intervals.clone_from(&route.active_time_intervals);
        options.labels.extend(route.labels.clone());
        options
    }

    /// Those of an alert's labels that its group is named by.
    pub(crate) fn group_labels(&self, labels: &Labels) -> Labels {
        labels.without(|name| !self.group_by_all && !self.group_by.contains(name))
    }
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) options: RouteOptions,
    pub(crate) matchers: Matchers,
    /// Whether later siblings are asked too when this one matches.
    pub(crate) continues: bool,
    /// The matchers from the root down; with a group's labels it makes the group's key.
    pub(crate) key: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// All routes, the root first.
#[derive(Clone, Debug)]
pub(crate) struct RouteTree {
    routes: Vec<Route>,
}

impl RouteTree {
    pub(crate) fn new(root: &config::Route) -> Self {
        let mut tree = RouteTree { routes: Vec::new() };
        tree.add(root, None);
        tree
    }

    fn add(&mut self, route: &config::Route, parent: Option<usize>) -> usize {
        let inherited = RouteOptions::default();
        let above = parent.map(|parent| &self.routes[parent]);
        let key = match above {
            Some(above) => format!("{}/{}", above.key, route.matchers),
            None => route.matchers.to_string(),
        };
        let index = self.routes.len();
        self.routes.push(Route {
            options: above.map_or(&inherited, |above| &above.options).inherit(route),
            matchers: route.matchers.clone(),
            continues: route.continues,
            key,
            parent,
            children: Vec::new(),
        });
        for child in &route.routes {
            let child = self.add(child, Some(index));
            self.routes[index].children.push(child);
        }
        index
    }

    pub(crate) fn get(&self, index: usize) -> &Route {
        &self.routes[index]
    }

    /// The routes an alert takes: depth first, from the first child that matches on to those that
    /// `continue` lets see it too; a node none of whose children match takes it itself.
    pub(crate) fn matching(&self, labels: &Labels) -> Vec<usize> {
        let mut found = Vec::new();
        self.descend(0, labels, &mut found);
        found
    }

    fn descend(&self, index: usize, labels: &Labels, found: &mut Vec<usize>) -> bool {
        let route = &self.routes[index];
        if !route.matchers.matches(labels) {
            return false;
        }
        let before = found.len();
        for child in &route.children {
            if self.descend(*child, labels, found) && !self.routes[*child].continues {
                break;
            }
        }
        if found.len() == before {
            found.push(index);
        }
        true
    }

    /// The matchers from the root to a route, for people to read.
    pub(crate) fn path(&self, index: usize) -> Vec<String> {
        let route = &self.routes[index];
        let mut path = route.parent.map(|parent| self.path(parent)).unwrap_or_default();
        path.push(route.matchers.to_string());
        path
    }

    pub(crate) fn children(&self, index: usize) -> &[usize] {
        &self.routes[index].children
    }
}
